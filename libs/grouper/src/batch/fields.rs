use super::LineError;

/// The fields of a line in which some are quoted. A quotation mark that does not begin its field is
/// a character like any other.
pub(super) fn unquoted(line: &str) -> Result<Vec<String>, LineError> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.trim_start_matches(' ').strip_prefix('"') {
            Some(quoted) => until_closed(quoted)?,
            None => {
                let (field, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                (field.to_owned(), after)
            }
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => return Err(LineError::OpenQuote),
        }
    }
}

/// A quoted field, of which two marks are one, and what stands after its closing mark.
fn until_closed(quoted: &str) -> Result<(String, &str), LineError> {
    let mut field = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"').ok_or(LineError::OpenQuote)?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None => return Ok((field, after.trim_start_matches(' '))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_keep_commas_and_quotation_marks() {
        assert_eq!(
            unquoted(r#"a,"b,""c""",d"#),
            Ok(vec!["a".to_owned(), "b,\"c\"".to_owned(), "d".to_owned()])
        );
        assert_eq!(unquoted("\"a\nb\" ,"), Ok(vec!["a\nb".to_owned(), String::new()]));
        assert_eq!(unquoted(r#"5" wound,x"#), Ok(vec![r#"5" wound"#.to_owned(), "x".to_owned()]));
        for broken in [r#"a,"b"#, r#""a"b"#, r#"""""#] {
            assert_eq!(unquoted(broken), Err(LineError::OpenQuote), "{broken}");
        }
    }
}
