//! Messages of `TariffService`.

pub(in crate::grpc) mod adoption;
pub(super) mod bounds;
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

use std::collections::BTreeMap;

use medfund_server::convert::uuid;
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::Area;
use uuid::Uuid;

const TARIFF: &str = "areas/{area}/tariffs/{tariff}";

fn tariff_name(context: &Context, name: &str) -> Result<(Area, Uuid), FieldProblem> {
    let name = context.name::<1>(TARIFF, name)?;
    Ok((name.area, uuid(name.ids[0])?))
}

fn tariff_name_to_pb(area: &Area, id: Uuid) -> String {
    format!("areas/{area}/tariffs/{id}")
}

/// Takes rows each of whose keys must stand there once.
fn once<K: Ord, V>(
    bad: &mut Violations,
    field: &str,
    rows: Vec<(K, V)>,
    told: &str,
) -> Option<BTreeMap<K, V>> {
    let n_rows = rows.len();
    let taken: BTreeMap<K, V> = rows.into_iter().collect();
    if taken.len() < n_rows {
        bad.add(field, told);
        return None;
    }
    Some(taken)
}
