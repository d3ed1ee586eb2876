use std::fmt;
use std::str::FromStr;

use super::{Field, Spot};

/// A name that the pack gives: lower-case letters, digits and `_`, at most 40.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if (1..=40).contains(&text.len()) && text.bytes().all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a name must be 1 to 40 lower-case letters, digits and `_`".to_owned())
        }
    }
}

/// What a table of the pack may be keyed by.
pub(crate) trait Key: Clone + Eq + fmt::Debug {
    /// Reads a key, or says what it should be.
    ///
    /// # Errors
    ///
    /// What the key should have been.
    fn from_key(text: &str) -> Result<Self, String>;
}

impl Key for Id {
    fn from_key(text: &str) -> Result<Self, String> {
        text.parse()
    }
}

impl Key for medfund_types::FundLine {
    fn from_key(text: &str) -> Result<Self, String> {
        text.parse().map_err(|malformed: medfund_types::Malformed| malformed.to_string())
    }
}

/// A table whose keys are names or words, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyed<T, K = Id> {
    items: Vec<(K, T)>,
}

impl<T, K> Default for Keyed<T, K> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T, K> Keyed<T, K> {
    /// The items with their keys, in the order of the file.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &T)> + DoubleEndedIterator {
        self.items.iter().map(|(key, item)| (key, item))
    }

    /// The items.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> + DoubleEndedIterator {
        self.items.iter().map(|(_, item)| item)
    }

    /// The keys.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> + DoubleEndedIterator {
        self.items.iter().map(|(key, _)| key)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T, K: Eq> Keyed<T, K> {
    /// The item under `key`.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&T> {
        self.items.iter().find(|(other, _)| other == key).map(|(_, item)| item)
    }
}

impl<T> Keyed<T, Id> {
    /// The item named `id`.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&T> {
        self.items.iter().find(|(other, _)| other.as_str() == id).map(|(_, item)| item)
    }
}

impl<T: Field, K: Key> Field for Keyed<T, K> {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        if !spot.is_section() {
            return None;
        }
        let mut items = Vec::new();
        let mut whole = true;
        for (name, node) in spot.node.children() {
            let below = spot.below(name, spot.term, node);
            let key = K::from_key(name).map_err(|reason| below.wrong(reason)).ok();
            match (key, T::read(&below)) {
                (Some(key), Some(item)) => items.push((key, item)),
                _ => whole = false,
            }
        }
        whole.then_some(Self { items })
    }
}
