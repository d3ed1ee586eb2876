use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AccountKind, LedgerError};

const LONGEST_NAME: usize = 200;

/// An account: its kind and what tells it apart, written `quota/2017/employee/440703/H44070300001`.
///
/// Parts are ASCII letters, digits, `-` and `_`. The area is not part of the
/// name: every row of a ledger has it beside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Account {
    kind: AccountKind,
    name: String,
}

impl Account {
    /// The account of `kind` that `parts` tell apart.
    ///
    /// # Errors
    ///
    /// [`LedgerError::NotAnAccount`] if there is no part or a part has other characters.
    pub fn new<P: fmt::Display>(
        kind: AccountKind,
        parts: impl IntoIterator<Item = P>,
    ) -> Result<Self, LedgerError> {
        let mut name = kind.id().to_owned();
        for part in parts {
            name.push('/');
            name.push_str(&part.to_string());
        }
        name.parse()
    }

    /// The transit account for what goes from one service to another, by the same name in both.
    ///
    /// # Errors
    ///
    /// As [`Account::new`].
    pub fn transit<P: fmt::Display>(
        from: &str,
        to: &str,
        parts: impl IntoIterator<Item = P>,
    ) -> Result<Self, LedgerError> {
        let ends = [from.to_owned(), to.to_owned()];
        Self::new(
            AccountKind::Transit,
            ends.into_iter().chain(parts.into_iter().map(|part| part.to_string())),
        )
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> AccountKind {
        self.kind
    }

    /// Its whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// What follows the kind.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.name.split('/').skip(1)
    }
}

impl FromStr for Account {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<Self, LedgerError> {
        let bad = || LedgerError::NotAnAccount(text.chars().take(80).collect());
        let (kind, rest) = text.split_once('/').ok_or_else(bad)?;
        let kind = AccountKind::from_id(kind).ok_or_else(bad)?;
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        if text.len() > LONGEST_NAME || !rest.split('/').all(word) {
            return Err(bad());
        }
        Ok(Self { kind, name: text.to_owned() })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl TryFrom<String> for Account {
    type Error = LedgerError;

    fn try_from(text: String) -> Result<Self, LedgerError> {
        text.parse()
    }
}

impl From<Account> for String {
    fn from(account: Account) -> Self {
        account.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_kind_of_the_chart_and_parts() {
        let account = Account::new(AccountKind::Quota, ["2017", "employee", "440703"]).unwrap();
        assert_eq!(account.as_str(), "quota/2017/employee/440703");
        assert_eq!(account.parts().collect::<Vec<_>>(), ["2017", "employee", "440703"]);
        for bad in ["", "quota", "quota/", "quota//x", "nothing/x", "quota/职工", "quota/a b"] {
            assert!(bad.parse::<Account>().is_err(), "{bad}");
        }
        assert!(Account::new(AccountKind::Quota, ["x".repeat(200)]).is_err());
    }

    #[test]
    fn every_kind_is_found_by_its_id_and_its_json() {
        for kind in AccountKind::ALL {
            assert_eq!(AccountKind::from_id(kind.id()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.id()));
        }
    }
}
