use std::collections::BTreeMap;

use medfund_db::{Call, Tx};
use medfund_money::{Fen, Node};
use medfund_policy::{Instalment, KindOfCare, Pack, Regime, Rules};
use medfund_types::{District, FundLine, FundYear, InstitutionCode, SettlementMonth};

use super::explain::prepayment_id;
use super::orders::NewOrder;
use super::pooled::pools_of;
use super::post::Posts;
use super::prepaid::{self, Prepaid};
use super::{Error, Settlement, Year};
use crate::domain::accounts::{self, Pot};
use crate::domain::clearing::ClearingState;
use crate::domain::rules::{months_of, place_of, prepaid_share};
use crate::domain::timeliness::prepayment_due;
use crate::domain::{
    Cited, Party, PrepaymentKind, SettlementError, advance, count_advance, instalment, monthly_prepayment,
    working_capital,
};
use crate::store;
use crate::store::columns::Tree;
use crate::store::prepayments::PrepaymentRow;

/// What is paid ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Months of last year's mean, before the quota is known.
    Advance { months: u32 },
    /// A share of the opening quota at the year's start.
    WorkingCapital,
    /// The further share for institutions that kept the rules.
    CleanRecord,
    /// A share of the historic monthly mean, ahead of its month.
    Monthly { month: SettlementMonth },
    /// A share of a pool by the budget's progress, by its id in the pack.
    Instalment { id: String },
}

impl Kind {
    fn kept(&self) -> PrepaymentKind {
        match self {
            Self::Advance { .. } => PrepaymentKind::Advance,
            Self::WorkingCapital => PrepaymentKind::WorkingCapital,
            Self::CleanRecord => PrepaymentKind::CleanRecord,
            Self::Monthly { .. } => PrepaymentKind::Monthly,
            Self::Instalment { .. } => PrepaymentKind::Instalment,
        }
    }

    /// The place in the fund year of the month it is paid ahead for; the first for the whole year.
    fn first_place(&self, pack: &Pack, rules: &Rules, fund_year: FundYear) -> Result<i32, SettlementError> {
        let place = |month| i32::try_from(place_of(pack, month)).expect("one of twelve");
        match self {
            Self::Advance { .. } | Self::WorkingCapital | Self::CleanRecord => Ok(1),
            Self::Monthly { month } => Ok(place(*month)),
            Self::Instalment { id } => {
                let on = instalment_of(rules, id)?.on.get().in_year(fund_year.get());
                Ok(place(SettlementMonth::of(on)))
            }
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
    // Held, so that no clearing is approved beside it.
    let clearing = store::clearings::lock_shared(tx.conn(), &area, &pot).await?;
    if clearing.is_some_and(|clearing| clearing.state == ClearingState::Approved) {
        return Err(SettlementError::YearCleared.into());
    }
    let mut before: Vec<Prepaid> = prepaid::lock(tx, fund_year).await?;
    before.retain(|one| one.is_of(&pot));
    let from_place = kind.first_place(&year.pack, rules, fund_year)?;
    if before.iter().any(|one| (one.row.kind, one.row.from_place) == (kind.kept(), from_place)) {
        return Err(SettlementError::PrepaymentExists.into());
    }
    let (calculator, grants) = match &kind {
        Kind::Advance { months } => ("advance/1", advances(tx, rules, &pot, *months).await?),
        Kind::WorkingCapital => ("working_capital/1", working_capitals(tx, rules, &pot).await?),
        Kind::CleanRecord => {
            let is_paid = before.iter().any(|one| one.row.kind == PrepaymentKind::WorkingCapital);
            ("clean_record/1", clean_records(tx, rules, &pot, is_paid).await?)
        }
        Kind::Monthly { month } => ("monthly_prepayment/1", monthly(tx, &year, &pot, *month).await?),
        Kind::Instalment { id } => ("instalment/1", instalments(tx, rules, &pot, id).await?),
    };
    let counts = matches!(kind, Kind::WorkingCapital | Kind::CleanRecord)
        && rules.prepayment.advance.as_ref().is_some_and(|advance| *advance.counts_towards);
    let mut posts = Posts::default();
    let mut advance_left = BTreeMap::new();
    if counts {
        let (mut rows, others): (Vec<Prepaid>, Vec<Prepaid>) =
            before.into_iter().partition(|one| one.row.kind == PrepaymentKind::Advance);
        prepaid::check_none_under_way(&rows)?;
        prepaid::call_off(tx, &mut rows, &mut posts).await?;
        rows.extend(others);
        let paid = prepaid::paid(&rows).into_iter();
        advance_left = paid.map(|(party, paid)| (party, paid.advance_left)).collect();
    }
    book(tx, &year, &pot, (kind.kept(), from_place), calculator, grants, &advance_left, posts).await
}

type Grants = Vec<(InstitutionCode, Node)>;

/// Writes prepayments, their postings and their orders.
#[expect(clippy::too_many_arguments, reason = "what is granted, and what it is counted against")]
async fn book(
    tx: &mut Tx<'_>,
    year: &Year,
    pot: &Pot,
    (kind, from_place): (PrepaymentKind, i32),
    calculator: &str,
    grants: Grants,
    advance_left: &BTreeMap<Party, Fen>,
    mut posts: Posts,
) -> Result<Vec<PrepaymentRow>, Error> {
    let (area, maker) = (tx.area().clone(), tx.caller().subject.clone());
    let hash = year.pack.hash().to_string();
    let place = usize::try_from(from_place - 1).expect("a place of one of twelve months");
    let month = months_of(&year.pack, pot.fund_year)[place];
    let due = prepayment_due(year.rules(&pot.fund_line)?, kind, pot.fund_year, month);
    let mut rows = Vec::new();
    for (institution, node) in grants {
        let amount = node.amount();
        let left = advance_left.get(&Party::new(&pot.fund_line, &institution)).copied().unwrap_or_default();
        let (counted, _) = count_advance(amount, left);
        let ordered = amount - counted;
        let id = prepayment_id((pot.fund_year, kind, from_place), &pot.fund_line, &institution);
        let subject = format!("areas/{area}/prepayments/{id}");
        let account = pot.prepaid(kind, &institution);
        let owed = accounts::payable(&pot.fund_line, &institution);
        posts.add(tx, (account.clone(), owed), ordered, kind.as_str(), &subject);
        let advance = pot.prepaid(PrepaymentKind::Advance, &institution);
        posts.add(tx, (account, advance), counted, "advance_counted", &subject);
        let payment_order = (ordered > Fen::ZERO).then(|| id.clone());
        if ordered > Fen::ZERO {
            let new = NewOrder {
                id,
                kind: kind.into(),
                subject,
                pot,
                institution: &institution,
                amount: ordered,
                pooled: if kind == PrepaymentKind::Instalment { ordered } else { Fen::ZERO },
                due,
            };
            store::payment_orders::insert(tx.conn(), &new.made_by(&area, &maker)).await?;
        }
        let row = PrepaymentRow {
            area: area.clone(),
            fund_year: pot.fund_year,
            kind,
            fund_line: pot.fund_line.clone(),
            institution_code: institution,
            district: pot.district.clone(),
            amount_fen: amount,
            counted_fen: counted,
            kept_back_fen: Fen::ZERO,
            payment_order,
            derivation: Tree(node.under(year.pack.id(), &hash, calculator)),
            from_place,
        };
        store::prepayments::insert(tx.conn(), &row).await?;
        rows.push(row);
    }
    posts.post(tx).await?;
    Ok(rows)
}

async fn advances(tx: &mut Tx<'_>, rules: &Rules, pot: &Pot, months: u32) -> Result<Grants, Error> {
    let rule = rules.prepayment.advance.as_ref().ok_or(SettlementError::NoSuchPrepayment)?;
    let (least, most) = (rule.months.least.get(), rule.months.most.get());
    if !(least..=most).contains(&months) {
        return Err(SettlementError::AdvanceMonths { months, least, most }.into());
    }
    if !quotas(tx, pot).await?.is_empty() {
        return Err(SettlementError::QuotaKnown.into());
    }
    let months = Cited::new(months, &rule.months.cite());
    let settled = last_year_settled(tx, pot).await?.into_iter();
    Ok(settled.map(|(institution, fen)| (institution, advance(fen, &months))).collect())
}

/// What was settled last year with each active institution of the district.
async fn last_year_settled(tx: &mut Tx<'_>, pot: &Pot) -> Result<Vec<(InstitutionCode, Fen)>, Error> {
    let area = tx.area().clone();
    let active: Vec<InstitutionCode> = store::institutions::list(tx.conn(), &area, Some(&pot.district))
        .await?
        .into_iter()
        .filter(|row| row.active)
        .map(|row| row.institution_code)
        .collect();
    let settled: Vec<(InstitutionCode, Fen)> = store::histories::list(tx.conn(), &area, pot.fund_year)
        .await?
        .into_iter()
        .filter(|row| row.fund_line == pot.fund_line && active.contains(&row.institution_code))
        .map(|row| (row.institution_code, row.last_year_settled_fen))
        .collect();
    if settled.is_empty() { Err(SettlementError::HistoryUnknown.into()) } else { Ok(settled) }
}

/// Shares of the historic monthly mean, by the management grades of the agreements that hold in the month.
async fn monthly(tx: &mut Tx<'_>, year: &Year, pot: &Pot, month: SettlementMonth) -> Result<Grants, Error> {
    let area = tx.area().clone();
    let shares = year.rules(&pot.fund_line)?.prepayment.history_share.as_ref();
    let shares = shares.ok_or(SettlementError::NoSuchPrepayment)?;
    if !months_of(&year.pack, pot.fund_year).contains(&month) {
        return Err(SettlementError::MonthNotInYear { month, fund_year: pot.fund_year }.into());
    }
    if store::month_settlements::find(tx.conn(), &area, month).await?.is_some() {
        return Err(SettlementError::MonthStarted(month).into());
    }
    let agreed = store::agreements::in_force(tx.conn(), &area, pot.fund_year, month).await?;
    let grades: BTreeMap<InstitutionCode, String> =
        agreed.into_iter().map(|row| (row.institution_code, row.management_grade)).collect();
    let grant = |(institution, settled): (InstitutionCode, Fen)| {
        let grade = grades.get(&institution).map_or("", String::as_str);
        let node = monthly_prepayment(settled, &prepaid_share(shares, grade));
        (institution, node)
    };
    Ok(last_year_settled(tx, pot).await?.into_iter().map(grant).collect())
}

/// An instalment that the pack grants to institutions that share a pool.
fn instalment_of<'r>(rules: &'r Rules, id: &str) -> Result<&'r Instalment, SettlementError> {
    if !KindOfCare::ALL.iter().any(|kind| rules.regime(*kind) == Some(Regime::Pool)) {
        return Err(not_pooled(rules));
    }
    let granted = rules.prepayment.instalments.as_ref().and_then(|all| all.named(id));
    granted.ok_or(SettlementError::NoSuchPrepayment)
}

/// The refusal of what only a pool has.
fn not_pooled(rules: &Rules) -> SettlementError {
    let inpatient = rules.care(KindOfCare::Inpatient);
    let regime = inpatient.map(|care| &care.regime);
    SettlementError::WrongRegime {
        what: "an instalment of a pool",
        key: regime.map(|regime| regime.key().to_owned()).unwrap_or_default(),
        regime: regime.map(|regime| regime.get().to_string()).unwrap_or_default(),
        cite: regime.map(|regime| regime.cite()).unwrap_or_default(),
    }
}

/// A share of each pool, by what was settled last year: who is paid what of the pool is not known yet.
async fn instalments(tx: &mut Tx<'_>, rules: &Rules, pot: &Pot, id: &str) -> Result<Grants, Error> {
    let area = tx.area().clone();
    let rate = Cited::from(&instalment_of(rules, id)?.rate);
    let pools = store::pools::lock_year(tx.conn(), &area, pot.fund_year).await?;
    let amounts: Vec<Fen> = pools_of(&pools, pot).map(|pool| pool.amount_fen).collect();
    if amounts.is_empty() {
        return Err(
            SettlementError::PoolUnknown { pool: format!("{}/{}", pot.fund_line, pot.district) }.into()
        );
    }
    let settled = last_year_settled(tx, pot).await?;
    let grants = instalment(amounts.into_iter().sum(), &rate, &settled);
    Ok(grants.ok_or(SettlementError::HistoryUnknown)?)
}

async fn working_capitals(tx: &mut Tx<'_>, rules: &Rules, pot: &Pot) -> Result<Grants, Error> {
    let rule = rules.prepayment.working_capital.as_ref().ok_or(SettlementError::NoSuchPrepayment)?;
    let rate = Cited::from(&rule.rate);
    let grant = |(institution, quota): (InstitutionCode, Fen)| {
        (institution, working_capital("working_capital_fen", "周转金", quota, &rate))
    };
    Ok(known_quotas(tx, pot).await?.into_iter().map(grant).collect())
}

async fn clean_records(
    tx: &mut Tx<'_>,
    rules: &Rules,
    pot: &Pot,
    is_working_capital_paid: bool,
) -> Result<Grants, Error> {
    let area = tx.area().clone();
    let rule = rules.prepayment.clean_record.as_ref().ok_or(SettlementError::NoSuchPrepayment)?;
    if !is_working_capital_paid {
        return Err(SettlementError::WorkingCapitalUnpaid.into());
    }
    let rate = Cited::from(&rule.rate);
    let records: BTreeMap<InstitutionCode, bool> =
        store::clean_records::list(tx.conn(), &area, pot.fund_year)
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

async fn quotas(tx: &mut Tx<'_>, pot: &Pot) -> Result<Vec<(InstitutionCode, Fen)>, Error> {
    let area = tx.area().clone();
    let rows = store::quotas::list(tx.conn(), &area, pot.fund_year).await?;
    let own = rows.into_iter().filter(|row| row.fund_line == pot.fund_line && row.district == pot.district);
    Ok(own.map(|row| (row.institution_code, row.quota_fen)).collect())
}

async fn known_quotas(tx: &mut Tx<'_>, pot: &Pot) -> Result<Vec<(InstitutionCode, Fen)>, Error> {
    let quotas = quotas(tx, pot).await?;
    if quotas.is_empty() { Err(SettlementError::QuotaUnknown.into()) } else { Ok(quotas) }
}
