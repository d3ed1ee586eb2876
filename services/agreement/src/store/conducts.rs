use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode};

use super::made;
use super::schema::conducts;
use crate::domain::conduct::Conduct;

/// Adds a year's conduct; `false` if it is recorded.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Conduct) -> Result<bool, DbError> {
    let insert = diesel::insert_into(conducts::table)
        .values((
            conducts::area.eq(new.area.as_str()),
            conducts::institution_code.eq(new.institution.as_str()),
            conducts::fund_year.eq(new.fund_year.get()),
            conducts::kept_rules.eq(new.kept_rules),
            conducts::reference.eq(&new.reference),
            conducts::maker.eq(&new.maker),
        ))
        .on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Whether an institution kept the rules in a year, if that is recorded.
pub(crate) async fn find_kept_rules(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
    fund_year: FundYear,
) -> Result<Option<bool>, DbError> {
    let found = conducts::table.find((area.as_str(), code.as_str(), fund_year.get()));
    Ok(found.select(conducts::kept_rules).first(conn).await.optional()?)
}
