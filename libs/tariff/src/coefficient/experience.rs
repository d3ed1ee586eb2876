use std::collections::{BTreeMap, BTreeSet};

use medfund_money::{Coefficient, Node};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::{Blended, Coefficients, Form, Parameters, ParametersError};
use crate::history::{Sum, Totals, count};
use crate::{GroupCode, Level};

/// How a coefficient came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The group pays every institution the same.
    Basic,
    /// By the table of levels.
    LevelTable,
    /// By the hospital's own cases.
    Hospital,
    /// By the hospital's and its level's cases.
    Blended,
    /// By the cases of a level, for the hospital has few: its own level, or the one that stands in for it.
    Level(Level),
    /// There are no cases to compare: 1.
    NoCases,
}

/// A coefficient, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeCoefficient {
    /// The coefficient.
    pub coefficient: Coefficient,
    /// How it came about.
    pub how: How,
    /// Its tree.
    pub derivation: Node,
}

/// What the cases of institutions and of their levels have cost.
#[derive(Clone, Debug)]
pub struct Experience<'a> {
    totals: &'a Totals,
    levels: &'a BTreeMap<InstitutionCode, Level>,
    by_level: BTreeMap<GroupCode, BTreeMap<Level, Sum>>,
}

impl<'a> Experience<'a> {
    /// Adds up by level; an institution that `levels` does not name has none (0).
    #[must_use]
    pub fn new(totals: &'a Totals, levels: &'a BTreeMap<InstitutionCode, Level>) -> Self {
        let mut by_level: BTreeMap<GroupCode, BTreeMap<Level, Sum>> = BTreeMap::new();
        for (institution, groups) in totals.institutions() {
            for (group, sum) in groups {
                let level = level_of(levels, institution);
                *by_level.entry(group.clone()).or_default().entry(level).or_default() += *sum;
            }
        }
        Self { totals, levels, by_level }
    }

    /// The institutions that have a case or a level, in the order of their codes.
    fn institutions(&self) -> BTreeSet<&'a InstitutionCode> {
        self.totals.institutions().map(|(institution, _)| institution).chain(self.levels.keys()).collect()
    }

    /// How many coefficients [`Self::coefficients`] makes.
    #[must_use]
    pub fn n_coefficients(&self, parameters: &Parameters) -> usize {
        match &parameters.form {
            Form::Level(_) => self.institutions().len() * (1 + parameters.basic_groups.len()),
            Form::Hospital => self.totals.institutions().map(|(_, groups)| groups.len()).sum(),
            Form::Blended(_) => self.institutions().len() * self.totals.groups().len(),
        }
    }

    /// The coefficients of every institution that has a case or a level, in every group that the region has cases of.
    ///
    /// # Errors
    ///
    /// Every [`ParametersError`].
    pub fn coefficients(&self, parameters: &Parameters) -> Result<Coefficients, Vec<ParametersError>> {
        parameters.check()?;
        let (mut coefficients, mut errors) = (Coefficients::default(), self.levels_left_out(parameters));
        for institution in self.institutions() {
            let groups: Vec<&GroupCode> = match &parameters.form {
                Form::Level(table) => {
                    let general = level_coefficient(table, level_of(self.levels, institution));
                    coefficients.set_general(institution.clone(), general);
                    parameters.basic_groups.iter().collect()
                }
                Form::Hospital => self.totals.groups_of(institution).collect(),
                Form::Blended(_) => self.totals.groups().keys().collect(),
            };
            for group in groups {
                match self.make(parameters, institution, group) {
                    Ok(made) => coefficients.set(institution.clone(), group.clone(), made.coefficient),
                    Err(error) => errors.push(error),
                }
            }
        }
        if errors.is_empty() { Ok(coefficients) } else { Err(errors) }
    }

    fn levels_left_out(&self, parameters: &Parameters) -> Vec<ParametersError> {
        let Form::Level(table) = &parameters.form else { return Vec::new() };
        let own = self.institutions().into_iter().map(|institution| level_of(self.levels, institution));
        let left_out: BTreeSet<Level> = own.filter(|level| !table.contains_key(level)).collect();
        left_out.into_iter().map(ParametersError::LevelLeftOut).collect()
    }

    /// The coefficient of one institution in one group, with its tree: what [`Self::coefficients`] holds for them, which is 1
    /// for an institution that has neither a case nor a level.
    ///
    /// Of all cases it looks at the group's, and at whether the institution has one in any group: totals that leave out
    /// others make the same.
    ///
    /// # Errors
    ///
    /// Every [`ParametersError`].
    pub fn made(
        &self,
        parameters: &Parameters,
        institution: &InstitutionCode,
        group: &GroupCode,
    ) -> Result<MadeCoefficient, Vec<ParametersError>> {
        parameters.check()?;
        self.make(parameters, institution, group).map_err(|error| vec![error])
    }

    fn make(
        &self,
        parameters: &Parameters,
        institution: &InstitutionCode,
        group: &GroupCode,
    ) -> Result<MadeCoefficient, ParametersError> {
        let given = |coefficient| Node::coefficient("coefficient", "系数", coefficient);
        let level = level_of(self.levels, institution);
        let (how, derivation) = if parameters.basic_groups.contains(group) {
            (How::Basic, given(Coefficient::ONE))
        } else if !self.levels.contains_key(institution) && self.totals.groups_of(institution).len() == 0 {
            (How::NoCases, given(Coefficient::ONE))
        } else {
            match &parameters.form {
                Form::Level(table) => (How::LevelTable, given(level_coefficient(table, level))),
                Form::Hospital => self.by_hospital(institution, group, parameters.decimals),
                Form::Blended(blended) => self.by_both((blended, parameters), (institution, level), group),
            }
        };
        // A mean that is nothing beside the region's rounds to zero.
        let coefficient =
            derivation.value.to_string().parse().map_err(|_| ParametersError::NoCoefficient {
                institution: institution.clone(),
                group: group.clone(),
                value: derivation.value.clone(),
            })?;
        Ok(MadeCoefficient { coefficient, how, derivation })
    }

    fn by_hospital(&self, institution: &InstitutionCode, group: &GroupCode, decimals: u32) -> (How, Node) {
        let own = self.totals.of(institution, group);
        if own.n_cases == 0 {
            return (How::NoCases, Node::coefficient("coefficient", "系数", Coefficient::ONE));
        }
        let region = self.totals.of_group(group);
        let dividend =
            product("hospital", "医院费用与区域病例数之积", vec![cost(HOSPITAL, own), cases(REGION, region)]);
        let divisor =
            product("region", "医院病例数与区域费用之积", vec![cases(HOSPITAL, own), cost(REGION, region)]);
        (How::Hospital, Node::quotient("coefficient", "系数", "", dividend, divisor, decimals))
    }

    fn by_both(
        &self,
        (blended, parameters): (&Blended, &Parameters),
        (institution, level): (&InstitutionCode, Level),
        group: &GroupCode,
    ) -> (How, Node) {
        let said = |name: &str, node: Node| match parameters.by_default.get(name) {
            Some(why) => node.clause(&format!("default: {why}")),
            None => node,
        };
        let own = self.totals.of(institution, group);
        let region = self.totals.of_group(group);
        let Some((standing_in, of_level)) = self.level_for(level, group, blended.few_cases) else {
            return (How::NoCases, Node::coefficient("coefficient", "系数", Coefficient::ONE));
        };
        let (how, dividend, divisor) = if own.n_cases <= blended.few_cases {
            let dividend = vec![cost(LEVEL, of_level), cases(REGION, region)];
            (How::Level(standing_in), dividend, vec![cases(LEVEL, of_level), cost(REGION, region)])
        } else {
            // share·(Cl/Nl) + (1 − share)·(Ch/Nh), over C/N of the region, as one quotient:
            // N·(share·Cl·Nh + (1 − share)·Ch·Nl) / (C·Nl·Nh).
            let rest = blended.level_share.complement();
            let by_level = vec![
                said("level_share", Node::rate("level_share", "级别权重", blended.level_share)),
                cost(LEVEL, of_level),
                cases(HOSPITAL, own),
            ];
            let by_hospital = vec![
                said("level_share", Node::rate("hospital_share", "医院权重", rest)),
                cost(HOSPITAL, own),
                cases(LEVEL, of_level),
            ];
            let parts = vec![
                product("level_part", "级别部分", by_level),
                product("hospital_part", "医院部分", by_hospital),
            ];
            let dividend = vec![Node::sum("blended", "加权合计", "", parts), cases(REGION, region)];
            let divisor = vec![cost(REGION, region), cases(LEVEL, of_level), cases(HOSPITAL, own)];
            (How::Blended, dividend, divisor)
        };
        let (dividend, divisor) =
            (product("dividend", "被除数", dividend), product("divisor", "除数", divisor));
        let ratio = Node::quotient("ratio", "差异系数", "", dividend, divisor, parameters.decimals);
        let least = said("low", Node::coefficient("low", "下限", blended.low));
        let most = said("high", Node::coefficient("high", "上限", blended.high));
        let raised = Node::max("raised", "不低于下限", "", vec![ratio, least]);
        (how, Node::min("coefficient", "系数", "", vec![raised, most]))
    }

    /// The level that counts for `level`: itself if it has more than few cases, else the next higher that has, else the
    /// next lower.
    fn level_for(&self, level: Level, group: &GroupCode, few_cases: u64) -> Option<(Level, Sum)> {
        let sums = self.by_level.get(group)?;
        let enough = |(_, sum): &(&Level, &Sum)| sum.n_cases > few_cases;
        let found = sums.range(level..).find(enough).or_else(|| sums.range(..level).rev().find(enough));
        found.map(|(level, sum)| (*level, *sum))
    }
}

fn level_of(levels: &BTreeMap<InstitutionCode, Level>, institution: &InstitutionCode) -> Level {
    levels.get(institution).copied().unwrap_or(Level::ALL[0])
}

/// Where a tariff was made before every level had to be there, one that is not has 1.
fn level_coefficient(table: &BTreeMap<Level, Coefficient>, level: Level) -> Coefficient {
    table.get(&level).copied().unwrap_or(Coefficient::ONE)
}

fn product(name: &str, term: &str, inputs: Vec<Node>) -> Node {
    Node::product(name, term, "", inputs)
}

/// Whose cases: the word in names of a tree, and the Chinese one.
type Whose = (&'static str, &'static str);

const HOSPITAL: Whose = ("hospital", "医院");
const LEVEL: Whose = ("level", "同级别");
const REGION: Whose = ("region", "区域");

fn cost((whose, zh): Whose, sum: Sum) -> Node {
    Node::fen(&format!("{whose}_cost_fen"), &format!("{zh}总费用"), sum.cost)
}

fn cases((whose, zh): Whose, sum: Sum) -> Node {
    Node::given(&format!("{whose}_cases"), &format!("{zh}病例数"), "cases", count(sum.n_cases))
}

#[cfg(test)]
#[path = "experience_tests.rs"]
mod tests;
