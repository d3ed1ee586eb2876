use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use medfund_money::{Coefficient, Exact, Fen, OutOfRange};
use medfund_types::{FundLine, InstitutionCode};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::GroupCode;

/// A group's weight (权重, RW, 相对权重): its mean cost in relation to that of all, dimensionless, more than zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Weight(Coefficient);

impl Weight {
    /// The weight as a factor.
    #[must_use]
    pub const fn get(self) -> Coefficient {
        self.0
    }
}

impl TryFrom<&Exact> for Weight {
    type Error = OutOfRange;

    fn try_from(value: &Exact) -> Result<Self, OutOfRange> {
        value.to_string().parse()
    }
}

impl FromStr for Weight {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let expected = "a weight of more than 0, at most 1,000, with at most 12 decimals";
        let weight: Coefficient = text.parse().map_err(|error| OutOfRange { expected, ..error })?;
        let is_plausible = weight.get() <= Decimal::ONE_THOUSAND;
        is_plausible.then_some(Self(weight)).ok_or_else(|| OutOfRange { value: weight.to_string(), expected })
    }
}

impl TryFrom<String> for Weight {
    type Error = OutOfRange;

    fn try_from(text: String) -> Result<Self, OutOfRange> {
        text.parse()
    }
}

impl From<Weight> for String {
    fn from(weight: Weight) -> Self {
        weight.to_string()
    }
}

impl From<Weight> for Exact {
    fn from(weight: Weight) -> Self {
        weight.0.into()
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A hospital's level (医院级别): 1 to 3; 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

impl Level {
    /// The levels, the lowest first.
    pub const ALL: [Self; 4] = [Self(0), Self(1), Self(2), Self(3)];

    /// The level's number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The level as people write it: `三级`.
    #[must_use]
    pub fn zh(self) -> &'static str {
        ["未定级", "一级", "二级", "三级"][usize::from(self.0)]
    }
}

impl TryFrom<u8> for Level {
    type Error = OutOfRange;

    fn try_from(level: u8) -> Result<Self, OutOfRange> {
        let known = Self::ALL.into_iter().find(|known| known.0 == level);
        known.ok_or_else(|| OutOfRange {
            value: level.to_string(),
            expected: "a hospital's level from 0 to 3",
        })
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

/// Whom a standard or a coefficient of a tariff is for; an empty scope is for everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Institutions of this level.
    pub level: Option<Level>,
    /// Persons of this fund line.
    pub fund_line: Option<FundLine>,
    /// Institutions by their national codes; one whose code nobody told as the tariff calls it. Empty: whichever.
    pub institutions: BTreeSet<String>,
}

/// Who is paid, as far as a tariff looks at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Payee<'a> {
    /// The institution's level.
    pub level: Option<Level>,
    /// The person's fund line.
    pub fund_line: Option<&'a FundLine>,
    /// The institution's national code, or what the tariff calls it.
    pub institution: Option<&'a str>,
}

impl<'a> Payee<'a> {
    /// An institution that is paid for a person's case.
    ///
    /// - `fund_line`: the person's; `None`: it is not known.
    #[must_use]
    pub fn of(
        institution: &'a InstitutionCode,
        fund_line: Option<&'a FundLine>,
        levels: &BTreeMap<InstitutionCode, Level>,
    ) -> Self {
        let level = levels.get(institution).copied();
        Self { level, fund_line, institution: Some(institution.as_str()) }
    }
}

impl Scope {
    /// Whether it covers `payee`.
    #[must_use]
    pub fn covers(&self, payee: Payee<'_>) -> bool {
        (self.level.is_none() || self.level == payee.level)
            && (self.fund_line.is_none() || self.fund_line.as_ref() == payee.fund_line)
            && (self.institutions.is_empty()
                || payee.institution.is_some_and(|name| self.institutions.contains(name)))
    }

    /// Whether some payee is covered by both and neither is the narrower: which of two values is meant is not said.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        self.narrowness() == other.narrowness()
            && self.level == other.level
            && self.fund_line == other.fund_line
            && (self.institutions.is_empty() || !self.institutions.is_disjoint(&other.institutions))
    }

    /// How narrow it is: a name before a fund line before a level.
    fn narrowness(&self) -> (bool, bool, bool) {
        (!self.institutions.is_empty(), self.fund_line.is_some(), self.level.is_some())
    }
}

/// How a group's cases are priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pricing {
    /// By its weight.
    Weight(Weight),
    /// Each at its actual cost (按项目据实支付).
    ByItem,
    /// Each by review (特病单议), for want of a weight.
    Review,
}

/// One group of a tariff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its code.
    pub code: GroupCode,
    /// Its name (DRG 名称).
    pub name: String,
    /// How its cases are priced.
    pub pricing: Pricing,
    /// What a case pays (支付标准), by whom it is for.
    #[serde(default)]
    pub standards: Scoped<Fen>,
    /// Coefficients of the group (系数), by whom they are for.
    #[serde(default)]
    pub coefficients: Scoped<Coefficient>,
    /// Whether every institution is paid the same for it (基础病组, 同病同价).
    #[serde(default)]
    pub is_basic: bool,
    /// Whether traditional medicine has an advantage in it (中医优势病组).
    #[serde(default)]
    pub is_tcm: bool,
    /// What the tariff says besides (备注).
    #[serde(default)]
    pub remark: String,
}

/// Values by whom they are for, in the order that the tariff has them.
pub type Scoped<T> = Vec<(Scope, T)>;

impl Group {
    /// A group with a price and nothing else.
    #[must_use]
    pub fn new(code: GroupCode, name: &str, pricing: Pricing) -> Self {
        Self {
            code,
            name: name.to_owned(),
            pricing,
            standards: Vec::new(),
            coefficients: Vec::new(),
            is_basic: false,
            is_tcm: false,
            remark: String::new(),
        }
    }

    /// Whether two of its standards, or two of its coefficients, are for one payee and neither is for fewer.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        clash(&self.standards) || clash(&self.coefficients)
    }

    /// Its weight, if it has one.
    #[must_use]
    pub fn weight(&self) -> Option<Weight> {
        match self.pricing {
            Pricing::Weight(weight) => Some(weight),
            Pricing::ByItem | Pricing::Review => None,
        }
    }

    /// What a case of `payee` pays: the standard of the narrowest scope that covers it.
    #[must_use]
    pub fn standard(&self, payee: Payee<'_>) -> Option<Fen> {
        narrowest(&self.standards, payee)
    }

    /// The group's coefficient for `payee`: that of the narrowest scope that covers it.
    #[must_use]
    pub fn coefficient(&self, payee: Payee<'_>) -> Option<Coefficient> {
        narrowest(&self.coefficients, payee)
    }

    /// What a case of `payee` is multiplied by: 1 in a group that pays every institution the same (基础病组), else the
    /// group's own coefficient for it, else `of_institution`.
    #[must_use]
    pub fn factor(&self, payee: Payee<'_>, of_institution: Coefficient) -> Coefficient {
        let own = || self.coefficient(payee).unwrap_or(of_institution);
        if self.is_basic { Coefficient::ONE } else { own() }
    }
}

fn clash<T>(values: &[(Scope, T)]) -> bool {
    let before = |place: usize| values[..place].iter();
    values.iter().enumerate().any(|(place, (scope, _))| before(place).any(|(other, _)| scope.clashes(other)))
}

fn narrowest<T: Copy>(values: &[(Scope, T)], payee: Payee<'_>) -> Option<T> {
    let covering = values.iter().filter(|(scope, _)| scope.covers(payee));
    covering.max_by_key(|(scope, _)| scope.narrowness()).map(|(_, value)| *value)
}

/// A DRG tariff (DRG 支付标准): what each group weighs and pays, in the order of their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Group>", into = "Vec<Group>")]
pub struct Tariff {
    groups: BTreeMap<GroupCode, Group>,
}

/// Why groups make no tariff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TariffError {
    /// A group stands there twice.
    #[error("the group {0} stands there twice")]
    Twice(GroupCode),
    /// Two standards, or two coefficients, of a group are for one payee, and neither is for fewer.
    #[error("the group {0} has two values for one payee")]
    Ambiguous(GroupCode),
}

impl Tariff {
    /// Makes a tariff of groups in any order.
    ///
    /// # Errors
    ///
    /// [`TariffError`] for the first group that stands there again or has two values for one payee.
    pub fn new(groups: impl IntoIterator<Item = Group>) -> Result<Self, TariffError> {
        let mut tariff = Self::default();
        for group in groups {
            let code = group.code.clone();
            if group.is_ambiguous() {
                return Err(TariffError::Ambiguous(code));
            }
            if tariff.groups.insert(code.clone(), group).is_some() {
                return Err(TariffError::Twice(code));
            }
        }
        Ok(tariff)
    }

    /// The groups, in the order of their codes.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.values()
    }

    /// The group of that code.
    #[must_use]
    pub fn group(&self, code: &GroupCode) -> Option<&Group> {
        self.groups.get(code)
    }

    /// Whether a standard or a coefficient is for institutions of a level.
    #[must_use]
    pub fn is_by_level(&self) -> bool {
        let by_level = |scope: &Scope| scope.level.is_some();
        self.groups().any(|group| {
            group.standards.iter().any(|(scope, _)| by_level(scope))
                || group.coefficients.iter().any(|(scope, _)| by_level(scope))
        })
    }

    /// The weight of the group of that code, if it has one.
    #[must_use]
    pub fn weight(&self, code: &GroupCode) -> Option<Weight> {
        self.group(code)?.weight()
    }
}

impl TryFrom<Vec<Group>> for Tariff {
    type Error = TariffError;

    fn try_from(groups: Vec<Group>) -> Result<Self, TariffError> {
        Self::new(groups)
    }
}

impl From<Tariff> for Vec<Group> {
    fn from(tariff: Tariff) -> Self {
        tariff.groups.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(code: &str) -> Group {
        Group::new(code.parse().unwrap(), "", Pricing::Weight("1.2".parse().unwrap()))
    }

    fn level(number: u8) -> Option<Level> {
        Some(Level::try_from(number).unwrap())
    }

    #[test]
    fn a_standard_is_that_of_the_narrowest_scope() {
        let mut group = group("FR15");
        let employee: FundLine = "employee".parse().unwrap();
        let named = Scope { institutions: ["青医".to_owned()].into(), ..Scope::default() };
        let of_third = Scope { level: level(3), ..Scope::default() };
        let of_third_employees = Scope { fund_line: Some(employee.clone()), ..of_third.clone() };
        group.standards = vec![
            (Scope::default(), Fen::new(1)),
            (of_third_employees, Fen::new(3)),
            (of_third, Fen::new(2)),
            (named, Fen::new(4)),
        ];
        let third = Payee { level: level(3), ..Payee::default() };
        assert_eq!(group.standard(Payee { level: level(2), ..third }), Some(Fen::new(1)));
        assert_eq!(group.standard(third), Some(Fen::new(2)));
        assert_eq!(group.standard(Payee { fund_line: Some(&employee), ..third }), Some(Fen::new(3)));
        assert_eq!(group.standard(Payee { institution: Some("青医"), ..third }), Some(Fen::new(4)));
        assert_eq!(group.coefficient(third), None);
    }

    #[test]
    fn a_weight_is_more_than_0_and_not_beyond_all_measure() {
        for (text, is_good) in [("0.001", true), ("1000", true), ("1000.1", false), ("0", false)] {
            assert_eq!(text.parse::<Weight>().is_ok(), is_good, "{text}");
            assert_eq!(serde_json::from_str::<Weight>(&format!("\"{text}\"")).is_ok(), is_good, "{text}");
        }
    }

    #[test]
    fn a_group_stands_in_a_tariff_once() {
        let twice = Tariff::new([group("FR15"), group("FR13"), group("FR15")]);
        assert_eq!(twice, Err(TariffError::Twice("FR15".parse().unwrap())));
        let tariff = Tariff::new([group("FR15"), group("FR13")]).unwrap();
        let codes: Vec<&str> = tariff.groups().map(|group| group.code.as_str()).collect();
        assert_eq!(codes, ["FR13", "FR15"]);
    }

    #[test]
    fn two_values_for_one_payee_are_refused_and_a_narrower_one_is_not() {
        let named = |names: &[&str]| Scope {
            institutions: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Scope::default()
        };
        let third = Scope { level: level(3), ..Scope::default() };
        assert_eq!(named(&["甲", "乙"]), named(&["乙", "甲"]));
        for (one, other, clashes) in [
            (Scope::default(), Scope::default(), true),
            (named(&["甲", "乙"]), named(&["乙", "丙"]), true),
            (named(&["甲"]), named(&["乙"]), false),
            (third.clone(), third.clone(), true),
            (third.clone(), Scope { level: level(2), ..Scope::default() }, false),
            (third, Scope::default(), false),
        ] {
            let standards = vec![(one, Fen::new(1)), (other, Fen::new(2))];
            let refused = Tariff::new([Group { standards, ..group("FR15") }]).err();
            let expected = clashes.then(|| TariffError::Ambiguous("FR15".parse().unwrap()));
            assert_eq!(refused, expected);
        }
    }

    #[test]
    fn a_tariff_is_by_level_where_any_value_is() {
        let third = Scope { level: level(3), ..Scope::default() };
        let of = |group: Group| Tariff::new([group]).unwrap().is_by_level();
        assert!(of(Group { standards: vec![(third.clone(), Fen::new(1))], ..group("FR15") }));
        assert!(of(Group { coefficients: vec![(third, Coefficient::ONE)], ..group("FR15") }));
        assert!(!of(Group { standards: vec![(Scope::default(), Fen::new(1))], ..group("FR15") }));
    }

    #[test]
    fn a_tariff_survives_json() {
        let tariff = Tariff::new([group("FR15"), group("FR13")]).unwrap();
        let json = serde_json::to_string(&tariff).unwrap();
        assert!(json.contains(r#""pricing":{"weight":"1.2"}"#), "{json}");
        assert_eq!(serde_json::from_str::<Tariff>(&json).unwrap(), tariff);
    }
}
