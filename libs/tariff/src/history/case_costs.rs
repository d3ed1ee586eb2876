use std::collections::BTreeMap;

use medfund_money::PositiveFen;
use medfund_types::InstitutionCode;

use super::CostedCase;
use crate::GroupCode;

/// The cost of each case, by institution and group, eight bytes a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseCosts {
    by_institution: BTreeMap<InstitutionCode, BTreeMap<GroupCode, Vec<PositiveFen>>>,
}

impl CaseCosts {
    /// Adds a case.
    pub fn add(&mut self, case: &CostedCase) {
        let own = self.by_institution.entry(case.institution.clone()).or_default();
        own.entry(case.group.clone()).or_default().push(case.cost);
    }

    /// What an institution's cases in a group cost, in the order in which they were added.
    #[must_use]
    pub fn of(&self, institution: &InstitutionCode, group: &GroupCode) -> &[PositiveFen] {
        let own = self.by_institution.get(institution).and_then(|own| own.get(group));
        own.map_or(&[], Vec::as_slice)
    }
}
