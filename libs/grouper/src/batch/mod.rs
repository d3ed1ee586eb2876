//! A case list as CSV text to answers as CSV text, a line at a time.

mod columns;
mod fields;
mod front_page;

pub use columns::{Columns, HeaderError};

use crate::answer::{Answer, Outcome, Severity};
use crate::case::{Case, Facts, Field, Sex};
use crate::quality::{Finding, Limits};
use crate::{Explanation, Grouper, Scheme};
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
            let case = read_case(&self.columns, &self.quoted_texts(&plain))?;
            return Ok(self.group_case(&case, answers));
        }
        let case = read_case(&self.columns, &self.plain_texts(line))?;
        Ok(self.group_case(&case, answers))
    }

    /// The first column of one line's case, and why it falls where it does.
    ///
    /// # Errors
    ///
    /// [`LineError`] if the line is no case.
    pub fn explain_line(&mut self, line: &str) -> Result<(String, Explanation<'_>), LineError> {
        let plain = fields::unquoted(line)?;
        let texts = self.quoted_texts(&plain);
        let case = read_case(&self.columns, &texts)?;
        let diagnoses: Vec<&str> = codes(case.diagnoses).collect();
        let procedures: Vec<&str> = codes(case.procedures).collect();
        let explanation = self.grouper.explain(&Case {
            sex: case.sex,
            age_years: case.age_years,
            age_days: case.age_days,
            birth_weight_g: case.birth_weight_g,
            diagnoses: &diagnoses,
            procedures: &procedures,
        });
        Ok((case.id.to_owned(), explanation))
    }

    /// The id of one line's case, and what is wrong with its list.
    ///
    /// # Errors
    ///
    /// [`LineError`] if the line is no case.
    pub fn check_line(&self, line: &str, limits: &Limits) -> Result<(String, Vec<Finding>), LineError> {
        let plain = fields::unquoted(line)?;
        let texts = self.quoted_texts(&plain);
        let case = read_case(&self.columns, &texts)?;
        let findings = front_page::check(&self.columns, &texts, &case, self.grouper.scheme(), limits)?;
        Ok((case.id.to_owned(), findings))
    }

    /// Appends the answer of a case that its list's quality keeps from being grouped.
    pub fn refuse(id: &str, answers: &mut String) {
        write_id(id, answers);
        answers.push_str(",质控不通过,0000,00,0000,,\n");
    }

    fn plain_texts<'l>(&self, line: &'l str) -> Texts<'l> {
        let mut texts = [None; N_COLUMNS];
        for (place, text) in line.split(',').enumerate().take(self.columns.names.len()) {
            if let Some(column) = self.columns.names[place] {
                texts[column as usize] = Some(text);
            }
        }
        texts
    }

    fn quoted_texts<'l>(&self, plain: &'l [String]) -> Texts<'l> {
        let mut texts = [None; N_COLUMNS];
        for (text, place) in texts.iter_mut().zip(&self.columns.places) {
            *text = place.and_then(|place| plain.get(place)).map(String::as_str);
        }
        texts
    }

    fn group_case(&mut self, case: &LineCase<'_>, answers: &mut String) -> Answer {
        let facts = Facts::new(case.sex, case.age_years, case.age_days, case.birth_weight_g);
        let (diagnoses, procedures) = (codes(case.diagnoses), codes(case.procedures));
        let answer = self.grouper.group_codes(&facts, diagnoses, procedures, &mut ());
        self.write(case, answer, answers);
        answer
    }

    fn write(&self, &LineCase { id, diagnoses, .. }: &LineCase<'_>, answer: Answer, answers: &mut String) {
        let scheme = self.grouper.scheme();
        write_id(id, answers);
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
            if scheme.is_by_category() {
                let counts = |code: &&str| self.grouper.counts_as(code) == severity;
                append(answers, codes(diagnoses).skip(1).filter(counts));
            } else {
                append(answers, self.grouper.counted(severity));
            }
        }
        answers.push('\n');
    }
}

fn write_id(id: &str, answers: &mut String) {
    if id.contains(['"', ',', '\n']) {
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
    sex: Option<Sex>,
    age_years: Option<u16>,
    age_days: Option<u32>,
    birth_weight_g: Option<u16>,
    diagnoses: &'l str,
    procedures: &'l str,
}

fn read_case<'l>(columns: &Columns, texts: &Texts<'l>) -> Result<LineCase<'l>, LineError> {
    let text = |column: Column| match texts[column as usize] {
        Some(text) => Ok(text.trim()),
        None if columns.places[column as usize].is_none() => Ok(""),
        None => Err(LineError::TooShort(column.name())),
    };
    Ok(LineCase {
        id: text(Column::Id)?,
        sex: match text(Column::Sex)? {
            "1" | "男" => Some(Sex::Male),
            "2" | "女" => Some(Sex::Female),
            "" | "0" | "9" => None,
            other => return Err(unreadable(Column::Sex, other)),
        },
        age_years: number(Column::AgeYears, text(Column::AgeYears)?)?,
        age_days: number(Column::AgeDays, text(Column::AgeDays)?)?,
        birth_weight_g: number(Column::BirthWeight, text(Column::BirthWeight)?)?,
        diagnoses: text(Column::Diagnoses)?,
        procedures: text(Column::Procedures)?,
    })
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
