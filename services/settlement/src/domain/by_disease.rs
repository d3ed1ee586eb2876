use std::collections::BTreeMap;

use medfund_money::{Fen, Node};

use super::terms::DiseaseStandard;

/// The cases of one principal diagnosis in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiseaseVolume {
    /// The principal diagnosis, ICD-10 医保版.
    pub disease_code: String,
    /// Its cases.
    pub n_cases: i64,
    /// The fund's share they charged.
    pub cost: Fen,
}

/// Pays a month by disease (按病种): each case of a listed disease its standard, the others as charged.
///
/// A listed code covers itself and every code below it; of two that cover a
/// diagnosis the longer one counts.
///
/// Source: JM 四(三)2.
pub fn by_disease(diseases: &[DiseaseVolume], standards: &[DiseaseStandard]) -> Node {
    let mut listed: BTreeMap<&str, (i64, Fen)> = BTreeMap::new();
    let mut as_charged = Fen::ZERO;
    for disease in diseases {
        match covering(&disease.disease_code, standards) {
            Some(standard) => {
                let entry = listed.entry(&standard.disease_code).or_insert((0, standard.standard));
                entry.0 += disease.n_cases;
            }
            None => as_charged += disease.cost,
        }
    }
    let part = |(code, (n_cases, standard)): (&str, (i64, Fen))| {
        let cases = Node::given("n_cases", "病例数", "cases", n_cases);
        let standard = Node::fen("disease_standard_fen", "病种定额", standard).clause("agreement");
        Node::product(&format!("disease_fen/{code}"), "病种应付", "fen", vec![cases, standard])
    };
    let mut parts: Vec<Node> = listed.into_iter().map(part).collect();
    parts.push(Node::fen("as_charged_fen", "非病种据实", as_charged));
    Node::sum("method_fen", "按病种应付", "fen", parts)
}

fn covering<'s>(code: &str, standards: &'s [DiseaseStandard]) -> Option<&'s DiseaseStandard> {
    let covers = |standard: &&DiseaseStandard| match code.strip_prefix(&standard.disease_code) {
        // `J18` covers `J18.9`; `J1` is no category and covers nothing of it.
        Some(rest) => rest.is_empty() || rest.starts_with('.') || standard.disease_code.contains('.'),
        None => false,
    };
    standards.iter().filter(covers).max_by_key(|standard| standard.disease_code.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volume(code: &str, n_cases: i64, yuan: i64) -> DiseaseVolume {
        DiseaseVolume { disease_code: code.to_owned(), n_cases, cost: Fen::from_yuan(yuan) }
    }

    fn standard(code: &str, yuan: i64) -> DiseaseStandard {
        DiseaseStandard { disease_code: code.to_owned(), standard: Fen::from_yuan(yuan) }
    }

    #[test]
    fn listed_diseases_get_their_standard_and_others_what_they_charged() {
        let diseases = [volume("J18.900", 3, 9_999), volume("K35.8", 1, 1), volume("I10", 2, 700)];
        let standards = [standard("J18", 4_000), standard("K35.8", 9_000)];
        let node = by_disease(&diseases, &standards);
        assert_eq!(node.amount(), Fen::from_yuan(3 * 4_000 + 9_000 + 700));
        assert!(node.re_evaluate().is_ok());
    }

    #[test]
    fn the_narrower_of_two_listed_codes_counts() {
        let standards = [standard("J18", 4_000), standard("J18.9", 5_000)];
        assert_eq!(by_disease(&[volume("J18.900", 1, 0)], &standards).amount(), Fen::from_yuan(5_000));
        assert_eq!(by_disease(&[volume("J180", 1, 3)], &standards).amount(), Fen::from_yuan(3));
    }
}
