use std::collections::BTreeMap;

use medfund_db::{Call, Caller, Tx};
use medfund_money::{Derivation, Fen, Node};
use medfund_policy::{KindOfCare, PaymentMethod};
use medfund_proto::auth::v1::Role;
use medfund_proto::settlement::v1::MonthSettled;
use medfund_server::convert::settlement_month_to_pb;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};
use serde_json::Value;
use uuid::Uuid;

use super::deposits::{self, Due};
use super::pay_ahead::{advance_left, pot_of};
use super::post::Posts;
use super::start_month::{institutions, year_of};
use super::{Error, Settlement, Year, held, json};
use crate::domain::accounts;
use crate::domain::rules::{deferral, place_of, quota_care};
use crate::domain::{
    DiseaseVolume, PaymentTerm, Refusal, SettledMonth, SettlementError, Volume, YearSoFar, calculator,
    method_amount, month_order, settle,
};
use crate::store;
use crate::store::prepayments::PrepaymentRow;
use crate::store::quotas::QuotaRow;
use crate::store::statements::StatementRow;

/// What a run knows before it looks at single institutions.
struct Facts {
    year: Year,
    month: SettlementMonth,
    quotas: BTreeMap<(String, String), QuotaRow>,
    terms: BTreeMap<String, Vec<PaymentTerm>>,
    districts: BTreeMap<String, String>,
    so_far: BTreeMap<(String, String), YearSoFar>,
    refusals: BTreeMap<(String, String), Vec<Refusal>>,
    volumes: BTreeMap<(String, String), Volumes>,
    deposits: Vec<Due>,
    prepayments: Vec<PrepaymentRow>,
}

/// An institution's bills of a fund line: those that meet the quota, and the others.
#[derive(Default)]
struct Volumes {
    by_kind: BTreeMap<KindOfCare, Volume>,
    outside: Fen,
    n_visits: i64,
}

impl Settlement {
    /// Settles a month that was started, once: by the RPC that started it, or when the service starts again.
    pub(crate) async fn settle_month(&self, area: Area, month: SettlementMonth) -> Result<(), Error> {
        let this = self.clone();
        let caller = Caller {
            subject: "settlement".to_owned(),
            roles: vec![Role::Service.into()],
            area: None,
            institution: None,
        };
        let known =
            self.month_settlement(super::Read { caller: caller.clone(), area: area.clone() }, month).await?;
        if known.state == "settled" {
            return Ok(());
        }
        let call = Call {
            caller,
            request_id: Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{area}/{month}").as_bytes()),
            area,
            method: "medfund.settlement.v1.SettlementService/SettleMonth",
            digest: [0; 32],
            instant: known.create_time,
            dry_run: false,
        };
        self.writer.run(call, move |tx| Box::pin(run(this, tx, month))).await
    }

    /// Goes on with every month that was started and not finished.
    pub(crate) async fn resume_months(&self) -> Result<(), Error> {
        let running = self
            .reader
            .run_suite(|conn| {
                Box::pin(async move { Ok::<_, Error>(store::month_settlements::running(conn).await?) })
            })
            .await?;
        for (area, first_day) in running {
            self.settle_month(held(area.parse()), SettlementMonth::of(first_day)).await?;
        }
        Ok(())
    }
}

async fn run(this: Settlement, tx: &mut Tx<'_>, month: SettlementMonth) -> Result<(), Error> {
    let area = tx.area().clone();
    let mut row = store::month_settlements::lock(tx.conn(), &area, month)
        .await?
        .ok_or(SettlementError::MonthSettlementNotFound)?;
    if row.state == "settled" {
        return Ok(());
    }
    let facts = gather(&this, tx, month).await?;
    let mut posts = Posts::default();
    let mut statements = Vec::new();
    let mut taken = Vec::new();
    for key in keys(&facts) {
        let statement = state(tx, &facts, &key, &mut posts)?;
        let refused = facts.refusals.get(&key).into_iter().flatten();
        taken.extend(refused.map(|refusal| refusal.inspection.clone()));
        statements.push(statement);
    }
    store::statements::insert(tx.conn(), &statements).await?;
    store::refusals::update_taken(tx.conn(), &area, &taken, month).await?;
    note_taken(tx, &facts, &statements).await?;
    posts.post(tx).await?;
    for statement in &statements {
        tx.emit(&month_settled(statement)).await?;
    }
    row.state = "settled".to_owned();
    row.n_statements = i64::try_from(statements.len()).expect("a month's statements can be counted");
    row.payable_fen = statements.iter().map(|one| one.payable_fen).sum();
    row.finish_time = Some(tx.instant());
    Ok(store::month_settlements::update(tx.conn(), &row).await?)
}

/// Who gets a statement: whoever has a quota or bills, by fund line and institution.
fn keys(facts: &Facts) -> Vec<(String, String)> {
    let mut keys: Vec<(String, String)> = facts.quotas.keys().chain(facts.volumes.keys()).cloned().collect();
    keys.sort();
    keys.dedup();
    keys
}

async fn gather(this: &Settlement, tx: &mut Tx<'_>, month: SettlementMonth) -> Result<Facts, Error> {
    let area = tx.area().clone();
    let year = year_of(this, tx, month).await?;
    let fund_year = year.fund_year;
    let codes = institutions(tx, month).await?;
    let volumes = volumes(tx, &year, month, &codes).await?;
    let deposits = deposits::due(this, tx, month).await?;
    let conn = tx.conn();
    let quotas = store::quotas::list(conn, &area, fund_year).await?;
    let agreements = store::agreements::in_force(conn, &area, fund_year, month).await?;
    let known = store::institutions::list(conn, &area, None).await?;
    let mut so_far: BTreeMap<(String, String), YearSoFar> = BTreeMap::new();
    for one in store::statements::list_year(conn, &area, fund_year).await? {
        let sum = so_far.entry((one.fund_line, one.institution_code)).or_default();
        sum.payable += Fen::new(one.payable_fen);
        sum.deferred += Fen::new(one.deferred_fen);
        // In the order of the months: the last one's carry stands.
        sum.refusal_carried = Fen::new(one.refusal_carried_fen);
    }
    let mut refusals: BTreeMap<(String, String), Vec<Refusal>> = BTreeMap::new();
    for one in store::refusals::waiting(conn, &area, fund_year, month).await? {
        let refusal = Refusal { inspection: one.inspection, refused: Fen::new(one.refused_fen) };
        refusals.entry((one.fund_line, one.institution_code)).or_default().push(refusal);
    }
    let prepayments = store::prepayments::list(conn, &area, fund_year).await?;
    Ok(Facts {
        month,
        quotas: quotas
            .into_iter()
            .map(|row| ((row.fund_line.clone(), row.institution_code.clone()), row))
            .collect(),
        terms: agreements
            .into_iter()
            .map(|row| (row.institution_code, held(serde_json::from_value(row.terms))))
            .collect(),
        districts: known.into_iter().map(|row| (row.institution_code, row.district)).collect(),
        so_far,
        refusals,
        volumes,
        deposits,
        prepayments,
        year,
    })
}

/// What the bills of the month amount to, as far as each payment method needs it.
async fn volumes(
    tx: &mut Tx<'_>,
    year: &Year,
    month: SettlementMonth,
    codes: &[InstitutionCode],
) -> Result<BTreeMap<(String, String), Volumes>, Error> {
    let area = tx.area().clone();
    let mut all: BTreeMap<(String, String), Volumes> = BTreeMap::new();
    for total in store::bill_totals::totals(tx.conn(), &area, month, month, codes).await? {
        let care = quota_care(year.rules(&total.fund_line)?);
        let key = (total.fund_line.to_string(), total.institution.to_string());
        let own = all.entry(key).or_default();
        own.n_visits += total.n_bills;
        if care.contains(&total.kind_of_care) {
            let volume = own.by_kind.entry(total.kind_of_care).or_default();
            volume.n_admissions = total.n_bills;
            volume.n_persons = total.n_persons;
            volume.days = total.n_days;
            volume.cost = total.fund_share;
        } else {
            own.outside += total.fund_share;
        }
    }
    let by_disease = paid_by(PaymentMethod::ByDisease, tx, year, month, codes).await?;
    for total in store::bill_totals::by_disease(tx.conn(), &area, month, &by_disease).await? {
        let key = (total.fund_line.to_string(), total.institution.to_string());
        if let Some(volume) = all.get_mut(&key).and_then(|own| own.by_kind.get_mut(&total.kind_of_care)) {
            let (n_cases, cost) = (total.n_cases, total.fund_share);
            volume.diseases.push(DiseaseVolume { disease_code: total.dise_codg, n_cases, cost });
        }
    }
    let capped = paid_by(PaymentMethod::DailyCap, tx, year, month, codes).await?;
    for (fund_line, institution, kind, stay) in
        store::bill_stays::list(tx.conn(), &area, month, &capped).await?
    {
        if let Some(volume) =
            all.get_mut(&(fund_line, institution)).and_then(|own| own.by_kind.get_mut(&kind))
        {
            volume.stays.push(stay);
        }
    }
    Ok(all)
}

/// The institutions that are paid by `method`, which needs more than totals of their bills.
async fn paid_by(
    method: PaymentMethod,
    tx: &mut Tx<'_>,
    year: &Year,
    month: SettlementMonth,
    codes: &[InstitutionCode],
) -> Result<Vec<InstitutionCode>, Error> {
    let area = tx.area().clone();
    let agreements = store::agreements::in_force(tx.conn(), &area, year.fund_year, month).await?;
    let is_paid_so = |terms: &Value| {
        let terms: Vec<PaymentTerm> = held(serde_json::from_value(terms.clone()));
        terms.iter().any(|term| term.method == method)
    };
    let paid: Vec<String> =
        agreements.into_iter().filter(|row| is_paid_so(&row.terms)).map(|row| row.institution_code).collect();
    Ok(codes.iter().filter(|code| paid.iter().any(|other| other == code.as_str())).cloned().collect())
}

/// Settles one institution's month of a fund line, and posts it.
fn state(
    tx: &Tx<'_>,
    facts: &Facts,
    key: &(String, String),
    posts: &mut Posts,
) -> Result<StatementRow, Error> {
    let (fund_line, institution) = key;
    let line: FundLine = held(fund_line.parse());
    let rules = facts.year.rules(&line)?;
    let quota = facts.quotas.get(key);
    let standard = Fen::new(quota.map_or(0, |row| row.adjusted_quota_fen));
    let district =
        quota.map(|row| row.district.clone()).or_else(|| facts.districts.get(institution).cloned());
    let district = district.unwrap_or_else(|| facts.year.row.districts[0].clone());
    let none = Volumes::default();
    let volumes = facts.volumes.get(key).unwrap_or(&none);
    let place = place_of(&facts.year.pack, facts.month);

    let (method, node) = method_of(facts, key, volumes, place)?;
    let refusals = facts.refusals.get(key).map_or(&[][..], Vec::as_slice);
    let so_far = facts.so_far.get(key).copied().unwrap_or_default();
    let deferral =
        deferral(rules, standard).map_err(|rule| SettlementError::RuleNotSettled(rule.to_string()))?;
    let settled = settle(node, refusals, so_far, deferral, place);

    let deposit_due = deposits::left(&facts.deposits, fund_line, institution);
    let own: Vec<PrepaymentRow> = facts
        .prepayments
        .iter()
        .filter(|row| row.fund_line == *fund_line && row.institution_code == *institution)
        .cloned()
        .collect();
    let order = month_order(
        settled.paid,
        volumes.outside,
        deposit_due,
        advance_to_keep_back(rules, &own, institution),
    );

    let id = format!("{}-{fund_line}-{institution}", facts.month);
    let mut row = StatementRow {
        area: tx.area().to_string(),
        statement_id: id,
        fund_year: facts.year.fund_year.get(),
        fund_line: fund_line.clone(),
        district,
        institution_code: institution.clone(),
        settlement_month: facts.month.first_day(),
        method: method.to_string(),
        n_admissions: volumes.by_kind.values().map(|one| one.n_admissions).sum(),
        n_persons: volumes.by_kind.values().map(|one| one.n_persons).sum(),
        n_visits: volumes.n_visits,
        days: volumes.by_kind.values().map(|one| one.days).sum(),
        cost_fen: volumes.by_kind.values().map(|one| one.cost.get()).sum(),
        method_fen: settled.method.amount().get(),
        refused_fen: settled.refused.taken.amount().get(),
        refusal_carried_fen: settled.refused.carried.get(),
        payable_fen: settled.payable.amount().get(),
        paid_fen: settled.paid.get(),
        deferred_fen: settled.deferred.amount().get(),
        outside_quota_fen: volumes.outside.get(),
        deposit_forfeited_fen: order.deposit_taken.get(),
        kept_back_fen: order.kept_back.get(),
        order_fen: order.amount.amount().get(),
        state: "issued".to_owned(),
        dispute_reason: String::new(),
        dispute_answer: String::new(),
        payment_order: None,
        derivations: Value::Null,
        version: 1,
    };
    row.derivations = derivations(facts, method, &settled, &order.amount);
    let deposits_taken = deposits::split(&facts.deposits, fund_line, institution, order.deposit_taken);
    post(tx, &row, standard, so_far.payable, &deposits_taken, posts);
    Ok(row)
}

/// What of an advance no working capital will absorb: known once both were paid, or when none is granted.
fn advance_to_keep_back(rules: &medfund_policy::Rules, own: &[PrepaymentRow], institution: &str) -> Fen {
    let paid = |kind: &str| own.iter().any(|row| row.kind == kind);
    let waits = rules.prepayment.working_capital.is_some() && !paid("working_capital");
    if waits { Fen::ZERO } else { advance_left(own).get(institution).copied().unwrap_or_default().or_zero() }
}

/// What the agreement's methods give for the month.
fn method_of(
    facts: &Facts,
    key: &(String, String),
    volumes: &Volumes,
    place: u32,
) -> Result<(PaymentMethod, Node), Error> {
    let terms = facts.terms.get(&key.1).map_or(&[][..], Vec::as_slice);
    let line: FundLine = held(key.0.parse());
    let care = quota_care(facts.year.rules(&line)?);
    let own = terms.iter().filter(|term| term.fund_line == line && care.contains(&term.kind_of_care));
    let (mut method, mut parts) = (PaymentMethod::FeeForService, Vec::new());
    let none = Volume::default();
    for term in own {
        let volume = volumes.by_kind.get(&term.kind_of_care).unwrap_or(&none);
        let node = method_amount(term, volume, place)
            .map_err(|error| SettlementError::RuleNotSettled(error.to_string()))?;
        method = term.method;
        parts.push(node);
    }
    let node = match parts.len() {
        1 => parts.remove(0),
        _ => Node::sum("method_fen", "各类医疗应付", "fen", parts),
    };
    Ok((method, node))
}

fn derivations(facts: &Facts, method: PaymentMethod, settled: &SettledMonth, order: &Node) -> Value {
    let pack = &facts.year.pack;
    let (id, hash) = (pack.id(), pack.hash().to_string());
    let under = |node: &Node, calculator: &str| -> Derivation { node.clone().under(id, &hash, calculator) };
    json(&BTreeMap::from([
        ("methodFen", under(&settled.method, &calculator(method))),
        ("refusedFen", under(&settled.refused.taken, "refusal/1")),
        ("payableFen", under(&settled.payable, "month/1")),
        ("deferredFen", under(&settled.deferred, "month/1")),
        ("orderFen", under(order, "month_order/1")),
    ]))
}

/// Posts a statement: the quota as far as it reaches, the rest to suspense; what is owed and what is taken of it.
fn post(
    tx: &Tx<'_>,
    row: &StatementRow,
    standard: Fen,
    payable_before: Fen,
    deposits_taken: &[(i32, Fen)],
    posts: &mut Posts,
) {
    let pot = pot_of(row.fund_year, &row.fund_line, &row.district);
    let institution = row.institution_code.as_str();
    let reference = format!("areas/{}/statements/{}", row.area, row.statement_id);
    let owed = || accounts::payable(&row.fund_line, institution);
    let payable = Fen::new(row.payable_fen);
    let from_quota = payable.min((standard - payable_before).or_zero());
    posts.add(tx, (pot.quota(institution), owed()), from_quota, "month_payable", &reference);
    posts.add(tx, (pot.overspend(institution), owed()), payable - from_quota, "month_overspend", &reference);
    posts.add(
        tx,
        (owed(), pot.deferred(institution)),
        Fen::new(row.deferred_fen),
        "month_deferred",
        &reference,
    );
    let outside = Fen::new(row.outside_quota_fen);
    posts.add(tx, (pot.outside_quota(), owed()), outside, "month_outside_quota", &reference);
    for (fund_year, taken) in deposits_taken {
        let reviewed = pot_of(*fund_year, &row.fund_line, &row.district);
        posts.add(tx, (owed(), reviewed.deposit(institution)), *taken, "deposit_forfeited", &reference);
    }
    let advance = pot.prepaid("advance", institution);
    posts.add(tx, (owed(), advance), Fen::new(row.kept_back_fen), "advance_kept_back", &reference);
}

/// Notes what the month took of deposits and advances.
async fn note_taken(tx: &mut Tx<'_>, facts: &Facts, statements: &[StatementRow]) -> Result<(), Error> {
    for row in statements {
        let taken = Fen::new(row.deposit_forfeited_fen);
        for (due, part) in deposits::parts(&facts.deposits, &row.fund_line, &row.institution_code, taken) {
            store::deposits::save(tx.conn(), &due.row(&row.area, part)).await?;
        }
        let advance = facts.prepayments.iter().find(|one| {
            one.kind == "advance"
                && one.fund_line == row.fund_line
                && one.institution_code == row.institution_code
        });
        if let Some(advance) = advance.filter(|_| row.kept_back_fen > 0) {
            let kept_back = advance.kept_back_fen + row.kept_back_fen;
            store::prepayments::update_kept_back(tx.conn(), advance, kept_back).await?;
        }
    }
    Ok(())
}

fn month_settled(row: &StatementRow) -> MonthSettled {
    let month = SettlementMonth::of(row.settlement_month);
    MonthSettled {
        fund_year: row.fund_year,
        fund_line: row.fund_line.clone(),
        district: row.district.clone(),
        institution_code: row.institution_code.clone(),
        settlement_month: Some(settlement_month_to_pb(month)),
        statement: format!("areas/{}/statements/{}", row.area, row.statement_id),
        n_admissions: row.n_admissions,
        n_persons: row.n_persons,
        cost_fen: row.cost_fen,
        refused_fen: row.refused_fen,
        payable_fen: row.payable_fen,
        paid_fen: row.paid_fen,
        deferred_fen: row.deferred_fen,
    }
}
