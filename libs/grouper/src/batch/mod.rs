//! A case list as CSV text to answers as CSV text, a line at a time.

mod columns;
mod fields;

pub use columns::{Columns, HeaderError};

use crate::answer::{Answer, Outcome, Severity};
use crate::case::{Facts, Field, Sex};
use crate::{Grouper, Scheme};
use columns::{Column, N_COLUMNS};

/// The heading of the answers.
pub const HEADING: &str = "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded\n";

/// Groups the lines of one case list, keeping its buffers between them.
#[derive(Debug)]
pub struct Batch<'s> {
    grouper: Grouper<'s>,
    columns: Columns,
}

/// A line that is no case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It has fewer columns than the heading.
    #[error("the line ends before the column `{0}`")]
    TooShort(&'static str),
    /// A column cannot be what it says.
    #[error("the column `{column}` cannot be `{value}`")]
    Unreadable {
        /// The column.
        column: &'static str,
        /// What stands in it, cut to 40 characters.
        value: String,
    },
    /// A quotation mark that has no second one.
    #[error("a quotation mark is not closed")]
    OpenQuote,
}

impl<'s> Batch<'s> {
    /// A batch of lines that have these columns.
    #[must_use]
    pub fn new(scheme: &'s Scheme, columns: Columns) -> Self {
        Self { grouper: Grouper::new(scheme), columns }
    }

    /// Groups the case of one line, without its end, and appends the line of its answer.
    ///
    /// # Errors
    ///
    /// [`LineError`] if the line is no case; then nothing is appended.
    pub fn group_line(&mut self, line: &str, answers: &mut String) -> Result<Answer, LineError> {
        if line.contains('"') {
            let plain = fields::unquoted(line)?;
            let mut texts = [None; N_COLUMNS];
            for (column, text) in texts.iter_mut().enumerate() {
                *text = self.columns.places[column].and_then(|place| plain.get(place)).map(String::as_str);
            }
            return self.group_fields(&texts, answers);
        }
        let mut texts = [None; N_COLUMNS];
        for (place, text) in line.split(',').enumerate().take(self.columns.names.len()) {
            if let Some(column) = self.columns.names[place] {
                texts[column as usize] = Some(text);
            }
        }
        self.group_fields(&texts, answers)
    }

    fn group_fields(
        &mut self,
        texts: &[Option<&str>; N_COLUMNS],
        answers: &mut String,
    ) -> Result<Answer, LineError> {
        let text = |column: Column| match texts[column as usize] {
            Some(text) => Ok(text.trim()),
            None if self.columns.places[column as usize].is_none() => Ok(""),
            None => Err(LineError::TooShort(column.name())),
        };
        let id = text(Column::Id)?;
        let sex = match text(Column::Sex)? {
            "1" | "男" => Some(Sex::Male),
            "2" | "女" => Some(Sex::Female),
            "" | "0" | "9" => None,
            other => return Err(unreadable(Column::Sex, other)),
        };
        let facts = Facts::new(
            sex,
            number(Column::AgeYears, text(Column::AgeYears)?)?,
            number(Column::AgeDays, text(Column::AgeDays)?)?,
            number(Column::BirthWeight, text(Column::BirthWeight)?)?,
        );
        let (diagnoses, procedures) = (text(Column::Diagnoses)?, text(Column::Procedures)?);
        let answer = self.grouper.group_codes(&facts, codes(diagnoses), codes(procedures), &mut ());
        self.write(id, answer, answers);
        Ok(answer)
    }

    fn write(&self, id: &str, answer: Answer, answers: &mut String) {
        let scheme = self.grouper.scheme();
        if id.contains(['"', ',', '\n']) {
            answers.extend(["\"", &id.replace('"', "\"\""), "\""]);
        } else {
            answers.push_str(id);
        }
        let status = match answer.outcome {
            Outcome::Grouped => ",分组成功,",
            Outcome::Ambiguous => ",歧义病案,",
            Outcome::NotGrouped => ",无法入组,",
            Outcome::InvalidCode => ",编码无效,",
            Outcome::NeedsData(Field::Sex) => ",缺少性别,",
            Outcome::NeedsData(Field::Age) => ",缺少年龄,",
            Outcome::NeedsData(Field::AgeInDays) => ",缺少不足一周岁的年龄,",
            Outcome::NeedsData(Field::BirthWeight) => ",缺少新生儿出生体重,",
        };
        answers.push_str(status);
        answers.push_str(answer.mdc.map_or("0000", |mdc| scheme.mdc_code(mdc)));
        answers.push(',');
        answers.push_str(match (answer.adrg, answer.outcome == Outcome::Ambiguous) {
            (Some(adrg), _) => scheme.adrg_code(adrg),
            (None, true) => "QY",
            (None, false) => "00",
        });
        answers.push(',');
        match (answer.drg, answer.mdc) {
            (Some(drg), _) => answers.push_str(scheme.drg_code(drg)),
            (None, Some(mdc)) if answer.outcome == Outcome::Ambiguous => {
                answers.extend([scheme.mdc_letter(mdc), "QY"]);
            }
            (None, _) => answers.push_str("0000"),
        }
        for severity in [Severity::Mcc, Severity::Cc] {
            answers.push(',');
            for (i, code) in self.grouper.counted(severity).enumerate() {
                answers.extend([if i == 0 { "" } else { " " }, code]);
            }
        }
        answers.push('\n');
    }
}

/// The codes of a field, `|` between them.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split('|').map(str::trim).filter(|code| !code.is_empty())
}

fn number<N: std::str::FromStr>(column: Column, text: &str) -> Result<Option<N>, LineError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| unreadable(column, text))
}

fn unreadable(column: Column, value: &str) -> LineError {
    LineError::Unreadable { column: column.name(), value: value.chars().take(40).collect() }
}
