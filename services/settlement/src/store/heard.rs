//! What was heard from budget: packs, calendars and fund years.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};

use schema::{calendars, fund_years, packs};

mod schema {
    diesel::table! {
        calendars (area) {
            area -> Text,
            business_date -> Date,
        }
    }

    diesel::table! {
        fund_years (area, fund_year) {
            area -> Text,
            fund_year -> Integer,
            pack_hash -> Text,
            districts -> Array<Text>,
        }
    }

    diesel::table! {
        packs (area, pack_hash) {
            area -> Text,
            pack_hash -> Text,
            pack_id -> Text,
            content -> Bytea,
        }
    }
}

/// Reads the area's business date.
pub async fn find_business_date(conn: &mut AsyncPgConnection, area: &Area) -> QueryResult<Option<NaiveDate>> {
    calendars::table.find(area.as_str()).select(calendars::business_date).first(conn).await.optional()
}

/// Reads the hash of the pack that a fund year was opened under.
pub async fn find_pack_hash(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Option<String>> {
    fund_years::table
        .find((area.as_str(), fund_year.get()))
        .select(fund_years::pack_hash)
        .first(conn)
        .await
        .optional()
}

/// Reads a pack's bytes.
pub async fn find_pack(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pack_hash: &str,
) -> QueryResult<Option<Vec<u8>>> {
    packs::table.find((area.as_str(), pack_hash)).select(packs::content).first(conn).await.optional()
}
