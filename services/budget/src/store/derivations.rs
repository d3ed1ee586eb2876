use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Derivation;
use medfund_types::{Area, InstitutionCode};

use super::schema::derivations;
use super::{from_json, json};

/// Reads the tree of an amount.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    amount: &str,
) -> QueryResult<Option<Derivation>> {
    let tree = derivations::table.find((area.as_str(), amount)).select(derivations::tree);
    let tree: Option<serde_json::Value> = tree.first(conn).await.optional()?;
    Ok(tree.map(from_json))
}

/// Writes the tree of an amount, in the place of the one before.
///
/// - `institution`: whose amount it is; `None`: the area's.
pub(crate) async fn put(
    conn: &mut AsyncPgConnection,
    area: &Area,
    amount: &str,
    institution: Option<&InstitutionCode>,
    tree: &Derivation,
) -> QueryResult<()> {
    let tree = json(tree);
    diesel::insert_into(derivations::table)
        .values((
            derivations::area.eq(area.as_str()),
            derivations::amount.eq(amount),
            derivations::institution_code.eq(institution.map_or("", |code| code.as_str())),
            derivations::tree.eq(&tree),
        ))
        .on_conflict((derivations::area, derivations::amount))
        .do_update()
        .set(derivations::tree.eq(&tree))
        .execute(conn)
        .await?;
    Ok(())
}
