use std::collections::{BTreeMap, BTreeSet};

use medfund_proto::drg::v1 as pb;
use medfund_rows::Limits;
use medfund_server::{Context, FieldProblem, Violations};
use medfund_tariff::table::{self, Problem, ReadTable, Words};
use medfund_tariff::{Group, GroupCode, Tariff as Groups};
use medfund_types::{FundLine, FundYear, InstitutionCode};
use sha2::{Digest, Sha256};

use super::bounds::{base_points, is_amount};
use super::coefficients::levels;
use super::group::{called, institutions};
use super::resource::tariff_to_pb;
use super::{once, tariff_name};
use crate::app::Read;
use crate::app::tariff::import_tariff::{Fit, ImportTariff};
use crate::domain::tariff::Tariff;
use crate::grpc::convert::{call, read, scheme_name};

const MAX_BYTES: usize = 2 << 20;
const MAX_PROBLEMS: usize = 1_000;

/// How many missing groups are named.
const N_NAMED: usize = 20;

/// A table that was read.
pub(in crate::grpc) struct ReadImport {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) command: ImportTariff,
    lines: BTreeMap<GroupCode, usize>,
    problems: Vec<pb::TariffProblem>,
    remarks: Vec<String>,
}

/// The command, if nothing is wrong with a table, and what there is to tell.
pub(in crate::grpc) struct Import {
    pub(in crate::grpc) command: Option<ImportTariff>,
    pub(in crate::grpc) answer: pb::ImportTariffResponse,
}

pub(in crate::grpc) fn import_tariff(
    context: &Context,
    request: &pb::ImportTariffRequest,
) -> Result<ReadImport, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", tariff_name(context, &request.name));
    let fund_year = bad.take("fund_year", FundYear::try_from(request.fund_year));
    let scheme = bad.take("scheme", scheme_name(context, &request.scheme));
    let words = words(&mut bad, request);
    let table = words.and_then(|words| bad.take("content", read_table(&request.content, &words)));
    let base_points = bad.take("base_points", base_points(&request.base_points));
    let levels = levels(&mut bad, "levels", &request.levels);
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| {
        let (table, (area, id), scheme) = (table?, name?, scheme?.1);
        let mut problems: Vec<pb::TariffProblem> = table.problems.iter().map(problem_to_pb).collect();
        problems.extend(table.tariff.groups().filter_map(|group| out_of_bounds(group, &table.lines)));
        let command = ImportTariff {
            call: call?,
            id,
            fund_year: fund_year?,
            scheme,
            base_points: base_points?,
            file_digest: Sha256::digest(&request.content).into(),
            groups: table.tariff,
            levels: levels?,
        };
        let mut remarks: Vec<String> = table.remarks.iter().map(ToString::to_string).collect();
        remarks.extend(without_code(&command.groups));
        remarks.extend(without_levels(&command));
        Some(ReadImport { read: read(context, area), command, lines: table.lines, problems, remarks })
    })
}

impl ReadImport {
    /// Tells what of the table does not fit its scheme, beside what else is to tell.
    pub(in crate::grpc) fn held_against(self, fit: &Fit) -> Import {
        let Self { command, lines, mut problems, mut remarks, .. } = self;
        problems.extend(
            fit.unknown.iter().map(|code| problem(&lines, code, format!("分组方案中没有病组{code}"))),
        );
        problems.sort_by_key(|problem| problem.line_number);
        problems.truncate(MAX_PROBLEMS);
        if !fit.missing.is_empty() {
            let named: Vec<&str> = fit.missing.iter().take(N_NAMED).map(GroupCode::as_str).collect();
            let n_missing = fit.missing.len();
            let more = if n_missing > N_NAMED { ", …" } else { "" };
            remarks.push(format!(
                "{n_missing} groups of the scheme are not in the table: {}{more}",
                named.join(", ")
            ));
        }
        let is_good = problems.is_empty();
        let answer = pb::ImportTariffResponse { tariff: None, problems, remarks };
        Import { command: Some(command).filter(|_| is_good), answer }
    }
}

fn problem(lines: &BTreeMap<GroupCode, usize>, code: &GroupCode, text_zh: String) -> pb::TariffProblem {
    let line = lines.get(code).copied().unwrap_or_default();
    pb::TariffProblem { line_number: i32::try_from(line).unwrap_or(i32::MAX), column: String::new(), text_zh }
}

/// Tells of institutions that standards or coefficients are for and whose code nobody told.
fn without_code(groups: &Groups) -> Option<String> {
    let standards = groups.groups().flat_map(|group| group.standards.iter().map(|(scope, _)| scope));
    let coefficients = groups.groups().flat_map(|group| group.coefficients.iter().map(|(scope, _)| scope));
    let named: BTreeSet<&str> =
        standards.chain(coefficients).flat_map(|scope| &scope.institutions).map(String::as_str).collect();
    let unknown: Vec<&str> =
        named.into_iter().filter(|name| name.parse::<InstitutionCode>().is_err()).collect();
    let told = || format!("what is for {} pays nobody's case: no code is told of it", unknown.join(", "));
    (!unknown.is_empty()).then(told)
}

/// Tells of standards and coefficients by level where nobody told which institution is of which.
fn without_levels(command: &ImportTariff) -> Option<String> {
    let told = || {
        "what is by level pays nobody's case, and the tariff is not published: no institution's level is told \
         (`levels`, here or of ComputeCoefficients)"
            .to_owned()
    };
    (command.levels.is_empty() && command.groups.is_by_level()).then(told)
}

/// A standard of the group that none of a tariff can be.
fn out_of_bounds(group: &Group, lines: &BTreeMap<GroupCode, usize>) -> Option<pb::TariffProblem> {
    let is_good = group.standards.iter().all(|(_, standard)| is_amount(*standard));
    (!is_good).then(|| problem(lines, &group.code, format!("{}的支付标准过大", group.code)))
}

fn words(bad: &mut Violations, request: &pb::ImportTariffRequest) -> Option<Words> {
    let named = bad.each("fund_line_words", &request.fund_line_words, |bad, given| {
        let word = bad.take("word", called(&given.word));
        let fund_line: Option<FundLine> = bad.take("fund_line", given.fund_line.parse());
        Some((word?, fund_line?))
    });
    let fund_lines = named.and_then(|named| once(bad, "fund_line_words", named, "must have each word once"));
    let known = bad.each("institution_words", &request.institution_words, |bad, given| {
        let word = bad.take("word", called(&given.word));
        let institution: Option<InstitutionCode> =
            bad.take("institution_code", given.institution_code.parse());
        Some((word?, institution?.to_string()))
    });
    let unknown = institutions(bad, &request.institutions);
    let unknown = unknown.map(|unknown| unknown.into_iter().map(|word| (word.clone(), word)));
    let named = known.zip(unknown).map(|(known, unknown)| known.into_iter().chain(unknown).collect());
    let told = "must have each word once, and none of institutions";
    let institutions = named.and_then(|named| once(bad, "institution_words", named, told));
    Some(Words { fund_lines: fund_lines?, institutions: institutions? })
}

fn read_table(content: &[u8], words: &Words) -> Result<ReadTable, FieldProblem> {
    if content.is_empty() || content.len() > MAX_BYTES {
        return Err(FieldProblem::Malformed(format!("must have 1 to {MAX_BYTES} bytes")));
    }
    let rows = medfund_rows::texts(&medfund_rows::rows(content, Limits::OF_A_REQUEST)?);
    Ok(table::read(rows.iter().map(|(line, cells)| (*line, cells.as_slice())), words))
}

fn problem_to_pb(problem: &Problem) -> pb::TariffProblem {
    pb::TariffProblem {
        line_number: i32::try_from(problem.line).unwrap_or(i32::MAX),
        column: problem.column.clone(),
        text_zh: problem.fault.zh(),
    }
}

pub(in crate::grpc) fn imported_to_pb(
    answer: pb::ImportTariffResponse,
    tariff: Option<&Tariff>,
) -> pb::ImportTariffResponse {
    pb::ImportTariffResponse { tariff: tariff.map(tariff_to_pb), ..answer }
}
