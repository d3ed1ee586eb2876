use std::fmt::Display;

use tonic::Status;

use crate::ErrorReason;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// It is malformed, and how.
    Malformed(String),
    /// It names something that is not there, or not the caller's to know of.
    NotFound,
}

/// Whatever can be said in words is a malformed field.
impl<E: Display> From<E> for FieldProblem {
    fn from(error: E) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Collects everything that is wrong with a request, so that a caller is told all of it at once.
///
/// ```
/// # use medfund_server::Violations;
/// # use medfund_types::{Area, FundLine};
/// # fn convert(area: &str, lines: &[&str]) -> Result<(Area, Vec<FundLine>), Violations> {
/// let mut bad = Violations::default();
/// let area = bad.take("area", area.parse::<Area>());
/// let lines = bad.each("lines", lines, |bad, line| bad.take("fund_line", line.parse()));
/// bad.finish(|| Some((area?, lines?)))
/// # }
/// # assert!(convert("440700", &["employee"]).is_ok());
/// # assert_eq!(convert("", &["employee", "?"]).unwrap_err().fields(), ["area", "lines[1].fund_line"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    path: Vec<String>,
    found: Vec<(String, String)>,
    not_found: bool,
}

impl Violations {
    /// Takes a field's value, or notes what is wrong with it.
    pub fn take<T, E: Into<FieldProblem>>(&mut self, field: &str, value: Result<T, E>) -> Option<T> {
        match value.map_err(Into::into) {
            Ok(value) => Some(value),
            Err(FieldProblem::Malformed(text)) => {
                self.add(field, text);
                None
            }
            Err(FieldProblem::NotFound) => {
                self.not_found = true;
                None
            }
        }
    }

    /// Takes a field that must be there.
    pub fn require<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        self.take(field, value.ok_or("must be given"))
    }

    /// Takes a field that may be absent: `Some(None)` then.
    pub fn take_if<T, V, E: Into<FieldProblem>>(
        &mut self,
        field: &str,
        value: Option<V>,
        parse: impl FnOnce(V) -> Result<T, E>,
    ) -> Option<Option<T>> {
        match value {
            None => Some(None),
            Some(value) => self.take(field, parse(value)).map(Some),
        }
    }

    /// Takes a text field that may be empty: `Some(None)` then.
    pub fn take_text<'t, T, E: Into<FieldProblem>>(
        &mut self,
        field: &str,
        text: &'t str,
        parse: impl FnOnce(&'t str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        self.take_if(field, Some(text).filter(|text| !text.is_empty()), parse)
    }

    /// Takes the parts of a message-valued field; their paths begin with the field's.
    pub fn within<T>(&mut self, field: &str, take: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(field.to_owned());
        let taken = take(self);
        self.path.pop();
        taken
    }

    /// Takes every element of a repeated field; their paths name the index.
    ///
    /// Returns `None` if any element did, after all of them have been looked at.
    pub fn each<I: IntoIterator, T>(
        &mut self,
        field: &str,
        elements: I,
        mut take: impl FnMut(&mut Self, I::Item) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut all = Some(Vec::new());
        for (index, element) in elements.into_iter().enumerate() {
            let taken = self.within(&format!("{field}[{index}]"), |bad| take(bad, element));
            all = all.zip(taken).map(|(mut all, one)| {
                all.push(one);
                all
            });
        }
        all
    }

    /// Notes that a field is wrong and how; an empty name means the message itself.
    pub fn add(&mut self, field: &str, description: impl Into<String>) {
        let mut path = self.path.join(".");
        if !field.is_empty() && !path.is_empty() && !field.starts_with('[') {
            path.push('.');
        }
        path.push_str(field);
        self.found.push((path, description.into()));
    }

    /// The paths of the fields that are wrong.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        self.found.iter().map(|(field, _)| field.as_str()).collect()
    }

    /// The fields that are wrong, and how.
    #[must_use]
    pub fn into_problems(self) -> Vec<(String, String)> {
        self.found
    }

    /// Makes the command from what was taken, or hands back what is wrong.
    ///
    /// # Panics
    ///
    /// If `make` has nothing although nothing is wrong.
    ///
    /// # Errors
    ///
    /// The violations, if there are any.
    pub fn finish<T>(self, make: impl FnOnce() -> Option<T>) -> Result<T, Self> {
        if self.found.is_empty() && !self.not_found {
            Ok(make().expect("what was taken without a violation is there"))
        } else {
            Err(self)
        }
    }

    /// The reason: `RESOURCE_NOT_FOUND` if a name is not the caller's to know of, else `BAD_REQUEST`.
    #[must_use]
    pub fn reason(&self) -> ErrorReason {
        if self.not_found {
            return ErrorReason::not_found("RESOURCE_NOT_FOUND", "资源不存在");
        }
        let zh = format!("请求参数有误：{}", self.fields().join("、"));
        self.found.iter().fold(ErrorReason::invalid_argument("BAD_REQUEST", zh), |reason, (field, text)| {
            reason.at(field.clone(), text.clone())
        })
    }
}

impl From<Violations> for Status {
    fn from(bad: Violations) -> Self {
        let message = if bad.not_found {
            "no such resource".to_owned()
        } else {
            let texts = bad.found.iter().map(|(field, text)| format!("{field}: {text}"));
            texts.collect::<Vec<_>>().join("; ")
        };
        bad.reason().status(message)
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::StatusExt;

    use super::*;

    #[test]
    fn every_bad_field_is_named_by_its_path() {
        let mut bad = Violations::default();
        let one = bad.take("name", "x".parse::<i64>());
        let two = bad.within("plan", |bad| {
            bad.each("lines", ["1", "y", "z"], |bad, text| bad.take("amount_fen", text.parse::<i64>()))
        });
        let three = bad.take_text("etag", "", |text| text.parse::<i64>());
        let result = bad.finish(|| Some((one?, two?, three?)));

        let status = Status::from(result.unwrap_err());
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        let fields = &details.bad_request().unwrap().field_violations;
        let paths: Vec<_> = fields.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(paths, ["name", "plan.lines[1].amount_fen", "plan.lines[2].amount_fen"]);
        assert_eq!(details.error_info().unwrap().reason, "BAD_REQUEST");
        assert!(details.localized_message().unwrap().message.contains("plan.lines[1].amount_fen"));
    }

    #[test]
    fn what_is_not_the_callers_to_know_is_not_found_whatever_else_is_wrong() {
        let mut bad = Violations::default();
        bad.take::<(), _>("name", Err(FieldProblem::NotFound));
        bad.add("etag", "must be given");
        let status = Status::from(bad.finish(|| Some(())).unwrap_err());
        assert_eq!(status.code(), Code::NotFound);
        assert!(status.get_error_details().bad_request().is_none());
    }

    #[test]
    fn a_request_without_a_fault_becomes_the_command() {
        let mut bad = Violations::default();
        let amount = bad.take("amount_fen", "7".parse::<i64>());
        let decision = bad.require("decision", Some("d"));
        assert_eq!(bad.finish(|| Some((amount?, decision?))), Ok((7, "d")));
    }
}
