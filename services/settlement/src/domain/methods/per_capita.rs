use medfund_money::{Fen, Node};

/// Pays a month per capita (按人头): the month's part of persons × the yearly standard.
///
/// The first m months together are the year's amount × m/12, rounded half up;
/// a month is what that grew by, so that twelve months add up to the year.
///
/// - `place`: the month's place in the fund year, 1 to 12.
///
/// Source: JM 四(三)1.
pub(super) fn per_capita(persons: i64, standard: Fen, place: u32) -> Node {
    assert!((1..=12).contains(&place), "a fund year has twelve months");
    let year = || {
        let persons = Node::given("persons", "签约人数", "persons", persons).clause("agreement");
        let standard = Node::fen("standard_per_person_fen", "人头定额", standard).clause("agreement");
        Node::product("year_fen", "全年人头费用", "fen", vec![persons, standard])
    };
    Node::difference(
        "method_fen",
        "按人头应付",
        "fen",
        vec![
            twelfths("to_month_fen", "累计至本月", year(), place),
            twelfths("before_month_fen", "累计至上月", year(), place - 1),
        ],
    )
}

/// `year` × `months` ÷ 12, rounded half up to the fen.
pub(in crate::domain) fn twelfths(name: &str, term: &str, year: Node, months: u32) -> Node {
    let months = Node::given("months", "月数", "months", i64::from(months));
    let times = Node::product("year_times_months", "全年乘月数", "fen", vec![year, months]);
    Node::quotient(name, term, "fen", times, Node::given("months_of_a_year", "全年月数", "months", 12), 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn months_grow_by_rounded_twelfths() {
        let parts: Vec<i64> =
            (1..=12).map(|place| per_capita(1, Fen::new(100), place).amount().get()).collect();
        assert_eq!(parts, [8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9, 8]);
    }

    proptest! {
        #[test]
        fn twelve_months_add_up_to_the_year(persons in 0..1_000_000_i64, standard in 0..1_000_000_i64) {
            let months = (1..=12).map(|place| per_capita(persons, Fen::new(standard), place));
            let (sum, all_hold) = months.fold((Fen::ZERO, true), |(sum, holds), node| {
                (sum + node.amount(), holds && node.re_evaluate().is_ok())
            });
            prop_assert_eq!(sum, Fen::new(persons * standard));
            prop_assert!(all_hold);
        }
    }
}
