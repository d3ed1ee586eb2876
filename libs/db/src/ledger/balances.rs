use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_ledger::{Account, Balance, Balances, LedgerError, Transfer};
use medfund_money::{Fen, PositiveFen};
use medfund_types::Area;
use uuid::Uuid;

use crate::DbError;
use crate::schema::transfers;

#[derive(QueryableByName)]
struct BalanceRow {
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = BigInt)]
    debits_fen: i64,
    #[diesel(sql_type = BigInt)]
    credits_fen: i64,
}

impl BalanceRow {
    fn read(self) -> Result<(Account, Balance), DbError> {
        let balance = Balance { debits: Fen::new(self.debits_fen), credits: Fen::new(self.credits_fen) };
        Ok((self.account.parse().map_err(corrupt)?, balance))
    }
}

/// What is rolled up and, in the same snapshot, what is not yet.
const CURRENT: &str = "SELECT account, sum(debits_fen)::bigint AS debits_fen, sum(credits_fen)::bigint AS credits_fen \
     FROM (SELECT account, debits_fen, credits_fen FROM ledger_accounts WHERE area = $1 \
           UNION ALL \
           SELECT leg.account, leg.debit, leg.credit \
           FROM transfer_batches b JOIN transfers t ON t.area = b.area AND t.batch_id = b.batch_id \
           CROSS JOIN LATERAL (VALUES (t.debit_account, t.amount_fen, 0), (t.credit_account, 0, t.amount_fen)) \
               AS leg (account, debit, credit) \
           WHERE b.area = $1 AND b.position IS NULL) AS every_leg \
     WHERE $2 IS NULL OR account = $2 \
     GROUP BY account ORDER BY account";

/// The balances of an area's accounts, up to the last committed transfer.
///
/// # Errors
///
/// [`DbError::Internal`] if a row holds no account of the chart.
pub async fn balances(conn: &mut AsyncPgConnection, area: &Area) -> Result<Balances, DbError> {
    current(conn, area, None).await
}

/// The balance of one account, up to the last committed transfer; nothing if it was never used.
///
/// # Errors
///
/// As [`balances`].
pub async fn balance(
    conn: &mut AsyncPgConnection,
    area: &Area,
    account: &Account,
) -> Result<Balance, DbError> {
    Ok(current(conn, area, Some(account.as_str())).await?.get(account))
}

async fn current(
    conn: &mut AsyncPgConnection,
    area: &Area,
    account: Option<&str>,
) -> Result<Balances, DbError> {
    let rows: Vec<BalanceRow> = diesel::sql_query(CURRENT)
        .bind::<Text, _>(area.as_str())
        .bind::<Nullable<Text>, _>(account)
        .load(conn)
        .await?;
    rows.into_iter().map(BalanceRow::read).collect()
}

/// The accounts whose balance is not what their transfers say, computed from every transfer of the area.
///
/// Each with the balance as kept and as computed. Nothing: the ledger is whole.
///
/// # Errors
///
/// As [`balances`].
pub async fn differences(
    conn: &mut AsyncPgConnection,
    area: &Area,
) -> Result<Vec<(Account, Balance, Balance)>, DbError> {
    let kept = balances(conn, area).await?;
    let rows: Vec<BalanceRow> = diesel::sql_query(
        "SELECT leg.account, sum(leg.debit)::bigint AS debits_fen, sum(leg.credit)::bigint AS credits_fen \
         FROM transfers t \
         CROSS JOIN LATERAL (VALUES (t.debit_account, t.amount_fen, 0), (t.credit_account, 0, t.amount_fen)) \
             AS leg (account, debit, credit) \
         WHERE t.area = $1 GROUP BY leg.account",
    )
    .bind::<Text, _>(area.as_str())
    .load(conn)
    .await?;
    let computed: Balances = rows.into_iter().map(BalanceRow::read).collect::<Result<_, _>>()?;
    Ok(kept.differences(&computed))
}

type TransferRow = (i64, Uuid, String, String, i64, String, String);

/// Reads an area's transfers in the order they were made, by pages.
///
/// - `after`: the place of the last one of the page before; 0 for the first page.
/// - Returns each with its place.
///
/// # Errors
///
/// As [`balances`].
pub async fn transfers(
    conn: &mut AsyncPgConnection,
    area: &Area,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Transfer)>, DbError> {
    let rows: Vec<TransferRow> = transfers::table
        .filter(transfers::area.eq(area.as_str()).and(transfers::insert_order.gt(after)))
        .order(transfers::insert_order)
        .limit(limit)
        .select((
            transfers::insert_order,
            transfers::transfer_id,
            transfers::debit_account,
            transfers::credit_account,
            transfers::amount_fen,
            transfers::code,
            transfers::reference,
        ))
        .load(conn)
        .await?;
    rows.into_iter().map(read_transfer).collect()
}

/// Counts an area's transfers.
///
/// # Errors
///
/// As [`balances`].
pub async fn count(conn: &mut AsyncPgConnection, area: &Area) -> Result<i64, DbError> {
    Ok(transfers::table.filter(transfers::area.eq(area.as_str())).count().get_result(conn).await?)
}

fn read_transfer(
    (place, id, debit, credit, amount_fen, code, reference): TransferRow,
) -> Result<(i64, Transfer), DbError> {
    let (debit, credit) = (debit.parse().map_err(corrupt)?, credit.parse().map_err(corrupt)?);
    let amount = PositiveFen::try_from(amount_fen).map_err(DbError::internal)?;
    let transfer = Transfer::new(id, debit, credit, amount, &code, &reference).map_err(corrupt)?;
    Ok((place, transfer))
}

fn corrupt(error: LedgerError) -> DbError {
    DbError::Internal(format!("the ledger's tables hold what it does not take: {error}"))
}
