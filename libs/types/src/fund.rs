use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Malformed, text_type};

/// A fund line (险种基金) by its id in the policy pack, e.g. `employee`, `resident`, `nrcms`.
///
/// Lower-case letters, digits and `_`, at most 32, a letter first. Which lines
/// an area has is data of its pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
#[serde(try_from = "String", into = "String")]
pub struct FundLine(String);

text_type!(FundLine);

impl FromStr for FundLine {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if text.len() <= 32 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed::new(text, "a fund line's id in lower-case letters, digits and `_`"))
        }
    }
}

/// A fund year (基金年度), 2000 to 2100: a calendar year unless the pack says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Integer))]
#[serde(try_from = "i32", into = "i32")]
pub struct FundYear(i32);

impl FundYear {
    /// The year as a number.
    #[must_use]
    pub fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for FundYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<i32> for FundYear {
    type Error = Malformed;

    fn try_from(year: i32) -> Result<Self, Malformed> {
        if (2000..=2100).contains(&year) {
            Ok(Self(year))
        } else {
            Err(Malformed::new(&year.to_string(), "a fund year from 2000 to 2100"))
        }
    }
}

impl From<FundYear> for i32 {
    fn from(year: FundYear) -> Self {
        year.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fund_line_is_a_short_lower_case_word() {
        assert!("employee".parse::<FundLine>().is_ok());
        assert!("nrcms_2".parse::<FundLine>().is_ok());
        for bad in ["", "Employee", "2nd", "_x", "职工", &"a".repeat(33)] {
            assert!(bad.parse::<FundLine>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_fund_year_lies_in_this_century() {
        assert_eq!(FundYear::try_from(2017).unwrap().get(), 2017);
        assert!(FundYear::try_from(1999).is_err());
        assert!(FundYear::try_from(2101).is_err());
    }
}
