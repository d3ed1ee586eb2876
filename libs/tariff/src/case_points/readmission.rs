use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use medfund_money::Rate;
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use crate::{DEFAULTS, GroupCode, ReadmissionDefaults};

/// When a readmission cuts the stay before it (分解住院). Defaults: [`DEFAULTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadmissionRule {
    /// The most days from discharge to the next admission, both not counted as one: discharged on the 1st and
    /// admitted on the 11th are 10.
    pub within_days: u32,
    /// The share of its points that the earlier stay keeps.
    pub kept: Rate,
    /// Whether only a readmission to the same institution counts.
    pub is_same_institution: bool,
}

impl Default for ReadmissionRule {
    fn default() -> Self {
        let ReadmissionDefaults { within_days, kept, is_same_institution } = &DEFAULTS.readmission;
        Self {
            within_days: within_days.value,
            kept: kept.value,
            is_same_institution: is_same_institution.value,
        }
    }
}

/// A stay of one patient; `P` is any key of the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay<P> {
    /// The patient.
    pub patient: P,
    /// The institution.
    pub institution: InstitutionCode,
    /// The group.
    pub group: GroupCode,
    /// The day of admission.
    pub admitted: NaiveDate,
    /// The day of discharge.
    pub discharged: NaiveDate,
}

/// Which stays are cut for their patient came back in the same group within the days of the rule.
///
/// A patient who came back twice cuts two stays; the last one stays whole. Stays that overlap follow each other by the
/// day of admission.
///
/// - `stays`: `[n_stays]`, in any order.
/// - Returns `[n_stays]`, in the order of `stays`.
#[must_use]
pub fn readmitted<P: Ord>(stays: &[Stay<P>], rule: &ReadmissionRule) -> Vec<bool> {
    let mut by_patient: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (i, stay) in stays.iter().enumerate() {
        let institution = rule.is_same_institution.then_some(&stay.institution);
        by_patient.entry((&stay.patient, &stay.group, institution)).or_default().push(i);
    }
    let mut cut = vec![false; stays.len()];
    for mut own in by_patient.into_values() {
        own.sort_by_key(|&i| (stays[i].admitted, stays[i].discharged));
        for pair in own.windows(2) {
            let last_day = stays[pair[0]].discharged.checked_add_days(Days::new(rule.within_days.into()));
            cut[pair[0]] = last_day.is_none_or(|last| stays[pair[1]].admitted <= last);
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(patient: u32, institution: &str, group: &str, [from, to]: [u32; 2]) -> Stay<u32> {
        let day = |day| NaiveDate::from_ymd_opt(2022, 3, day).unwrap();
        let [institution, group] = [institution, group].map(str::to_owned);
        Stay {
            patient,
            institution: institution.parse().unwrap(),
            group: group.parse().unwrap(),
            admitted: day(from),
            discharged: day(to),
        }
    }

    #[test]
    fn who_comes_back_in_the_same_group_within_ten_days_cuts_the_earlier_stay() {
        let stays = [
            stay(1, "H0000001", "FR15", [12, 20]),
            stay(1, "H0000001", "FR15", [1, 2]),
            stay(1, "H0000001", "GZ15", [3, 4]),
            stay(2, "H0000001", "FR15", [1, 2]),
            stay(2, "H0000001", "FR15", [13, 14]),
            stay(3, "H0000001", "FR15", [1, 2]),
            stay(3, "H0000002", "FR15", [3, 4]),
        ];
        let cut = readmitted(&stays, &ReadmissionRule::default());
        assert_eq!(cut, [false, true, false, false, false, false, false]);
        let anywhere = ReadmissionRule { is_same_institution: false, ..ReadmissionRule::default() };
        assert!(readmitted(&stays, &anywhere)[5]);
    }

    #[test]
    fn of_three_stays_in_a_row_the_last_stays_whole() {
        let stays = [[1, 2], [4, 5], [9, 12]].map(|days| stay(1, "H0000001", "FR15", days));
        assert_eq!(readmitted(&stays, &ReadmissionRule::default()), [true, true, false]);
    }
}
