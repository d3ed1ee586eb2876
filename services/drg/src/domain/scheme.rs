use chrono::{DateTime, Utc};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

pub use super::digest::Digest as SchemeHash;

/// A grouping scheme (分组方案) without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// The area it was submitted for.
    pub area: Area,
    /// What it is known by.
    pub hash: SchemeHash,
    /// Its own name, e.g. `chs-drg-2.0`.
    pub scheme_id: String,
    /// How many MDCs, ADRGs and DRGs it has.
    pub counts: [i32; 3],
    /// Who submitted it.
    pub maker: String,
    /// When it was submitted.
    pub create_time: DateTime<Utc>,
    /// Who published it, and when.
    pub published: Option<Published>,
}

/// Who published a scheme, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Another person than its maker.
    pub checker: String,
    /// When.
    pub time: DateTime<Utc>,
}

/// Why a scheme is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SchemeError {
    /// No such scheme in the area.
    #[error("the area has no scheme {0}")]
    NotFound(SchemeHash),
    /// The same scheme was submitted before.
    #[error("the scheme {0} was submitted before")]
    Exists(SchemeHash),
    /// It is published already.
    #[error("the scheme {0} is published already")]
    AlreadyPublished(SchemeHash),
    /// Nobody has published it.
    #[error("the scheme {0} is not published")]
    NotPublished(SchemeHash),
    /// The one who submitted it would publish it.
    #[error("who submitted the scheme cannot publish it")]
    SamePerson,
}

impl Scheme {
    /// Publishes the scheme in the name of `checker`.
    ///
    /// # Errors
    ///
    /// [`SchemeError::AlreadyPublished`], then [`SchemeError::SamePerson`].
    pub fn publish(self, checker: &str, instant: DateTime<Utc>) -> Result<Self, SchemeError> {
        if self.published.is_some() {
            return Err(SchemeError::AlreadyPublished(self.hash));
        }
        if self.maker == checker {
            return Err(SchemeError::SamePerson);
        }
        Ok(Self { published: Some(Published { checker: checker.to_owned(), time: instant }), ..self })
    }

    /// Passes on a scheme that is published.
    ///
    /// # Errors
    ///
    /// [`SchemeError::NotPublished`].
    pub fn if_published(self) -> Result<Self, SchemeError> {
        if self.published.is_some() { Ok(self) } else { Err(SchemeError::NotPublished(self.hash)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submitted() -> Scheme {
        Scheme {
            area: "440700".parse().unwrap(),
            hash: "ab".repeat(32).parse().unwrap(),
            scheme_id: "drawn".to_owned(),
            counts: [1, 2, 3],
            maker: "li".to_owned(),
            create_time: DateTime::UNIX_EPOCH,
            published: None,
        }
    }

    #[test]
    fn another_person_publishes_a_scheme_once() {
        let hash = submitted().hash;
        assert_eq!(submitted().if_published(), Err(SchemeError::NotPublished(hash.clone())));
        let published = submitted().publish("wang", DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(published.clone().if_published().as_ref(), Ok(&published));
        assert_eq!(published.publish("chen", DateTime::UNIX_EPOCH), Err(SchemeError::AlreadyPublished(hash)));
    }

    #[test]
    fn its_maker_cannot_publish_a_scheme() {
        assert_eq!(submitted().publish("li", DateTime::UNIX_EPOCH), Err(SchemeError::SamePerson));
    }
}
