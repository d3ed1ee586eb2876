use medfund_tidy::{SourceFile, expect_none, files, root, services};

/// All that a `domain/` may name.
const ALLOWED_IN_DOMAIN: [&str; 17] = [
    "std",
    "core",
    "alloc",
    "crate::domain",
    "super",
    "self",
    "medfund_grouper",
    "medfund_ledger",
    "medfund_money",
    "medfund_policy",
    "medfund_tariff",
    "medfund_types",
    "chrono",
    "rust_decimal",
    "serde",
    "thiserror",
    "uuid",
];

fn is_domain(file: &SourceFile) -> bool {
    file.path.contains("/src/domain/") || file.path.ends_with("/src/domain.rs")
}

/// The paths of a file's `use` lines.
fn imports(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    file.code_lines().filter_map(|(n, line)| {
        let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
        Some((n, line.strip_prefix("use ")?))
    })
}

#[test]
fn a_domain_imports_only_what_is_pure() {
    let mut findings = Vec::new();
    for file in files("services", ".rs").iter().filter(|f| is_domain(f)) {
        for (n, import) in imports(file) {
            let pure = ALLOWED_IN_DOMAIN.iter().any(|allowed| {
                import
                    .strip_prefix(allowed)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ';', ' ']))
            });
            let sibling = !import.contains("::")
                || files_beside(file).contains(&import.split("::").next().unwrap_or_default().to_owned());
            if !pure && !sibling {
                findings.push(format!("{}:{n}: {import}", file.path));
            }
        }
    }
    expect_none(&findings, "hand the value in as an argument instead");
}

#[test]
fn a_domain_names_nothing_impure_by_its_full_path() {
    let impure = [
        "diesel",
        "diesel_async",
        "futures",
        "medfund_db",
        "medfund_proto",
        "medfund_server",
        "prost",
        "rand",
        "tokio",
        "tonic",
    ];
    let mut findings = Vec::new();
    for file in files("services", ".rs").iter().filter(|f| is_domain(f)) {
        for (n, line) in file.code_lines() {
            let words = line.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':'));
            let mut roots = words.filter_map(|word| Some(word.split_once("::")?.0));
            if roots.any(|root| impure.contains(&root)) {
                findings.push(format!("{}:{n}: {line}", file.path));
            }
        }
    }
    expect_none(&findings, "hand the value in as an argument instead");
}

/// The names of the modules that stand beside or below a file.
fn files_beside(file: &SourceFile) -> Vec<String> {
    let declared = file.code_lines().filter_map(|(_, line)| {
        let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
        line.strip_prefix("mod ").map(|rest| rest.trim_end_matches([';', ' ', '{']).to_owned())
    });
    declared.collect()
}

#[test]
fn a_domain_knows_no_async_no_clock_and_no_chance() {
    let mut findings = Vec::new();
    for file in files("services", ".rs").iter().filter(|f| is_domain(f)) {
        for (n, line) in file.code_lines() {
            for word in [
                "async ",
                ".await",
                "Utc::now",
                "Local::now",
                "SystemTime",
                "Instant::now",
                "rand::",
                "new_v4",
                "now_v7",
            ] {
                if line.contains(word) {
                    findings.push(format!("{}:{n}: `{word}` in: {line}", file.path));
                }
            }
        }
    }
    expect_none(&findings, "time, ids and chance come in as arguments");
}

#[test]
fn no_service_opens_a_transaction_by_itself() {
    let mut findings = Vec::new();
    for file in files("services", ".rs").iter().filter(|f| f.path.contains("/src/")) {
        for (n, line) in file.code_lines() {
            let opens =
                [".transaction(", ".build_transaction(", "begin_test_transaction", "BEGIN;", "COMMIT;"];
            if opens.iter().any(|word| line.contains(word)) {
                findings.push(format!("{}:{n}: {line}", file.path));
            }
        }
    }
    expect_none(&findings, "use the write path of libs/db, from app/, feeds/ or jobs/");
}

#[test]
fn a_store_never_opens_a_transaction_and_sql_stays_in_stores() {
    let mut findings = Vec::new();
    for file in files("services", ".rs").iter().filter(|f| f.path.contains("/src/")) {
        let in_store = file.path.contains("/src/store/") || file.path.ends_with("schema.rs");
        for (n, line) in file.code_lines() {
            if in_store && (line.contains("Writer") || line.contains("Reader")) {
                findings.push(format!("{}:{n}: {line}", file.path));
            }
            let sql = ["diesel::insert_into", "diesel::update(", "diesel::delete(", "sql_query("];
            if !in_store && sql.iter().any(|word| line.contains(word)) {
                findings.push(format!("{}:{n}: {line}", file.path));
            }
        }
    }
    expect_none(&findings, "a store takes a connection; SQL stands in store/");
}

#[test]
fn no_service_knows_another() {
    let mut findings = Vec::new();
    for name in services() {
        let others: Vec<String> =
            services().into_iter().filter(|o| *o != name).map(|o| format!("medfund-{o}")).collect();
        let manifest =
            std::fs::read_to_string(root().join("services").join(&name).join("Cargo.toml")).unwrap();
        for line in
            manifest.lines().filter(|line| others.iter().any(|other| line.starts_with(other.as_str())))
        {
            findings.push(format!("services/{name}/Cargo.toml: {line}"));
        }
    }
    expect_none(&findings, "services share proto/ and libs/ only");
}

#[test]
fn no_file_is_about_two_things() {
    let all = ["libs", "services", "tools", "tests"].into_iter().flat_map(|folder| files(folder, ".rs"));
    let long = all.filter(|f| f.text.lines().count() > 500);
    let findings: Vec<String> =
        long.map(|f| format!("{}: {} lines", f.path, f.text.lines().count())).collect();
    expect_none(&findings, "cut it where its second subject begins");
}
