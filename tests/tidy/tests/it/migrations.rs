use std::collections::BTreeMap;

use medfund_tidy::{SourceFile, expect_none, files};

fn up_files() -> Vec<SourceFile> {
    ["libs", "services"].into_iter().flat_map(|folder| files(folder, "up.sql")).collect()
}

#[test]
fn every_table_is_guarded_by_row_even_from_its_owner() {
    let mut findings = Vec::new();
    for file in up_files() {
        for name in tables(&file.text) {
            let text = words(&file.text);
            for guard in ["ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"] {
                if !text.contains(&format!("ALTER TABLE {name} {guard}")) {
                    findings.push(format!("{}: {name}: no {guard}", file.path));
                }
            }
            if !text.contains(&format!(" ON {name} USING (")) && !text.contains(&format!(" ON {name} FOR ")) {
                findings.push(format!("{}: {name}: no policy", file.path));
            }
        }
    }
    expect_none(&findings, "row-level security is on from the table's first day");
}

#[test]
fn every_migration_has_a_version_of_its_own_in_its_database() {
    // The migrator takes two of one version for one: the second never runs.
    let mut findings = Vec::new();
    let mut seen = BTreeMap::new();
    for file in up_files() {
        let folder = file.path.trim_end_matches("/up.sql");
        let (migrations, name) = folder.rsplit_once('/').expect("a migration has a folder");
        let version = name.split('_').next().unwrap_or_default();
        if let Some(other) = seen.insert((migrations.to_owned(), version.to_owned()), name.to_owned()) {
            findings.push(format!("{migrations}: {other}, {name}"));
        }
    }
    assert!(seen.len() > 10, "the checkout has migrations");
    expect_none(&findings, "give each a version of its own");
}

#[test]
fn every_amount_is_a_bigint_of_fen() {
    let mut findings = Vec::new();
    for file in up_files() {
        for (i, line) in file.text.lines().enumerate() {
            let mut parts = line.split_whitespace();
            let (Some(column), Some(kind)) = (parts.next(), parts.next()) else { continue };
            let is_fen =
                column.ends_with("_fen") && column.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            if is_fen
                && !kind.starts_with("bigint")
                && !matches!(kind, "IS" | "=" | ">=" | "<=" | "<" | ">" | "+" | "-")
            {
                findings.push(format!("{}:{}: {line}", file.path, i + 1));
            }
            if ["money", "real", "float", "double"].contains(&kind.trim_end_matches(',')) {
                findings.push(format!("{}:{}: {line}", file.path, i + 1));
            }
        }
    }
    expect_none(&findings, "an amount is `…_fen bigint`");
}

#[test]
fn every_constraint_has_a_name() {
    let mut findings = Vec::new();
    for file in up_files() {
        for (i, line) in file.text.lines().enumerate() {
            let code = line.split("--").next().unwrap_or_default();
            let unnamed =
                ["CHECK (", "PRIMARY KEY", "UNIQUE (", "REFERENCES "].iter().any(|word| code.contains(word));
            let policy = code.contains("WITH CHECK (") || code.contains("CREATE POLICY");
            if unnamed && !code.contains("CONSTRAINT") && !policy {
                let before = file.text.lines().nth(i.saturating_sub(1)).unwrap_or_default();
                if !before.trim_end().ends_with("CHECK") && !before.contains("CONSTRAINT") {
                    findings.push(format!("{}:{}: {}", file.path, i + 1, line.trim()));
                }
            }
        }
    }
    expect_none(&findings, "name it: errors are told apart by constraint name");
}

#[test]
fn every_migration_can_be_taken_back() {
    let missing = up_files().into_iter().map(|f| f.path.replace("up.sql", "down.sql"));
    let findings: Vec<String> = missing.filter(|path| !medfund_tidy::root().join(path).is_file()).collect();
    expect_none(&findings, "write its down.sql");
}

/// The names after `CREATE TABLE`; partitions inherit the guard of their parent.
fn tables(sql: &str) -> Vec<String> {
    let text = words(sql);
    let named = text.split("CREATE TABLE ").skip(1).filter(|rest| {
        !rest.contains(" PARTITION OF ")
            || !rest.split('(').next().unwrap_or_default().contains("PARTITION OF")
    });
    named.map(|rest| rest.split([' ', '(']).next().unwrap_or_default().to_owned()).collect()
}

fn words(sql: &str) -> String {
    let uncommented = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    uncommented.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
