use std::collections::BTreeMap;

use medfund_money::{Fen, Node};

use super::case::{Volume, covering};
use crate::domain::terms::DiseaseStandard;

/// Pays a month's listed diseases (按病种): each case of a listed disease its standard.
///
/// A listed code covers itself and every code below it; of two that cover a
/// diagnosis the longer one counts.
///
/// - `rest`: loses the cases of listed diseases.
///
/// Source: JM 四(三)2.
pub(super) fn by_disease(rest: &mut Volume, standards: &[DiseaseStandard]) -> Node {
    let codes = || standards.iter().map(|one| one.disease_code.as_str());
    let mut cases: BTreeMap<&str, (i64, Fen)> = BTreeMap::new();
    for (_, place) in rest.take(|case| covering(&case.disease, codes())) {
        let standard = &standards[place];
        cases.entry(&standard.disease_code).or_insert((0, standard.standard)).0 += 1;
    }
    let part = |(code, (n_cases, standard)): (&str, (i64, Fen))| {
        let cases = Node::given("n_cases", "病例数", "cases", n_cases);
        let standard = Node::fen("disease_standard_fen", "病种定额", standard).clause("agreement");
        Node::product(&format!("disease_fen/{code}"), "病种应付", "fen", vec![cases, standard])
    };
    Node::sum("by_disease_fen", "按病种应付", "fen", cases.into_iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::super::case::tests::volume;
    use super::*;

    fn standard(code: &str, yuan: i64) -> DiseaseStandard {
        DiseaseStandard { disease_code: code.to_owned(), standard: Fen::from_yuan(yuan) }
    }

    #[test]
    fn listed_diseases_get_their_standard_and_others_are_left() {
        let standards = [standard("J18", 4_000), standard("K35.8", 9_000)];
        let mut rest = volume(&[("J18.900", 1, 9_999), ("J18.100", 1, 5), ("K35.8", 1, 1), ("I10", 2, 700)]);
        let node = by_disease(&mut rest, &standards);
        assert_eq!(node.amount(), Fen::from_yuan(2 * 4_000 + 9_000));
        assert!(node.re_evaluate().is_ok());
        assert_eq!((rest.n_admissions, rest.cost), (1, Fen::new(700)));
    }

    #[test]
    fn the_narrower_of_two_listed_codes_counts() {
        let standards = [standard("J18", 4_000), standard("J18.9", 5_000)];
        assert_eq!(by_disease(&mut volume(&[("J18.900", 1, 0)]), &standards).amount(), Fen::from_yuan(5_000));
    }
}
