use medfund_policy::Pack;
use medfund_tidy::{expect_none, files, root};

/// The field that a rate's key is read by: its last name, or the table's when that is a key of a table.
fn field(key: &str) -> &str {
    let mut names = key.rsplit('.');
    let (last, before) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    if before == "table" { before } else { last }
}

#[test]
fn every_rate_of_the_pack_that_runs_is_read_by_a_service() {
    let bytes = std::fs::read(root().join("policies/jiangmen-2016.toml")).unwrap();
    let pack = Pack::parse(&bytes).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let code: Vec<String> = files("services", ".rs").iter().map(|file| file.code().to_owned()).collect();
    // Tiers are read by the schema itself, which makes them ready for computing.
    let ready = files("libs/policy/src/schema", "clearing.rs");
    let read = |field: &str| {
        let access = format!(".{field}");
        code.iter().chain(ready.iter().map(|file| &file.text)).any(|text| {
            text.match_indices(&access).any(|(at, _)| {
                !text[at + access.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
            })
        })
    };
    let unread = pack.rate_keys().filter(|key| !read(field(key))).map(str::to_owned);
    let findings: Vec<String> = unread.collect();
    expect_none(&findings, "let a service compute with it, or take it for what it is: no rate");
}
