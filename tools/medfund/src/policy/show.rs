use std::fmt::Write;

use medfund_policy::{Entry, Pack};

use super::table;

/// The pack by section: a heading with the Chinese terms, then a table of its parameters.
pub(super) fn text(pack: &Pack, section: Option<&str>, defaults: bool) -> anyhow::Result<String> {
    let wanted = |entry: &&Entry| {
        let within = section.is_none_or(|section| below(&entry.key, section));
        within && (!defaults || entry.source.is_default())
    };
    let entries: Vec<&Entry> = pack.entries().iter().filter(wanted).collect();
    if entries.is_empty() {
        anyhow::bail!("{} has no parameter there", pack.id());
    }

    let mut text = String::new();
    let _ = writeln!(text, "{}  {}  {}", pack.id(), pack.title(), pack.number());
    let _ = writeln!(text, "hash {}", pack.hash());
    for group in entries.chunk_by(|one, other| section_of(&one.key) == section_of(&other.key)) {
        let section = section_of(&group[0].key);
        let _ = writeln!(text, "\n{section}  {}", pack.headings(section).join(" › "));
        let mut table = table(&["key", "term", "value", "clause or default"]);
        for entry in group {
            let name = entry.key.rsplit('.').next().unwrap_or_default();
            table.add_row([name, entry.term, &entry.value, &entry.source.to_string()]);
        }
        let _ = writeln!(text, "{table}");
    }
    Ok(text)
}

/// The section that holds a parameter.
fn section_of(key: &str) -> &str {
    key.rsplit_once('.').map_or("", |(section, _)| section)
}

fn below(key: &str, section: &str) -> bool {
    key.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
