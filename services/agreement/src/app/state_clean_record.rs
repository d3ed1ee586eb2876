use medfund_db::{AsyncPgConnection, Call};
use medfund_types::{Area, FundYear, InstitutionCode};

use super::facts::locked_institution;
use super::{App, Error, records};
use crate::domain::conduct::{CleanRecord, YearConduct, is_clean, years_before};
use crate::domain::pack_rules::clean_years;
use crate::domain::record::Head;
use crate::store;

/// States whether the rules were kept in the years before a fund year.
pub(crate) struct StateCleanRecord {
    pub(crate) call: Call,
    /// Of the statement that is to be made.
    pub(crate) head: Head,
}

impl App {
    /// Keeps a statement that another person is to confirm.
    pub(crate) async fn state_clean_record(&self, command: StateCleanRecord) -> Result<CleanRecord, Error> {
        let StateCleanRecord { call, head } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &head.institution).await?;
                    let year = packs.year(tx.conn(), area, head.fund_year).await?;
                    let before = years_before(head.fund_year, clean_years(&year.pack));
                    let years = conduct_in(tx.conn(), area, &head.institution, &before).await?;
                    let clean = is_clean(&years)?;

                    let stated = CleanRecord { head, years, clean };
                    records::check_open(tx.conn(), &stated).await?;
                    records::keep(tx.conn(), &stated).await?;
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
