//! Messages to commands and back; every bad field of a request is told at once.

pub(super) mod adoption;
pub(super) mod batch;
mod case;
pub(super) mod check;
mod choice;
pub(super) mod comparison;
pub(super) mod crosswalk;
mod explanation;
mod grouped;
pub(super) mod grouping;
pub(super) mod history;
pub(super) mod scheme;
pub(super) mod tariff;

use medfund_db::Call;
use medfund_server::{Context, FieldProblem, Violations, convert};
use medfund_types::Area;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::Read;
use crate::domain::crosswalk::CrosswalkHash;
use crate::domain::scheme::SchemeHash;
use crate::store::Page;

const SCHEME: &str = "areas/{area}/schemes/{scheme_hash}";
const CROSSWALK: &str = "areas/{area}/crosswalks/{crosswalk_hash}";

/// Takes the `request_id` and makes the call that the write path needs.
fn call(bad: &mut Violations, context: &Context, area: Option<&Area>, request_id: &str) -> Option<Call> {
    let request_id = bad.take("request_id", convert::request_id(request_id));
    Some(context.call(area?.clone(), request_id?, false))
}

pub(super) fn read(context: &Context, area: Area) -> Read {
    Read { caller: context.caller().clone(), area }
}

/// What a name names in an area, or what is wrong with it.
type Named<N> = Result<(Area, N), FieldProblem>;

/// The id in a name like `areas/{area}/batches/{batch}`.
fn id_named(context: &Context, pattern: &str, name: &str) -> Named<Uuid> {
    let name = context.name::<1>(pattern, name)?;
    Ok((name.area, convert::uuid(name.ids[0])?))
}

/// A read of what a name names.
fn named<N>(context: &Context, field: &str, name: Named<N>) -> Result<(Read, N), Violations> {
    let mut bad = Violations::default();
    let name = bad.take(field, name);
    bad.finish(|| name.map(|(area, id)| (read(context, area), id)))
}

/// A call that changes what a name names.
fn changed<N>(context: &Context, name: Named<N>, request_id: &str) -> Result<(Call, N), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", name);
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), request_id);
    bad.finish(|| Some((call?, name?.1)))
}

/// A page of what an area has.
fn listed<K: DeserializeOwned>(
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

/// A page of what something of an area has.
fn page_of<N, K: DeserializeOwned>(
    context: &Context,
    name: impl FnOnce(&Context, &str) -> Named<N>,
    parent: &str,
    size: i32,
    token: &str,
) -> Result<(Read, N, Page<K>), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("parent", name(context, parent));
    let page = page(&mut bad, parent, size, token);
    bad.finish(|| {
        let (area, id) = name?;
        Some((read(context, area), id, page?))
    })
}

/// Takes a page; its token is bound to what it is a page of.
fn page<K: DeserializeOwned>(bad: &mut Violations, parent: &str, size: i32, token: &str) -> Option<Page<K>> {
    let size = bad.take("page_size", convert::page_size(size));
    let after = bad.take("page_token", convert::page_cursor(token, &[parent]));
    Some(Page { after: after?, size: size? })
}

fn scheme_name(context: &Context, name: &str) -> Result<(Area, SchemeHash), FieldProblem> {
    let name = context.name::<1>(SCHEME, name)?;
    Ok((name.area, name.ids[0].parse::<SchemeHash>()?))
}

fn scheme_name_to_pb(area: &Area, hash: &SchemeHash) -> String {
    format!("areas/{area}/schemes/{hash}")
}

fn crosswalk_name(context: &Context, name: &str) -> Result<(Area, CrosswalkHash), FieldProblem> {
    let name = context.name::<1>(CROSSWALK, name)?;
    Ok((name.area, name.ids[0].parse::<CrosswalkHash>()?))
}

fn crosswalk_name_to_pb(area: &Area, hash: &CrosswalkHash) -> String {
    format!("areas/{area}/crosswalks/{hash}")
}
