//! What the database holds after the load, counted there and not by a service.

use anyhow::Context;
use medfund_types::{Area, SettlementMonth};
use serde::Serialize;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, CopyOutStream, NoTls, Row};

use super::files::{Sums, Totals};
use super::report::Check;

/// How durably the server commits, as it says itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Durability {
    pub(super) server_version: String,
    pub(super) fsync: String,
    pub(super) synchronous_commit: String,
    pub(super) full_page_writes: String,
}

/// A superuser's look at the settlement service's database.
pub(super) struct Counter {
    client: Client,
    area: Area,
    month: SettlementMonth,
}

/// A month's statements and what they say.
pub(super) struct Statements {
    pub(super) n: i64,
    pub(super) n_confirmed: i64,
    pub(super) n_bills: i64,
    pub(super) fund_share_fen: i64,
    /// What the fund owes by them.
    pub(super) owed_fen: i64,
}

impl Counter {
    pub(super) async fn connect(url: &str, area: &Area, month: SettlementMonth) -> anyhow::Result<Self> {
        let (client, connection) =
            tokio_postgres::connect(url, NoTls).await.context("the settlement service's database")?;
        tokio::spawn(connection);
        Ok(Self { client, area: area.clone(), month })
    }

    pub(super) async fn durability(&self) -> anyhow::Result<Durability> {
        Ok(Durability {
            server_version: self.setting("server_version").await?,
            fsync: self.setting("fsync").await?,
            synchronous_commit: self.setting("synchronous_commit").await?,
            full_page_writes: self.setting("full_page_writes").await?,
        })
    }

    async fn setting(&self, name: &str) -> anyhow::Result<String> {
        Ok(self.client.query_one(&format!("SHOW {name}"), &[]).await?.get(0))
    }

    /// The month's bills by institution and insurance type.
    pub(super) async fn bills(&self) -> anyhow::Result<Totals> {
        let rows = self
            .rows(
                "SELECT institution_code, insutype, count(*), sum(medfee_sumamt_fen)::bigint, \
                 sum(hifp_pay_fen)::bigint FROM bills \
                 WHERE area = $1 AND settlement_month = $2 AND withdraw_time IS NULL GROUP BY 1, 2",
            )
            .await?;
        let total = |row: &Row| {
            let sums = Sums { n_bills: row.get(2), total_fen: row.get(3), fund_share_fen: row.get(4) };
            ((row.get(0), row.get(1)), sums)
        };
        Ok(rows.iter().map(total).collect())
    }

    /// Bills that finished uploads say they brought, and their fund share.
    pub(super) async fn uploads(&self) -> anyhow::Result<(i64, i64)> {
        let row = self
            .row(
                "SELECT coalesce(sum(n_accepted), 0)::bigint, coalesce(sum(accepted_hifp_pay_fen), 0)::bigint \
                 FROM uploads WHERE area = $1 AND settlement_month = $2 AND state = 'finished'",
            )
            .await?;
        Ok((row.get(0), row.get(1)))
    }

    pub(super) async fn statements(&self) -> anyhow::Result<Statements> {
        let row = self
            .row(
                "SELECT count(*), count(*) FILTER (WHERE state = 'confirmed'), \
                 coalesce(sum(n_visits), 0)::bigint, \
                 coalesce(sum(statements.cost_fen + outside_quota_fen + pooled.cost_fen), 0)::bigint, \
                 coalesce(sum(payable_fen + outside_quota_fen + (pools ->> 'payable')::bigint), 0)::bigint \
                 FROM statements CROSS JOIN LATERAL (SELECT coalesce(sum((month ->> 'cost')::bigint), 0) AS cost_fen \
                 FROM jsonb_array_elements(pools -> 'months') AS of (month)) AS pooled WHERE area = $1 AND settlement_month = $2",
            )
            .await?;
        Ok(Statements {
            n: row.get(0),
            n_confirmed: row.get(1),
            n_bills: row.get(2),
            fund_share_fen: row.get(3),
            owed_fen: row.get(4),
        })
    }

    /// What only cases that pools pay have: groups in their bills, points in their statements, a frozen manifest.
    pub(super) async fn cases(&self, n_sent: i64) -> anyhow::Result<Vec<Check>> {
        let grouped = self
            .row(
                "SELECT count(*) FILTER (WHERE drg <> ''), count(DISTINCT scheme_hash) FROM bills \
                 WHERE area = $1 AND settlement_month = $2",
            )
            .await?;
        let priced = self
            .row(
                "SELECT coalesce(sum((month ->> 'n_cases')::bigint), 0)::bigint \
                 FROM statements, jsonb_array_elements(pools -> 'months') AS of (month) \
                 WHERE area = $1 AND settlement_month = $2",
            )
            .await?;
        let runs = self
            .row(
                "SELECT count(*) FROM month_settlements WHERE area = $1 AND settlement_month = $2 \
                 AND state = 'settled' AND length(manifest ->> 'policy_hash') = 64",
            )
            .await?;
        Ok(vec![
            Check::new("cases with a group", n_sent, grouped.get(0)),
            Check::new("schemes that grouped them", 1, grouped.get(1)),
            Check::new("cases priced in statements", n_sent, priced.get(0)),
            Check::new("settled months with their manifest", 1, runs.get(0)),
        ])
    }

    /// What the month's transfers put into the accounts of payables.
    pub(super) async fn posted_fen(&self) -> anyhow::Result<i64> {
        let row = self
            .client
            .query_one(
                "SELECT coalesce(sum(amount_fen), 0)::bigint FROM transfers WHERE area = $1 \
                 AND code IN ('month_payable', 'month_overspend', 'month_outside_quota', 'month_pool')",
                &[&self.area.as_str()],
            )
            .await?;
        Ok(row.get(0))
    }

    /// Bytes of the bills' table, and of its indexes.
    pub(super) async fn bytes(&self) -> anyhow::Result<(i64, i64)> {
        let row =
            self.client.query_one("SELECT pg_table_size('bills'), pg_indexes_size('bills')", &[]).await?;
        Ok((row.get(0), row.get(1)))
    }

    /// The tables of the service, by name.
    pub(super) async fn tables(&self) -> anyhow::Result<Vec<String>> {
        let query = "SELECT relname::text FROM pg_class WHERE relkind = 'r' \
                     AND relnamespace = 'public'::regnamespace ORDER BY relname";
        Ok(self.client.query(query, &[]).await?.iter().map(|row| row.get(0)).collect())
    }

    /// A table's columns that can be written, as a list of SQL.
    pub(super) async fn columns(&self, table: &str) -> anyhow::Result<String> {
        let query = "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute \
                     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";
        Ok(self.client.query_one(query, &[&table]).await?.get(0))
    }

    /// The institutions that have bills.
    pub(super) async fn institutions(&self) -> anyhow::Result<Vec<String>> {
        let query = "SELECT DISTINCT institution_code FROM bill_months ORDER BY 1";
        Ok(self.client.query(query, &[]).await?.iter().map(|row| row.get(0)).collect())
    }

    /// The rows of a query in the text format of `COPY`.
    pub(super) async fn copy_out(&self, query: &str) -> anyhow::Result<CopyOutStream> {
        Ok(self.client.copy_out(&format!("COPY ({query}) TO STDOUT")).await?)
    }

    /// Makes empty tables of the same shape in another schema.
    pub(super) async fn shape_anew(&self, schema: &str, tables: &[String]) -> anyhow::Result<()> {
        let mut script = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema};");
        for table in tables {
            let like = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES INCLUDING GENERATED INCLUDING STORAGE";
            script += &format!("CREATE TABLE {schema}.{table} (LIKE public.{table} {like});");
        }
        // What was written before is on disk, so that its writing is not timed.
        script += "CHECKPOINT;";
        Ok(self.client.batch_execute(&script).await?)
    }

    /// The rows of some tables together.
    pub(super) async fn n_rows(&self, schema: &str, tables: &[String]) -> anyhow::Result<i64> {
        let mut sum = 0;
        for table in tables {
            let query = format!("SELECT count(*) FROM {schema}.{table}");
            sum += self.client.query_one(&query, &[]).await?.get::<_, i64>(0);
        }
        Ok(sum)
    }

    /// The rows of every table that has some.
    pub(super) async fn rows_of_tables(&self) -> anyhow::Result<Vec<(String, i64)>> {
        let mut all = Vec::new();
        for table in self.tables().await? {
            let n_rows = self.n_rows("public", std::slice::from_ref(&table)).await?;
            all.push((table, n_rows));
        }
        all.retain(|(_, n_rows)| *n_rows > 0);
        Ok(all)
    }

    async fn rows(&self, query: &str) -> anyhow::Result<Vec<Row>> {
        let first_day = self.month.first_day();
        let parameters: [&(dyn ToSql + Sync); 2] = [&self.area.as_str(), &first_day];
        Ok(self.client.query(query, &parameters).await?)
    }

    async fn row(&self, query: &str) -> anyhow::Result<Row> {
        self.rows(query).await?.pop().context("sums of no rows are a row")
    }
}
