use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Malformed, text_type};

/// A pooling area (统筹区): its six-digit code of administrative divisions (GB/T 2260).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
#[serde(try_from = "String", into = "String")]
pub struct Area(String);

/// A district of a pooling area (市、区) that has a budget of its own: its six-digit code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
#[serde(try_from = "String", into = "String")]
pub struct District(String);

text_type!(Area);
text_type!(District);

fn six_digits(text: &str) -> Result<String, Malformed> {
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(Malformed::new(text, "a six-digit code of an administrative division"))
    }
}

impl FromStr for Area {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        six_digits(text).map(Self)
    }
}

impl FromStr for District {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        six_digits(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_ascii_digits_are_a_code_and_nothing_else_is() {
        assert_eq!("440700".parse::<Area>().unwrap().as_str(), "440700");
        for bad in ["", "44070", "4407000", "44070a", "４４０７００"] {
            assert!(bad.parse::<Area>().is_err(), "{bad}");
            assert!(bad.parse::<District>().is_err(), "{bad}");
        }
    }
}
