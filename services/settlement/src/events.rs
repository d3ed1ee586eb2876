//! Kinds of care as events and other messages tell them.

use medfund_policy::KindOfCare;
use medfund_proto::types::v1 as types;

/// A message's kind of care, if it says one.
pub(crate) fn kind_of_care(kind: types::KindOfCare) -> Option<KindOfCare> {
    match kind {
        types::KindOfCare::Unspecified => None,
        types::KindOfCare::Inpatient => Some(KindOfCare::Inpatient),
        types::KindOfCare::GeneralOutpatient => Some(KindOfCare::GeneralOutpatient),
        types::KindOfCare::SpecialOutpatient => Some(KindOfCare::SpecialOutpatient),
        types::KindOfCare::DaySurgery => Some(KindOfCare::DaySurgery),
        types::KindOfCare::HomeSickbed => Some(KindOfCare::HomeSickbed),
        types::KindOfCare::Pharmacy => Some(KindOfCare::Pharmacy),
    }
}

/// A kind of care as messages tell it.
pub(crate) fn kind_of_care_to_pb(kind: KindOfCare) -> types::KindOfCare {
    match kind {
        KindOfCare::Inpatient => types::KindOfCare::Inpatient,
        KindOfCare::GeneralOutpatient => types::KindOfCare::GeneralOutpatient,
        KindOfCare::SpecialOutpatient => types::KindOfCare::SpecialOutpatient,
        KindOfCare::DaySurgery => types::KindOfCare::DaySurgery,
        KindOfCare::HomeSickbed => types::KindOfCare::HomeSickbed,
        KindOfCare::Pharmacy => types::KindOfCare::Pharmacy,
    }
}
