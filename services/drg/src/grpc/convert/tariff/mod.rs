//! Messages of `TariffService`.

pub(in crate::grpc) mod adoption;
pub(in crate::grpc) mod coefficients;
pub(in crate::grpc) mod explanation;
pub(in crate::grpc) mod group;
pub(in crate::grpc) mod import;
pub(in crate::grpc) mod indicators;
pub(in crate::grpc) mod make;
mod parameters;
pub(in crate::grpc) mod proposal;
pub(in crate::grpc) mod resource;
pub(in crate::grpc) mod what_if;

use medfund_server::convert::uuid;
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::Area;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{page, read};
use crate::app::Read;
use crate::store::Page;

const TARIFF: &str = "areas/{area}/tariffs/{tariff}";

fn tariff_name(context: &Context, name: &str) -> Result<(Area, Uuid), FieldProblem> {
    let name = context.name::<1>(TARIFF, name)?;
    Ok((name.area, uuid(name.ids[0])?))
}

/// Takes a page of what a tariff has; its token is bound to the tariff.
fn page_of<K: DeserializeOwned>(
    context: &Context,
    parent: &str,
    size: i32,
    token: &str,
) -> Result<(Read, Uuid, Page<K>), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("parent", tariff_name(context, parent));
    let page = page(&mut bad, parent, size, token);
    bad.finish(|| {
        let (area, id) = name?;
        Some((read(context, area), id, page?))
    })
}

fn tariff_name_to_pb(area: &Area, id: Uuid) -> String {
    format!("areas/{area}/tariffs/{id}")
}
