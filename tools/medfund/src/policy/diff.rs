use medfund_policy::{Entry, Pack};

use super::table;

/// Two packs side by side.
pub(super) struct Difference {
    /// The table, and a line that counts.
    pub(super) text: String,
    /// How many parameters differ in value or source, or stand in one pack only.
    pub(super) n_differing: usize,
}

/// Puts two packs side by side, in the order of the first, then what only the second has.
pub(super) fn between(left: &Pack, right: &Pack, all: bool) -> Difference {
    let only_right = right.entries().iter().filter(|entry| find(left, &entry.key).is_none());
    let keys = left.entries().iter().chain(only_right);
    let mut table = table(&["key", "term", left.id(), right.id()]);
    let mut n_differing = 0;
    for entry in keys {
        let (one, other) = (find(left, &entry.key), find(right, &entry.key));
        let differs = match (one, other) {
            (Some(one), Some(other)) => one.value != other.value || one.source != other.source,
            (None, _) | (_, None) => true,
        };
        n_differing += usize::from(differs);
        if differs || all {
            table.add_row([entry.key.clone(), entry.term.to_owned(), cell(one), cell(other)]);
        }
    }
    let count = if n_differing == 1 {
        "1 parameter differs".to_owned()
    } else {
        format!("{n_differing} parameters differ")
    };
    let text = if table.is_empty() { count } else { format!("{table}\n{count}") };
    Difference { text, n_differing }
}

fn find<'a>(pack: &'a Pack, key: &str) -> Option<&'a Entry> {
    pack.entries().iter().find(|entry| entry.key == key)
}

fn cell(entry: Option<&Entry>) -> String {
    entry.map_or_else(|| "–".to_owned(), |entry| format!("{}\n{}", entry.value, entry.source))
}
