use medfund_db::{AsyncPgConnection, Call};
use medfund_types::{Area, FundYear, InstitutionCode};
use uuid::Uuid;

use super::facts::locked_institution;
use super::{App, Error};
use crate::domain::conduct::{CleanRecord, YearConduct, is_clean, years_before};
use crate::domain::error::{AssessmentError, Record};
use crate::domain::pack_rules::clean_years;
use crate::domain::two_persons::TwoPersons;
use crate::store;

/// States whether the rules were kept in the years before a fund year.
pub(crate) struct StateCleanRecord {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) fund_year: FundYear,
    pub(crate) institution: InstitutionCode,
}

impl App {
    /// Keeps a statement that another person is to confirm.
    pub(crate) async fn state_clean_record(&self, command: StateCleanRecord) -> Result<CleanRecord, Error> {
        let StateCleanRecord { call, id, fund_year, institution } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &institution).await?;
                    let year = packs.year(tx.conn(), area, fund_year).await?;
                    let before = years_before(fund_year, clean_years(&year.pack));
                    let years = conduct_in(tx.conn(), area, &institution, &before).await?;
                    let clean = is_clean(&years)?;

                    let persons = TwoPersons::made_by(&tx.caller().subject);
                    let area = area.clone();
                    let stated = CleanRecord { area, id, fund_year, institution, years, clean, persons };
                    if store::clean_records::find_confirmed(tx.conn(), &stated).await?.is_some() {
                        return Err(AssessmentError::AlreadyConfirmed(Record::CleanRecord).into());
                    }
                    if !store::clean_records::insert(tx.conn(), &stated).await? {
                        return Err(AssessmentError::Exists(Record::CleanRecord).into());
                    }
                    Ok(stated)
                })
            })
            .await
    }
}

/// What is known of an institution's conduct in some years.
pub(super) async fn conduct_in(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    years: &[FundYear],
) -> Result<Vec<YearConduct>, Error> {
    let mut known = Vec::new();
    for &fund_year in years {
        known.push(YearConduct {
            fund_year,
            known_here: store::fund_years::find(conn, area, fund_year).await?.is_some(),
            recorded: store::conducts::find_kept_rules(conn, area, institution, fund_year).await?,
            n_violations: store::violations::count_spoiling(conn, area, institution, fund_year).await?,
        });
    }
    Ok(known)
}
