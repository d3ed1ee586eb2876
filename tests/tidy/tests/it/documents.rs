use std::path::Path;

use medfund_tidy::{SourceFile, expect_none, files, root};

fn documents() -> Vec<SourceFile> {
    files(".", ".md")
        .into_iter()
        .map(|f| SourceFile { path: f.path.trim_start_matches("./").to_owned(), ..f })
        .collect()
}

#[test]
fn every_link_of_a_document_resolves() {
    let mut findings = Vec::new();
    for file in documents() {
        let folder = root().join(&file.path).parent().map(Path::to_path_buf).unwrap_or_default();
        for link in file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || link.contains("://") || link.contains(' ') {
                continue;
            }
            if !folder.join(target).exists() {
                findings.push(format!("{}: {link}", file.path));
            }
        }
    }
    expect_none(&findings, "mend the link");
}

#[test]
fn no_document_or_code_names_a_path_of_one_machine() {
    let endings = [".md", ".rs", ".toml", ".proto", ".sql", ".py"];
    let mut findings = Vec::new();
    for file in endings.into_iter().flat_map(|ending| files(".", ending)) {
        for (i, line) in file.text.lines().enumerate() {
            if line.contains(&["", "home", ""].join("/")) || line.contains(&["", "root", ""].join("/")) {
                findings.push(format!("{}:{}: {}", file.path, i + 1, line.trim()));
            }
        }
    }
    expect_none(&findings, "write a path from the top of the checkout");
}
