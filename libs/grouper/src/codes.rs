use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Codes as small integers, in the order of their text.
///
/// All text lies in one string, found by a table of open addresses that is
/// made when the codes are read: loading allocates three times, not once a code.
///
/// A table by category holds categories (`I21`, `36.0`) instead of codes, and
/// finds for a code the longest category that it begins with. A code of a
/// dagger and an asterisk (`A17.000+G01*`) goes by its asterisk category
/// (`+G01`) if the table holds one, else by its dagger.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Packed", into = "Packed")]
pub(crate) struct CodeTable {
    text: String,
    /// Where each code ends in `text`.
    ends: Vec<u32>,
    /// The upper half of a code's hash and its number plus one; 0: free.
    slots: Vec<(u32, u32)>,
    by_category: bool,
    /// Lengths that a category has, the longest first; none if not by category.
    lengths: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
struct Packed {
    text: String,
    ends: Vec<u32>,
    by_category: bool,
}

/// Whether a code may hold the byte: two codes with a comma or a blank between them are none.
fn is_of_a_code(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".+*/-".contains(&byte)
}

impl CodeTable {
    /// The number that a case's code goes by.
    pub(crate) fn find(&self, code: &str) -> Option<u32> {
        if !self.by_category {
            return self.id(code);
        }
        if !code.bytes().all(is_of_a_code) {
            return None;
        }
        match code.find('+') {
            Some(plus) => self.longest(&code[plus..]).or_else(|| self.longest(&code[..plus])),
            None => self.longest(code),
        }
    }

    pub(crate) fn is_by_category(&self) -> bool {
        self.by_category
    }

    fn longest(&self, code: &str) -> Option<u32> {
        self.lengths.iter().find_map(|&length| self.id(code.get(..length)?))
    }

    /// The number of a code that the table itself names.
    pub(crate) fn id(&self, text: &str) -> Option<u32> {
        let (mut at, tag) = self.place(text.as_bytes());
        loop {
            let &(its_tag, number) = self.slots.get(at)?;
            if number == 0 {
                return None;
            }
            if its_tag == tag && self.text(number - 1) == text {
                return Some(number - 1);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    pub(crate) fn text(&self, id: u32) -> &str {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] as usize };
        &self.text[start..self.ends[id] as usize]
    }

    fn length(&self, id: usize) -> usize {
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        (self.ends[id] - start) as usize
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Where the search for a code begins, and its tag.
    fn place(&self, text: &[u8]) -> (usize, u32) {
        let hash = hash(text);
        let [low, tag] = [hash & u64::from(u32::MAX), hash >> 32]
            .map(|half| u32::try_from(half).expect("a half of 64 bits has 32"));
        (low as usize & self.slots.len().wrapping_sub(1), tag)
    }
}

/// Eight bytes at a time, so a code of the usual length is two steps.
fn hash(text: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = text.len() as u64;
    let mut step = |word: u64| hash = (hash ^ word).wrapping_mul(MULTIPLIER).rotate_left(29);
    let mut chunks = text.chunks_exact(8);
    for chunk in &mut chunks {
        step(u64::from_le_bytes(chunk.try_into().expect("a chunk is eight bytes")));
    }
    step(chunks.remainder().iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)));
    hash.wrapping_mul(MULTIPLIER) ^ hash >> 32
}

impl TryFrom<Packed> for CodeTable {
    type Error = &'static str;

    fn try_from(packed: Packed) -> Result<Self, Self::Error> {
        let whole = packed.ends.last().map_or(0, |&end| end as usize) == packed.text.len();
        let cut = |&end: &u32| packed.text.is_char_boundary(end as usize);
        if whole && packed.ends.is_sorted() && packed.ends.iter().all(cut) {
            Ok(Self::of(packed))
        } else {
            Err("codes that do not lie in their text")
        }
    }
}

impl CodeTable {
    pub(crate) fn new<'a>(codes: impl IntoIterator<Item = &'a str>, by_category: bool) -> Self {
        let sorted: BTreeSet<&str> = codes.into_iter().collect();
        let mut packed = Packed { text: String::new(), ends: Vec::new(), by_category };
        for code in sorted {
            packed.text.push_str(code);
            packed.ends.push(u32::try_from(packed.text.len()).expect("a scheme's codes are short"));
        }
        Self::of(packed)
    }

    fn of(Packed { text, ends, by_category }: Packed) -> Self {
        let mut table = Self { text, ends, slots: Vec::new(), by_category, lengths: Vec::new() };
        table.slots = vec![(0, 0); (table.ends.len() * 2).next_power_of_two()];
        for id in 0..u32::try_from(table.ends.len()).expect("a scheme has fewer codes") {
            let (mut at, tag) = table.place(table.text(id).as_bytes());
            while table.slots[at].1 != 0 {
                at = (at + 1) & (table.slots.len() - 1);
            }
            table.slots[at] = (tag, id + 1);
        }
        if by_category {
            let lengths: BTreeSet<usize> = (0..table.ends.len()).map(|id| table.length(id)).collect();
            table.lengths = lengths.into_iter().rev().collect();
        }
        table
    }
}

impl From<CodeTable> for Packed {
    fn from(table: CodeTable) -> Self {
        Self { text: table.text, ends: table.ends, by_category: table.by_category }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_table_by_category_finds_the_longest_that_a_code_begins_with() {
        let table = CodeTable::new(["A17", "I21", "I21.0", "+G01", "36", "36.07"], true);
        let found = |code: &str| table.find(code).map(|id| table.text(id));
        for (code, category) in [
            ("I21.000x001", Some("I21.0")),
            ("I21.900", Some("I21")),
            ("I21", Some("I21")),
            ("I2", None),
            ("A17.000+G01*", Some("+G01")),
            ("A17.800+G05.0*", Some("A17")),
            ("36.0700x004", Some("36.07")),
            ("36.1", Some("36")),
            ("I21.000,E11.900", None),
            ("I21.000 急性前壁", None),
            ("一二三", None),
            ("+", None),
            ("", None),
        ] {
            assert_eq!(found(code), category, "{code}");
        }
    }

    proptest! {
        #[test]
        fn every_code_is_found_and_no_other(codes in prop::collection::btree_set("[A-C][0-9]{0,3}[.x+*]?", 0..200)) {
            let table = CodeTable::new(codes.iter().map(String::as_str), false);
            for (i, code) in codes.iter().enumerate() {
                let id = table.id(code).unwrap();
                prop_assert_eq!(id as usize, i);
                prop_assert_eq!(table.text(id), code.as_str());
                prop_assert_eq!(table.id(&format!("{code}#")), None);
            }
            prop_assert_eq!(table.id("Z99"), None);
        }
    }
}
