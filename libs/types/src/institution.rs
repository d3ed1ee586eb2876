use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Malformed, text_type};

/// A designated institution (定点医疗机构) by its national code, e.g. `H44070300001`.
///
/// A capital letter (`H` hospital, `P` pharmacy), the six digits of its
/// division and a serial: 8 to 20 characters in all, since regions differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
#[serde(try_from = "String", into = "String")]
pub struct InstitutionCode(String);

text_type!(InstitutionCode);

impl FromStr for InstitutionCode {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let well_formed = (8..=20).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text[1..].bytes().all(|b| b.is_ascii_digit());
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed::new(text, "a national institution code: a capital letter, then 7 to 19 digits"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_capital_letter_and_digits() {
        assert!("H41130200746".parse::<InstitutionCode>().is_ok());
        for bad in ["", "H", "h41130200746", "41130200746", "H4113020074X", "医41130200746"] {
            assert!(bad.parse::<InstitutionCode>().is_err(), "{bad}");
        }
    }
}
