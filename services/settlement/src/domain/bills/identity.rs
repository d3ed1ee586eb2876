use chrono::NaiveDate;

/// Whether a text is a well-formed identity number (公民身份号码, GB 11643): 17
/// digits with a birthday among them and a check character.
#[must_use]
pub(super) fn is_identity_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().ok();
    let birthday = number(6, 10)
        .zip(number(10, 12))
        .zip(number(12, 14))
        .and_then(|((year, month), day)| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day));
    let born_lately = birthday.is_some_and(|b| (1880..=2100).contains(&chrono::Datelike::year(&b)));
    born_lately && check_character(&bytes[..17]) == bytes[17].to_ascii_uppercase()
}

/// ISO 7064 MOD 11-2 over the first 17 digits.
fn check_character(digits: &[u8]) -> u8 {
    let sum = digits.iter().fold(0_u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let check = (12 - sum) % 11;
    if check == 10 { b'X' } else { b'0' + u8::try_from(check).expect("below ten") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_examples_are_identity_numbers() {
        assert!(is_identity_number("11010519491231002X"));
        assert!(is_identity_number("11010519491231002x"));
        assert!(is_identity_number("440524188001010014"));
    }

    #[test]
    fn other_numbers_of_eighteen_characters_are_not() {
        for number in
            ["110105194912310021", "110105194913310026", "440700000000000001", "1101051949123100", ""]
        {
            assert!(!is_identity_number(number), "{number}");
        }
    }
}
