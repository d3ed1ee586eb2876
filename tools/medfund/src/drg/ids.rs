use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many ids are kept to find one that stands twice: 64 to 144 MB at the most.
const MOST_KEPT: usize = 1 << 22;

/// Finds ids that stand twice in a list, by a fingerprint of each.
#[derive(Default)]
pub(super) struct Ids {
    seen: HashSet<u64>,
    n_again: u64,
    first_again: Option<u64>,
}

/// A fingerprint of an id: 64 bits, so that two of four million differ with a chance of one in two million.
pub(super) fn fingerprint(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// The id that an answer's line begins with, with its quotation marks if it has some.
pub(super) fn id_of(answer: &str) -> &str {
    let end = match answer.strip_prefix('"') {
        Some(quoted) => quoted.find("\",").map(|end| end + 2),
        None => answer.find(','),
    };
    &answer[..end.unwrap_or(answer.len())]
}

impl Ids {
    /// Adds the id of the case in that line.
    pub(super) fn add(&mut self, fingerprint: u64, line: u64) {
        if self.seen.len() < MOST_KEPT && self.seen.insert(fingerprint) || !self.seen.contains(&fingerprint) {
            return;
        }
        self.n_again += 1;
        self.first_again.get_or_insert(line);
    }

    /// What is to be said of ids that stand twice.
    pub(super) fn told(&self) -> Option<String> {
        let line = self.first_again?;
        let within = if self.seen.len() < MOST_KEPT { "" } else { " (of the first 4,194,304 ids)" };
        Some(format!(
            "{} ids stand again{within}, the first in line {line}: is the list joined of two?",
            self.n_again
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_first_field_of_an_answer() {
        assert_eq!(id_of("7,分组成功,MDCF\n"), "7");
        assert_eq!(id_of("\"a,\"\"b\",分组成功\n"), "\"a,\"\"b\"");
    }

    #[test]
    fn an_id_that_stands_again_is_told_with_its_line() {
        let mut ids = Ids::default();
        for (line, id) in [(2, "a"), (3, "b")] {
            ids.add(fingerprint(id), line);
        }
        assert_eq!(ids.told(), None);
        for (line, id) in [(4, "b"), (5, "c"), (6, "b")] {
            ids.add(fingerprint(id), line);
        }
        assert_eq!(
            ids.told().as_deref(),
            Some("2 ids stand again, the first in line 4: is the list joined of two?")
        );
    }
}
