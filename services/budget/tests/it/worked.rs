//! Examples by clause that a fund clerk can check by hand: `testdata/`.

use std::collections::BTreeMap;

use medfund_proto::agreement::v1::InstitutionChanged;
use medfund_proto::budget::v1 as pb;
use medfund_proto::types::v1::KindOfCare;
use serde::Deserialize;

use super::lived::{Year, institution};
use super::pooled::{self, POOLED};
use super::requests::{self, KEY, OTHER, factor, propose_budget, propose_target, record_history};
use super::support::AREA;

fn read<T: serde::de::DeserializeOwned>(toml: &str) -> T {
    toml::from_str(toml).expect("a worked example can be read")
}

#[derive(Deserialize)]
struct TargetExample {
    expenditure_fen: i64,
    adjustment_fen: i64,
    deductions: BTreeMap<String, i64>,
    expected: ExpectedTarget,
}

#[derive(Debug, PartialEq, Deserialize)]
struct ExpectedTarget {
    reserve_fen: i64,
    primary_care_earmark_fen: i64,
    target_fen: i64,
}

#[tokio::test]
async fn jm_4_2_1_the_target_is_what_deductions_and_reserve_leave_of_the_budget() {
    let example: TargetExample = read(include_str!("../../testdata/jm_4_2_1_target.toml"));
    let year = Box::pin(Year::open()).await;
    let expenditure_fen = example.expenditure_fen;
    let budget = propose_budget(KEY);
    let budget = pb::ProposeBudgetRequest { income_fen: expenditure_fen, expenditure_fen, ..budget };
    Box::pin(year.approve(KEY, budget)).await;
    let deduction = |(id, amount_fen)| pb::Deduction { id, amount_fen };
    let proposal = pb::ProposeTargetRequest {
        deductions: example.deductions.into_iter().map(deduction).collect(),
        adjustment_fen: example.adjustment_fen,
        ..propose_target(KEY)
    };
    let answer = year.officer().propose_target(proposal).await.unwrap().into_inner();
    let target = answer.target.unwrap();
    let found = ExpectedTarget {
        reserve_fen: target.reserve_fen,
        primary_care_earmark_fen: target.primary_care_earmark_fen,
        target_fen: target.target_fen,
    };
    assert_eq!(found, example.expected);
    assert_eq!(answer.derivation.unwrap().root.unwrap().value, found.target_fen.to_string());
}

#[derive(Deserialize)]
struct QuotasExample {
    target_fen: i64,
    expected: ExpectedFloor,
    institutions: Vec<InstitutionExample>,
}

#[derive(Deserialize)]
struct ExpectedFloor {
    primary_floor_fen: i64,
}

#[derive(Deserialize)]
struct InstitutionExample {
    code: String,
    level: i32,
    class: String,
    history_fen: Vec<i64>,
    #[serde(default)]
    officer_factors: BTreeMap<String, String>,
    base: String,
    coefficient: String,
    quota_fen: i64,
}

#[tokio::test]
async fn jm_4_2_2_quotas_follow_from_weighted_years_coefficients_and_the_primary_floor() {
    let example: QuotasExample = read(include_str!("../../testdata/jm_4_2_2_quotas.toml"));
    let year = Box::pin(Year::open()).await;
    Box::pin(year.approve(KEY, budget_that_leaves(example.target_fen))).await;
    let target = pb::ProposeTargetRequest {
        deductions: vec![],
        reserve_fen: Some(0),
        adjustment_fen: 0,
        ..propose_target(KEY)
    };
    Box::pin(year.put_into_force(KEY, target)).await;
    for one in &example.institutions {
        record(&year, one).await;
    }
    let propose = requests::propose_decomposition(KEY);
    let answer = year.officer().propose_decomposition(propose).await.unwrap().into_inner();
    let found = answer.decomposition.unwrap();
    assert_eq!((found.primary_floor_fen, found.floor_applied), (example.expected.primary_floor_fen, true));
    assert_eq!(found.quotas.len(), example.institutions.len());
    for (quota, expected) in found.quotas.iter().zip(&example.institutions) {
        let computed = (quota.base.as_str(), quota.coefficient.as_str(), quota.quota_fen);
        let worked = (expected.base.as_str(), expected.coefficient.as_str(), expected.quota_fen);
        assert_eq!(computed, worked, "{}", expected.code);
    }
}

fn budget_that_leaves(target_fen: i64) -> pb::ProposeBudgetRequest {
    pb::ProposeBudgetRequest { income_fen: target_fen, expenditure_fen: target_fen, ..propose_budget(KEY) }
}

async fn record(year: &Year, example: &InstitutionExample) {
    let told = InstitutionChanged {
        level: example.level,
        institution_class: example.class.clone(),
        ..institution(&example.code, KEY.district)
    };
    year.agreement.emit(AREA, &told).await;
    year.budget.0.until_caught_up_with(year.agreement.service()).await;
    let history = example.history_fen.clone();
    let history = pb::RecordHistoryRequest { history_fen: history, ..record_history(KEY, &example.code) };
    year.officer().record_history(history).await.unwrap();
    let factors = example.officer_factors.iter().map(|(id, value)| factor(id, value)).collect();
    let coefficient = requests::record_coefficient(KEY, &example.code, "", "");
    let coefficient = pb::RecordCoefficientRequest { factors, ..coefficient };
    let answer = year.officer().record_coefficient(coefficient).await.unwrap().into_inner();
    assert_eq!(answer.coefficient, example.coefficient, "{}", example.code);
}

#[derive(Deserialize)]
struct PrimaryCareExample {
    expected: ExpectedEarmark,
    districts: Vec<DistrictExample>,
}

#[derive(Deserialize)]
struct ExpectedEarmark {
    earmark_fen: i64,
}

#[derive(Deserialize)]
struct DistrictExample {
    district: String,
    funding_increase_fen: i64,
    allotted_fen: i64,
}

#[tokio::test]
async fn jm_4_8_4_districts_share_what_was_kept_by_what_each_added_for_primary_staff() {
    let example: PrimaryCareExample = read(include_str!("../../testdata/jm_4_8_4_primary_care.toml"));
    let year = Box::pin(Year::of_two_districts()).await;
    for key in [KEY, OTHER] {
        Box::pin(year.decide_quotas(key)).await;
    }
    year.budget.given_date(2018, 1, 20).await;
    for key in [KEY, OTHER] {
        year.clear(key).await;
    }
    let increases: Vec<(&str, i64)> =
        example.districts.iter().map(|one| (one.district.as_str(), one.funding_increase_fen)).collect();
    let decision = year.decided(KEY, "primary_care_allotment").await;
    let allot = requests::allot_primary_care(KEY, &increases, &decision);
    let answer = year.officer().allot_primary_care(allot).await.unwrap().into_inner();
    let allotment = answer.primary_care_allotment.unwrap();
    assert_eq!(allotment.earmark_fen, example.expected.earmark_fen);
    let shares: Vec<i64> = allotment.districts.iter().map(|one| one.allotted_fen).collect();
    let expected: Vec<i64> = example.districts.iter().map(|one| one.allotted_fen).collect();
    assert_eq!(shares, expected);
}

#[derive(Deserialize)]
struct PoolExample {
    expenditure_fen: i64,
    shares: BTreeMap<String, String>,
    expected: ExpectedPool,
}

#[derive(Debug, PartialEq, Deserialize)]
struct ExpectedPool {
    reserve_fen: i64,
    target_fen: i64,
    cares_fen: Vec<i64>,
    adjustment_fen: i64,
    pool_fen: i64,
    decomposed_fen: i64,
}

#[tokio::test]
async fn pzh_4_2_2_inpatient_care_is_a_pool_and_only_the_rest_is_decomposed() {
    let example: PoolExample = read(include_str!("../../testdata/pzh_4_2_2_pool.toml"));
    let year = Box::pin(Year::open()).await;
    pooled::open(&year.budget, POOLED).await;
    let expenditure_fen = example.expenditure_fen;
    let budget = propose_budget(POOLED);
    let budget = pb::ProposeBudgetRequest { income_fen: expenditure_fen, expenditure_fen, ..budget };
    Box::pin(year.approve(POOLED, budget)).await;
    Box::pin(year.put_into_force(POOLED, pooled::propose_target(POOLED))).await;
    let share = |(care, rate): (&String, &String)| {
        let care = KindOfCare::from_str_name(&format!("KIND_OF_CARE_{}", care.to_uppercase())).unwrap();
        pooled::share(care, rate)
    };
    let shares = example.shares.iter().map(share).collect();
    let structure = pb::ProposeStructureRequest { shares, ..pooled::propose_structure(POOLED) };
    let structure = Box::pin(year.put_structure_into_force(POOLED, structure)).await;
    year.record_histories(POOLED).await;
    let proposed =
        year.officer().propose_decomposition(requests::propose_decomposition(POOLED)).await.unwrap();
    let pool = structure.cares[0].pool.unwrap();
    let found = ExpectedPool {
        reserve_fen: year.reserve(POOLED).await.planned_fen,
        target_fen: structure.target_fen,
        cares_fen: structure.cares.iter().map(|care| care.amount_fen).collect(),
        adjustment_fen: pool.adjustment_fen,
        pool_fen: pool.amount_fen,
        decomposed_fen: proposed.into_inner().decomposition.unwrap().target_fen,
    };
    assert_eq!(found, example.expected);
}
