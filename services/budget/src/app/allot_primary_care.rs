use diesel_async::AsyncPgConnection;
use medfund_db::{Call, Tx};
use medfund_ledger::{Account, AccountKind};
use medfund_money::Fen;
use medfund_policy::Matter;
use medfund_types::{District, FundLine, FundYear};
use uuid::Uuid;

use super::policy::{Packs, deciding_body};
use super::posting::Posting;
use super::reserve::put_reserve;
use super::year::{Year, business_date};
use super::{App, Error, rules};
use crate::domain::calendar::CalendarError;
use crate::domain::decision::DecisionError;
use crate::domain::key::BudgetKey;
use crate::domain::primary_care::{Allotment, AllotmentError, Rolled};
use crate::domain::reserve::Reserve;
use crate::store;

/// Allots what was kept for primary care.
pub(crate) struct AllotPrimaryCare {
    pub(crate) call: Call,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    /// The districts that raised their funding, by how much; none twice.
    pub(crate) increases: Vec<(District, Fen)>,
    pub(crate) decision: Option<Uuid>,
}

impl App {
    /// Allots the reserve for primary care to the districts and posts it.
    pub(crate) async fn allot_primary_care(&self, command: AllotPrimaryCare) -> Result<Allotment, Error> {
        let AllotPrimaryCare { call, fund_year, fund_line, increases, decision } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let (opening, pack) = packs.of_year(tx.conn(), area, fund_year).await?;
                    let year = Year { opening, pack };
                    let Some(line_rules) = year.pack.rules(&fund_line) else {
                        return Err(CalendarError::FundYearNotOpen(fund_year).into());
                    };
                    let rolling = rules::rolling(line_rules);
                    if let Some((unknown, _)) =
                        increases.iter().find(|(district, _)| !year.opening.districts.contains(district))
                    {
                        return Err(AllotmentError::UnknownDistrict(unknown.clone()).into());
                    }
                    let found =
                        store::primary_care_allotments::find(tx.conn(), area, fund_year.get(), &fund_line);
                    if found.await?.is_some() {
                        return Err(AllotmentError::Exists.into());
                    }
                    let rolled_in = rolled_in(tx, &packs, fund_year, &fund_line).await?;
                    let reserves = cleared_reserves(tx.conn(), &year, &fund_line).await?;
                    require(tx, &year, decision, &fund_line).await?;

                    let increase = |district: &District| {
                        increases.iter().find(|(own, _)| own == district).map_or(Fen::ZERO, |(_, fen)| *fen)
                    };
                    let allotment = Allotment::allot(
                        (area.clone(), fund_year, fund_line),
                        reserves.iter().map(|reserve| reserve.primary_care_earmark).sum(),
                        rolled_in,
                        year.opening.districts.iter().map(|one| (one.clone(), increase(one))).collect(),
                        rolling,
                        (decision, business_date(tx.conn(), area).await?),
                    );

                    store::primary_care_allotments::insert(tx.conn(), &allotment).await?;
                    keep_trees(tx, &year, &allotment).await?;
                    if allotment.allotted() > Fen::ZERO {
                        pay_out(tx, &packs, &allotment, reserves).await?;
                    }
                    Ok(allotment)
                })
            })
            .await
    }
}

/// What the year before rolled out; if it kept something, that must have been allotted.
async fn rolled_in(
    tx: &mut Tx<'_>,
    packs: &Packs,
    fund_year: FundYear,
    fund_line: &FundLine,
) -> Result<Vec<Rolled>, Error> {
    let area = tx.area();
    let Ok(before) = FundYear::try_from(fund_year.get() - 1) else { return Ok(Vec::new()) };
    let found = store::primary_care_allotments::find(tx.conn(), area, before.get(), fund_line).await?;
    if let Some(allotment) = found {
        return Ok(allotment.rolled_out);
    }
    if store::fund_years::find(tx.conn(), area, before).await?.is_some() {
        let (_, pack) = packs.of_year(tx.conn(), area, before).await?;
        if pack.rules(fund_line).is_some_and(|rules| rules.budget.reserve.primary_care.is_some()) {
            return Err(AllotmentError::OutOfOrder(before).into());
        }
    }
    Ok(Vec::new())
}

/// The reserves of all districts, each of which must be cleared.
async fn cleared_reserves(
    conn: &mut AsyncPgConnection,
    year: &Year,
    fund_line: &FundLine,
) -> Result<Vec<Reserve>, Error> {
    let mut reserves = Vec::new();
    for district in &year.opening.districts {
        let key = key_of(&year.opening.area, year.opening.fund_year, fund_line, district);
        let reserve = store::reserves::lock(conn, &key).await?.filter(|reserve| reserve.cleared.is_some());
        reserves.push(reserve.ok_or_else(|| AllotmentError::ClearingNotApproved(district.clone()))?);
    }
    Ok(reserves)
}

fn key_of(area: &medfund_types::Area, year: FundYear, line: &FundLine, district: &District) -> BudgetKey {
    BudgetKey { area: area.clone(), fund_year: year, fund_line: line.clone(), district: district.clone() }
}

/// Makes sure that the body the pack names has decided, if it names one.
async fn require(tx: &mut Tx<'_>, year: &Year, decision: Option<Uuid>, line: &FundLine) -> Result<(), Error> {
    let matter = Matter::PrimaryCareAllotment;
    let Some(id) = decision else {
        let named = deciding_body(&year.pack, matter).is_some();
        return if named { Err(DecisionError::Required(matter.as_str()).into()) } else { Ok(()) };
    };
    let (area, fund_year) = (tx.area(), year.opening.fund_year);
    let found = store::decisions::find(tx.conn(), area, id).await?.ok_or(DecisionError::Unknown(id))?;
    let subject = format!("areas/{area}/primaryCareAllotments/{fund_year}-{line}");
    Ok(found.allows_in(matter.as_str(), fund_year, None, &subject)?)
}

async fn keep_trees(tx: &mut Tx<'_>, year: &Year, allotment: &Allotment) -> Result<(), Error> {
    let area = tx.area();
    for share in &allotment.districts {
        let key = key_of(area, allotment.fund_year, &allotment.fund_line, &share.district);
        let tree = year.derivation(allotment.tree(share), "primary_care/1");
        let amount = key.name("primaryCareAllotments");
        store::derivations::put(tx.conn(), area, &amount, None, &tree).await?;
    }
    Ok(())
}

/// Moves the earmarks of this year and of those rolled in to the districts' shares.
async fn pay_out(
    tx: &mut Tx<'_>,
    packs: &Packs,
    allotment: &Allotment,
    mut reserves: Vec<Reserve>,
) -> Result<(), Error> {
    let area = tx.area();
    for rolled in &allotment.rolled_in {
        let (opening, _) = packs.of_year(tx.conn(), area, rolled.kept_in).await?;
        for district in &opening.districts {
            let key = key_of(area, rolled.kept_in, &allotment.fund_line, district);
            reserves.extend(store::reserves::lock(tx.conn(), &key).await?);
        }
    }
    let pool = [allotment.fund_year.to_string(), allotment.fund_line.to_string()];
    let pool = Account::new(AccountKind::PrimaryCare, pool).expect("codes are words");
    let reference =
        format!("areas/{area}/primaryCareAllotments/{}-{}", allotment.fund_year, allotment.fund_line);
    for reserve in reserves {
        let earmark = reserve.primary_care_earmark;
        let posting = Posting::on(&reserve.key);
        let accounts = (posting.account(AccountKind::Reserve), pool.clone());
        posting.transfer(tx, accounts, earmark, "primary_care_kept", &reference).post(tx).await?;
        let year = Year::of(tx.conn(), packs, &reserve.key).await?;
        put_reserve(tx, &year, &Reserve { primary_care: earmark, ..reserve }).await?;
    }
    for share in &allotment.districts {
        let key = key_of(area, allotment.fund_year, &allotment.fund_line, &share.district);
        let posting = Posting::on(&key);
        let accounts = (pool.clone(), posting.account(AccountKind::PrimaryCare));
        let posting = posting.transfer(tx, accounts, share.allotted, "primary_care_allotted", &reference);
        posting.post(tx).await?;
    }
    Ok(())
}
