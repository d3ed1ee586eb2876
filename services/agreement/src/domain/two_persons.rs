use serde::{Deserialize, Serialize};

/// Who made a record and who confirmed it (经办、复核): two people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoPersons {
    /// Who made it.
    pub maker: String,
    /// Who confirmed it; `None` until then.
    pub checker: Option<String>,
}

/// Why a confirmation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    /// Nothing is left to confirm.
    #[error("it is confirmed already")]
    AlreadyConfirmed,
    /// A maker does not check its own record.
    #[error("the caller made what is to be confirmed")]
    SamePerson,
}

impl TwoPersons {
    /// A record that `maker` made and nobody has confirmed.
    #[must_use]
    pub fn made_by(maker: &str) -> Self {
        Self { maker: maker.to_owned(), checker: None }
    }

    /// Whether a second person confirmed it.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.checker.is_some()
    }

    /// The record after `checker` confirmed it.
    ///
    /// # Errors
    ///
    /// [`ConfirmError::AlreadyConfirmed`], then [`ConfirmError::SamePerson`].
    pub fn confirm(&self, checker: &str) -> Result<Self, ConfirmError> {
        if self.is_confirmed() {
            return Err(ConfirmError::AlreadyConfirmed);
        }
        if self.maker == checker {
            return Err(ConfirmError::SamePerson);
        }
        Ok(Self { maker: self.maker.clone(), checker: Some(checker.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_person_confirms_once() {
        let made = TwoPersons::made_by("li");
        assert_eq!(made.confirm("li"), Err(ConfirmError::SamePerson));
        let confirmed = made.confirm("wang").unwrap();
        assert!(confirmed.is_confirmed() && !made.is_confirmed());
        assert_eq!(confirmed.confirm("zhao"), Err(ConfirmError::AlreadyConfirmed));
    }
}
