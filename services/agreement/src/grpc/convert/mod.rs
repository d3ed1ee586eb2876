//! Messages to commands and back; every bad field of a request is told at once.

pub(crate) mod agreement;
pub(crate) mod assessment;
pub(crate) mod derivation;
pub(crate) mod disclosure;
pub(crate) mod inspection;
pub(crate) mod institution;
mod terms;

use std::collections::HashSet;

use medfund_db::Call;
use medfund_money::Exact;
use medfund_policy::PaymentMethod;
use medfund_proto::agreement::v1 as pb;
use medfund_proto::types::v1 as types;
use medfund_server::{Context, FieldProblem, Violations, convert};
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::{Confirm, OfYear, Read};
use crate::domain::indicators::Measured;
use crate::domain::record::Head;
use crate::domain::two_persons::TwoPersons;
use crate::events::method_to_pb;
use crate::store::Page;

const FUND_YEAR: &str = "areas/{area}/fundYears/{fund_year}";
const MAX_MEASURED: usize = 100;
const MAX_DECIMAL: usize = 30;
pub(super) const MAX_TEXT: usize = 200;
pub(super) const MAX_ID: usize = 64;

/// Takes the `request_id` and makes the call that the write path needs.
fn call(bad: &mut Violations, context: &Context, area: Option<&Area>, request_id: &str) -> Option<Call> {
    let request_id = bad.take("request_id", convert::request_id(request_id));
    Some(context.call(area?.clone(), request_id?, false))
}

fn read(context: &Context, area: Area) -> Read {
    Read { caller: context.caller().clone(), area }
}

/// Takes a page; its token is bound to the request's other arguments.
fn page<K: DeserializeOwned>(
    bad: &mut Violations,
    bound_to: &[&str],
    size: i32,
    token: &str,
) -> Option<Page<K>> {
    let size = bad.take("page_size", convert::page_size(size));
    let after = bad.take("page_token", convert::page_cursor(token, bound_to));
    Some(Page { after: after?, size: size? })
}

/// Reads a name whose last part is a UUID.
fn id_name(context: &Context, pattern: &str, name: &str) -> Result<(Area, Uuid), FieldProblem> {
    let name = context.name::<1>(pattern, name)?;
    Ok((name.area, convert::uuid(name.ids[0])?))
}

/// Reads the name of a fund year.
fn fund_year_name(context: &Context, name: &str) -> Result<(Area, FundYear), FieldProblem> {
    let name = context.name::<1>(FUND_YEAR, name)?;
    Ok((name.area, fund_year(name.ids[0])?))
}

/// Reads a fund year in its written form.
fn fund_year(text: &str) -> Result<FundYear, FieldProblem> {
    let year = text.parse::<i32>().ok().and_then(|year| FundYear::try_from(year).ok());
    let year = year.filter(|year| year.to_string() == text);
    year.ok_or_else(|| FieldProblem::Malformed("must be a fund year from 2000 to 2100".to_owned()))
}

/// Reads a text that must be there, within `max` characters.
fn text(text: String, max: usize) -> Result<String, FieldProblem> {
    if text.trim().is_empty() {
        return Err(FieldProblem::Malformed("must be given".to_owned()));
    }
    if text.chars().count() > max {
        return Err(FieldProblem::Malformed(format!("must be at most {max} characters")));
    }
    Ok(text)
}

/// Reads a national code of a physician: letters and digits.
fn physician(code: &str) -> Result<String, FieldProblem> {
    if code.len() <= 20 && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(code.to_owned());
    }
    Err(FieldProblem::Malformed("must be a national code of at most 20 letters and digits".to_owned()))
}

/// Reads an exact decimal of sensible length.
fn decimal(text: &str) -> Result<Exact, FieldProblem> {
    if text.len() > MAX_DECIMAL {
        return Err(FieldProblem::Malformed(format!("must be at most {MAX_DECIMAL} characters")));
    }
    Ok(text.parse::<Exact>()?)
}

/// Takes an institution's code, which must be the caller's own if it is bound to one.
fn institution_code(bad: &mut Violations, context: &Context, code: &str) -> Option<InstitutionCode> {
    let code = bad.take("institution_code", code.parse::<InstitutionCode>())?;
    bad.take("institution_code", context.owns_institution(&code))?;
    Some(code)
}

/// Takes what every record has; the caller is its maker.
fn head(
    bad: &mut Violations,
    context: &Context,
    (pattern, name): (&str, &str),
    fund_year: i32,
    code: &str,
) -> Option<Head> {
    let name = bad.take("name", id_name(context, pattern, name));
    let fund_year = bad.take("fund_year", FundYear::try_from(fund_year));
    let institution = institution_code(bad, context, code);
    let (area, id) = name?;
    let persons = TwoPersons::made_by(&context.caller().subject);
    Some(Head { area, id, fund_year: fund_year?, institution: institution?, persons })
}

/// Takes measured values: each indicator once.
fn measured(bad: &mut Violations, values: Vec<pb::MeasuredValue>, at_least: usize) -> Option<Vec<Measured>> {
    if values.len() < at_least || values.len() > MAX_MEASURED {
        bad.add("measured_values", format!("must be {at_least} to {MAX_MEASURED} values"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("measured_values", values, |bad, value| {
        let indicator = bad.take("indicator", text(value.indicator, MAX_ID));
        let number = bad.take("measured_value", decimal(&value.measured_value));
        let indicator = indicator?;
        if !seen.insert(indicator.clone()) {
            bad.add("indicator", "must not be given twice");
            return None;
        }
        Some(Measured { indicator, value: number? })
    })
}

fn measured_to_pb(measured: &[Measured]) -> Vec<pb::MeasuredValue> {
    let value = |m: &Measured| pb::MeasuredValue {
        indicator: m.indicator.clone(),
        measured_value: m.value.to_string(),
    };
    measured.iter().map(value).collect()
}

/// Reads a request that confirms the record named `name`.
pub(super) fn confirm(
    context: &Context,
    pattern: &str,
    name: &str,
    request_id: &str,
) -> Result<Confirm, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", id_name(context, pattern, name));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), request_id);
    bad.finish(|| Some(Confirm { call: call?, id: name?.1 }))
}

/// Reads a request that gets the record named `name`.
pub(super) fn get(context: &Context, pattern: &str, name: &str) -> Result<(Read, Uuid), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", id_name(context, pattern, name));
    bad.finish(|| name.map(|(area, id)| (read(context, area), id)))
}

/// What all lists of a fund year are asked by.
pub(super) struct YearQuery<'a> {
    pub(super) parent: &'a str,
    pub(super) institution_code: &'a str,
    pub(super) page_size: i32,
    pub(super) page_token: &'a str,
}

impl YearQuery<'_> {
    /// What a page token is bound to.
    pub(super) fn bound_to(&self) -> [&str; 2] {
        [self.parent, self.institution_code]
    }

    pub(super) fn wanted(&self, context: &Context) -> Result<OfYear, Violations> {
        let mut bad = Violations::default();
        let parent = bad.take("parent", fund_year_name(context, self.parent));
        let code = bad.take_text("institution_code", self.institution_code, str::parse::<InstitutionCode>);
        let page = page(&mut bad, &self.bound_to(), self.page_size, self.page_token);
        bad.finish(|| {
            let (area, fund_year) = parent?;
            Some(OfYear { read: read(context, area), fund_year, code: code?, page: page? })
        })
    }
}

/// Makes a [`YearQuery`] of a list request of a fund year.
macro_rules! year_query {
    ($request:expr) => {
        $crate::grpc::convert::YearQuery {
            parent: &$request.parent,
            institution_code: &$request.institution_code,
            page_size: $request.page_size,
            page_token: &$request.page_token,
        }
    };
}
pub(super) use year_query;

fn method(number: i32) -> Result<PaymentMethod, FieldProblem> {
    let known = types::PaymentMethod::try_from(number).ok();
    let found = PaymentMethod::ALL.iter().find(|method| Some(method_to_pb(**method)) == known);
    found.copied().ok_or_else(|| FieldProblem::Malformed("must be a known payment method".to_owned()))
}
