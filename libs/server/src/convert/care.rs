use medfund_policy::KindOfCare;
use medfund_proto::types::v1 as pb;

use crate::violations::FieldProblem;

/// Reads a kind of care by its number.
///
/// # Errors
///
/// If it is not given or not known.
pub fn kind_of_care(number: i32) -> Result<KindOfCare, FieldProblem> {
    let known = pb::KindOfCare::try_from(number).ok();
    let found = KindOfCare::ALL.iter().find(|kind| Some(kind_of_care_to_pb(**kind)) == known);
    found.copied().ok_or_else(|| FieldProblem::Malformed("must be a known kind of care".to_owned()))
}

/// A kind of care as messages name it.
#[must_use]
pub fn kind_of_care_to_pb(kind: KindOfCare) -> pb::KindOfCare {
    match kind {
        KindOfCare::Inpatient => pb::KindOfCare::Inpatient,
        KindOfCare::GeneralOutpatient => pb::KindOfCare::GeneralOutpatient,
        KindOfCare::SpecialOutpatient => pb::KindOfCare::SpecialOutpatient,
        KindOfCare::DaySurgery => pb::KindOfCare::DaySurgery,
        KindOfCare::HomeSickbed => pb::KindOfCare::HomeSickbed,
        KindOfCare::Pharmacy => pb::KindOfCare::Pharmacy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_care_is_read_back_and_no_other_number() {
        for kind in KindOfCare::ALL {
            assert_eq!(kind_of_care(kind_of_care_to_pb(*kind).into()).unwrap(), *kind);
        }
        for bad in [0, -1, 99] {
            assert!(kind_of_care(bad).is_err(), "{bad}");
        }
    }
}
