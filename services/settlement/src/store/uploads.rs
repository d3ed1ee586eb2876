//! Uploads.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, InstitutionCode, SettlementMonth};
use uuid::Uuid;

use crate::domain::upload::{Counts, Upload, UploadState};

use schema::uploads;

mod schema {
    diesel::table! {
        uploads (area, upload_id) {
            area -> Text,
            upload_id -> Uuid,
            institution_code -> Text,
            settlement_month -> Date,
            file_digest -> Bytea,
            n_lines -> BigInt,
            state -> Text,
            n_accepted -> BigInt,
            n_already_there -> BigInt,
            n_refused -> BigInt,
            n_errors -> BigInt,
            accepted_hifp_pay_fen -> BigInt,
            create_time -> Timestamptz,
            update_time -> Timestamptz,
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = uploads)]
struct UploadRow {
    area: String,
    upload_id: Uuid,
    institution_code: String,
    settlement_month: NaiveDate,
    file_digest: Vec<u8>,
    n_lines: i64,
    state: String,
    n_accepted: i64,
    n_already_there: i64,
    n_refused: i64,
    n_errors: i64,
    accepted_hifp_pay_fen: i64,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
}

/// Inserts an upload that has just begun.
pub async fn insert(conn: &mut AsyncPgConnection, upload: &Upload) -> QueryResult<()> {
    diesel::insert_into(uploads::table).values(UploadRow::from(upload)).execute(conn).await?;
    Ok(())
}

/// Stores how far an upload has come.
pub async fn update(conn: &mut AsyncPgConnection, upload: &Upload) -> QueryResult<()> {
    let Counts { n_accepted, n_already_there, n_refused, n_errors, accepted_hifp_pay_fen } = upload.counts;
    diesel::update(uploads::table.find((upload.area.as_str(), upload.upload_id)))
        .set((
            uploads::state.eq(state_id(upload.state)),
            uploads::n_accepted.eq(n_accepted),
            uploads::n_already_there.eq(n_already_there),
            uploads::n_refused.eq(n_refused),
            uploads::n_errors.eq(n_errors),
            uploads::accepted_hifp_pay_fen.eq(accepted_hifp_pay_fen),
            uploads::update_time.eq(upload.update_time),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads an upload.
pub async fn find(conn: &mut AsyncPgConnection, area: &Area, upload_id: Uuid) -> QueryResult<Option<Upload>> {
    let query = uploads::table.find((area.as_str(), upload_id)).select(UploadRow::as_select());
    Ok(query.first(conn).await.optional()?.map(Upload::from))
}

/// Reads an upload and locks its row until the caller's transaction ends.
pub async fn lock(conn: &mut AsyncPgConnection, area: &Area, upload_id: Uuid) -> QueryResult<Option<Upload>> {
    let query = uploads::table.find((area.as_str(), upload_id)).select(UploadRow::as_select()).for_update();
    Ok(query.first(conn).await.optional()?.map(Upload::from))
}

/// Reads the upload of a file and locks its row until the caller's transaction ends.
pub async fn lock_file(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    month: SettlementMonth,
    file_digest: &[u8; 32],
) -> QueryResult<Option<Upload>> {
    let query = uploads::table
        .filter(uploads::area.eq(area.as_str()))
        .filter(uploads::institution_code.eq(institution.as_str()))
        .filter(uploads::settlement_month.eq(month.first_day()))
        .filter(uploads::file_digest.eq(file_digest.as_slice()))
        .select(UploadRow::as_select())
        .for_update();
    Ok(query.first(conn).await.optional()?.map(Upload::from))
}

const STATES: [(UploadState, &str); 3] =
    [(UploadState::Open, "open"), (UploadState::Finished, "finished"), (UploadState::Abandoned, "abandoned")];

fn state_id(state: UploadState) -> &'static str {
    STATES.iter().find(|(known, _)| *known == state).expect("every state has an id").1
}

impl From<&Upload> for UploadRow {
    fn from(upload: &Upload) -> Self {
        let Counts { n_accepted, n_already_there, n_refused, n_errors, accepted_hifp_pay_fen } =
            upload.counts;
        Self {
            area: upload.area.as_str().to_owned(),
            upload_id: upload.upload_id,
            institution_code: upload.institution.as_str().to_owned(),
            settlement_month: upload.month.first_day(),
            file_digest: upload.file_digest.to_vec(),
            n_lines: upload.n_lines,
            state: state_id(upload.state).to_owned(),
            n_accepted,
            n_already_there,
            n_refused,
            n_errors,
            accepted_hifp_pay_fen,
            create_time: upload.create_time,
            update_time: upload.update_time,
        }
    }
}

impl From<UploadRow> for Upload {
    fn from(row: UploadRow) -> Self {
        let state = STATES.iter().find(|(_, id)| *id == row.state).expect("the table checks the state").0;
        Self {
            area: row.area.parse().expect("a checked code"),
            upload_id: row.upload_id,
            institution: row.institution_code.parse().expect("a checked code"),
            month: SettlementMonth::of(row.settlement_month),
            file_digest: row.file_digest.try_into().expect("a digest of 32 bytes"),
            n_lines: row.n_lines,
            state,
            counts: Counts {
                n_accepted: row.n_accepted,
                n_already_there: row.n_already_there,
                n_refused: row.n_refused,
                n_errors: row.n_errors,
                accepted_hifp_pay_fen: row.accepted_hifp_pay_fen,
            },
            create_time: row.create_time,
            update_time: row.update_time,
        }
    }
}
