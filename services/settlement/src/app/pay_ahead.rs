use std::collections::BTreeMap;

use chrono::NaiveDate;
use medfund_db::{Call, Tx};
use medfund_money::{Fen, Node};
use medfund_policy::Rules;
use medfund_types::{District, FundLine, FundYear};

use super::post::Posts;
use super::{Error, Settlement, Year, held, json};
use crate::domain::accounts::{self, Pot};
use crate::domain::{Cited, SettlementError, advance, count_advance, working_capital};
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;
use crate::store::prepayments::PrepaymentRow;

/// What is paid ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Months of last year's mean, before the quota is known.
    Advance { months: u32 },
    /// A share of the opening quota at the year's start.
    WorkingCapital,
    /// The further share for institutions that kept the rules.
    CleanRecord,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Advance { .. } => "advance",
            Self::WorkingCapital => "working_capital",
            Self::CleanRecord => "clean_record",
        }
    }
}

/// Pays the institutions of a district ahead for one fund line.
pub(crate) struct PayAhead {
    pub(crate) call: Call,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
    pub(crate) kind: Kind,
}

impl Settlement {
    /// Grants every institution what the pack says and orders what no advance has paid yet.
    pub(crate) async fn pay_ahead(&self, command: PayAhead) -> Result<Vec<PrepaymentRow>, Error> {
        let this = self.clone();
        self.writer.run(command.call.clone(), move |tx| Box::pin(pay(this, tx, command))).await
    }
}

async fn pay(this: Settlement, tx: &mut Tx<'_>, command: PayAhead) -> Result<Vec<PrepaymentRow>, Error> {
    let PayAhead { fund_year, fund_line, district, kind, .. } = command;
    let area = tx.area().clone();
    let year = this.packs.year(tx.conn(), &area, fund_year).await?;
    let rules = year.rules(&fund_line)?;
    year.check_district(&district)?;
    let pot = Pot { fund_year, fund_line, district };
    let before: Vec<PrepaymentRow> = store::prepayments::list(tx.conn(), &area, fund_year)
        .await?
        .into_iter()
        .filter(|row| row.fund_line == pot.fund_line.as_str() && row.district == pot.district.as_str())
        .collect();
    if before.iter().any(|row| row.kind == kind.word()) {
        return Err(SettlementError::PrepaymentExists.into());
    }
    let (calculator, grants) = match kind {
        Kind::Advance { months } => ("advance/1", advances(tx, rules, &pot, months).await?),
        Kind::WorkingCapital => ("working_capital/1", working_capitals(tx, rules, &pot).await?),
        Kind::CleanRecord if !before.iter().any(|row| row.kind == Kind::WorkingCapital.word()) => {
            return Err(SettlementError::WorkingCapitalUnpaid.into());
        }
        Kind::CleanRecord => ("clean_record/1", clean_records(tx, rules, &pot).await?),
    };
    let counts = matches!(kind, Kind::WorkingCapital | Kind::CleanRecord)
        && rules.prepayment.advance.as_ref().is_some_and(|advance| *advance.counts_towards);
    let left = if counts { advance_left(&before) } else { BTreeMap::new() };
    book(tx, &year, &pot, kind.word(), calculator, grants, &left).await
}

type Grants = Vec<(String, Node)>;

/// Writes prepayments, their postings and their orders.
async fn book(
    tx: &mut Tx<'_>,
    year: &Year,
    pot: &Pot,
    kind: &str,
    calculator: &str,
    grants: Grants,
    advance_left: &BTreeMap<String, Fen>,
) -> Result<Vec<PrepaymentRow>, Error> {
    let (area, maker) = (tx.area().to_string(), tx.caller().subject.clone());
    let hash = year.pack.hash().to_string();
    let (mut posts, mut rows) = (Posts::default(), Vec::new());
    for (institution, node) in grants {
        let amount = node.amount();
        let left = advance_left.get(&institution).copied().unwrap_or_default();
        let (counted, _) = count_advance(amount, left);
        let ordered = amount - counted;
        let id = format!("{}-{kind}-{}-{institution}", pot.fund_year, pot.fund_line);
        let subject = format!("areas/{area}/prepayments/{id}");
        let account = pot.prepaid(kind, &institution);
        let owed = accounts::payable(pot.fund_line.as_str(), &institution);
        posts.add(tx, (account.clone(), owed), ordered, kind, &subject);
        let advance = pot.prepaid("advance", &institution);
        posts.add(tx, (account, advance), counted, "advance_counted", &subject);
        if ordered > Fen::ZERO {
            let order = PaymentOrderRow {
                subject: subject.clone(),
                ..new_order(&area, id.clone(), kind, pot, &institution, ordered, &maker)
            };
            store::payment_orders::insert(tx.conn(), &order).await?;
        }
        let row = PrepaymentRow {
            area: area.clone(),
            fund_year: pot.fund_year.get(),
            kind: kind.to_owned(),
            fund_line: pot.fund_line.to_string(),
            institution_code: institution,
            district: pot.district.to_string(),
            amount_fen: amount.get(),
            counted_fen: counted.get(),
            kept_back_fen: 0,
            payment_order: (ordered > Fen::ZERO).then_some(id),
            derivation: json(&node.under(year.pack.id(), &hash, calculator)),
        };
        store::prepayments::insert(tx.conn(), &row).await?;
        rows.push(row);
    }
    posts.post(tx).await?;
    Ok(rows)
}

/// An order that waits for another person.
pub(super) fn new_order(
    area: &str,
    id: String,
    kind: &str,
    pot: &Pot,
    institution: &str,
    amount: Fen,
    maker: &str,
) -> PaymentOrderRow {
    PaymentOrderRow {
        area: area.to_owned(),
        payment_order: id,
        kind: kind.to_owned(),
        subject: String::new(),
        fund_year: pot.fund_year.get(),
        fund_line: pot.fund_line.to_string(),
        district: pot.district.to_string(),
        institution_code: institution.to_owned(),
        amount_fen: amount.get(),
        state: "created".to_owned(),
        maker: maker.to_owned(),
        approver: None,
        bank_file: None,
        bank_reference: None,
        value_date: None::<NaiveDate>,
        failure: None,
        version: 1,
    }
}

/// What of each institution's advance neither working capital nor a month has absorbed.
pub(super) fn advance_left(rows: &[PrepaymentRow]) -> BTreeMap<String, Fen> {
    let mut left = BTreeMap::new();
    for row in rows {
        let entry = left.entry(row.institution_code.clone()).or_insert(Fen::ZERO);
        if row.kind == "advance" {
            *entry += Fen::new(row.amount_fen - row.kept_back_fen);
        } else {
            *entry -= Fen::new(row.counted_fen);
        }
    }
    left
}

async fn advances(tx: &mut Tx<'_>, rules: &Rules, pot: &Pot, months: u32) -> Result<Grants, Error> {
    let area = tx.area().clone();
    let rule = rules.prepayment.advance.as_ref().ok_or(SettlementError::NoSuchPrepayment)?;
    let (least, most) = (rule.months.least.get(), rule.months.most.get());
    if !(least..=most).contains(&months) {
        return Err(SettlementError::AdvanceMonths { months, least, most }.into());
    }
    if !quotas(tx, pot).await?.is_empty() {
        return Err(SettlementError::QuotaKnown.into());
    }
    let active: Vec<String> = store::institutions::list(tx.conn(), &area, Some(pot.district.as_str()))
        .await?
        .into_iter()
        .filter(|row| row.active)
        .map(|row| row.institution_code)
        .collect();
    let months = Cited::new(months, &rule.months.cite());
    let grants: Grants = store::histories::list(tx.conn(), &area, pot.fund_year)
        .await?
        .into_iter()
        .filter(|row| row.fund_line == pot.fund_line.as_str() && active.contains(&row.institution_code))
        .map(|row| {
            let node = advance(Fen::new(row.last_year_settled_fen), &months);
            (row.institution_code, node)
        })
        .collect();
    if grants.is_empty() { Err(SettlementError::HistoryUnknown.into()) } else { Ok(grants) }
}

async fn working_capitals(tx: &mut Tx<'_>, rules: &Rules, pot: &Pot) -> Result<Grants, Error> {
    let rule = rules.prepayment.working_capital.as_ref().ok_or(SettlementError::NoSuchPrepayment)?;
    let rate = Cited::from(&rule.rate);
    let grant = |(institution, quota): (String, Fen)| {
        (institution, working_capital("working_capital_fen", "周转金", quota, &rate))
    };
    Ok(known_quotas(tx, pot).await?.into_iter().map(grant).collect())
}

async fn clean_records(tx: &mut Tx<'_>, rules: &Rules, pot: &Pot) -> Result<Grants, Error> {
    let area = tx.area().clone();
    let rule = rules.prepayment.clean_record.as_ref().ok_or(SettlementError::NoSuchPrepayment)?;
    let rate = Cited::from(&rule.rate);
    let records: BTreeMap<String, bool> = store::clean_records::list(tx.conn(), &area, pot.fund_year)
        .await?
        .into_iter()
        .map(|row| (row.institution_code, row.clean))
        .collect();
    let mut grants = Vec::new();
    for (institution, quota) in known_quotas(tx, pot).await? {
        match records.get(&institution) {
            None => return Err(SettlementError::CleanRecordUnknown(institution).into()),
            Some(false) => {}
            Some(true) => {
                grants.push((institution, working_capital("clean_record_fen", "加拨周转金", quota, &rate)));
            }
        }
    }
    Ok(grants)
}

async fn quotas(tx: &mut Tx<'_>, pot: &Pot) -> Result<Vec<(String, Fen)>, Error> {
    let area = tx.area().clone();
    let rows = store::quotas::list(tx.conn(), &area, pot.fund_year).await?;
    let own = rows
        .into_iter()
        .filter(|row| row.fund_line == pot.fund_line.as_str() && row.district == pot.district.as_str());
    Ok(own.map(|row| (row.institution_code, Fen::new(row.quota_fen))).collect())
}

async fn known_quotas(tx: &mut Tx<'_>, pot: &Pot) -> Result<Vec<(String, Fen)>, Error> {
    let quotas = quotas(tx, pot).await?;
    if quotas.is_empty() { Err(SettlementError::QuotaUnknown.into()) } else { Ok(quotas) }
}

/// The pot that a row's codes name.
pub(super) fn pot_of(fund_year: i32, fund_line: &str, district: &str) -> Pot {
    Pot {
        fund_year: held(fund_year.try_into()),
        fund_line: held(fund_line.parse()),
        district: held(district.parse()),
    }
}
