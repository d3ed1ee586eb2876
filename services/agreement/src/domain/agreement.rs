use chrono::{DateTime, NaiveDate, Utc};
use medfund_money::Exact;
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::institution::{Institution, Standing};
use super::rules::YearSpan;
use super::terms::{Term, TermError};

/// A service agreement (服务协议) for a fund year, or a supplement (补充协议) to one.
///
/// Never edited: another draft stands beside it until one is signed by both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The pooling area.
    pub area: Area,
    /// The agreement's id.
    pub id: Uuid,
    /// The fund year.
    pub fund_year: FundYear,
    /// The institution.
    pub institution: InstitutionCode,
    /// What is paid how.
    pub terms: Vec<Term>,
    /// The limits agreed on.
    pub indicator_limits: Vec<IndicatorLimit>,
    /// The management grade (分级管理) by the pack's id; empty for none.
    pub management_grade: String,
    /// The year's first agreement, when this is a supplement to it.
    pub supplements: Option<Uuid>,
    /// The first day its terms hold.
    pub effective_date: NaiveDate,
    /// Its place among the year's versions; `None` until both have signed.
    pub version: Option<i32>,
    /// Who drafted it.
    pub maker: String,
    /// The agency's signature.
    pub agency_signature: Option<Signature>,
    /// The institution's signature.
    pub institution_signature: Option<Signature>,
}

impl Agreement {
    /// Its resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("areas/{}/agreements/{}", self.area, self.id)
    }
}

/// Who signed, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The person.
    pub signer: String,
    /// When.
    pub time: DateTime<Utc>,
}

/// A limit that an institution agreed to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorLimit {
    /// The indicator's id in the pack.
    pub indicator: String,
    /// The limit.
    pub limit: Exact,
}

/// The sides of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The agency.
    Agency,
    /// The institution.
    Institution,
}

/// Why an agreement is not drafted or signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// None has this name.
    #[error("no such agreement")]
    NotFound,
    /// The name is taken.
    #[error("the agreement exists")]
    Exists,
    /// The institution is not admitted.
    #[error("the institution is {}", state.word())]
    InstitutionState {
        /// Where it stands.
        state: Standing,
    },
    /// A term cannot be agreed on.
    #[error(transparent)]
    Term(#[from] TermError),
    /// The pack has no such indicator.
    #[error("the pack has no indicator {indicator}")]
    UnknownIndicator {
        /// The indicator.
        indicator: String,
    },
    /// The pack has no such management grade.
    #[error("the pack has no management grade {grade}")]
    UnknownManagementGrade {
        /// The grade.
        grade: String,
    },
    /// The year's first agreement is signed.
    #[error("the institution has a signed agreement for the fund year")]
    AlreadySigned,
    /// There is no signed agreement to supplement.
    #[error("there is no signed agreement of this name for the institution and fund year")]
    NothingToSupplement,
    /// A supplement's terms hold from a day that is still open.
    #[error("a supplement takes effect from {earliest} to {latest}")]
    EffectiveDate {
        /// The first possible day.
        earliest: NaiveDate,
        /// The last possible day.
        latest: NaiveDate,
    },
    /// The side has signed.
    #[error("this side has signed")]
    SideAlreadySigned,
    /// The institution names others to sign for it.
    #[error("the institution names other persons to sign for it")]
    SignerNotAuthorised,
    /// One person cannot sign for both sides.
    #[error("the caller signed for the other side")]
    SamePerson,
}

impl Agreement {
    /// Whether both sides have signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.version.is_some()
    }
}

/// Checks that an agreement fits what is signed already.
///
/// The year's first agreement stands alone; a supplement names it and takes
/// effect inside the fund year, after the version before it and not before the
/// business date, so that no settled day changes its terms.
///
/// - `signed`: the institution's signed versions of the fund year.
///
/// # Errors
///
/// [`AgreementError::InstitutionState`], [`AgreementError::AlreadySigned`],
/// [`AgreementError::NothingToSupplement`] or [`AgreementError::EffectiveDate`].
pub fn check_place(
    draft: &Agreement,
    institution: &Institution,
    signed: &[Agreement],
    year: YearSpan,
    business_date: NaiveDate,
) -> Result<(), AgreementError> {
    if !institution.is_active() {
        return Err(AgreementError::InstitutionState { state: institution.standing });
    }
    let Some(original) = draft.supplements else {
        return if signed.is_empty() { Ok(()) } else { Err(AgreementError::AlreadySigned) };
    };
    let last = signed.iter().max_by_key(|agreement| agreement.version);
    let named = signed.iter().any(|agreement| agreement.id == original && agreement.supplements.is_none());
    let Some(last) = last.filter(|_| named) else {
        return Err(AgreementError::NothingToSupplement);
    };
    let after_last = last.effective_date.succ_opt().unwrap_or(last.effective_date);
    let earliest = after_last.max(business_date);
    if (earliest..=year.last).contains(&draft.effective_date) {
        Ok(())
    } else {
        Err(AgreementError::EffectiveDate { earliest, latest: year.last })
    }
}

/// Signs for one side; the second signature puts the agreement in force.
///
/// - `n_signed`: how many versions of the year are signed.
///
/// # Errors
///
/// [`AgreementError::SideAlreadySigned`], then [`AgreementError::SignerNotAuthorised`],
/// then [`AgreementError::SamePerson`].
pub fn sign(
    draft: Agreement,
    side: Side,
    signature: Signature,
    institution: &Institution,
    n_signed: usize,
) -> Result<Agreement, AgreementError> {
    let (own, other) = match side {
        Side::Agency => (&draft.agency_signature, &draft.institution_signature),
        Side::Institution => (&draft.institution_signature, &draft.agency_signature),
    };
    if own.is_some() {
        return Err(AgreementError::SideAlreadySigned);
    }
    if side == Side::Institution && !institution.may_sign(&signature.signer) {
        return Err(AgreementError::SignerNotAuthorised);
    }
    if other.as_ref().is_some_and(|other| other.signer == signature.signer) {
        return Err(AgreementError::SamePerson);
    }
    let version = other.is_some().then(|| i32::try_from(n_signed).expect("few versions a year") + 1);
    Ok(match side {
        Side::Agency => Agreement { agency_signature: Some(signature), version, ..draft },
        Side::Institution => Agreement { institution_signature: Some(signature), version, ..draft },
    })
}

#[cfg(test)]
mod tests {
    use super::super::institution::tests::hospital;
    use super::super::terms::tests::average_quota;
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, month, day).unwrap()
    }

    fn year() -> YearSpan {
        YearSpan { first: day(1, 1), last: day(12, 31) }
    }

    fn draft(id: u128) -> Agreement {
        Agreement {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(id),
            fund_year: 2017.try_into().unwrap(),
            institution: "H44070300001".parse().unwrap(),
            terms: vec![average_quota(500_000)],
            indicator_limits: vec![],
            management_grade: String::new(),
            supplements: None,
            effective_date: day(1, 1),
            version: None,
            maker: "li".into(),
            agency_signature: None,
            institution_signature: None,
        }
    }

    fn admitted() -> Institution {
        Institution { standing: Standing::Admitted, ..hospital() }
    }

    fn by(signer: &str) -> Signature {
        Signature { signer: signer.into(), time: DateTime::UNIX_EPOCH }
    }

    fn signed(id: u128) -> Agreement {
        let half = sign(draft(id), Side::Agency, by("li"), &admitted(), 0).unwrap();
        sign(half, Side::Institution, by("director"), &admitted(), 0).unwrap()
    }

    #[test]
    fn an_agreement_is_in_force_when_both_sides_have_signed() {
        let half = sign(draft(1), Side::Institution, by("director"), &admitted(), 0).unwrap();
        assert!(!half.is_signed());
        let again = sign(half.clone(), Side::Institution, by("deputy"), &admitted(), 0);
        assert_eq!(again, Err(AgreementError::SideAlreadySigned));
        let same = sign(half.clone(), Side::Agency, by("director"), &admitted(), 0);
        assert_eq!(same, Err(AgreementError::SamePerson));
        assert_eq!(sign(half, Side::Agency, by("li"), &admitted(), 0).unwrap().version, Some(1));
    }

    #[test]
    fn the_institution_is_signed_for_by_whom_it_names() {
        let mut hospital = admitted();
        hospital.profile.authorised_signers = vec!["director".into()];
        let refused = sign(draft(1), Side::Institution, by("clerk"), &hospital, 0);
        assert_eq!(refused, Err(AgreementError::SignerNotAuthorised));
        assert!(sign(draft(1), Side::Institution, by("director"), &hospital, 0).is_ok());
    }

    #[test]
    fn a_year_has_one_first_agreement_and_supplements_to_it() {
        let place = |draft: &Agreement, signed: &[Agreement]| {
            check_place(draft, &admitted(), signed, year(), day(3, 10))
        };
        assert_eq!(place(&draft(2), &[]), Ok(()));
        assert_eq!(place(&draft(2), &[signed(1)]), Err(AgreementError::AlreadySigned));

        let supplement =
            |date| Agreement { supplements: Some(Uuid::from_u128(1)), effective_date: date, ..draft(2) };
        assert_eq!(place(&supplement(day(4, 1)), &[]), Err(AgreementError::NothingToSupplement));
        assert_eq!(place(&supplement(day(4, 1)), &[signed(1)]), Ok(()));
        let open = AgreementError::EffectiveDate { earliest: day(3, 10), latest: day(12, 31) };
        assert_eq!(place(&supplement(day(3, 9)), &[signed(1)]), Err(open.clone()));
        let next_year = NaiveDate::from_ymd_opt(2018, 1, 1).unwrap();
        assert_eq!(place(&supplement(next_year), &[signed(1)]), Err(open));
    }

    #[test]
    fn a_suspended_institution_agrees_on_nothing() {
        let state = Standing::Suspended { through: day(6, 30) };
        let suspended = Institution { standing: state, ..hospital() };
        let refused = check_place(&draft(1), &suspended, &[], year(), day(3, 10));
        assert_eq!(refused, Err(AgreementError::InstitutionState { state }));
    }
}
