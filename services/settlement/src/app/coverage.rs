//! How far payment by DRG reaches in a fund year, counted from its bills.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use medfund_policy::Pack;
use medfund_types::{Area, FundYear, InstitutionCode};

use super::{Error, Read, Settlement, Year};
use crate::domain::coverage::{MethodShare, Series, YearOfBills, least_coverage};
use crate::domain::rules::months_of;
use crate::domain::{PaymentTerm, SettlementError};
use crate::store;

/// The coverage of a fund year beside what its pack asks for.
pub(crate) struct Coverage {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) pack: Arc<Pack>,
    pub(crate) series: Vec<Series>,
    pub(crate) methods: Vec<MethodShare>,
    /// What each method paid the year before, if that year has bills.
    pub(crate) methods_before: Vec<MethodShare>,
    /// Whether fee for service pays a smaller share than the year before.
    pub(crate) has_less_fee_for_service: Option<bool>,
}

impl Settlement {
    /// Counts how far payment by DRG reaches in a fund year.
    pub(crate) async fn coverage(&self, read: Read, fund_year: FundYear) -> Result<Coverage, Error> {
        let (this, area) = (self.clone(), read.area.clone());
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let year = this.packs.year(conn, &area, fund_year).await?;
                    let now = counted(&this, conn, &area, &year).await?;
                    let before = before(&this, conn, &area, fund_year).await?;
                    let first = year.pack.fund_lines().keys().next().expect("a pack has a fund line");
                    let least = least_coverage(year.rules(first)?, fund_year);
                    Ok(Coverage {
                        area,
                        fund_year,
                        series: now.coverage(&least),
                        methods: now.methods(),
                        methods_before: before.methods(),
                        has_less_fee_for_service: now.has_less_fee_for_service(&before),
                        pack: year.pack,
                    })
                })
            })
            .await
    }
}

/// The bills of the year before; none where it was not open here.
async fn before(
    this: &Settlement,
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> Result<YearOfBills, Error> {
    let Ok(last) = FundYear::try_from(fund_year.get() - 1) else { return Ok(YearOfBills::default()) };
    match this.packs.year(conn, area, last).await {
        Ok(year) => counted(this, conn, area, &year).await,
        Err(Error::Settlement(SettlementError::FundYearNotOpen(_))) => Ok(YearOfBills::default()),
        Err(error) => Err(error),
    }
}

/// Adds up a year's bills, each month by the agreements and the tariff in force at its end.
async fn counted(
    this: &Settlement,
    conn: &mut AsyncPgConnection,
    area: &Area,
    year: &Year,
) -> Result<YearOfBills, Error> {
    let mut all = YearOfBills::default();
    for month in months_of(&year.pack, year.fund_year) {
        let agreed = store::agreements::in_force(conn, area, year.fund_year, month).await?;
        let agreed: BTreeMap<InstitutionCode, Vec<PaymentTerm>> =
            agreed.into_iter().map(|row| (row.institution_code, row.terms.0)).collect();
        let day = month.last_day();
        let tariffs = this.tariffs.between(conn, area, day, day).await?;
        for bills in store::like_bills::list(conn, area, month).await? {
            let weight = tariffs.on(day).and_then(|tariff| tariff.groups.weight(bills.group.as_ref()?));
            let terms = agreed.get(&bills.institution).map_or(&[][..], Vec::as_slice);
            all.add(bills, terms, weight.is_some());
        }
    }
    Ok(all)
}
