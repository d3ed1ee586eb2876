//! Good requests of `BudgetService`, for a test to change.

use medfund_proto::budget::v1 as pb;
use uuid::Uuid;

use super::support::{AREA, request_id};

/// What the resources of a fund line of a district in a fund year are named by.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) year: i32,
    pub(crate) line: &'static str,
    pub(crate) district: &'static str,
    /// Whether the year runs under Panzhihua's pack, where one body of the area decides.
    pub(crate) pooled: bool,
}

/// The key of most tests.
pub(crate) const KEY: Key = Key { year: 2017, line: "employee", district: "440703", pooled: false };
/// A second district's.
pub(crate) const OTHER: Key = Key { district: "440704", ..KEY };

/// A primary institution of the first district.
pub(crate) const PRIMARY: &str = "H44070300001";
/// A hospital of level 3 of the first district.
pub(crate) const HOSPITAL: &str = "H44070300002";
/// A primary institution of the second district.
pub(crate) const OTHER_PRIMARY: &str = "H44070400001";
/// A hospital of level 3 of the second district.
pub(crate) const OTHER_HOSPITAL: &str = "H44070400002";

impl Key {
    pub(crate) fn name(self, collection: &str) -> String {
        format!("areas/{AREA}/{collection}/{}-{}-{}", self.year, self.line, self.district)
    }

    pub(crate) fn of(self, collection: &str, institution: &str) -> String {
        format!("areas/{AREA}/{collection}/{}-{}-{institution}", self.year, self.line)
    }

    pub(crate) fn allotment(self) -> String {
        format!("areas/{AREA}/primaryCareAllotments/{}-{}", self.year, self.line)
    }

    pub(crate) fn round(self, number: u32) -> String {
        format!("{}-tertiary-{number}", self.name("negotiationRounds"))
    }

    pub(crate) fn account(self, kind: &str) -> String {
        format!("{kind}/{}/{}/{}", self.year, self.line, self.district)
    }

    /// The two institutions of the district.
    pub(crate) fn institutions(self) -> [&'static str; 2] {
        if self.district == OTHER.district { [OTHER_PRIMARY, OTHER_HOSPITAL] } else { [PRIMARY, HOSPITAL] }
    }
}

pub(crate) fn decision_name() -> String {
    format!("areas/{AREA}/decisions/{}", Uuid::new_v4())
}

/// Income 1,000 and expenditure 900 yuan.
pub(crate) fn propose_budget(key: Key) -> pb::ProposeBudgetRequest {
    pb::ProposeBudgetRequest {
        name: key.name("budgets"),
        income_fen: 100_000,
        expenditure_fen: 90_000,
        basis: Some(pb::BudgetBasis {
            last_year_payment_fen: 85_000,
            n_insured: 1_000,
            n_insured_elderly: 150,
            policy_change_fen: 1_000,
            benefit_change_fen: -500,
            expected_growth_rate: "0.05".to_owned(),
            risk_fund_fen: 0,
        }),
        deficit_decision: String::new(),
        validate_only: false,
        request_id: request_id(),
    }
}

pub(crate) fn review_budget(key: Key, etag: &str) -> pb::ReviewBudgetRequest {
    pb::ReviewBudgetRequest {
        name: key.name("budgets"),
        in_order: true,
        note: String::new(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

pub(crate) fn decide_budget(key: Key, decision: &str, etag: &str) -> pb::DecideBudgetRequest {
    pb::DecideBudgetRequest {
        name: key.name("budgets"),
        decision: decision.to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

/// 900 yuan less 110 for care out of the area, less a tenth as reserve, and 10 for prices: 710 yuan.
pub(crate) fn propose_target(key: Key) -> pb::ProposeTargetRequest {
    pb::ProposeTargetRequest {
        name: key.name("targets"),
        deductions: vec![pb::Deduction { id: "out_of_area".to_owned(), amount_fen: 11_000 }],
        reserve_fen: None,
        adjustment_fen: 1_000,
        adjustment_reason: "物价".to_owned(),
        validate_only: false,
        request_id: request_id(),
        primary_care_raise: String::new(),
    }
}

pub(crate) fn decide_target(key: Key, decision: &str, etag: &str) -> pb::DecideTargetRequest {
    pb::DecideTargetRequest {
        name: key.name("targets"),
        decision: decision.to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

/// Three years of 10 yuan for a primary institution, of 90 for a hospital.
pub(crate) fn record_history(key: Key, institution: &str) -> pb::RecordHistoryRequest {
    let cost = if institution.ends_with('1') { 1_000 } else { 9_000 };
    pb::RecordHistoryRequest {
        name: key.of("histories", institution),
        history_fen: vec![cost; 3],
        last_year_settled_fen: cost,
        recorded_base_fen: 0,
        recorded_base_reason: String::new(),
        request_id: request_id(),
    }
}

pub(crate) fn submit_application(key: Key, institution: &str) -> pb::SubmitApplicationRequest {
    pb::SubmitApplicationRequest {
        name: key.of("applications", institution),
        applied_fen: 60_000,
        reason: "新增床位".to_owned(),
        request_id: request_id(),
    }
}

pub(crate) fn record_coefficient(
    key: Key,
    institution: &str,
    id: &str,
    value: &str,
) -> pb::RecordCoefficientRequest {
    pb::RecordCoefficientRequest {
        name: key.of("coefficients", institution),
        factors: vec![factor(id, value)],
        request_id: request_id(),
    }
}

pub(crate) fn factor(id: &str, value: &str) -> pb::Factor {
    pb::Factor { id: id.to_owned(), value: value.to_owned() }
}

/// A round with the hospital, which agreed a tenth more for its volume.
pub(crate) fn record_round(key: Key, number: u32) -> pb::RecordNegotiationRoundRequest {
    let [_, hospital] = key.institutions();
    let factors = vec![factor("effective_volume", "1.1")];
    pb::RecordNegotiationRoundRequest {
        name: key.round(number),
        institution_codes: vec![hospital.to_owned()],
        participants: vec!["市第一医院 医保科".to_owned()],
        minutes_reference: "〔2016〕3号".to_owned(),
        coefficients: vec![pb::AgreedCoefficient { institution_code: hospital.to_owned(), factors }],
        request_id: request_id(),
    }
}

pub(crate) fn propose_decomposition(key: Key) -> pb::ProposeDecompositionRequest {
    pb::ProposeDecompositionRequest {
        name: key.name("decompositions"),
        forecast_factor: String::new(),
        validate_only: false,
        request_id: request_id(),
        kinds_of_care: vec![],
    }
}

pub(crate) fn balance_decomposition(key: Key, etag: &str) -> pb::BalanceDecompositionRequest {
    pb::BalanceDecompositionRequest {
        name: key.name("decompositions"),
        note: "平衡".to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

pub(crate) fn decide_decomposition(key: Key, decision: &str, etag: &str) -> pb::DecideDecompositionRequest {
    pb::DecideDecompositionRequest {
        name: key.name("decompositions"),
        decision: decision.to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

pub(crate) fn adjust_quota(
    key: Key,
    institution: &str,
    change_fen: i64,
    decision: &str,
) -> pb::AdjustQuotaRequest {
    pb::AdjustQuotaRequest {
        name: format!("areas/{AREA}/quotaAdjustments/{}", Uuid::new_v4()),
        decomposition: key.name("decompositions"),
        institution_code: institution.to_owned(),
        reason: "expansion".to_owned(),
        change_fen,
        decision: decision.to_owned(),
        validate_only: false,
        request_id: request_id(),
    }
}

pub(crate) fn open_clearing(key: Key) -> pb::OpenClearingRequest {
    pb::OpenClearingRequest { name: key.name("reserves"), validate_only: false, request_id: request_id() }
}

pub(crate) fn allot_primary_care(
    key: Key,
    increases: &[(&str, i64)],
    decision: &str,
) -> pb::AllotPrimaryCareRequest {
    let district = |&(district, funding_increase_fen): &(&str, i64)| pb::DistrictAllotment {
        district: district.to_owned(),
        funding_increase_fen,
        allotted_fen: 0,
    };
    pb::AllotPrimaryCareRequest {
        name: key.allotment(),
        districts: increases.iter().map(district).collect(),
        decision: decision.to_owned(),
        validate_only: false,
        request_id: request_id(),
    }
}

/// Income 1,010 yuan, 115 spent out of the area.
pub(crate) fn close_accounts(key: Key, decision: &str) -> pb::CloseAccountsRequest {
    pb::CloseAccountsRequest {
        name: key.name("finalAccounts"),
        income_fen: 101_000,
        backstop_fen: 0,
        deductions: vec![pb::Deduction { id: "out_of_area".to_owned(), amount_fen: 11_500 }],
        risk_fund_fen: 0,
        decision: decision.to_owned(),
        validate_only: false,
        request_id: request_id(),
    }
}

pub(crate) fn publish(subject: String) -> pb::PublishDisclosureRequest {
    pb::PublishDisclosureRequest {
        name: format!("areas/{AREA}/disclosures/{}", Uuid::new_v4()),
        subject,
        request_id: request_id(),
    }
}
