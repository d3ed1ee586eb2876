use std::collections::BTreeMap;

use medfund_money::PositiveFen;
use medfund_types::InstitutionCode;

use super::{ByFundLine, CostedCase, Whose};
use crate::GroupCode;

/// The cost of each case, by institution, group and fund line, eight bytes a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseCosts {
    by_institution: BTreeMap<InstitutionCode, BTreeMap<GroupCode, ByFundLine<Vec<PositiveFen>>>>,
}

impl CaseCosts {
    /// Adds a case.
    pub fn add(&mut self, case: &CostedCase) {
        let own = self.by_institution.entry(case.institution.clone()).or_default();
        let lines = own.entry(case.group.clone()).or_default();
        lines.entry(case.fund_line.clone()).or_default().push(case.cost);
    }

    /// What an institution's cases of a fund line in a group cost, in the order in which they were added.
    #[must_use]
    pub fn of(&self, (institution, fund_line): Whose<'_>, group: &GroupCode) -> &[PositiveFen] {
        let own = self.by_institution.get(institution).and_then(|own| own.get(group));
        let mut lines = own.into_iter().flatten();
        lines.find(|(line, _)| line.as_ref() == fund_line).map_or(&[], |(_, costs)| costs)
    }
}
