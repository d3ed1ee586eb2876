use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::violations::FieldProblem;

const DEFAULT_SIZE: usize = 50;
const MAX_SIZE: usize = 500;
const BINDING_BYTES: usize = 8;

/// Reads a `page_size`: 0 means 50, more than 500 means 500 (AIP-158).
///
/// # Errors
///
/// If it is negative.
pub fn page_size(size: i32) -> Result<usize, FieldProblem> {
    match usize::try_from(size) {
        Ok(0) => Ok(DEFAULT_SIZE),
        Ok(size) => Ok(size.min(MAX_SIZE)),
        Err(_) => Err(FieldProblem::Malformed("must not be negative".to_owned())),
    }
}

/// Reads a `page_token`: the key of the last row already seen, `None` at the beginning.
///
/// - `bound_to`: the request's other arguments, which must not change from page to page.
///
/// # Errors
///
/// If it is no token that [`split_page`] made for the same arguments.
pub fn page_cursor<K: DeserializeOwned>(token: &str, bound_to: &[&str]) -> Result<Option<K>, FieldProblem> {
    if token.is_empty() {
        return Ok(None);
    }
    let malformed = || FieldProblem::Malformed("must be the `next_page_token` of the same query".to_owned());
    let bytes = hex::decode(token).map_err(|_| malformed())?;
    let (binding, key) = bytes.split_at_checked(BINDING_BYTES).ok_or_else(malformed)?;
    if binding != binding_of(bound_to) {
        return Err(malformed());
    }
    serde_json::from_slice(key).map(Some).map_err(|_| malformed())
}

/// Cuts one row more than asked for down to a page and the token of the next one.
///
/// - `rows`: up to `size + 1` rows in order; the surplus one tells that there is a next page.
/// - `key`: the sort key of a row, unique.
/// - `bound_to`: as for [`page_cursor`].
/// - Returns the page and its `next_page_token`, empty at the end.
#[must_use]
pub fn split_page<T, K: Serialize>(
    mut rows: Vec<T>,
    size: usize,
    key: impl FnOnce(&T) -> K,
    bound_to: &[&str],
) -> (Vec<T>, String) {
    if rows.len() <= size {
        return (rows, String::new());
    }
    rows.truncate(size);
    let token = rows.last().map(|last| {
        let mut bytes = binding_of(bound_to).to_vec();
        serde_json::to_writer(&mut bytes, &key(last)).expect("a sort key can be written");
        hex::encode(bytes)
    });
    (rows, token.unwrap_or_default())
}

fn binding_of(arguments: &[&str]) -> [u8; BINDING_BYTES] {
    let mut hash = Sha256::new();
    for argument in arguments {
        hash.update((argument.len() as u64).to_be_bytes());
        hash.update(argument);
    }
    let hash = hash.finalize();
    std::array::from_fn(|i| hash[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let (page, token) = split_page(vec![1, 2, 3], 2, |&row| row, &["parent"]);
        assert_eq!(page, [1, 2]);
        assert_eq!(page_cursor::<i32>(&token, &["parent"]), Ok(Some(2)));
        assert_eq!(split_page(vec![3], 2, |&row| row, &["parent"]), (vec![3], String::new()));
        assert_eq!(page_cursor::<i32>("", &["parent"]), Ok(None));
    }

    #[test]
    fn a_token_does_not_fit_another_query() {
        let (_, token) = split_page(vec![1, 2], 1, |&row| row, &["a", "bc"]);
        assert!(page_cursor::<i32>(&token, &["ab", "c"]).is_err());
        for bad in ["x", "00", &format!("{token}00")] {
            assert!(page_cursor::<i32>(bad, &["a", "bc"]).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_defaulted_and_capped() {
        assert_eq!(page_size(0), Ok(50));
        assert_eq!(page_size(7), Ok(7));
        assert_eq!(page_size(501), Ok(500));
        assert!(page_size(-1).is_err());
    }
}
