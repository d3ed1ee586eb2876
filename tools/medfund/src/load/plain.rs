//! The same rows written by plain SQL: what a month costs without checks, groups, prices, explanations and events.
//!
//! Every row that the settlement service's tables hold after the month goes into tables of the same shape: the same
//! columns, indexes and constraints, without row-level security, triggers and foreign keys. Rows are written to disk
//! first, so that reading them is not timed.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, ensure};
use futures::{SinkExt, StreamExt, TryStreamExt};
use serde::Serialize;
use tokio_postgres::{Client, NoTls};

use super::count::Counter;
use super::machine::milliseconds;

/// Where the rows go.
const SCHEMA: &str = "plain";

/// Rows of a statement, and of a transaction: as many as a chunk of an upload has.
const CHUNK: usize = 2_000;

/// What writing took.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Plain {
    pub(super) n_tables: usize,
    pub(super) n_rows: i64,
    /// By `INSERT … VALUES` of 2,000 rows, each a transaction.
    pub(super) insert_milliseconds: u64,
    /// By `COPY`, each 2,000 rows a transaction.
    pub(super) copy_milliseconds: u64,
}

/// Rows of one table in the text format of `COPY`, a line each.
struct Part {
    table: String,
    columns: String,
    path: PathBuf,
    n_rows: i64,
}

/// Writes all rows twice: by `INSERT`, then by `COPY`.
///
/// - `parallel`: connections that write at a time.
pub(super) async fn write(counter: &Counter, url: &str, parallel: usize) -> anyhow::Result<Plain> {
    let folder = tempfile::Builder::new().prefix("medfund-plain-").tempdir()?;
    let tables = counter.tables().await?;
    let mut parts = Vec::new();
    for table in &tables {
        parts.extend(unload(counter, table, folder.path()).await?);
    }
    let n_unloaded: i64 = parts.iter().map(|part| part.n_rows).sum();
    let insert_milliseconds = timed(counter, &tables, url, (&parts, parallel), insert).await?;
    let copy_milliseconds = timed(counter, &tables, url, (&parts, parallel), copy).await?;
    let n_rows = counter.n_rows(SCHEMA, &tables).await?;
    ensure!(n_rows == n_unloaded, "plain SQL wrote {n_rows} rows of {n_unloaded}");
    Ok(Plain { n_tables: tables.len(), n_rows, insert_milliseconds, copy_milliseconds })
}

/// Writes a table's rows to files: a file for each institution of the bills, one for all of another table.
async fn unload(counter: &Counter, table: &str, folder: &Path) -> anyhow::Result<Vec<Part>> {
    let columns = counter.columns(table).await?;
    let of_table = [format!("SELECT {columns} FROM {table}")];
    let queries = if table == "bills" {
        let codes = counter.institutions().await?;
        let of_code = |code| format!("{} WHERE institution_code = '{code}'", of_table[0]);
        codes.into_iter().map(of_code).collect()
    } else {
        of_table.to_vec()
    };
    let mut parts = Vec::new();
    for (i, query) in queries.iter().enumerate() {
        let path = folder.join(format!("{table}-{i}"));
        let mut file = tokio::fs::File::create(&path).await?;
        let mut rows = std::pin::pin!(counter.copy_out(query).await?);
        let mut n_rows = 0;
        while let Some(bytes) = rows.try_next().await? {
            n_rows += i64::try_from(bytes.iter().filter(|byte| **byte == b'\n').count())?;
            tokio::io::AsyncWriteExt::write_all(&mut file, &bytes).await?;
        }
        tokio::io::AsyncWriteExt::flush(&mut file).await?;
        parts.push(Part { table: table.to_owned(), columns: columns.clone(), path, n_rows });
    }
    Ok(parts)
}

/// Makes the tables anew and times how long all parts take.
async fn timed(
    counter: &Counter,
    tables: &[String],
    url: &str,
    (parts, parallel): (&[Part], usize),
    write: impl AsyncFn(&Client, &Part, &[&str]) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    counter.shape_anew(SCHEMA, tables).await?;
    let write = &write;
    let write_part = async |part: &Part| {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let text = tokio::fs::read_to_string(&part.path).await?;
        let rows: Vec<&str> = text.lines().collect();
        for chunk in rows.chunks(CHUNK) {
            write(&client, part, chunk).await.with_context(|| format!("rows of {}", part.table))?;
        }
        anyhow::Ok(())
    };
    let begun = Instant::now();
    futures::stream::iter(parts).map(write_part).buffer_unordered(parallel).try_collect::<()>().await?;
    Ok(milliseconds(begun.elapsed()))
}

async fn insert(client: &Client, part: &Part, rows: &[&str]) -> anyhow::Result<()> {
    let values: Vec<String> = rows.iter().map(|row| values(row)).collect();
    let Part { table, columns, .. } = part;
    let insert = format!("INSERT INTO {SCHEMA}.{table} ({columns}) VALUES {}", values.join(","));
    Ok(client.batch_execute(&insert).await?)
}

async fn copy(client: &Client, part: &Part, rows: &[&str]) -> anyhow::Result<()> {
    let Part { table, columns, .. } = part;
    let sink = client.copy_in(&format!("COPY {SCHEMA}.{table} ({columns}) FROM STDIN")).await?;
    let mut sink = std::pin::pin!(sink);
    let lines = rows.iter().fold(String::new(), |lines, row| lines + row + "\n");
    sink.send(std::io::Cursor::new(lines.into_bytes())).await?;
    sink.finish().await?;
    Ok(())
}

/// A line of `COPY` as a row of `VALUES`.
fn values(row: &str) -> String {
    let value = |field: &str| match field {
        r"\N" => "NULL".to_owned(),
        _ if field.contains('\\') => format!("E'{}'", field.replace('\'', "''")),
        _ => format!("'{}'", field.replace('\'', "''")),
    };
    let values: Vec<String> = row.split('\t').map(value).collect();
    format!("({})", values.join(","))
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn a_line_of_copy_is_a_row_of_values() {
        assert_eq!(values("1\t\\N\tO'Neill\t"), "('1',NULL,'O''Neill','')");
        assert_eq!(values(r"a\tb\\x01"), r"(E'a\tb\\x01')");
    }
}
