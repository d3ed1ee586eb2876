use std::collections::BTreeSet;

use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use diesel_migrations::EmbeddedMigrations;
use medfund_db::{DatabaseConfig, migrations};

use crate::TestDatabase;

const COLUMNS: &str = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line \
     FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";

/// Everything that a migration can make: columns, constraints, indexes, policies, triggers, functions.
const EVERYTHING: [&str; 6] = [
    COLUMNS,
    "SELECT conname || pg_get_constraintdef(oid) AS line FROM pg_constraint \
     WHERE connamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "SELECT tablename || policyname || cmd || coalesce(qual, '') || coalesce(with_check, '') AS line \
     FROM pg_policies ORDER BY 1",
    "SELECT pg_get_triggerdef(oid) AS line FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    "SELECT proname || prosrc AS line FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
];

/// Partitions count as well: who names one is not bound by the guard of the whole.
const UNGUARDED: &str = "SELECT relname::text AS line FROM pg_class c \
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
     AND relname <> '__diesel_schema_migrations' AND NOT (relrowsecurity AND relforcerowsecurity \
     AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid)) ORDER BY 1";

/// One policy that asks for no area opens a table whatever the others say.
const OPEN: &str = "SELECT tablename || '.' || policyname AS line FROM pg_policies WHERE schemaname = 'public' \
     AND (coalesce(qual, with_check) NOT LIKE '%required_setting(''medfund.area''%' \
         OR coalesce(with_check, qual) NOT LIKE '%required_setting(''medfund.area''%') ORDER BY 1";

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn lines(conn: &mut AsyncPgConnection, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(sql).load(conn).await.expect("the catalog can be read");
    rows.into_iter().map(|row| row.line).collect()
}

impl TestDatabase {
    /// Takes all migrations back and runs them again; the schema and its grants must be the same.
    ///
    /// - `own`: the service's migrations, as given to [`TestDatabase::create`].
    ///
    /// # Panics
    ///
    /// If a migration fails, leaves something behind or makes something else the second time.
    pub async fn check_up_down_up(&self, own: fn() -> EmbeddedMigrations) {
        let owner = DatabaseConfig::new(self.owner_url());
        let before = self.everything().await;

        migrations::revert_all(&owner, own()).await.expect("the migrations go down");
        let left = lines(&mut self.raw_admin().await, COLUMNS).await;
        assert!(left.iter().all(|line| line.starts_with("__diesel_schema_migrations")), "left: {left:?}");
        migrations::run(&owner, own(), &self.names().service).await.expect("the migrations go up again");

        assert_eq!(self.everything().await, before);
    }

    /// Checks that every table is guarded by row, even from its owner, and every policy asks for the area.
    ///
    /// # Panics
    ///
    /// If one is not.
    pub async fn check_guarded(&self) {
        let unguarded = lines(&mut self.raw_admin().await, UNGUARDED).await;
        assert_eq!(unguarded, Vec::<String>::new(), "tables without forced row-level security and a policy");
        let open = lines(&mut self.raw_admin().await, OPEN).await;
        assert_eq!(open, Vec::<String>::new(), "policies that do not ask for the area");
    }

    /// Checks that the tables of a `schema.rs` are those of the database, column by column.
    ///
    /// - `schema_rs`: the file's text, by `include_str!`.
    ///
    /// # Panics
    ///
    /// If they differ, or the file names a type that this does not know.
    pub async fn check_schema(&self, schema_rs: &str) {
        let expected = columns_of(schema_rs);
        let tables: BTreeSet<&str> = expected.iter().filter_map(|line| line.split('.').next()).collect();
        let columns = lines(&mut self.raw_admin().await, COLUMNS).await.into_iter();
        let found: BTreeSet<String> = columns
            .filter(|line| line.split('.').next().is_some_and(|table| tables.contains(table)))
            .collect();
        let differing: Vec<&String> = found.symmetric_difference(&expected).collect();
        assert!(differing.is_empty(), "in the database or in schema.rs only: {differing:#?}");
    }

    async fn everything(&self) -> Vec<Vec<String>> {
        let mut conn = self.raw_admin().await;
        let mut all = Vec::new();
        for sql in EVERYTHING {
            all.push(lines(&mut conn, sql).await);
        }
        let grants = "SELECT table_name || '.' || column_name || ' ' || privilege_type AS line \
                      FROM information_schema.column_privileges WHERE grantee = '{}' ORDER BY 1";
        all.push(lines(&mut conn, &grants.replace("{}", &self.names().service)).await);
        assert!(all.iter().all(|part| !part.is_empty()), "the catalog was read");
        all
    }
}

/// The columns of a `schema.rs` in the words of the catalog.
fn columns_of(schema_rs: &str) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    let mut table = "";
    for line in schema_rs.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name;
        } else if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let (inner, nullable) = match kind.strip_prefix("Nullable<") {
                Some(inner) => (inner.strip_suffix('>').unwrap_or(inner), "YES"),
                None => (kind, "NO"),
            };
            let column = column.trim_start_matches("r#");
            columns.insert(format!("{table}.{column} {} {nullable}", catalog_type(inner)));
        }
    }
    columns
}

fn catalog_type(diesel: &str) -> &'static str {
    match diesel {
        "Text" | "Varchar" => "text",
        "Uuid" => "uuid",
        "Binary" | "Bytea" => "bytea",
        "BigInt" | "Int8" => "bigint",
        "Integer" | "Int4" => "integer",
        "SmallInt" | "Int2" => "smallint",
        "Bool" => "boolean",
        "Date" => "date",
        "Timestamptz" => "timestamp with time zone",
        "Numeric" => "numeric",
        "Json" => "json",
        "Jsonb" => "jsonb",
        array if array.starts_with("Array<") => "ARRAY",
        other => panic!("schema.rs has the type {other}, which the check does not know"),
    }
}
