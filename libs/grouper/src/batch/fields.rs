use super::LineError;

/// The fields of a line in which some are quoted.
pub(super) fn unquoted(line: &str) -> Result<Vec<String>, LineError> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let field = fields.last_mut().expect("there is always one");
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => fields.push(String::new()),
            (c, _) => field.push(c),
        }
    }
    if quoted { Err(LineError::OpenQuote) } else { Ok(fields) }
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
        assert_eq!(unquoted(r#"a,"b"#), Err(LineError::OpenQuote));
    }
}
