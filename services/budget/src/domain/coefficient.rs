use std::collections::BTreeMap;

use medfund_money::{Exact, Node};
use serde::{Deserialize, Serialize};

use super::parameter::Parameter;
use super::quota::QuotaError;

/// What the pack says of the adjustment coefficient (调整系数).
#[derive(Clone, Debug)]
pub struct CoefficientRules {
    /// The named factors, in the pack's order.
    pub factors: Vec<FactorRule>,
    /// The value of a factor that no table and no officer gives.
    pub neutral: Parameter,
    /// The decimals a coefficient is rounded to.
    pub decimals: u32,
}

/// A named factor of the coefficient.
#[derive(Clone, Debug)]
pub struct FactorRule {
    /// Its id.
    pub id: String,
    /// What the notice calls it.
    pub term: String,
    /// Its clause.
    pub clause: String,
    /// Where an institution's value comes from.
    pub source: FactorSource,
}

/// Where an institution's value of a factor comes from.
#[derive(Clone, Debug)]
pub enum FactorSource {
    /// The pack's table by hospital level.
    Level(Vec<(String, Exact)>),
    /// The pack's table by class.
    Class(Vec<(String, Exact)>),
    /// An officer, inside the range.
    Officer {
        /// The least value.
        least: Exact,
        /// The largest value.
        most: Exact,
    },
}

/// One factor's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// The factor's id.
    pub id: String,
    /// Its value.
    pub value: Exact,
}

/// An institution's coefficient with all its factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The factors, in the pack's order.
    pub factors: Vec<Factor>,
    /// The product, rounded as the pack says.
    pub value: Exact,
}

impl Coefficient {
    /// The tree of the coefficient.
    #[must_use]
    pub fn tree(&self, rules: &CoefficientRules) -> Node {
        let factors = self.factors.iter().zip(&rules.factors).map(|(factor, rule)| {
            Node::given(&factor.id, &rule.term, "", factor.value.clone()).clause(&rule.clause)
        });
        Node::product("coefficient", "调整系数", "", factors.collect()).rounded_to(rules.decimals)
    }
}

/// Makes sure that an officer may set `factors`.
///
/// # Errors
///
/// [`QuotaError::UnknownFactor`] for one that the pack does not leave to an
/// officer or that is named twice, [`QuotaError::FactorOutOfRange`].
pub fn check_officer_factors(rules: &CoefficientRules, factors: &[Factor]) -> Result<(), QuotaError> {
    for (index, factor) in factors.iter().enumerate() {
        let rule = rules.factors.iter().find(|rule| rule.id == factor.id);
        let range = rule.and_then(|rule| match &rule.source {
            FactorSource::Officer { least, most } => Some((least, most)),
            FactorSource::Level(_) | FactorSource::Class(_) => None,
        });
        let twice = factors[..index].iter().any(|other| other.id == factor.id);
        let Some((least, most)) = range.filter(|_| !twice) else {
            return Err(QuotaError::UnknownFactor(factor.id.clone()));
        };
        if factor.value < *least || factor.value > *most {
            return Err(QuotaError::FactorOutOfRange {
                id: factor.id.clone(),
                least: Box::new(least.clone()),
                most: Box::new(most.clone()),
                value: Box::new(factor.value.clone()),
            });
        }
    }
    Ok(())
}

/// Computes an institution's adjustment coefficient: the product of its factors, rounded half up.
///
/// - `level`: 1 to 3, 0 for none.
/// - `class`: the institution's class in the pack's words.
/// - `officer`: the factors an officer set; what is missing is neutral.
///
/// Source: JM 四(二)2.
#[must_use]
pub fn coefficient(
    rules: &CoefficientRules,
    level: i32,
    class: &str,
    officer: &BTreeMap<String, Exact>,
) -> Coefficient {
    let listed = |table: &[(String, Exact)], key: &str| {
        table.iter().find(|(listed, _)| listed == key).map(|(_, value)| value.clone())
    };
    let value_of = |rule: &FactorRule| match &rule.source {
        FactorSource::Level(table) => listed(table, &level.to_string()),
        FactorSource::Class(table) => listed(table, class),
        FactorSource::Officer { .. } => officer.get(&rule.id).cloned(),
    };
    let factors: Vec<Factor> = rules
        .factors
        .iter()
        .map(|rule| Factor {
            id: rule.id.clone(),
            value: value_of(rule).unwrap_or_else(|| rules.neutral.value.clone()),
        })
        .collect();
    let product: Exact = factors.iter().map(|factor| &factor.value).product();
    Coefficient { value: product.half_up(rules.decimals), factors }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    pub(crate) fn rules() -> CoefficientRules {
        let rule = |id: &str, source| FactorRule {
            id: id.to_owned(),
            term: id.to_owned(),
            clause: "JM 四(二)2".to_owned(),
            source,
        };
        CoefficientRules {
            factors: vec![
                rule("level", FactorSource::Level(vec![("3".to_owned(), exact("1.05"))])),
                rule("class", FactorSource::Class(vec![("tcm".to_owned(), exact("1.03"))])),
                rule("volume", FactorSource::Officer { least: exact("0.9"), most: exact("1.1") }),
            ],
            neutral: Parameter {
                name: "neutral".to_owned(),
                term: "未核定因素的取值".to_owned(),
                value: exact("1"),
                clause: "default: neutral".to_owned(),
            },
            decimals: 4,
        }
    }

    #[test]
    fn a_coefficient_is_the_rounded_product_of_tables_and_officers_factors() {
        let officer = BTreeMap::from([("volume".to_owned(), exact("0.975"))]);
        let found = coefficient(&rules(), 3, "tcm", &officer);
        // 1.05 × 1.03 × 0.975 = 1.0544625
        assert_eq!(found.value, exact("1.0545"));
        assert_eq!(found.factors.len(), 3);
    }

    #[test]
    fn what_no_table_and_no_officer_gives_is_neutral() {
        assert_eq!(coefficient(&rules(), 1, "general", &BTreeMap::new()).value, exact("1"));
    }

    #[test]
    fn an_officer_sets_its_own_factors_once_and_inside_the_range() {
        let factor = |id: &str, value: &str| Factor { id: id.to_owned(), value: exact(value) };
        assert_eq!(check_officer_factors(&rules(), &[factor("volume", "1.1")]), Ok(()));
        for bad in [
            vec![factor("level", "1")],
            vec![factor("x", "1")],
            vec![factor("volume", "1"), factor("volume", "1")],
        ] {
            assert!(matches!(check_officer_factors(&rules(), &bad), Err(QuotaError::UnknownFactor(_))));
        }
        let out = check_officer_factors(&rules(), &[factor("volume", "1.2")]);
        assert!(matches!(out, Err(QuotaError::FactorOutOfRange { .. })));
    }
}
