use std::collections::BTreeMap;

use medfund_money::PositiveFen;

use crate::GroupCode;

/// The cost of each case, by group, eight bytes a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    by_group: BTreeMap<GroupCode, Vec<PositiveFen>>,
}

impl Costs {
    /// Adds a case of `group` that cost `cost`.
    pub fn add(&mut self, group: &GroupCode, cost: PositiveFen) {
        match self.by_group.get_mut(group) {
            Some(costs) => costs.push(cost),
            None => {
                self.by_group.insert(group.clone(), vec![cost]);
            }
        }
    }

    /// Names a group of the scheme, so that it gets a weight also when it has no case.
    pub fn name(&mut self, group: GroupCode) {
        self.by_group.entry(group).or_default();
    }

    /// Adds what another part of the history holds.
    pub fn merge(&mut self, other: Self) {
        for (group, mut costs) in other.by_group {
            self.by_group.entry(group).or_default().append(&mut costs);
        }
    }

    /// The costs of each group in ascending order, in the order of the groups' codes.
    #[must_use]
    pub fn sorted(mut self) -> BTreeMap<GroupCode, Vec<PositiveFen>> {
        self.by_group.values_mut().for_each(|costs| costs.sort_unstable());
        self.by_group
    }
}
