use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::read::lines::Kind;

/// Categories that a list takes in and leaves out; the narrowest that a code falls under decides.
#[derive(Clone, Debug, Default)]
pub(super) struct Categories {
    taken: BTreeMap<String, Pattern>,
    /// Something of it could not be read.
    pub(super) torn: bool,
}

/// A pattern as it decides on a category.
#[derive(Clone, Debug)]
struct Pattern {
    narrow: Narrow,
    take: bool,
    /// The item it stands in, as written: `I21-I22 急性心肌梗死`.
    item: Rc<str>,
}

/// How narrow a pattern is: a longer category before a shorter one, then a range of
/// fewer categories before one of more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Narrow {
    length: usize,
    n_others: std::cmp::Reverse<u32>,
}

impl Categories {
    /// Takes in, or leaves out, every category that a pattern means: `I21`, `I21.0`,
    /// `I20-I25`, `G01*`, `36.0`, `36.06-36.07`.
    pub(super) fn add(
        &mut self,
        pattern: &str,
        kind: Kind,
        take: bool,
        item: &Rc<str>,
    ) -> Result<(), String> {
        let (first, last) = pattern.split_once('-').unwrap_or((pattern, pattern));
        let wrong = || format!("`{pattern}` is no category or range of {}", kind.name());
        let first = Numbered::of(first, kind).ok_or_else(wrong)?;
        let last = Numbered::of(last, kind).ok_or_else(wrong)?;
        if first.shape != last.shape || first.number > last.number {
            return Err(wrong());
        }
        let n_others = std::cmp::Reverse(last.number - first.number);
        for number in first.number..=last.number {
            let category = first.shape.written(number);
            let narrow = Narrow { length: category.len(), n_others };
            match self.taken.get(&category) {
                Some(before) if before.narrow == narrow => {
                    return Err(format!("`{pattern}` stands in the list already"));
                }
                Some(before) if before.narrow > narrow => {}
                _ => drop(self.taken.insert(category, Pattern { narrow, take, item: item.clone() })),
            }
        }
        Ok(())
    }

    /// Adds what another list takes in and leaves out; of equal patterns this list's own stay.
    pub(super) fn join(&mut self, other: &Self) {
        self.torn |= other.torn;
        for (category, pattern) in &other.taken {
            let known = self.taken.entry(category.clone()).or_insert_with(|| pattern.clone());
            if known.narrow < pattern.narrow {
                known.clone_from(pattern);
            }
        }
    }

    /// The item that took the category in, as written.
    pub(super) fn item(&self, category: &str) -> Option<&str> {
        let begins = |end| category.get(..end).and_then(|begun| self.taken.get(begun));
        let longest = (1..=category.len()).rev().find_map(begins)?;
        longest.take.then_some(&*longest.item)
    }

    /// The same with the list's name before each item.
    pub(super) fn called(&self, name: &str) -> Self {
        let mut called = self.clone();
        for pattern in called.taken.values_mut() {
            pattern.item = format!("{name}：{}", pattern.item).into();
        }
        called
    }

    /// Every category that the list names.
    pub(super) fn named(&self) -> impl Iterator<Item = &String> {
        self.taken.keys()
    }

    /// The categories of `all` that the list takes in, with the pattern that decides.
    pub(super) fn among(&self, all: &BTreeSet<String>) -> BTreeMap<String, Narrow> {
        let mut among = BTreeMap::new();
        // A shorter category stands before those that begin with it, so a longer one has the last word.
        for (category, Pattern { narrow, take, .. }) in &self.taken {
            for below in all.range(category.clone()..).take_while(|below| below.starts_with(category)) {
                if *take {
                    among.insert(below.clone(), *narrow);
                } else {
                    among.remove(below);
                }
            }
        }
        among
    }
}

/// A category as its shape and a number, so that a range can be counted through.
struct Numbered {
    shape: Shape,
    number: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Shape {
    kind: Kind,
    asterisk: bool,
    n_decimals: usize,
}

impl Numbered {
    fn of(text: &str, kind: Kind) -> Option<Self> {
        let (text, asterisk) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
        let (whole, decimals) = text.split_once('.').map_or((text, None), |(w, d)| (w, Some(d)));
        let n_decimals = decimals.map_or(0, str::len);
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let (lead, whole) = match kind {
            Kind::Diagnosis => {
                let letter = whole.bytes().next().filter(u8::is_ascii_uppercase)?;
                (u32::from(letter - b'A'), &whole[1..])
            }
            Kind::Procedure => (0, whole),
        };
        let shaped = whole.len() == 2
            && digits(whole)
            && decimals.is_none_or(|d| digits(d) && !d.is_empty())
            && match kind {
                Kind::Diagnosis => n_decimals <= 1,
                Kind::Procedure => n_decimals <= 2 && !asterisk,
            };
        if !shaped {
            return None;
        }
        let tail: u32 = format!("{whole}{}", decimals.unwrap_or_default()).parse().ok()?;
        let number = lead * 100 * 10_u32.pow(u32::try_from(n_decimals).ok()?) + tail;
        Some(Self { shape: Shape { kind, asterisk, n_decimals }, number })
    }
}

impl Shape {
    /// The category as the compiled scheme knows it: an asterisk category is `+G01`.
    fn written(self, number: u32) -> String {
        let scale = 10_u32.pow(u32::try_from(self.n_decimals).expect("at most two"));
        let (whole, decimals) = (number / scale, number % scale);
        let mut text = match self.kind {
            Kind::Diagnosis => {
                let letter = char::from(b'A' + u8::try_from(whole / 100).expect("a letter"));
                format!("{}{letter}{:02}", if self.asterisk { "+" } else { "" }, whole % 100)
            }
            Kind::Procedure => format!("{whole:02}"),
        };
        if self.n_decimals > 0 {
            text += &format!(".{decimals:0width$}", width = self.n_decimals);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(pattern: &str, kind: Kind) -> Result<Vec<String>, String> {
        let mut categories = Categories::default();
        categories.add(pattern, kind, true, &"".into())?;
        Ok(categories.named().cloned().collect())
    }

    #[test]
    fn a_range_is_every_category_from_its_first_to_its_last() {
        for (pattern, kind, categories) in [
            ("I21-I23", Kind::Diagnosis, &["I21", "I22", "I23"][..]),
            ("A98-B01", Kind::Diagnosis, &["A98", "A99", "B00", "B01"]),
            ("I21.8-I22.1", Kind::Diagnosis, &["I21.8", "I21.9", "I22.0", "I22.1"]),
            ("G01*-G02*", Kind::Diagnosis, &["+G01", "+G02"]),
            ("36.06-36.07", Kind::Procedure, &["36.06", "36.07"]),
            ("01.9-02.0", Kind::Procedure, &["01.9", "02.0"]),
            ("36", Kind::Procedure, &["36"]),
        ] {
            assert_eq!(named(pattern, kind).unwrap(), categories, "{pattern}");
        }
    }

    #[test]
    fn what_is_no_category_is_refused() {
        for pattern in ["I2", "I21.", "I21.00", "i21", "I21-I20", "I21-I22.0", "36.0", "G01*-G02", "-", ""] {
            assert!(named(pattern, Kind::Diagnosis).is_err(), "{pattern}");
        }
        for pattern in ["3", "36.", "36.000", "I21", "36.0*", "36-35", "3６"] {
            assert!(named(pattern, Kind::Procedure).is_err(), "{pattern}");
        }
    }

    #[test]
    fn the_narrowest_pattern_decides() {
        let mut list = Categories::default();
        list.add("I20-I25", Kind::Diagnosis, true, &"I20-I25".into()).unwrap();
        list.add("I21", Kind::Diagnosis, false, &"I21".into()).unwrap();
        list.add("I21.4", Kind::Diagnosis, true, &"I21.4".into()).unwrap();
        list.add("I00-I99", Kind::Diagnosis, true, &"I00-I99".into()).unwrap();
        let all: BTreeSet<String> =
            ["I20", "I20.0", "I21", "I21.0", "I21.4", "I26"].map(str::to_owned).into();
        let among = list.among(&all);
        assert_eq!(among.keys().collect::<Vec<_>>(), ["I20", "I20.0", "I21.4", "I26"]);
        assert!(among["I21.4"] > among["I20.0"] && among["I20"] > among["I26"]);
    }
}
