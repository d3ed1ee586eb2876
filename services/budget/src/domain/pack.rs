use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

/// The hash of a pack's bytes: lower-case hexadecimal SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackHash(String);

impl PackHash {
    const DIGITS: usize = 64;

    /// The hash as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PackHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == Self::DIGITS && text.bytes().all(digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be a SHA-256 in lower-case hexadecimal")
        }
    }
}

impl TryFrom<String> for PackHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PackHash> for String {
    fn from(hash: PackHash) -> Self {
        hash.0
    }
}

/// Where a pack stands between its maker and its checker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackState {
    /// Submitted and found valid.
    Submitted,
    /// Published; fund years may run under it.
    Published,
}

/// A policy pack (政策包) without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The area it was submitted for.
    pub area: Area,
    /// The hash of its bytes.
    pub hash: PackHash,
    /// Its id, e.g. `jiangmen-2016`.
    pub pack_id: String,
    /// Where it stands.
    pub state: PackState,
    /// Who submitted it.
    pub maker: String,
    /// Who published it.
    pub checker: Option<String>,
    /// When it was submitted.
    pub create_time: DateTime<Utc>,
    /// When it was published.
    pub publish_time: Option<DateTime<Utc>>,
}

/// Why a pack is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PackError {
    /// No such pack in the area.
    #[error("the area has no pack {0}")]
    NotFound(PackHash),
    /// The same bytes were submitted before.
    #[error("the pack {0} was submitted before")]
    Exists(PackHash),
    /// It is published already.
    #[error("the pack {0} is published already")]
    AlreadyPublished(PackHash),
    /// It was not published.
    #[error("the pack {0} was not published")]
    NotPublished(PackHash),
    /// The one who submitted it would publish it.
    #[error("who submitted the pack cannot publish it")]
    SamePerson,
}

impl Pack {
    /// Publishes the pack in the name of `checker`.
    ///
    /// # Errors
    ///
    /// [`PackError::AlreadyPublished`], then [`PackError::SamePerson`].
    pub fn publish(self, checker: &str, instant: DateTime<Utc>) -> Result<Self, PackError> {
        if self.state == PackState::Published {
            return Err(PackError::AlreadyPublished(self.hash));
        }
        if self.maker == checker {
            return Err(PackError::SamePerson);
        }
        let checker = Some(checker.to_owned());
        Ok(Self { state: PackState::Published, checker, publish_time: Some(instant), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submitted() -> Pack {
        Pack {
            area: "440700".parse().unwrap(),
            hash: "ab".repeat(32).parse().unwrap(),
            pack_id: "jiangmen-2016".to_owned(),
            state: PackState::Submitted,
            maker: "li".to_owned(),
            checker: None,
            create_time: DateTime::UNIX_EPOCH,
            publish_time: None,
        }
    }

    #[test]
    fn another_person_publishes_a_pack_once() {
        let published = submitted().publish("wang", DateTime::UNIX_EPOCH).unwrap();
        assert_eq!((published.state, published.checker.as_deref()), (PackState::Published, Some("wang")));
        let hash = published.hash.clone();
        assert_eq!(published.publish("chen", DateTime::UNIX_EPOCH), Err(PackError::AlreadyPublished(hash)));
    }

    #[test]
    fn its_maker_cannot_publish_a_pack() {
        assert_eq!(submitted().publish("li", DateTime::UNIX_EPOCH), Err(PackError::SamePerson));
    }

    #[test]
    fn a_hash_is_sixty_four_lower_case_digits() {
        for bad in ["", "ab", &"AB".repeat(32), &"ab".repeat(33), &"zz".repeat(32)] {
            assert!(bad.parse::<PackHash>().is_err(), "{bad}");
        }
    }
}
