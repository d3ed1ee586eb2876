//! Messages to commands and back; every bad field of a request is told at once.

pub(super) mod budget;
pub(super) mod calendar;
pub(super) mod decision;
pub(super) mod policy;
pub(super) mod task;

use medfund_db::Call;
use medfund_server::{Context, FieldProblem, Violations, convert};
use medfund_types::{Area, FundYear};
use serde::de::DeserializeOwned;

use crate::app::{Page, Read};
use crate::domain::key::fund_year;

const FUND_YEAR: &str = "areas/{area}/fundYears/{fund_year}";

/// Takes the `request_id` and makes the call that the write path needs.
fn call(
    bad: &mut Violations,
    context: &Context,
    area: Option<&Area>,
    request_id: &str,
    dry_run: bool,
) -> Option<Call> {
    let request_id = bad.take("request_id", convert::request_id(request_id));
    Some(context.call(area?.clone(), request_id?, dry_run))
}

fn read(context: &Context, area: Area) -> Read {
    Read { caller: context.caller().clone(), area }
}

/// Takes a page; its token is bound to the caller's other arguments.
fn page<K: DeserializeOwned>(bad: &mut Violations, parent: &str, size: i32, token: &str) -> Option<Page<K>> {
    page_of(bad, &[parent], size, token)
}

/// As [`page`], with other arguments besides the parent.
fn page_of<K: DeserializeOwned>(
    bad: &mut Violations,
    bound_to: &[&str],
    size: i32,
    token: &str,
) -> Option<Page<K>> {
    let size = bad.take("page_size", convert::page_size(size));
    let after = bad.take("page_token", convert::page_cursor(token, bound_to));
    Some(Page { after: after?, size: size? })
}

/// Reads the name of a fund year.
fn fund_year_name(context: &Context, name: &str) -> Result<(Area, FundYear), FieldProblem> {
    let name = context.name::<1>(FUND_YEAR, name)?;
    let year = fund_year(name.ids[0]);
    let year = year.ok_or_else(|| FieldProblem::Malformed(format!("must have the form `{FUND_YEAR}`")))?;
    Ok((name.area, year))
}

/// Reads a text that must be there, within `max` characters.
fn text(text: String, max: usize) -> Result<String, FieldProblem> {
    if text.trim().is_empty() {
        return Err(FieldProblem::Malformed("must be given".to_owned()));
    }
    optional_text(text, max)
}

/// Reads a text that may be empty, within `max` characters that a database takes.
fn optional_text(text: String, max: usize) -> Result<String, FieldProblem> {
    if text.chars().count() > max {
        return Err(FieldProblem::Malformed(format!("must be at most {max} characters")));
    }
    if text.contains('\0') {
        return Err(FieldProblem::Malformed("must not hold a NUL character".to_owned()));
    }
    Ok(text)
}
