use std::collections::BTreeMap;

use medfund_db::{Call, Tx};
use medfund_money::{Derivation, Fen, Node, Rate};
use medfund_policy::{Q4Measure, Rules};
use medfund_types::{District, FundLine, FundYear};
use serde::{Deserialize, Serialize};

use super::pay_ahead::advance_left;
use super::start_month::{Manifest, manifest};
use super::{ClearingView, Error, Settlement, Year, held, json};
use crate::domain::accounts::Pot;
use crate::domain::clearing::{ClearedInstitution, ClearingPlan, InstitutionYear, plan};
use crate::domain::{Cited, SettlementError, fourth_quarter_rate, rules};
use crate::store;
use crate::store::cleared_institutions::ClearedInstitutionRow;
use crate::store::clearings::ClearingRow;
use crate::store::statements::StatementRow;

/// Computes the clearing of a fund line in a district and proposes it.
pub(crate) struct ProposeClearing {
    pub(crate) call: Call,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
}

/// What a clearing as a whole comes to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub(crate) manifest: Manifest,
    pub(crate) reserve_available: Fen,
    pub(crate) reserve_used: Fen,
    pub(crate) reserve_returned: Fen,
    pub(crate) quota_returned: Fen,
}

/// One institution's result as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) standard: Fen,
    pub(crate) cost: Fen,
    pub(crate) payable: Fen,
    pub(crate) surplus: Fen,
    pub(crate) surplus_kept: Fen,
    pub(crate) overspend: Fen,
    pub(crate) overspend_fund: Fen,
    pub(crate) overspend_borne: Fen,
    pub(crate) deduction_rate: String,
    pub(crate) deductions: Fen,
    pub(crate) final_amount: Fen,
    pub(crate) working_capital: Fen,
    pub(crate) clean_record: Fen,
    pub(crate) advance_left: Fen,
    pub(crate) paid: Fen,
    pub(crate) deferred: Fen,
    pub(crate) payment: Fen,
}

impl Settlement {
    /// Computes and proposes a clearing; a call that is a dry run keeps nothing.
    pub(crate) async fn propose_clearing(&self, command: ProposeClearing) -> Result<ClearingView, Error> {
        let (this, positions) = (self.clone(), self.positions().await?);
        self.writer.run(command.call.clone(), move |tx| Box::pin(propose(this, tx, command, positions))).await
    }
}

async fn propose(
    this: Settlement,
    tx: &mut Tx<'_>,
    command: ProposeClearing,
    positions: (i64, i64),
) -> Result<ClearingView, Error> {
    let ProposeClearing { fund_year, fund_line, district, .. } = command;
    let area = tx.area().clone();
    let year = this.packs.year(tx.conn(), &area, fund_year).await?;
    year.rules(&fund_line)?;
    year.check_district(&district)?;
    let pot = Pot { fund_year, fund_line, district };
    let key = (fund_year.get(), pot.fund_line.as_str(), pot.district.as_str());
    let before = store::clearings::lock(tx.conn(), &area, key).await?;
    if before.as_ref().is_some_and(|row| row.state != "rejected") {
        return Err(SettlementError::ClearingExists.into());
    }
    let reserve = store::reserves::find(tx.conn(), &area, fund_year, key.1, key.2).await?;
    let reserve = Fen::new(reserve.ok_or(SettlementError::ClearingNotOpen)?);
    check_months(tx, &year).await?;

    let manifest = manifest(tx, &year, positions).await?;
    let years = institution_years(tx, &year, &pot).await?;
    let rules = rules::clearing(year.rules(&pot.fund_line)?);
    let plan = plan(&years, &rules, reserve).expect("a reserve is not negative");
    let totals = Totals {
        manifest,
        reserve_available: reserve,
        reserve_used: plan.reserve_used,
        reserve_returned: plan.reserve_returned,
        quota_returned: plan.quota_returned,
    };
    let row = ClearingRow {
        area: area.to_string(),
        fund_year: key.0,
        fund_line: key.1.to_owned(),
        district: key.2.to_owned(),
        state: "proposed".to_owned(),
        plan: json(&totals),
        decision: None,
        proposer: tx.caller().subject.clone(),
        approver: None,
        version: before.as_ref().map_or(1, |row| row.version + 1),
    };
    if before.is_some() {
        store::cleared_institutions::delete(tx.conn(), &area, key).await?;
        store::clearings::save(tx.conn(), &row).await?;
    } else {
        store::clearings::insert(tx.conn(), &row).await?;
    }
    let institutions = results(&year, &row, &years, &plan);
    store::cleared_institutions::insert(tx.conn(), &institutions).await?;
    Ok(ClearingView { clearing: row, institutions })
}

async fn check_months(tx: &mut Tx<'_>, year: &Year) -> Result<(), Error> {
    let area = tx.area().clone();
    for month in rules::months_of(&year.pack, year.fund_year) {
        let run = store::month_settlements::find(tx.conn(), &area, month).await?;
        if run.is_none_or(|run| run.state != "settled") {
            return Err(SettlementError::MonthNotSettled(month).into());
        }
    }
    Ok(())
}

/// The years of all institutions with a quota or a payable, by code.
async fn institution_years(tx: &mut Tx<'_>, year: &Year, pot: &Pot) -> Result<Vec<InstitutionYear>, Error> {
    let area = tx.area().clone();
    let rules = year.rules(&pot.fund_line)?;
    let (line, district) = (pot.fund_line.as_str(), pot.district.as_str());
    let mut statements: BTreeMap<String, Vec<StatementRow>> = BTreeMap::new();
    for row in store::statements::list_year(tx.conn(), &area, pot.fund_year).await? {
        if row.fund_line == line && row.district == district {
            statements.entry(row.institution_code.clone()).or_default().push(row);
        }
    }
    let mut standards: BTreeMap<String, Fen> = store::quotas::list(tx.conn(), &area, pot.fund_year)
        .await?
        .into_iter()
        .filter(|row| row.fund_line == line && row.district == district)
        .map(|row| (row.institution_code, Fen::new(row.adjusted_quota_fen)))
        .collect();
    for (institution, months) in &statements {
        if months.iter().any(|month| month.payable_fen > 0) {
            standards.entry(institution.clone()).or_default();
        }
    }
    let confirmed: BTreeMap<String, serde_json::Value> =
        store::indicators::list(tx.conn(), &area, pot.fund_year)
            .await?
            .into_iter()
            .map(|row| (row.institution_code, row.deductions))
            .collect();
    let prepayments: Vec<_> = store::prepayments::list(tx.conn(), &area, pot.fund_year)
        .await?
        .into_iter()
        .filter(|row| row.fund_line == line)
        .collect();
    let mut years = Vec::new();
    for (code, standard) in standards {
        let none = Vec::new();
        let months = statements.get(&code).unwrap_or(&none);
        let own: Vec<_> = prepayments.iter().filter(|row| row.institution_code == code).cloned().collect();
        let granted = |kind: &str| -> Fen {
            own.iter().filter(|row| row.kind == kind).map(|row| Fen::new(row.amount_fen)).sum()
        };
        let deductions = match confirmed.get(&code) {
            Some(deductions) => held(serde_json::from_value::<Vec<(String, Rate)>>(deductions.clone())),
            None if rules::has_clearing_indicators(rules) => {
                return Err(SettlementError::IndicatorsUnknown(code).into());
            }
            None => Vec::new(),
        };
        years.push(InstitutionYear {
            standard,
            cost: months.iter().map(|month| Fen::new(month.cost_fen)).sum(),
            months: months.iter().map(|month| Fen::new(month.payable_fen)).collect(),
            paid: months.iter().map(|month| Fen::new(month.paid_fen)).sum(),
            working_capital: granted("working_capital"),
            clean_record: granted("clean_record"),
            advance_left: advance_left(&own).get(&code).copied().unwrap_or_default().or_zero(),
            deductions: cited(rules, deductions, months),
            code,
        });
    }
    Ok(years)
}

/// What missed indicators and the fourth quarter cost, with the pack's words for each.
fn cited(
    rules: &Rules,
    deductions: Vec<(String, Rate)>,
    months: &[StatementRow],
) -> Vec<(String, Cited<Rate>)> {
    let cite = |id: &str| {
        let indicator = rules.indicators.named(id).and_then(|one| one.deduction_rate.as_ref());
        indicator.map_or_else(|| "agreement".to_owned(), |rate| rate.cite())
    };
    let mut all: Vec<(String, Cited<Rate>)> =
        deductions.into_iter().map(|(id, rate)| (id.clone(), Cited::new(rate, &cite(&id)))).collect();
    if let Some((rule, measure)) = rules::fourth_quarter(rules) {
        let mut visits = [0; 4];
        for (place, month) in months.iter().enumerate() {
            visits[(place / 3).min(3)] += match measure {
                Q4Measure::Admissions => month.n_admissions,
                Q4Measure::Visits => month.n_visits,
            };
        }
        let rate = fourth_quarter_rate(visits, &rule);
        all.push(("fourth_quarter".to_owned(), Cited::new(rate, &rule.deduction_rate.cite)));
    }
    all
}

fn results(
    year: &Year,
    clearing: &ClearingRow,
    years: &[InstitutionYear],
    plan: &ClearingPlan,
) -> Vec<ClearedInstitutionRow> {
    let row = |(one, own): (&ClearedInstitution, &InstitutionYear)| ClearedInstitutionRow {
        area: clearing.area.clone(),
        fund_year: clearing.fund_year,
        fund_line: clearing.fund_line.clone(),
        district: clearing.district.clone(),
        institution_code: one.code.clone(),
        result: json(&outcome(one, own)),
        derivations: json(&derivations(year, one)),
    };
    plan.institutions.iter().zip(years).map(row).collect()
}

fn outcome(one: &ClearedInstitution, own: &InstitutionYear) -> Outcome {
    Outcome {
        standard: one.measured.standard.amount(),
        cost: one.cost,
        payable: one.measured.payable.amount(),
        surplus: one.measured.surplus.amount(),
        surplus_kept: one.measured.surplus_kept.amount(),
        overspend: one.measured.overspend.amount(),
        overspend_fund: one.overspend_fund.amount(),
        overspend_borne: one.overspend_borne.amount(),
        deduction_rate: one.deduction_rate.value.to_string(),
        deductions: one.deductions.amount(),
        final_amount: one.final_amount.amount(),
        working_capital: own.working_capital,
        clean_record: own.clean_record,
        advance_left: own.advance_left,
        paid: own.paid,
        deferred: one.measured.payable.amount() - own.paid,
        payment: one.payment.amount(),
    }
}

fn derivations(year: &Year, one: &ClearedInstitution) -> BTreeMap<&'static str, Derivation> {
    let hash = year.pack.hash().to_string();
    let under = |node: &Node| node.clone().under(year.pack.id(), &hash, "clearing/1");
    BTreeMap::from([
        ("surplusKeptFen", under(&one.measured.surplus_kept)),
        ("overspendFundFen", under(&one.overspend_fund)),
        ("deductionsFen", under(&one.deductions)),
        ("finalFen", under(&one.final_amount)),
        ("paymentFen", under(&one.payment)),
    ])
}
