use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, FundLine, FundYear};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::{Page, Read};
use crate::domain::key::{BudgetKey, InstitutionKey, fund_year};
use crate::grpc::convert::decision::decision_name;
use crate::grpc::convert::{fund_year_name, page, read};

fn malformed(pattern: &str) -> FieldProblem {
    FieldProblem::Malformed(format!("must have the form `{pattern}`"))
}

/// Reads a name `areas/{area}/{collection}/{fund_year}-{fund_line}-{district}`.
pub(super) fn key(context: &Context, collection: &str, name: &str) -> Result<BudgetKey, FieldProblem> {
    let parsed = context.name::<1>(&format!("areas/{{area}}/{collection}/{{id}}"), name)?;
    let form = format!("areas/{{area}}/{collection}/{{fund_year}}-{{fund_line}}-{{district}}");
    BudgetKey::from_id(parsed.area, parsed.ids[0]).ok_or_else(|| malformed(&form))
}

/// Reads a name `areas/{area}/{collection}/{fund_year}-{fund_line}-{institution_code}`.
pub(super) fn institution_key(
    context: &Context,
    collection: &str,
    name: &str,
) -> Result<InstitutionKey, FieldProblem> {
    let parsed = context.name::<1>(&format!("areas/{{area}}/{collection}/{{id}}"), name)?;
    let form = format!("areas/{{area}}/{collection}/{{fund_year}}-{{fund_line}}-{{institution_code}}");
    let key = InstitutionKey::from_id(parsed.area, parsed.ids[0]).ok_or_else(|| malformed(&form))?;
    context.owns_institution(&key.institution)?;
    Ok(key)
}

/// Reads the name of a fund line's allotment.
pub(super) fn allotment_name(
    context: &Context,
    name: &str,
) -> Result<(Area, FundYear, FundLine), FieldProblem> {
    let form = "areas/{area}/primaryCareAllotments/{fund_year}-{fund_line}";
    let parsed = context.name::<1>("areas/{area}/primaryCareAllotments/{id}", name)?;
    let (year, line) = parsed.ids[0].split_once('-').ok_or_else(|| malformed(form))?;
    let year = fund_year(year).ok_or_else(|| malformed(form))?;
    Ok((parsed.area, year, line.parse()?))
}

/// Reads the name of a decision; the decision must be of the same area.
pub(super) fn decision(context: &Context, name: &str) -> Result<Uuid, FieldProblem> {
    decision_name(context, name).map(|(_, id)| id)
}

pub(in crate::grpc) fn budget_key(
    context: &Context,
    field: &str,
    collection: &str,
    name: &str,
) -> Result<(Read, BudgetKey), Violations> {
    let mut bad = Violations::default();
    let key = bad.take(field, key(context, collection, name));
    bad.finish(|| key.map(|key| (read(context, key.area.clone()), key)))
}

pub(in crate::grpc) fn get_allotment(
    context: &Context,
    name: &str,
) -> Result<(Read, FundYear, FundLine), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", allotment_name(context, name));
    bad.finish(|| name.map(|(area, fund_year, fund_line)| (read(context, area), fund_year, fund_line)))
}

pub(in crate::grpc) fn list_of_decomposition<K: DeserializeOwned>(
    context: &Context,
    parent: &str,
    size: i32,
    token: &str,
) -> Result<(Read, BudgetKey, Page<K>), Violations> {
    let mut bad = Violations::default();
    let key = bad.take("parent", key(context, "decompositions", parent));
    let page = page(&mut bad, parent, size, token);
    bad.finish(|| {
        let key = key?;
        Some((read(context, key.area.clone()), key, page?))
    })
}

pub(in crate::grpc) fn list_of_year<K: DeserializeOwned>(
    context: &Context,
    parent: &str,
    size: i32,
    token: &str,
) -> Result<(Read, FundYear, Page<K>), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("parent", fund_year_name(context, parent));
    let page = page(&mut bad, parent, size, token);
    bad.finish(|| {
        let (area, fund_year) = name?;
        Some((read(context, area), fund_year, page?))
    })
}

pub(in crate::grpc) fn list_of_area<K: DeserializeOwned>(
    context: &Context,
    parent: &str,
    size: i32,
    token: &str,
) -> Result<(Read, Page<K>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(parent));
    let page = page(&mut bad, parent, size, token);
    bad.finish(|| Some((read(context, area?), page?)))
}

pub(in crate::grpc) fn area(context: &Context, parent: &str) -> Result<Read, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(parent));
    bad.finish(|| area.map(|area| read(context, area)))
}

/// The name of an amount; what it names is looked up as it stands.
pub(in crate::grpc) fn amount(context: &Context, name: String) -> Result<(Read, String), Violations> {
    let mut bad = Violations::default();
    let area = name.strip_prefix("areas/").and_then(|rest| rest.split_once('/')).map(|(area, _)| area);
    let area = bad.take("name", area.ok_or("must begin with `areas/{area}/`"));
    let area = area.and_then(|area| bad.take("name", context.area(&format!("areas/{area}"))));
    bad.finish(|| area.map(|area| (read(context, area), name)))
}
