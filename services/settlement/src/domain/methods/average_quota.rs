use medfund_money::{Fen, Node};

/// Pays a month by average quota (平均定额): admissions × the agreed standard.
///
/// - `n_admissions`: 人次 of the month.
/// - `standard`: the fund's standard for an admission, by the agreement.
///
/// Source: JM 四(三)1.
pub(super) fn average_quota(n_admissions: i64, standard: Fen) -> Node {
    let admissions = Node::given("n_admissions", "住院人次", "admissions", n_admissions);
    let standard = Node::fen("standard_per_admission_fen", "次均定额", standard).clause("agreement");
    Node::product("method_fen", "按平均定额应付", "fen", vec![admissions, standard])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_admission_is_worth_the_standard() {
        let node = average_quota(12, Fen::from_yuan(5_000));
        assert_eq!(node.amount(), Fen::from_yuan(60_000));
        assert!(node.re_evaluate().is_ok());
        assert_eq!(average_quota(0, Fen::from_yuan(5_000)).amount(), Fen::ZERO);
    }
}
