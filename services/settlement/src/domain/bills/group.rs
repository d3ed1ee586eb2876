use chrono::NaiveDate;
use medfund_grouper::quality::{self, Discharge, Finding, FrontPage, Given, Kind, Level, ListField};
use medfund_grouper::{Case, Field, Grouper, Outcome, Scheme, Sex, stay_days};
use medfund_money::Fen;
use serde::{Deserialize, Serialize};

use super::{BillField, BillLine, Fault};
use crate::domain::words::words;

words! {
    /// How grouping a case ended.
    pub enum GroupingOutcome {
        /// In a DRG (分组成功).
        Grouped = "grouped",
        /// The principal procedure does not belong to the principal diagnosis (歧义病案).
        Ambiguous = "ambiguous",
        /// In no group (无法入组).
        NotGrouped = "not_grouped",
        /// A principal code that no group can have (编码无效).
        InvalidCode = "invalid_code",
    }
}

/// The group of a case, as it is kept with its bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grouped {
    /// The group: a DRG, `FQY` of an ambiguous case, else `0000`.
    pub drg: String,
    /// How grouping ended.
    pub outcome: GroupingOutcome,
    /// The hash of the scheme.
    pub scheme_hash: String,
}

/// A grouping scheme and what it is known by.
#[derive(Debug)]
pub struct GroupingScheme {
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub hash: String,
    /// The scheme.
    pub scheme: Scheme,
}

impl GroupingScheme {
    /// Groups a line's case, unless its list's quality keeps it from being grouped.
    ///
    /// # Errors
    ///
    /// What is wrong with the list, by field: blocking findings, or what the next rule tests and is missing.
    pub(super) fn group(
        &self,
        line: &BillLine,
        begndate: NaiveDate,
        enddate: NaiveDate,
    ) -> Result<Grouped, Vec<(BillField, Fault)>> {
        let diagnoses = codes(&line.dise_codg, &line.oth_dise_codg);
        let procedures = codes(&line.oprn_oprt_code, &line.oth_oprn_oprt_code);
        let case = Case {
            sex: sex(&line.gend),
            age_years: line.age.and_then(|age| age.try_into().ok()),
            age_days: line.nwb_age.and_then(|days| days.try_into().ok()),
            birth_weight_g: line.nwb_bir_wt.and_then(|grams| grams.try_into().ok()),
            stay_days: stay_days(begndate, enddate),
            diagnoses: &diagnoses,
            procedures: &procedures,
        };
        let page = FrontPage {
            id: &line.setl_id,
            case,
            admission_date: Given::Is(begndate),
            discharge_date: Given::Is(enddate),
            discharge: discharge(&line.dscg_way).map_or(Given::Empty, Given::Is),
            procedure_dates: Given::NotAsked,
            total_cost: Given::Is(Fen::new(line.medfee_sumamt_fen)),
            costs: Given::NotAsked,
        };
        let findings = quality::check(&page, &self.scheme);
        let blocking: Vec<_> =
            findings.iter().filter(|found| found.level == Level::Blocking).map(as_fault).collect();
        if !blocking.is_empty() {
            return Err(blocking);
        }
        let answer = Grouper::new(&self.scheme).group(&case);
        let outcome = match answer.outcome {
            Outcome::Grouped => GroupingOutcome::Grouped,
            Outcome::Ambiguous => GroupingOutcome::Ambiguous,
            Outcome::NotGrouped => GroupingOutcome::NotGrouped,
            Outcome::InvalidCode => GroupingOutcome::InvalidCode,
            Outcome::NeedsData(field) => return Err(vec![(needed(field), Fault::Required)]),
        };
        let drg = answer.code(&self.scheme).into_owned();
        Ok(Grouped { drg, outcome, scheme_hash: self.hash.clone() })
    }
}

/// The principal code and the others; where it is missing no other stands in its place.
fn codes<'l>(principal: &'l str, others: &'l [String]) -> Vec<&'l str> {
    let first = (!principal.is_empty() || !others.is_empty()).then_some(principal);
    first.into_iter().chain(others.iter().map(String::as_str)).collect()
}

fn sex(code: &str) -> Option<Sex> {
    match code {
        "1" => Some(Sex::Male),
        "2" => Some(Sex::Female),
        _ => None,
    }
}

fn discharge(code: &str) -> Option<Discharge> {
    Some(match code {
        "1" => Discharge::ByOrder,
        "2" => Discharge::Transferred,
        "3" => Discharge::TransferredToPrimaryCare,
        "4" => Discharge::AgainstAdvice,
        "5" => Discharge::Died,
        "9" => Discharge::Other,
        _ => return None,
    })
}

fn needed(field: Field) -> BillField {
    match field {
        Field::Sex => BillField::Gend,
        Field::Age => BillField::Age,
        Field::AgeInDays => BillField::NwbAge,
        Field::BirthWeight => BillField::NwbBirWt,
        Field::StayDays => BillField::IptDays,
    }
}

fn as_fault(finding: &Finding) -> (BillField, Fault) {
    let is_first = finding.index.is_none_or(|index| index == 0);
    let field = match finding.field {
        ListField::Id => BillField::SetlId,
        ListField::Sex => BillField::Gend,
        ListField::AgeYears => BillField::Age,
        ListField::AgeDays => BillField::NwbAge,
        ListField::BirthWeight => BillField::NwbBirWt,
        ListField::AdmissionDate => BillField::Begndate,
        ListField::DischargeDate => BillField::Enddate,
        ListField::Discharge => BillField::DscgWay,
        ListField::Diagnoses if is_first => BillField::DiseCodg,
        ListField::Diagnoses => BillField::OthDiseCodg,
        ListField::Procedures | ListField::ProcedureDates if is_first => BillField::OprnOprtCode,
        ListField::Procedures | ListField::ProcedureDates => BillField::OthOprnOprtCode,
        ListField::TotalCost | ListField::Costs => BillField::MedfeeSumamt,
    };
    let fault = match finding.kind {
        Kind::Missing => Fault::Required,
        Kind::UnknownCode => Fault::UnknownCode,
        kind @ (Kind::GreyCode
        | Kind::DuplicateCode
        | Kind::SexConflict
        | Kind::AgeConflict
        | Kind::AgesDisagree
        | Kind::ImplausibleAge
        | Kind::ImplausibleBirthWeight
        | Kind::NeverPrincipal
        | Kind::DischargedBeforeAdmitted
        | Kind::ProcedureWithoutDate
        | Kind::ProcedureOutsideStay
        | Kind::CostDoesNotAddUp
        | Kind::NegativeCost) => Fault::ListQuality(kind),
    };
    (field, fault)
}
