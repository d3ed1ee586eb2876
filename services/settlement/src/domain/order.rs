use medfund_money::{Fen, Node};

/// What a month's payment order pays and what it holds back for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthOrder {
    /// What is ordered to be paid, never less than nothing.
    pub amount: Node,
    /// Of the forfeited deposit, taken here.
    pub deposit_taken: Fen,
    /// Of an advance beyond all working capital, kept back here.
    pub kept_back: Fen,
}

/// Makes a month's order: what is paid and what is beside the quota, less a
/// forfeited deposit, less an advance that no working capital absorbed.
///
/// What a month cannot bear is left to the next.
///
/// Source: JM 四(三)3.
pub fn month_order(paid: Fen, outside_quota: Fen, deposit_due: Fen, advance_left: Fen) -> MonthOrder {
    let gross = Node::sum(
        "month_fen",
        "本月应拨",
        "fen",
        vec![
            Node::fen("paid_fen", "月度结算拨付", paid),
            Node::fen("outside_quota_fen", "指标外据实拨付", outside_quota),
        ],
    );
    let deposit_taken = deposit_due.min(gross.amount());
    let kept_back = advance_left.min(gross.amount() - deposit_taken);
    let amount = Node::difference(
        "order_fen",
        "本月拨付",
        "fen",
        vec![
            gross,
            Node::fen("deposit_forfeited_fen", "扣除责任保证金", deposit_taken),
            Node::fen("kept_back_fen", "抵扣预支", kept_back),
        ],
    );
    MonthOrder { amount, deposit_taken, kept_back }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_bears_what_it_can_and_leaves_the_rest() {
        let fen = Fen::new;
        let order = month_order(fen(100), fen(20), fen(30), fen(500));
        assert_eq!((order.deposit_taken, order.kept_back, order.amount.amount()), (fen(30), fen(90), fen(0)));
        let order = month_order(fen(100), fen(20), fen(0), fen(0));
        assert_eq!(order.amount.amount(), fen(120));
        assert!(order.amount.re_evaluate().is_ok());
    }
}
