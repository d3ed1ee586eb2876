use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codes::CodeTable;

/// What the codes of a table are called, by their numbers; empty where no code list was given.
///
/// All text lies in one string, so that loading allocates twice, not once a code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CodeNames {
    text: String,
    /// Where each name ends in `text`.
    ends: Vec<u32>,
}

impl CodeNames {
    /// The names of a table's codes; one that is not named has none.
    pub(crate) fn of(table: &CodeTable, names: &BTreeMap<String, String>) -> Self {
        let mut all = Self::default();
        if names.is_empty() {
            return all;
        }
        for id in 0..u32::try_from(table.len()).expect("a scheme has fewer codes") {
            all.text.push_str(names.get(table.text(id)).map_or("", String::as_str));
            all.ends.push(u32::try_from(all.text.len()).expect("names are few megabytes"));
        }
        all
    }

    /// The name of a code; empty: none is known.
    pub(crate) fn get(&self, id: u32) -> &str {
        let id = id as usize;
        let start = id.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let (Some(start), Some(&end)) = (start, self.ends.get(id)) else { return "" };
        // No compiler wrote ends that are none; they name nothing.
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}
