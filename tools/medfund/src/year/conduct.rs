//! Clean records, inspections, indicators and graded reviews.

use chrono::Datelike;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_proto::agreement::v1::{
    ConfirmCleanRecordRequest, ConfirmIndicatorsRequest, ConfirmInspectionRequest, ConfirmReviewRequest,
    MeasuredValue, RecordConductRequest, RecordIndicatorsRequest, RecordInspectionRequest,
    RecordReviewRequest, StateCleanRecordRequest, ViolatingCase,
};
use medfund_types::SettlementMonth;
use rust_decimal::Decimal;

use super::Year;
use super::names;
use crate::sample::Inspection;
use crate::sample::region::Conduct;
use crate::suite::rpc;

impl Year<'_> {
    /// Records what other files say of the years before, and establishes who kept the rules, where the pack asks.
    pub(super) async fn confirm_clean_records(&self) -> anyhow::Result<()> {
        let fund_year = self.region.fund_year.get();
        let looked_at = self.region.conduct.iter().filter(|_| self.pack.n_clean_years > 0);
        for conduct in looked_at {
            let code = &conduct.institution;
            for year in (1..=self.pack.n_clean_years).map(|n| fund_year - n) {
                let request = RecordConductRequest {
                    name: format!("{}/conducts/{year}", self.names.one("institutions", code.as_str())),
                    kept_rules: !conduct.violation_years.contains(&year),
                    reference: format!("inspection reports/{year}/{code}"),
                    request_id: self.id(&format!("conduct/{code}/{year}")),
                };
                rpc!(self.session, &self.people.officer, Agreement AssessmentServiceClient record_conduct, request)
                    .await?;
            }
            let step = format!("clean-record/{code}");
            let name = self.names.one("cleanRecords", &self.id(&step));
            let request = StateCleanRecordRequest {
                name: name.clone(),
                fund_year,
                institution_code: code.to_string(),
                request_id: self.id(&format!("{step}/state")),
            };
            rpc!(self.session, &self.people.officer, Agreement AssessmentServiceClient state_clean_record, request)
                .await?;
            let request = ConfirmCleanRecordRequest { name, request_id: self.id(&format!("{step}/confirm")) };
            rpc!(self.session, &self.people.checker, Agreement AssessmentServiceClient confirm_clean_record, request)
                .await?;
        }
        self.heard().await
    }

    /// Records and confirms the inspections of a month's cases.
    pub(super) async fn inspect(&self, month: SettlementMonth) -> anyhow::Result<()> {
        for found in self.inspections.iter().filter(|i| i.month == month) {
            self.record_inspection(found).await?;
        }
        self.heard().await
    }

    async fn record_inspection(&self, found: &Inspection) -> anyhow::Result<()> {
        let step = format!("inspection/{}/{}/{}", found.month, found.fund_line, found.institution);
        let name = self.names.one("inspections", &self.id(&step));
        let case = |(case_id, kind, amount_fen): &(String, String, i64)| ViolatingCase {
            case_id: case_id.clone(),
            kind: kind.clone(),
            amount_fen: *amount_fen,
            physician_code: String::new(),
        };
        let request = RecordInspectionRequest {
            name: name.clone(),
            fund_year: self.region.fund_year.get(),
            fund_line: found.fund_line.to_string(),
            institution_code: found.institution.to_string(),
            settlement_month: names::month(found.month),
            n_population: found.n_population,
            n_sample: found.n_sample,
            violating_cases: found.violating.iter().map(case).collect(),
            request_id: self.id(&format!("{step}/record")),
        };
        rpc!(self.session, &self.people.officer, Agreement InspectionServiceClient record_inspection, request).await?;
        let request = ConfirmInspectionRequest { name, request_id: self.id(&format!("{step}/confirm")) };
        rpc!(self.session, &self.people.checker, Agreement InspectionServiceClient confirm_inspection, request)
            .await?;
        Ok(())
    }

    /// Records and confirms the year's indicators.
    pub(super) async fn assess(&self) -> anyhow::Result<()> {
        for conduct in &self.region.conduct {
            let step = format!("indicators/{}", conduct.institution);
            let name = self.names.one("indicatorAssessments", &self.id(&step));
            let request = RecordIndicatorsRequest {
                name: name.clone(),
                fund_year: self.region.fund_year.get(),
                institution_code: conduct.institution.to_string(),
                measured_values: measured(conduct),
                quarter_visits: self.quarter_visits(conduct),
                request_id: self.id(&format!("{step}/record")),
            };
            rpc!(self.session, &self.people.officer, Agreement AssessmentServiceClient record_indicators, request)
                .await?;
            let request = ConfirmIndicatorsRequest { name, request_id: self.id(&format!("{step}/confirm")) };
            rpc!(self.session, &self.people.checker, Agreement AssessmentServiceClient confirm_indicators, request)
                .await?;
        }
        self.heard().await
    }

    fn quarter_visits(&self, conduct: &Conduct) -> Vec<i64> {
        let mut visits = vec![0; 4];
        let bills = self.bills.iter().filter(|b| b.fixmedins_code == conduct.institution);
        for bill in bills.filter(|b| self.pack.is_inpatient(&b.med_type)) {
            visits[usize::try_from(bill.setl_date.month0() / 3).expect("one of four quarters")] += 1;
        }
        visits
    }

    /// Records and confirms the graded reviews, where the pack has grades.
    pub(super) async fn review(&self) -> anyhow::Result<()> {
        for conduct in self.region.conduct.iter().filter(|conduct| !conduct.grade.is_empty()) {
            let step = format!("review/{}", conduct.institution);
            let name = self.names.one("reviews", &self.id(&step));
            let request = RecordReviewRequest {
                name: name.clone(),
                fund_year: self.region.fund_year.get(),
                institution_code: conduct.institution.to_string(),
                grade: conduct.grade.clone(),
                reference: format!("reviews/{}/{}", self.region.fund_year, conduct.institution),
                request_id: self.id(&format!("{step}/record")),
            };
            rpc!(self.session, &self.people.officer, Agreement AssessmentServiceClient record_review, request).await?;
            let request = ConfirmReviewRequest { name, request_id: self.id(&format!("{step}/confirm")) };
            rpc!(self.session, &self.people.checker, Agreement AssessmentServiceClient confirm_review, request)
                .await?;
        }
        self.heard().await
    }
}

/// The year's indicators of an institution as messages carry them.
pub(super) fn measured(conduct: &Conduct) -> Vec<MeasuredValue> {
    let value = |(indicator, value): &(String, Decimal)| MeasuredValue {
        indicator: indicator.clone(),
        measured_value: value.to_string(),
    };
    conduct.measured.iter().map(value).collect()
}
