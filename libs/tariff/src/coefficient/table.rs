use std::collections::BTreeMap;

use medfund_money::Coefficient;
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use crate::GroupCode;

/// The coefficients of institutions, one for all groups or one a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coefficients {
    general: BTreeMap<InstitutionCode, Coefficient>,
    by_group: BTreeMap<InstitutionCode, BTreeMap<GroupCode, Coefficient>>,
}

impl Coefficients {
    /// Sets an institution's coefficient in all groups that have none of their own.
    pub fn set_general(&mut self, institution: InstitutionCode, coefficient: Coefficient) {
        self.general.insert(institution, coefficient);
    }

    /// Sets an institution's coefficient in one group.
    pub fn set(&mut self, institution: InstitutionCode, group: GroupCode, coefficient: Coefficient) {
        self.by_group.entry(institution).or_default().insert(group, coefficient);
    }

    /// The institution's coefficient in the group: its own there, else its general one, else 1.
    #[must_use]
    pub fn get(&self, institution: &InstitutionCode, group: &GroupCode) -> Coefficient {
        let own = self.by_group.get(institution).and_then(|groups| groups.get(group));
        own.or_else(|| self.general.get(institution)).copied().unwrap_or(Coefficient::ONE)
    }

    /// Each institution's general coefficient.
    pub fn general(&self) -> impl ExactSizeIterator<Item = (&InstitutionCode, Coefficient)> {
        self.general.iter().map(|(institution, coefficient)| (institution, *coefficient))
    }

    /// The coefficients in one group each, by institution and group.
    pub fn by_group(&self) -> impl Iterator<Item = (&InstitutionCode, &GroupCode, Coefficient)> {
        self.by_group.iter().flat_map(|(institution, groups)| {
            groups.iter().map(move |(group, coefficient)| (institution, group, *coefficient))
        })
    }
}
