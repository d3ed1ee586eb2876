use crate::violations::FieldProblem;

/// The `etag` of a row's version: quoted, as AIP-154 wants it.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// Reads the row version out of an `etag`.
///
/// # Errors
///
/// If it is not an `etag` that [`etag`] made.
pub fn version_from_etag(text: &str) -> Result<i64, FieldProblem> {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let version = inner.and_then(|digits| digits.parse().ok()).filter(|&version: &i64| etag(version) == text);
    version
        .ok_or_else(|| FieldProblem::Malformed("must be the `etag` of the resource as last read".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_gives_its_version_back_and_nothing_else_does() {
        assert_eq!(version_from_etag(&etag(7)), Ok(7));
        for bad in ["", "7", "\"\"", "\"07\"", "\"+7\"", "W/\"7\"", "\"x\""] {
            assert!(version_from_etag(bad).is_err(), "{bad}");
        }
    }
}
