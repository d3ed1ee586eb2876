//! A case list as CSV text to answers as CSV text, a line at a time.

mod about;
mod columns;
mod fields;
mod front_page;
mod quotes;
mod text;
mod translated;

pub use about::{CheckedLine, ExplainedLine};
pub use columns::{Columns, HeaderError, KnownColumn};
pub use quotes::{MOST_BREAKS, Quotes};
pub use text::{Encoding, LONGEST_LINE, TextError, decode, decoded};

use crate::answer::{Answer, Outcome, Severity};
use crate::case::{Case, Sex};
use crate::crosswalk::Crosswalk;
use crate::{Grouper, Scheme};
use columns::{Column, N_COLUMNS};

/// The most bytes of a case's id.
pub const LONGEST_ID: usize = 64;

/// The most diagnoses of a case, and the most of all else that a list has several of.
pub const MOST_VALUES: usize = 100;

/// The heading of the answers.
const HEADING: &str = "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded\n";

/// The heading of answers whose codes a crosswalk has translated.
const HEADING_TRANSLATED: &str = "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded,translated\n";

/// The heading of answers, with its line's end.
///
/// - `is_translated`: whether a crosswalk has translated the cases' codes.
#[must_use]
pub fn heading(is_translated: bool) -> &'static str {
    if is_translated { HEADING_TRANSLATED } else { HEADING }
}

/// Groups the lines of one case list, keeping its buffers between them.
#[derive(Debug)]
pub struct Batch<'s> {
    grouper: Grouper<'s>,
    columns: Columns,
    crosswalk: Option<&'s Crosswalk>,
    /// Some group asks for days of stay, which are to be counted where no column tells them.
    asks_for_stay: bool,
}

/// A line that is no case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It has fewer columns than the heading.
    #[error("the line ends before the column `{0}`")]
    TooShort(&'static str),
    /// Something stands behind the heading's last column.
    #[error(
        "`{0}` stands behind the last column of the heading: a comma too much, or one that is no separator"
    )]
    TooLong(String),
    /// A column cannot be what it says.
    #[error("the column `{column}` cannot be `{value}`: {}", takes(column))]
    Unreadable {
        /// The column.
        column: &'static str,
        /// What stands in it, cut to 40 characters.
        value: String,
    },
    /// The id has more than [`LONGEST_ID`] bytes.
    #[error("the id has more than {LONGEST_ID} bytes")]
    IdTooLong,
    /// A column has more than [`MOST_VALUES`] values.
    #[error("the column `{0}` has more than {MOST_VALUES} values")]
    TooManyValues(&'static str),
    /// A quotation mark that has no second one, or one that more than a comma follows.
    #[error("a quotation mark is not closed, or something follows the closing one")]
    OpenQuote,
}

/// What a column takes.
fn takes(column: &str) -> &'static str {
    match column {
        "sex" => "write 1 or 男 (male), 2 or 女 (female), 0, 9 or nothing (unknown)",
        "age_years" | "age_days" | "birth_weight_g" | "stay_days" => "write a whole number, or nothing",
        "admission_date" | "discharge_date" | "procedure_dates" => "write a day as 2024-03-01 or 20240301",
        "discharge" => "write 1 to 5 or 9",
        "total_cost_yuan" | "costs_yuan" => "write yuan with at most two decimals",
        _ => "see the columns of a case list",
    }
}

impl<'s> Batch<'s> {
    /// A batch of lines that have these columns.
    #[must_use]
    pub fn new(scheme: &'s Scheme, columns: Columns) -> Self {
        Self {
            grouper: Grouper::new(scheme),
            columns,
            crosswalk: None,
            asks_for_stay: scheme.asks_for_stay(),
        }
    }

    /// The same, for lines whose codes are translated before they are grouped. The answers then have the
    /// column `translated`: what became of each code that is no 医保 code already, with blanks between:
    /// `a→b` it became `b`; `a→b|c` it is ambiguous and stays; `a→?` it is unknown and stays.
    #[must_use]
    pub fn translating(self, crosswalk: Option<&'s Crosswalk>) -> Self {
        Self { crosswalk, ..self }
    }

    /// The heading of the answers, with its line's end.
    #[must_use]
    pub fn heading(&self) -> &'static str {
        heading(self.crosswalk.is_some())
    }

    /// Groups the case of one line, without its end, and appends the line of its answer.
    ///
    /// # Errors
    ///
    /// [`LineError`] if the line is no case; then nothing is appended.
    pub fn group_line(&mut self, line: &str, answers: &mut String) -> Result<Answer, LineError> {
        if line.contains('"') {
            let plain = fields::unquoted(line)?;
            let case = self.read_case(&self.quoted_texts(&plain)?)?;
            return Ok(self.group_case(&case, answers));
        }
        let case = self.read_case(&self.plain_texts(line)?)?;
        Ok(self.group_case(&case, answers))
    }

    /// How many codes of the line grouped last the scheme does not know and passed over.
    #[must_use]
    pub fn n_passed_over(&self) -> usize {
        self.grouper.n_passed_over()
    }

    /// The institution that one line names, if it does.
    ///
    /// # Errors
    ///
    /// [`LineError::OpenQuote`].
    pub fn institution_of(&self, line: &str) -> Result<Option<String>, LineError> {
        let named =
            |text: Option<&str>| text.map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned);
        if line.contains('"') {
            let plain = fields::unquoted(line)?;
            return Ok(named(self.quoted_texts(&plain)?[Column::Institution as usize]));
        }
        Ok(named(self.plain_texts(line)?[Column::Institution as usize]))
    }

    /// Why one line's case falls where it does.
    ///
    /// # Errors
    ///
    /// [`LineError`] if the line is no case.
    pub fn explain_line(&mut self, line: &str) -> Result<ExplainedLine<'s>, LineError> {
        let plain = fields::unquoted(line)?;
        let case = self.read_case(&self.quoted_texts(&plain)?)?;
        let by = (self.crosswalk, self.grouper.scheme());
        let (translation, explanation) = case.translated(by, |case| self.grouper.explain(case));
        Ok(ExplainedLine { id: case.id.to_owned(), translation, explanation })
    }

    /// The principal codes of one line's case that are grey (灰码).
    ///
    /// # Errors
    ///
    /// [`LineError`] if the line is no case.
    pub fn grey_codes(&self, line: &str) -> Result<Vec<String>, LineError> {
        let plain = fields::unquoted(line)?;
        let case = self.read_case(&self.quoted_texts(&plain)?)?;
        let scheme = self.grouper.scheme();
        let (_, grey) = case.translated((self.crosswalk, scheme), |case| {
            scheme.grey_principals(case).into_iter().flatten().map(str::to_owned).collect()
        });
        Ok(grey)
    }

    /// What is wrong with the list of one line's case.
    ///
    /// # Errors
    ///
    /// [`LineError`] if the line is no case.
    pub fn check_line(&self, line: &str) -> Result<CheckedLine<'s>, LineError> {
        let plain = fields::unquoted(line)?;
        let texts = self.quoted_texts(&plain)?;
        let case = self.read_case(&texts)?;
        let scheme = self.grouper.scheme();
        let (translation, findings) = case.translated((self.crosswalk, scheme), |split| {
            front_page::check(&self.columns, &texts, case.id, split, scheme)
        });
        Ok(CheckedLine { id: case.id.to_owned(), translation, findings: findings? })
    }

    /// Appends the answer of a case that its list's quality keeps from being grouped.
    pub fn refuse(&self, id: &str, answers: &mut String) {
        write_id(id, answers);
        answers.push_str(",质控不通过,0000,00,0000,,");
        answers.push_str(if self.crosswalk.is_some() { ",\n" } else { "\n" });
    }

    fn plain_texts<'l>(&self, line: &'l str) -> Result<Texts<'l>, LineError> {
        self.texts(line.split(','))
    }

    fn quoted_texts<'l>(&self, plain: &'l [String]) -> Result<Texts<'l>, LineError> {
        self.texts(plain.iter().map(String::as_str))
    }

    /// The fields by their columns; empty ones may stand behind the last.
    fn texts<'l>(&self, fields: impl Iterator<Item = &'l str>) -> Result<Texts<'l>, LineError> {
        let mut texts = [None; N_COLUMNS];
        let mut names = self.columns.names.iter();
        for text in fields {
            match names.next() {
                Some(&Some(column)) => texts[column as usize] = Some(text),
                Some(None) => {}
                None if text.trim().is_empty() => {}
                None => return Err(LineError::TooLong(shown(text))),
            }
        }
        Ok(texts)
    }

    fn read_case<'l>(&self, texts: &Texts<'l>) -> Result<LineCase<'l>, LineError> {
        let text = |column: Column| match texts[column as usize] {
            Some(text) => Ok(text.trim()),
            None if self.columns.places[column as usize].is_none() => Ok(""),
            None => Err(LineError::TooShort(column.name())),
        };
        let mut person = Case {
            sex: match text(Column::Sex)? {
                "1" | "男" => Some(Sex::Male),
                "2" | "女" => Some(Sex::Female),
                "" | "0" | "9" => None,
                other => return Err(unreadable(Column::Sex, other)),
            },
            age_years: number(Column::AgeYears, text(Column::AgeYears)?)?,
            age_days: number(Column::AgeDays, text(Column::AgeDays)?)?,
            birth_weight_g: number(Column::BirthWeight, text(Column::BirthWeight)?)?,
            stay_days: number(Column::StayDays, text(Column::StayDays)?)?,
            ..Case::default()
        };
        if self.asks_for_stay && person.stay_days.is_none() {
            person.stay_days = front_page::stay_days(&self.columns, texts)?;
        }
        let id = text(Column::Id)?;
        if id.len() > LONGEST_ID {
            return Err(LineError::IdTooLong);
        }
        let values = |column| if_few(column, text(column)?);
        let (diagnoses, procedures) = (values(Column::Diagnoses)?, values(Column::Procedures)?);
        Ok(LineCase { id, person, diagnoses, procedures })
    }

    fn group_case(&mut self, case: &LineCase<'_>, answers: &mut String) -> Answer {
        let by = (self.crosswalk, self.grouper.scheme());
        let (diagnoses, procedures) =
            (translated::diagnoses(by, case.diagnoses), translated::procedures(by, case.procedures));
        let answer = self.grouper.group_codes(&case.person.facts(), diagnoses, procedures, &mut ());
        self.write(case, answer, answers);
        answer
    }

    fn write(&self, case: &LineCase<'_>, answer: Answer, answers: &mut String) {
        let scheme = self.grouper.scheme();
        write_id(case.id, answers);
        answers.extend([",", answer.outcome.zh(), ","]);
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
            if scheme.is_by_category() {
                let counts = |code: &&str| self.grouper.counts_as(code) == severity;
                let diagnoses = translated::diagnoses((self.crosswalk, scheme), case.diagnoses);
                append(answers, diagnoses.skip(1).filter(counts));
            } else {
                append(answers, self.grouper.counted(severity));
            }
        }
        if let Some(crosswalk) = self.crosswalk {
            answers.push(',');
            translated::write(crosswalk, scheme, case, answers);
        }
        answers.push('\n');
    }
}

fn write_id(id: &str, answers: &mut String) {
    if id.contains(['"', ',', '\n', '\r']) {
        answers.extend(["\"", &id.replace('"', "\"\""), "\""]);
    } else {
        answers.push_str(id);
    }
}

/// Appends codes with a space between them.
fn append<'c>(answers: &mut String, codes: impl Iterator<Item = &'c str>) {
    for (i, code) in codes.enumerate() {
        answers.extend([if i == 0 { "" } else { " " }, code]);
    }
}

/// What stands in each column of a line.
type Texts<'l> = [Option<&'l str>; N_COLUMNS];

/// A line's case, its codes not split yet.
struct LineCase<'l> {
    id: &'l str,
    /// All that is no code.
    person: Case<'l>,
    diagnoses: &'l str,
    procedures: &'l str,
}

/// The text of a column, if it has no more values than a list may have.
fn if_few(column: Column, text: &str) -> Result<&str, LineError> {
    let n_marks = if text.len() < MOST_VALUES { 0 } else { text.matches('|').count() };
    if n_marks < MOST_VALUES { Ok(text) } else { Err(LineError::TooManyValues(column.name())) }
}

/// The codes of a field, `|` between them; empty ones are left out, but for the first: where the principal code is
/// missing no other may stand in its place.
pub fn codes(text: &str) -> impl Iterator<Item = &str> {
    let mut is_principal = !text.is_empty();
    text.split('|').map(str::trim).filter(move |code| std::mem::take(&mut is_principal) || !code.is_empty())
}

fn number<N: std::str::FromStr>(column: Column, text: &str) -> Result<Option<N>, LineError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| unreadable(column, text))
}

fn unreadable(column: Column, value: &str) -> LineError {
    LineError::Unreadable { column: column.name(), value: shown(value) }
}

/// As much of a text as is told of it.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
