use medfund_money::{Exact, Fen, Node, Rate, allocate};
use medfund_types::InstitutionCode;

use super::cited::Cited;

/// Pays a share of a pool ahead (按预算进度预拨): pool × rate, shared by what was settled with each institution last year.
///
/// By largest remainder: what all are paid is the rate of the pool, rounded once. Give the institutions in the order of
/// their codes.
///
/// - `settled`: what was settled last year, by institution.
/// - Returns a tree for each institution; `None` if nothing was settled with any.
///
/// Source: PZH 四(二)3.
#[must_use]
pub fn instalment(
    pool: Fen,
    rate: &Cited<Rate>,
    settled: &[(InstitutionCode, Fen)],
) -> Option<Vec<(InstitutionCode, Node)>> {
    let total = || {
        let rate = Node::rate("rate", "预拨比例", rate.value).clause(&rate.cite);
        let pool = Node::fen("pool_fen", "住院服务基金支出预算", pool);
        Node::product("instalment_total_fen", "预拨总额", "fen", vec![pool, rate]).rounded_to_fen()
    };
    let all: Fen = settled.iter().map(|(_, settled)| *settled).sum();
    let weights: Vec<Exact> = settled.iter().map(|(_, settled)| (*settled).into()).collect();
    let shares = allocate(total().amount(), &weights).ok().filter(|_| all > Fen::ZERO)?;
    let tree = |((institution, own), share): (&(InstitutionCode, Fen), Fen)| {
        let own = Node::fen("last_year_fen", "上年度结算额", *own);
        let all = Node::fen("all_last_year_fen", "全部上年度结算额", all);
        (institution.clone(), Node::share("instalment_fen", "按预算进度预拨", total(), own, all, share))
    };
    Some(settled.iter().zip(shares).map(tree).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn settled(fen: &[i64]) -> Vec<(InstitutionCode, Fen)> {
        let one = |(n, fen): (usize, &i64)| (format!("H510400000{n:02}").parse().unwrap(), Fen::new(*fen));
        fen.iter().enumerate().map(one).collect()
    }

    #[test]
    fn pzh_4_2_3_a_tenth_of_the_pool_is_paid_ahead_at_the_year_s_start() {
        let rate = Cited::new("0.10".parse().unwrap(), "default: 一定比例, no figure given");
        let paid = instalment(Fen::from_yuan(1_000_000), &rate, &settled(&[7_000_000, 3_000_000])).unwrap();
        let amounts: Vec<Fen> = paid.iter().map(|(_, tree)| tree.amount()).collect();
        assert_eq!(amounts, [70_000, 30_000].map(Fen::from_yuan));
        assert_eq!(instalment(Fen::from_yuan(1), &rate, &settled(&[0, 0])), None);
    }

    proptest! {
        #[test]
        fn what_all_are_paid_is_the_rate_of_the_pool(
            pool in 0..1_000_000_000_000_i64, rate in 0..=1_000_i64, of in prop::collection::vec(1..1_000_000_000_i64, 1..20),
        ) {
            let rate: Rate = rust_decimal::Decimal::new(rate, 3).try_into().unwrap();
            let paid = instalment(Fen::new(pool), &Cited::new(rate, "default"), &settled(&of)).unwrap();
            let sum: Fen = paid.iter().map(|(_, tree)| tree.amount()).sum();
            prop_assert_eq!(sum, Fen::round_half_up(rate.of(Fen::new(pool))));
            prop_assert!(paid.iter().all(|(_, tree)| tree.re_evaluate().is_ok()));
        }
    }
}
