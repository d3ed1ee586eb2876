//! Why a case has the points that it has, made again from its bill and what stands beside it.

use diesel_async::AsyncPgConnection;
use medfund_money::Derivation;
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};

use super::{Error, Read, Settlement, Year};
use crate::domain::methods::{has_points, is_named};
use crate::domain::pool::{DrgCase, points_of, pool_rules};
use crate::domain::rules::months_of;
use crate::domain::{PaymentTerm, SettlementError, terms_of};
use crate::store;
use crate::store::bills::StoredBill;

impl Settlement {
    /// The tree of a case's points by all bills of the year that are known; `None` if no point pays it.
    ///
    /// A stay is cut by readmissions to its own institution alone, which is all that an institution may look at.
    pub(super) async fn case_points(
        &self,
        read: Read,
        institution: InstitutionCode,
        setl_id: String,
    ) -> Result<Option<Derivation>, Error> {
        let (this, Read { caller, area }) = (self.clone(), read);
        let key = area.clone();
        self.reader
            .run(&caller, &key, move |conn| {
                Box::pin(async move {
                    let bill = store::bills::find(conn, &area, &institution, &setl_id).await?;
                    match bill.filter(|bill| bill.group.is_some() && bill.withdrawn.is_none()) {
                        Some(bill) => explain(&this, conn, &area, &bill).await,
                        None => Ok(None),
                    }
                })
            })
            .await
    }
}

async fn explain(
    this: &Settlement,
    conn: &mut AsyncPgConnection,
    area: &Area,
    bill: &StoredBill,
) -> Result<Option<Derivation>, Error> {
    let fund_year = FundYear::try_from(bill.month.year()).expect("a bill's month has an open fund year");
    let year = this.packs.year(conn, area, fund_year).await?;
    let rules = pool_rules(year.rules(&bill.fund_line)?).map_err(SettlementError::not_settled)?;
    let Some(rules) = rules else { return Ok(None) };
    let mut cases: Vec<DrgCase> = Vec::new();
    for month in months_of(&year.pack, year.fund_year) {
        cases.extend(pointed(conn, (area, &year, month), bill).await?);
    }
    let days = || cases.iter().map(|case| case.discharged);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(None) };
    let tariffs = this.tariffs.between(conn, area, first, last).await?;
    let points = points_of(&bill.fund_line, &cases, &tariffs, &rules)
        .map_err(|no_tariff| SettlementError::TariffUnknown(no_tariff.0))?;
    let own = cases.iter().zip(points).find(|(case, _)| case.setl_id == bill.line.setl_id);
    let (id, hash) = (year.pack.id(), year.pack.hash().to_string());
    Ok(own.map(|(_, made)| made.derivation.under(id, &hash, "case_points/1")))
}

/// The cases of a month that points pay, of a bill's patient at its institution.
async fn pointed(
    conn: &mut AsyncPgConnection,
    (area, year, month): (&Area, &Year, SettlementMonth),
    bill: &StoredBill,
) -> Result<Vec<DrgCase>, Error> {
    let institution: InstitutionCode = bill.line.fixmedins_code.parse().expect("a checked code");
    let agreed = store::agreements::in_force(conn, area, year.fund_year, month).await?;
    let agreed = agreed.into_iter().find(|row| row.institution_code == institution);
    let terms: Vec<PaymentTerm> = agreed.map(|row| row.terms.0).unwrap_or_default();
    let own = terms_of(&terms, &bill.fund_line, bill.kind_of_care);
    if !has_points(&own) {
        return Ok(Vec::new());
    }
    let bills = store::pooled_bills::list(conn, area, month, &[institution]).await?;
    let counts = bills.into_iter().filter(|one| {
        let is_like = one.fund_line == bill.fund_line && one.kind_of_care == bill.kind_of_care;
        is_like && one.case.person == bill.line.psn_no && !is_named(&own, &one.disease)
    });
    Ok(counts.map(|one| one.case).collect())
}
