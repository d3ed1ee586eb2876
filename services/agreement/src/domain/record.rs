use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::two_persons::{ConfirmError, TwoPersons};

/// What every record has that one person makes on an institution and another confirms (经办、复核).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The pooling area.
    pub area: Area,
    /// The record's id.
    pub id: Uuid,
    /// The fund year it belongs to.
    pub fund_year: FundYear,
    /// The institution it is on.
    pub institution: InstitutionCode,
    /// Who made and who confirmed it.
    pub persons: TwoPersons,
}

/// What kind of record it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A violation.
    Violation,
    /// A sampled inspection.
    Inspection,
    /// A graded review.
    Review,
    /// The year's indicators.
    Indicators,
    /// A clean-record statement.
    CleanRecord,
    /// A monthly report.
    MonthlyReport,
    /// A quarter's disclosure.
    Disclosure,
}

/// Why a record is not found, kept or confirmed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// None has this name.
    #[error("no such record")]
    NotFound(RecordKind),
    /// The name is taken.
    #[error("the record exists")]
    Exists(RecordKind),
    /// Nothing is left to confirm.
    #[error("the record is confirmed already")]
    AlreadyConfirmed(RecordKind),
    /// A period has one confirmed record, and it is another.
    #[error("record {confirmed} of the same period is confirmed")]
    PeriodConfirmed {
        /// What kind.
        kind: RecordKind,
        /// The confirmed one.
        confirmed: Uuid,
    },
    /// A maker does not check its own record.
    #[error("the caller made what is to be confirmed")]
    SamePerson,
}

/// A record on an institution that one person makes and another confirms.
pub trait Record: Sized {
    /// What kind it is.
    const KIND: RecordKind;
    /// What its resource name calls its kind, e.g. `reviews`.
    const COLLECTION: &'static str;
    /// What tells the periods of a fund year apart that have one confirmed record each.
    type Period: PartialEq;

    /// What every record has.
    fn head(&self) -> &Head;

    /// The record with another head.
    fn with_head(self, head: Head) -> Self;

    /// The period of which no other record is confirmed; `None` if there may be any number.
    fn period(&self) -> Option<Self::Period>;

    /// Its resource name.
    fn name(&self) -> String {
        format!("areas/{}/{}/{}", self.head().area, Self::COLLECTION, self.head().id)
    }

    /// Checks that the record's period is open.
    ///
    /// - `confirmed`: the confirmed records of its institution and fund year.
    ///
    /// # Errors
    ///
    /// [`RecordError::PeriodConfirmed`].
    fn check_open(&self, confirmed: &[Self]) -> Result<(), RecordError> {
        let period = self.period();
        match confirmed.iter().find(|other| period.is_some() && other.period() == period) {
            Some(other) => Err(RecordError::PeriodConfirmed { kind: Self::KIND, confirmed: other.head().id }),
            None => Ok(()),
        }
    }

    /// The record, confirmed by `checker`.
    ///
    /// - `confirmed`: the confirmed records of its institution and fund year.
    ///
    /// # Errors
    ///
    /// [`RecordError::AlreadyConfirmed`], then [`RecordError::PeriodConfirmed`], then [`RecordError::SamePerson`].
    fn confirm(self, checker: &str, confirmed: &[Self]) -> Result<Self, RecordError> {
        let persons = self.head().persons.confirm(checker);
        if persons == Err(ConfirmError::AlreadyConfirmed) {
            return Err(RecordError::AlreadyConfirmed(Self::KIND));
        }
        self.check_open(confirmed)?;
        let persons = persons.map_err(|_| RecordError::SamePerson)?;
        let head = Head { persons, ..self.head().clone() };
        Ok(self.with_head(head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Note {
        head: Head,
        month: Option<u32>,
    }

    impl Record for Note {
        const KIND: RecordKind = RecordKind::Review;
        const COLLECTION: &'static str = "notes";
        type Period = u32;

        fn head(&self) -> &Head {
            &self.head
        }

        fn with_head(self, head: Head) -> Self {
            Self { head, ..self }
        }

        fn period(&self) -> Option<u32> {
            self.month
        }
    }

    fn note(id: u128, month: Option<u32>) -> Note {
        let head = Head {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(id),
            fund_year: 2017.try_into().unwrap(),
            institution: "H44070300001".parse().unwrap(),
            persons: TwoPersons::made_by("li"),
        };
        Note { head, month }
    }

    #[test]
    fn a_period_has_one_confirmed_record() {
        let first = note(1, Some(5)).confirm("wang", &[]).unwrap();
        let again = first.clone().confirm("wang", std::slice::from_ref(&first));
        assert_eq!(again, Err(RecordError::AlreadyConfirmed(RecordKind::Review)));
        let second = note(2, Some(5)).confirm("wang", std::slice::from_ref(&first));
        let confirmed = Uuid::from_u128(1);
        assert_eq!(second, Err(RecordError::PeriodConfirmed { kind: RecordKind::Review, confirmed }));
        assert!(note(3, Some(6)).confirm("wang", &[first]).is_ok());
    }

    #[test]
    fn without_periods_any_number_is_confirmed_by_another_person() {
        let first = note(1, None).confirm("wang", &[]).unwrap();
        assert!(note(2, None).confirm("wang", std::slice::from_ref(&first)).is_ok());
        assert_eq!(note(2, None).confirm("li", &[first]), Err(RecordError::SamePerson));
        assert_eq!(note(2, None).name(), format!("areas/440700/notes/{}", Uuid::from_u128(2)));
    }
}
