use std::collections::BTreeSet;

use medfund_money::{Coefficient, Rate};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::coefficient_parameters::Form as PbForm;
use medfund_server::convert::{split_page, version_from_etag};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_tariff::coefficient::{Blended, Form, How, MAX_DECIMALS, Parameters};
use medfund_tariff::{GroupCode, Level};
use medfund_types::{Area, InstitutionCode};
use uuid::Uuid;

use super::group::level;
use super::{once, tariff_name};
use crate::app::Read;
use crate::app::tariff::ExplainedCoefficient;
use crate::app::tariff::compute_coefficients::ComputeCoefficients;
use crate::domain::tariff::Levels;
use crate::domain::tariff::coefficients::CoefficientBasis;
use crate::grpc::convert::history::{history_name, history_name_to_pb};
use crate::grpc::convert::{call, page_of, read};
use crate::store::Page;
use crate::store::tariff_coefficients::{CoefficientKey, OneCoefficient};

/// What makes coefficients, with the version of its forms.
const CALCULATOR: &str = "institution_coefficient/1";

const MAX_INSTITUTIONS: usize = 5_000;
const MAX_GROUPS: usize = 5_000;

pub(in crate::grpc) fn compute_coefficients(
    context: &Context,
    request: &pb::ComputeCoefficientsRequest,
) -> Result<ComputeCoefficients, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", tariff_name(context, &request.name));
    let history = bad.take("history", history_name(context, &request.history));
    let given = bad.require("parameters", request.parameters.as_ref());
    let parameters = given.and_then(|given| bad.within("parameters", |bad| parameters(bad, given)));
    let levels = levels(&mut bad, "levels", &request.levels);
    let expected_version = bad.take("etag", version_from_etag(&request.etag));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| {
        Some(ComputeCoefficients {
            call: call?,
            tariff: name?.1,
            expected_version: expected_version?,
            history: history?.1,
            parameters: parameters?,
            levels: levels?,
        })
    })
}

fn parameters(bad: &mut Violations, given: &pb::CoefficientParameters) -> Option<Parameters> {
    let made = match &given.form {
        Some(PbForm::LevelTable(table)) => {
            bad.within("level_table", |bad| level_table(bad, table)).map(Parameters::of)
        }
        Some(PbForm::Hospital(true)) => Some(Parameters::of(Form::Hospital)),
        Some(PbForm::Blended(given)) => bad.within("blended", |bad| blended(bad, given)),
        Some(PbForm::Hospital(false)) | None => {
            bad.add("form", "must be one of the forms");
            None
        }
    };
    if given.basic_drgs.len() > MAX_GROUPS {
        bad.add("basic_drgs", format!("must be at most {MAX_GROUPS}"));
    }
    let basic = bad.each("basic_drgs", &given.basic_drgs, |bad, code| bad.take("", code.parse()));
    let decimals = bad.take("decimals", decimals(given.decimals));
    let mut parameters = made?;
    parameters.basic_groups = basic?.into_iter().collect::<BTreeSet<GroupCode>>();
    if let Some(decimals) = decimals? {
        parameters.decimals = decimals;
        parameters.by_default.remove("decimals");
    }
    if let Err(errors) = parameters.check() {
        for error in errors {
            bad.add("", error.to_string());
        }
        return None;
    }
    Some(parameters)
}

fn decimals(given: Option<i32>) -> Result<Option<u32>, String> {
    let Some(given) = given else { return Ok(None) };
    let decimals = u32::try_from(given).ok().filter(|n| *n <= MAX_DECIMALS);
    decimals.map(Some).ok_or_else(|| format!("must be 0 to {MAX_DECIMALS}"))
}

fn level_table(bad: &mut Violations, table: &pb::LevelTable) -> Option<Form> {
    let rows = bad.each("levels", &table.levels, |bad, row| {
        let level = bad.take("level", level(row.level));
        let coefficient: Option<Coefficient> = bad.take("coefficient", row.coefficient.parse());
        Some((level?, coefficient?))
    })?;
    let told = "must name at least one level, each once";
    if rows.is_empty() {
        bad.add("levels", told);
    }
    once(bad, "levels", rows, told).map(Form::Level)
}

fn blended(bad: &mut Violations, given: &pb::BlendedForm) -> Option<Parameters> {
    let default = Blended::default();
    let share = bad.take_text("level_rate", &given.level_rate, str::parse::<Rate>);
    let few =
        bad.take_if("few_cases", given.few_cases, |n| u64::try_from(n).map_err(|_| "must not be negative"));
    let low = bad.take_text("low_coefficient", &given.low_coefficient, str::parse);
    let high = bad.take_text("high_coefficient", &given.high_coefficient, str::parse);
    let (share, few, low, high) = (share?, few?, low?, high?);
    let mut parameters = Parameters::blended();
    parameters.form = Form::Blended(Blended {
        level_share: share.unwrap_or(default.level_share),
        few_cases: few.unwrap_or(default.few_cases),
        low: low.unwrap_or(default.low),
        high: high.unwrap_or(default.high),
    });
    let said = [share.is_some(), few.is_some(), low.is_some(), high.is_some()];
    for ((name, _), _) in BLENDED_FIELDS.iter().zip(said).filter(|(_, said)| *said) {
        parameters.by_default.remove(*name);
    }
    Some(parameters)
}

/// What parts of a blended form are called in the library and in messages.
pub(super) const BLENDED_FIELDS: [(&str, &str); 4] = [
    ("level_share", "level_rate"),
    ("few_cases", "few_cases"),
    ("low", "low_coefficient"),
    ("high", "high_coefficient"),
];

pub(super) fn levels(bad: &mut Violations, field: &str, given: &[pb::InstitutionLevel]) -> Option<Levels> {
    if given.len() > MAX_INSTITUTIONS {
        bad.add(field, format!("must be at most {MAX_INSTITUTIONS}"));
        return None;
    }
    let rows = bad.each(field, given, |bad, row| {
        let institution: Option<InstitutionCode> = bad.take("institution_code", row.institution_code.parse());
        let level = bad.take("level", level(row.level));
        Some((institution?, level?))
    })?;
    once(bad, field, rows, "must name each institution once")
}

pub(super) fn one_coefficient(
    bad: &mut Violations,
    given: &pb::InstitutionCoefficient,
) -> Option<OneCoefficient> {
    let institution = bad.take("institution_code", given.institution_code.parse());
    let group = bad.take_text("drg", &given.drg, str::parse);
    let coefficient = bad.take("coefficient", given.coefficient.parse());
    Some((institution?, group?, coefficient?))
}

pub(in crate::grpc) fn list_coefficients(
    context: &Context,
    request: &pb::ListCoefficientsRequest,
) -> Result<(Read, Uuid, Page<CoefficientKey>), Violations> {
    page_of(context, tariff_name, &request.parent, request.page_size, &request.page_token)
}

/// Which coefficient is to be explained.
pub(in crate::grpc) struct Which {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) tariff: Uuid,
    pub(in crate::grpc) institution: InstitutionCode,
    pub(in crate::grpc) group: GroupCode,
}

pub(in crate::grpc) fn explain_coefficient(
    context: &Context,
    request: &pb::ExplainCoefficientRequest,
) -> Result<Which, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", tariff_name(context, &request.name));
    let institution = bad.take("institution_code", own_institution(context, &request.institution_code));
    let group = bad.take("drg", request.drg.parse());
    bad.finish(|| {
        let (area, tariff) = name?;
        Some(Which { read: read(context, area), tariff, institution: institution?, group: group? })
    })
}

/// The institution whose coefficient it is: an institution asks for its own.
fn own_institution(context: &Context, code: &str) -> Result<InstitutionCode, FieldProblem> {
    let institution: InstitutionCode = code.parse()?;
    context.owns_institution(&institution)?;
    Ok(institution)
}

pub(in crate::grpc) fn coefficients_to_pb(
    coefficients: Vec<OneCoefficient>,
    size: usize,
    request: &pb::ListCoefficientsRequest,
) -> pb::ListCoefficientsResponse {
    let code = |group: &Option<GroupCode>| group.as_ref().map(ToString::to_string).unwrap_or_default();
    let key = |(institution, group, _): &OneCoefficient| (institution.to_string(), code(group));
    let (coefficients, next_page_token) = split_page(coefficients, size, key, &[&request.parent]);
    let one = |(institution, group, coefficient): OneCoefficient| pb::InstitutionCoefficient {
        institution_code: institution.to_string(),
        drg: code(&group),
        coefficient: coefficient.to_string(),
    };
    pb::ListCoefficientsResponse {
        coefficients: coefficients.into_iter().map(one).collect(),
        next_page_token,
    }
}

pub(in crate::grpc) fn explained_to_pb(
    explained: &ExplainedCoefficient,
    request: &pb::ExplainCoefficientRequest,
) -> pb::ExplainCoefficientResponse {
    let ExplainedCoefficient { made, basis } = explained;
    let tree = made.derivation.clone().under("", &hex::encode(basis.content_digest), CALCULATOR);
    pb::ExplainCoefficientResponse {
        coefficient: Some(pb::InstitutionCoefficient {
            institution_code: request.institution_code.clone(),
            drg: request.drg.clone(),
            coefficient: made.coefficient.to_string(),
        }),
        made: how_zh(&made.how),
        derivation: Some((&tree).into()),
    }
}

fn how_zh(how: &How) -> String {
    match how {
        How::Basic => "基础病组".to_owned(),
        How::LevelTable => "级别系数".to_owned(),
        How::Hospital => "本院病例".to_owned(),
        How::Blended => "本院与同级别病例加权".to_owned(),
        How::Level(level) => format!("{}病例", level.zh()),
        How::NoCases => "无可比病例".to_owned(),
    }
}

pub(super) fn levels_to_pb(levels: &Levels) -> Vec<pb::InstitutionLevel> {
    let level = |(institution, level): (&InstitutionCode, &Level)| pb::InstitutionLevel {
        institution_code: institution.to_string(),
        level: level.get().into(),
    };
    levels.iter().map(level).collect()
}

pub(super) fn basis_to_pb(area: &Area, basis: &CoefficientBasis) -> pb::CoefficientBasis {
    pb::CoefficientBasis {
        history: history_name_to_pb(area, basis.history),
        content_digest: hex::encode(basis.content_digest),
        parameters: Some(parameters_to_pb(&basis.parameters)),
        levels: levels_to_pb(&basis.levels),
    }
}

fn parameters_to_pb(parameters: &Parameters) -> pb::CoefficientParameters {
    let form = match &parameters.form {
        Form::Level(table) => {
            let row = |(level, coefficient): (&Level, &Coefficient)| pb::LevelCoefficient {
                level: level.get().into(),
                coefficient: coefficient.to_string(),
            };
            PbForm::LevelTable(pb::LevelTable { levels: table.iter().map(row).collect() })
        }
        Form::Hospital => PbForm::Hospital(true),
        Form::Blended(blended) => PbForm::Blended(pb::BlendedForm {
            level_rate: blended.level_share.to_string(),
            few_cases: i32::try_from(blended.few_cases).ok(),
            low_coefficient: blended.low.to_string(),
            high_coefficient: blended.high.to_string(),
        }),
    };
    pb::CoefficientParameters {
        form: Some(form),
        basic_drgs: parameters.basic_groups.iter().map(ToString::to_string).collect(),
        decimals: i32::try_from(parameters.decimals).ok(),
    }
}
