//! Asks the services for everything a result holds.

use std::collections::BTreeMap;

use anyhow::Context;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::agreement::v1::{IndicatorAssessment, IndicatorDeduction, ListIndicatorsRequest};
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::budget::v1::calendar_service_client::CalendarServiceClient;
use medfund_proto::budget::v1::{
    Decomposition, GetBudgetRequest, GetDecompositionRequest, GetFundYearRequest, GetReserveRequest,
    GetTargetRequest, Quota,
};
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1::payment_timeliness::Punctuality;
use medfund_proto::settlement::v1::prepayment::Kind;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::settlement::v1::special_case::State as SpecialCaseState;
use medfund_proto::settlement::v1::{
    self as pb, Clearing, Deposit, GetClearingRequest, InstitutionClearing, InstitutionPool,
    ListDepositsRequest, ListPrepaymentsRequest, PaymentTimeliness, PoolClearing, PoolStatement, Prepayment,
    SpecialCase, Statement,
};
use medfund_proto::types::v1::KindOfCare;
use medfund_types::{District, FundLine, SettlementMonth};

use rust_decimal::Decimal;

use super::{
    CaseCounts, ClearingResult, Deducted, DepositResult, DistrictResult, FundLineResult, InstitutionResult,
    LatePayment, MissedIndicator, MonthResult, PackId, PoolMonth, PoolResult, PoolShare, Reserve,
    SpecialCaseCounts, Target, Timeliness, YearResult,
};
use crate::sample::region::Budget;
use crate::suite::rpc;
use crate::year::Year;

/// What a fund line and an institution are known by.
type Key = (String, String);

/// What is told of all institutions of a year at once.
#[derive(Default)]
struct Told {
    statements: BTreeMap<Key, Vec<Statement>>,
    prepayments: BTreeMap<Key, Vec<Prepayment>>,
    deposits: BTreeMap<Key, Deposit>,
    /// By institution: its indicators hold for all fund lines.
    missed: BTreeMap<String, Vec<IndicatorDeduction>>,
    /// By fund line.
    special_cases: BTreeMap<String, Vec<SpecialCase>>,
}

/// Points are counted in parts of so many.
const POINT_UNITS: i64 = 10_000;

impl Year<'_> {
    /// Collects the year's result.
    pub(in crate::year) async fn result(&self) -> anyhow::Result<YearResult> {
        self.heard().await?;
        let request = GetFundYearRequest { name: self.names.fund_year() };
        let opened =
            rpc!(self.session, &self.people.auditor, Budget CalendarServiceClient get_fund_year, request)
                .await?;
        let opened = opened.fund_year.context("a fund year")?;
        let told = self.told().await?;
        let mut fund_lines = Vec::new();
        for line in self.lines() {
            fund_lines.push(self.fund_line(line, &told).await?);
        }
        Ok(YearResult {
            pack: PackId { id: opened.pack_id, hash: opened.pack_hash },
            area: self.region.area.to_string(),
            fund_year: opened.fund_year,
            ledger: self.ledger().await?,
            timeliness: timeliness(self.timeliness().await?),
            coverage: self.coverage().await?,
            fund_lines,
        })
    }

    async fn fund_line(&self, line: &FundLine, told: &Told) -> anyhow::Result<FundLineResult> {
        let mut result = FundLineResult {
            id: line.to_string(),
            sums: Target::default(),
            institutions: Vec::new(),
            districts: Vec::new(),
        };
        for budget in self.region.budgets.iter().filter(|b| b.fund_line == *line) {
            let request = GetDecompositionRequest {
                name: self.names.of_district("decompositions", line, &budget.district),
            };
            let got = rpc!(self.session, &self.people.auditor, Budget BudgetServiceClient get_decomposition, request)
                .await?;
            let decomposition = got.decomposition.context("a decomposition")?;
            let clearing = self.cleared(budget).await?;
            let mut district = self.district(budget, &decomposition).await?;
            let special_cases = told.special_cases.get(line.as_str()).map_or(&[][..], Vec::as_slice);
            let here = |case: &&SpecialCase| self.is_in(case, &budget.district);
            let special_cases: Vec<&SpecialCase> = special_cases.iter().filter(here).collect();
            let pool = |cleared| pool(cleared, &special_cases);
            district.pools = clearing.pools.iter().map(pool).collect::<anyhow::Result<_>>()?;
            result.sums.add(&district.numbers);
            result.districts.push(district);
            let clearing = clearing.institutions.into_iter();
            let clearing = clearing.map(|cleared| (cleared.institution_code.clone(), cleared)).collect();
            let institutions = decomposition.quotas.iter();
            result.institutions.extend(institutions.map(|quota| institution(quota, budget, told, &clearing)));
        }
        result.institutions.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(result)
    }

    async fn district(
        &self,
        budget: &Budget,
        decomposition: &Decomposition,
    ) -> anyhow::Result<DistrictResult> {
        let auditor = &self.people.auditor;
        let name = |kind: &str| self.names.of_district(kind, &budget.fund_line, &budget.district);
        let request = GetBudgetRequest { name: name("budgets") };
        let approved = rpc!(self.session, auditor, Budget BudgetServiceClient get_budget, request).await?;
        let approved = approved.budget.context("a budget")?;
        let request = GetTargetRequest { name: name("targets") };
        let target = rpc!(self.session, auditor, Budget BudgetServiceClient get_target, request).await?;
        let target = target.target.context("a target")?;
        let request = GetReserveRequest { name: name("reserves") };
        let reserve = rpc!(self.session, auditor, Budget BudgetServiceClient get_reserve, request).await?;
        let reserve = reserve.reserve.context("a reserve")?;
        let deductions = target.deductions.into_iter();
        let health = approved.surplus_health().as_str_name().to_lowercase();
        let numbers = Target {
            income_fen: approved.income_fen,
            budget_fen: approved.expenditure_fen,
            deductions: deductions.map(|d| Deducted { id: d.id, amount_fen: d.amount_fen }).collect(),
            reserve: Reserve {
                planned_fen: reserve.planned_fen,
                drawn_fen: reserve.drawn_fen,
                overspend_fen: reserve.overspend_fen,
                primary_care_fen: reserve.primary_care_fen,
                left_fen: reserve.left_fen,
            },
            adjustment_fen: target.adjustment_fen,
            target_fen: target.target_fen,
            primary_floor_fen: decomposition.primary_floor_fen,
        };
        Ok(DistrictResult {
            district: budget.district.to_string(),
            numbers,
            surplus_rate: approved.surplus_rate,
            surplus_health: health.trim_start_matches("surplus_health_").to_owned(),
            forecast_factor: decomposition.forecast_factor.clone(),
            warnings: self.warnings_of(budget),
            pools: Vec::new(),
        })
    }

    /// Whether a special case is of an institution of a district.
    fn is_in(&self, case: &SpecialCase, district: &District) -> bool {
        let code = case.bill.split('/').nth(3).unwrap_or_default();
        let mut institutions = self.region.institutions.iter();
        institutions.any(|one| one.code.as_str() == code && one.district == *district)
    }

    async fn cleared(&self, budget: &Budget) -> anyhow::Result<Clearing> {
        let request = GetClearingRequest {
            name: self.names.of_district("clearings", &budget.fund_line, &budget.district),
        };
        let got =
            rpc!(self.session, &self.people.auditor, Settlement SettlementServiceClient get_clearing, request).await?;
        got.clearing.context("a clearing")
    }

    async fn told(&self) -> anyhow::Result<Told> {
        let mut told = Told::default();
        for statement in self.statements(None).await? {
            let key = (statement.fund_line.clone(), statement.institution_code.clone());
            told.statements.entry(key).or_default().push(statement);
        }
        for prepayment in self.prepayments().await? {
            let key = (prepayment.fund_line.clone(), prepayment.institution_code.clone());
            told.prepayments.entry(key).or_default().push(prepayment);
        }
        for assessment in self.assessments().await? {
            told.missed.insert(assessment.institution_code, assessment.deductions);
        }
        for case in self.special_cases().await? {
            told.special_cases.entry(case.fund_line.clone()).or_default().push(case);
        }
        for deposit in self.deposits().await? {
            told.deposits.insert((deposit.fund_line.clone(), deposit.institution_code.clone()), deposit);
        }
        Ok(told)
    }

    async fn prepayments(&self) -> anyhow::Result<Vec<Prepayment>> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListPrepaymentsRequest {
                parent: self.names.area(),
                fund_year: self.region.fund_year.get(),
                page_size: 500,
                page_token,
            };
            let page =
                rpc!(self.session, &self.people.auditor, Settlement SettlementServiceClient list_prepayments, request)
                    .await?;
            all.extend(page.prepayments);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(all);
            }
        }
    }

    async fn assessments(&self) -> anyhow::Result<Vec<IndicatorAssessment>> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListIndicatorsRequest {
                parent: self.names.fund_year(),
                institution_code: String::new(),
                page_size: 500,
                page_token,
            };
            let page =
                rpc!(self.session, &self.people.auditor, Agreement AssessmentServiceClient list_indicators, request)
                    .await?;
            all.extend(page.indicator_assessments);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(all);
            }
        }
    }

    async fn deposits(&self) -> anyhow::Result<Vec<Deposit>> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListDepositsRequest {
                parent: self.names.area(),
                fund_year: self.region.fund_year.get(),
                page_size: 500,
                page_token,
            };
            let page =
                rpc!(self.session, &self.people.auditor, Settlement SettlementServiceClient list_deposits, request)
                    .await?;
            all.extend(page.deposits);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(all);
            }
        }
    }
}

fn timeliness(payments: Vec<PaymentTimeliness>) -> Timeliness {
    let date = |date: Option<Date>| {
        date.map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)).unwrap_or_default()
    };
    let is_late =
        |one: &PaymentTimeliness| matches!(one.punctuality(), Punctuality::Late | Punctuality::Overdue);
    let late = |one: &PaymentTimeliness| LatePayment {
        payment_order: one.payment_order.clone(),
        amount_fen: one.amount_fen,
        due_date: date(one.due_date),
        value_date: date(one.value_date),
        days_late: one.days_late,
        reason: one.late_reason.clone(),
    };
    Timeliness {
        n_due: payments.len(),
        n_in_time: payments.iter().filter(|one| one.punctuality() == Punctuality::InTime).count(),
        late: payments.iter().filter(|one| is_late(one)).map(late).collect(),
    }
}

fn institution(
    quota: &Quota,
    budget: &Budget,
    told: &Told,
    cleared: &BTreeMap<String, InstitutionClearing>,
) -> InstitutionResult {
    let key = (budget.fund_line.to_string(), quota.institution_code.clone());
    let prepaid = |kind: Kind| -> i64 {
        let mine = told.prepayments.get(&key).into_iter().flatten();
        mine.filter(|prepayment| prepayment.kind() == kind).map(|prepayment| prepayment.amount_fen).sum()
    };
    let mut months: Vec<MonthResult> = told.statements.get(&key).into_iter().flatten().map(month).collect();
    months.sort_by(|a, b| a.month.cmp(&b.month));
    InstitutionResult {
        code: quota.institution_code.clone(),
        district: budget.district.to_string(),
        primary: quota.primary,
        history_fen: quota.history_fen.clone(),
        base: quota.base.clone(),
        coefficient: quota.coefficient.clone(),
        quota_fen: quota.quota_fen,
        adjusted_quota_fen: quota.adjusted_quota_fen,
        advance_fen: prepaid(Kind::Advance),
        working_capital_fen: prepaid(Kind::WorkingCapital),
        clean_record_fen: prepaid(Kind::CleanRecord),
        monthly_ahead_fen: prepaid(Kind::Monthly),
        instalments_fen: prepaid(Kind::Instalment),
        months,
        missed_indicators: told
            .missed
            .get(&quota.institution_code)
            .into_iter()
            .flatten()
            .map(missed)
            .collect(),
        deposit: told.deposits.get(&key).map(deposit).unwrap_or_default(),
        clearing: cleared.get(&quota.institution_code).map(clearing).unwrap_or_default(),
        pools: cleared
            .get(&quota.institution_code)
            .into_iter()
            .flat_map(|one| &one.pools)
            .map(pool_share)
            .collect(),
    }
}

fn month(statement: &Statement) -> MonthResult {
    let date = statement.settlement_month.unwrap_or_default();
    let month = u32::try_from(date.month).ok().and_then(|month| SettlementMonth::from_ym(date.year, month));
    MonthResult {
        month: month.map(|month| month.to_string()).unwrap_or_default(),
        cost_fen: statement.cost_fen,
        refused_fen: statement.refused_fen,
        payable_fen: statement.payable_fen,
        paid_fen: statement.paid_fen,
        deferred_fen: statement.deferred_fen,
        outside_quota_fen: statement.outside_quota_fen,
        kept_back_fen: statement.kept_back_fen,
        order_fen: statement.order_fen,
        pools: statement.pools.iter().map(pool_month).collect(),
    }
}

fn pool_month(month: &PoolStatement) -> PoolMonth {
    PoolMonth {
        care: care(month.kind_of_care()),
        points: month.points.clone(),
        case_counts: case_counts(month.cases.as_ref()),
        personal_fen: month.personal_fen,
        refused_fen: month.refused_fen,
        payable_fen: month.payable_fen,
    }
}

fn pool(cleared: &PoolClearing, special_cases: &[&SpecialCase]) -> anyhow::Result<PoolResult> {
    let points: Decimal = cleared.points.parse().with_context(|| format!("points: {}", cleared.points))?;
    let units = points * Decimal::from(POINT_UNITS);
    let shared = i128::from(cleared.shared_fen) * i128::from(POINT_UNITS);
    let point_value = if units.is_zero() { String::new() } else { format!("{shared}/{}", units.normalize()) };
    Ok(PoolResult {
        care: care(cleared.kind_of_care()),
        pool_fen: cleared.pool_fen,
        adjustment_fen: cleared.adjustment_fen,
        points: cleared.points.clone(),
        point_value,
        case_counts: case_counts(cleared.cases.as_ref()),
        priced_fen: cleared.priced_fen,
        surplus_kept_fen: cleared.surplus_kept_fen,
        overspend_fund_fen: cleared.overspend_fund_fen,
        overspend_borne_fen: cleared.overspend_borne_fen,
        returned_fen: cleared.returned_fen,
        adjustment_returned_fen: cleared.adjustment_returned_fen,
        special_cases: special_case_counts(cleared.kind_of_care(), special_cases),
    })
}

fn special_case_counts(kind: KindOfCare, cases: &[&SpecialCase]) -> SpecialCaseCounts {
    let own = || cases.iter().filter(|case| case.kind_of_care() == kind);
    SpecialCaseCounts {
        filed: own().count(),
        heard: own().filter(|case| !case.experts.is_empty()).count(),
        granted: own().filter(|case| case.state() == SpecialCaseState::Granted).count(),
    }
}

fn pool_share(share: &InstitutionPool) -> PoolShare {
    PoolShare {
        care: care(share.kind_of_care()),
        points: share.points.clone(),
        case_counts: case_counts(share.cases.as_ref()),
        personal_fen: share.personal_fen,
        pay_fen: share.pay_fen,
        priced_fen: share.priced_fen,
        shared_of_priced_fen: share.shared_of_priced_fen,
        refused_fen: share.refused_fen,
        deducted_fen: share.deducted_fen,
        final_fen: share.final_fen,
        paid_fen: share.paid_fen,
    }
}

pub(in crate::year) fn care(kind: KindOfCare) -> String {
    kind.as_str_name().trim_start_matches("KIND_OF_CARE_").to_lowercase()
}

fn case_counts(cases: Option<&pb::CaseCounts>) -> CaseCounts {
    let cases = cases.copied().unwrap_or_default();
    CaseCounts(BTreeMap::from([
        ("normal", cases.normal),
        ("high", cases.high),
        ("low", cases.low),
        ("incomplete", cases.incomplete),
        ("reviewed", cases.reviewed),
        ("ungrouped", cases.ungrouped),
    ]))
}

fn missed(deduction: &IndicatorDeduction) -> MissedIndicator {
    MissedIndicator {
        id: deduction.indicator.clone(),
        limit: deduction.limit_value.clone(),
        measured: deduction.measured_value.clone(),
        rate: deduction.deduction_rate.clone(),
    }
}

fn deposit(deposit: &Deposit) -> DepositResult {
    DepositResult {
        base_fen: deposit.base_fen,
        grade: deposit.grade.clone(),
        forfeited_fen: deposit.forfeited_fen,
    }
}

fn clearing(cleared: &InstitutionClearing) -> ClearingResult {
    ClearingResult {
        standard_fen: cleared.standard_fen,
        payable_fen: cleared.payable_fen,
        prepaid_difference_fen: cleared.prepaid_difference_fen,
        surplus_kept_fen: cleared.surplus_kept_fen,
        overspend_fen: cleared.overspend_fen,
        overspend_fund_fen: cleared.overspend_fund_fen,
        overspend_borne_fen: cleared.overspend_borne_fen,
        deductions_fen: cleared.deductions_fen,
        final_fen: cleared.final_fen,
        payment_fen: cleared.payment_fen,
        order_fen: cleared.order_fen,
    }
}
