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

use medfund_server::{Context, Violations};
use medfund_types::Area;
use uuid::Uuid;

use super::{Named, id_named};

const TARIFF: &str = "areas/{area}/tariffs/{tariff}";

fn tariff_name(context: &Context, name: &str) -> Named<Uuid> {
    id_named(context, TARIFF, name)
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
