use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest code of a group: four characters nationally, more where a region divides further.
const LONGEST: usize = 8;

/// A group's code (DRG 编码), e.g. `GZ13`, `KQY` for the ambiguous of an MDC, `0000` for what is in no group.
///
/// Capital letters and digits, at most eight. Which codes there are is data of the grouping scheme.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupCode(String);

/// A text that is no group's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a group's code of one to eight capital letters and digits")]
pub struct NoGroupCode(String);

impl GroupCode {
    /// What is in no group: `0000`.
    #[must_use]
    pub fn not_grouped() -> Self {
        Self("0000".to_owned())
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ADRG (核心疾病诊断相关组) that the group is a severity of: its first three characters.
    ///
    /// `None` for the ambiguous (`KQY`) and for what is in no group (`0000`).
    #[must_use]
    pub fn adrg(&self) -> Option<&str> {
        let severity_follows = self.0.len() > 3 && self.0.starts_with(|c: char| c.is_ascii_uppercase());
        severity_follows.then(|| &self.0[..3])
    }

    /// Whether a case with this code is in a group (入组): neither ambiguous nor `0000`.
    #[must_use]
    pub fn is_grouped(&self) -> bool {
        self.adrg().is_some()
    }
}

impl fmt::Display for GroupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for GroupCode {
    type Err = NoGroupCode;

    fn from_str(text: &str) -> Result<Self, NoGroupCode> {
        let well_formed = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoGroupCode(text.chars().take(40).collect()))
        }
    }
}

impl TryFrom<String> for GroupCode {
    type Error = NoGroupCode;

    fn try_from(text: String) -> Result<Self, NoGroupCode> {
        text.parse()
    }
}

impl From<GroupCode> for String {
    fn from(code: GroupCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_its_adrg_when_it_is_a_severity_of_one() {
        let code = |text: &str| text.parse::<GroupCode>().unwrap();
        assert_eq!(code("GZ13").adrg(), Some("GZ1"));
        assert_eq!(code("GZ1A2").adrg(), Some("GZ1"));
        for outside in ["KQY", "0000", "0"] {
            assert!(!code(outside).is_grouped(), "{outside}");
        }
    }

    #[test]
    fn a_code_is_short_and_plain() {
        for bad in ["", "gz13", "GZ 13", "ＧＺ１３", "GZ1234567", "未入组"] {
            assert!(bad.parse::<GroupCode>().is_err(), "{bad}");
        }
    }
}
