//! What every service's `grpc/convert.rs` needs: amounts, kinds of care, dates, etags, pages, names.

mod amount;
mod care;
mod etag;
mod name;
mod page;
mod time;

pub use amount::{MAX_FEN, decimal, fen, fen_not_negative, fen_positive};
pub use care::{kind_of_care, kind_of_care_to_pb};
pub use etag::{etag, version_from_etag};
pub use name::{ResourceName, parse_name};
pub use page::{page_cursor, page_size, split_page};
pub use time::{
    date, date_to_pb, optional_date, settlement_month, settlement_month_to_pb, timestamp, timestamp_to_pb,
};

use uuid::Uuid;

use crate::violations::FieldProblem;

/// Reads a `request_id`, the UUID that makes a retry safe.
///
/// # Errors
///
/// If it is no UUID, or the nil one.
pub fn request_id(text: &str) -> Result<Uuid, FieldProblem> {
    uuid(text)
}

/// Reads a UUID in its written form with hyphens.
///
/// # Errors
///
/// If it is none, or the nil one.
pub fn uuid(text: &str) -> Result<Uuid, FieldProblem> {
    let parsed = Uuid::try_parse(text).ok().filter(|id| !id.is_nil() && text.len() == 36);
    parsed.ok_or_else(|| FieldProblem::Malformed("must be a UUID like `018f6b1e-…`, not nil".to_owned()))
}

/// Reads a SHA-256 in its written form.
///
/// # Errors
///
/// If it has not 64 digits, or one that is none of lower-case hexadecimal.
pub fn sha256(text: &str) -> Result<[u8; 32], &'static str> {
    let lower = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let mut digest = [0; 32];
    let decoded = lower && hex::decode_to_slice(text, &mut digest).is_ok();
    if decoded { Ok(digest) } else { Err("must be a SHA-256 in 64 lower-case hexadecimal digits") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_in_sixty_four_lower_case_digits() {
        assert_eq!(sha256(&"ab".repeat(32)), Ok([0xab; 32]));
        for bad in ["", "ab", &"AB".repeat(32), &"ab".repeat(33), &"zz".repeat(32)] {
            assert!(sha256(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_a_written_uuid_makes_a_retry_safe() {
        assert!(request_id("018f6b1e-7c5a-7000-8000-000000000001").is_ok());
        for bad in ["", "x", "00000000-0000-0000-0000-000000000000", "018f6b1e7c5a70008000000000000001"] {
            assert!(request_id(bad).is_err(), "{bad}");
        }
    }
}
