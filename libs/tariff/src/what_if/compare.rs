use std::collections::{BTreeMap, BTreeSet};

use medfund_money::{Exact, Fen, allocate};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::pay::{Priced, counted_by_group};
use super::{Cases, Paid, Setting, WhatIfError};

/// What one institution is paid by two settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The institution.
    pub institution: InstitutionCode,
    /// By the first setting.
    pub before: Fen,
    /// By the second.
    pub after: Fen,
}

impl Difference {
    /// How much more by the second.
    #[must_use]
    pub fn change(&self) -> Fen {
        self.after - self.before
    }
}

/// The difference of two settings, institution by institution, in the order of their codes.
#[must_use]
pub fn differences(before: &Paid, after: &Paid) -> Vec<Difference> {
    let pay = |paid: &Paid, institution: &InstitutionCode| {
        paid.institutions.get(institution).map_or(Fen::ZERO, |own| own.pay)
    };
    let institutions: BTreeSet<&InstitutionCode> =
        before.institutions.keys().chain(after.institutions.keys()).collect();
    let difference = |institution: &InstitutionCode| Difference {
        institution: institution.clone(),
        before: pay(before, institution),
        after: pay(after, institution),
    };
    institutions.into_iter().map(difference).collect()
}

/// What one institution is paid for the cases of an ADRG by two settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdrgDifference {
    /// The ADRG; a code that has none, like `KQY`, stands for itself.
    pub adrg: String,
    /// By the first setting.
    pub before: Fen,
    /// By the second.
    pub after: Fen,
}

/// The difference of two settings for one institution, ADRG by ADRG.
///
/// Its pay is shared among them by what their cases count, by largest remainder, so that they add up to its pay; what
/// standards that cover all cost take off for its patients' own parts is spread with it.
///
/// # Errors
///
/// [`WhatIfError`] where an institution's cases count nothing and its patients' own parts are taken off all the same.
pub fn by_adrg<'a>(
    cases: impl Into<Cases<'a>>,
    institution: &InstitutionCode,
    before: (&Setting<'_>, &Paid),
    after: (&Setting<'_>, &Paid),
) -> Result<Vec<AdrgDifference>, WhatIfError> {
    let cases = cases.into();
    let [before, after] = [before, after].map(|(setting, paid)| {
        let pay = paid.institutions.get(institution).map_or(Fen::ZERO, |own| own.pay);
        shares(cases, setting, institution, pay)
    });
    let (before, after) = (before?, after?);
    let adrgs: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let of = |shares: &BTreeMap<String, Fen>, adrg| shares.get(adrg).copied().unwrap_or_default();
    Ok(adrgs
        .into_iter()
        .map(|adrg| AdrgDifference { adrg: adrg.clone(), before: of(&before, adrg), after: of(&after, adrg) })
        .collect())
}

fn shares(
    cases: Cases<'_>,
    setting: &Setting<'_>,
    institution: &InstitutionCode,
    pay: Fen,
) -> Result<BTreeMap<String, Fen>, WhatIfError> {
    let mut worths: BTreeMap<String, Exact> = BTreeMap::new();
    for Priced { group, counted, .. } in counted_by_group(cases, setting, institution) {
        let adrg = group.adrg().unwrap_or(group.as_str()).to_owned();
        let sum = worths.entry(adrg).or_insert_with(Exact::zero);
        *sum = &*sum + &counted.all();
    }
    let weights: Vec<Exact> = worths.values().cloned().collect();
    let shares = if pay.is_negative() {
        allocate(-pay, &weights)?.into_iter().map(|share| -share).collect()
    } else {
        allocate(pay, &weights)?
    };
    Ok(worths.into_keys().zip(shares).collect())
}
