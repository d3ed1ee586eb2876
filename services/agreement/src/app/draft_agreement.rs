use medfund_db::{AsyncPgConnection, Call};
use medfund_types::Area;

use super::facts::{Packs, business_date};
use super::{App, Error};
use crate::domain::agreement::{self, Agreement, AgreementError};
use crate::domain::error::CommonError;
use crate::domain::institution::Institution;
use crate::domain::pack_rules::{care_rules, has_management_grade, indicator_rules};
use crate::domain::{method, terms};
use crate::store;

/// Drafts an agreement or a supplement.
pub(crate) struct DraftAgreement {
    pub(crate) call: Call,
    /// Its first day is set here unless it is a supplement.
    pub(crate) draft: Agreement,
}

impl App {
    /// Keeps a draft that could be signed today.
    pub(crate) async fn draft_agreement(&self, command: DraftAgreement) -> Result<Agreement, Error> {
        let DraftAgreement { call, mut draft } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let institution = store::institutions::lock(tx.conn(), area, &draft.institution).await?;
                    let institution = institution.ok_or(CommonError::InstitutionNotFound)?;
                    if draft.supplements.is_none() {
                        draft.effective_date = packs.year(tx.conn(), area, draft.fund_year).await?.span.first;
                    }

                    check(tx.conn(), area, &packs, &draft, &institution).await?;

                    if !store::agreements::insert(tx.conn(), &draft).await? {
                        return Err(AgreementError::Exists.into());
                    }
                    Ok(draft)
                })
            })
            .await
    }
}

/// Checks a draft against the institution, what is signed, the pack and the district's method.
///
/// Returns how many versions of the year are signed.
pub(super) async fn check(
    conn: &mut AsyncPgConnection,
    area: &Area,
    packs: &Packs,
    draft: &Agreement,
    institution: &Institution,
) -> Result<usize, Error> {
    let year = packs.year(conn, area, draft.fund_year).await?;
    let today = business_date(conn, area).await?;
    let signed = store::agreements::signed(conn, area, &draft.institution, draft.fund_year).await?;
    agreement::check_place(draft, institution, &signed, year.span, today)?;

    let district = &institution.profile.district;
    let methods = store::inpatient_methods::of_district(conn, area, district).await?;
    let chosen = method::holding_in(&methods, draft.fund_year).map(|chosen| chosen.method);
    terms::check(&draft.terms, &care_rules(&year.pack), district, chosen).map_err(AgreementError::from)?;

    let grade = &draft.management_grade;
    if !grade.is_empty() && !has_management_grade(&year.pack, grade) {
        return Err(AgreementError::UnknownManagementGrade { grade: grade.clone() }.into());
    }
    let indicators = indicator_rules(&year.pack).indicators;
    let unknown = draft.indicator_limits.iter().find(|limit| !indicators.contains_key(&limit.indicator));
    match unknown {
        Some(limit) => Err(AgreementError::UnknownIndicator { indicator: limit.indicator.clone() }.into()),
        None => Ok(signed.len()),
    }
}
