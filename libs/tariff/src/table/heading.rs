use super::whom::{Words, whom};
use super::{Fault, Problem, Remark};
use crate::Scope;

/// What a column of a published tariff holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The group's code: `DRG`, or a heading with 编码 or 代码.
    Code,
    /// The group's name: with 名称.
    Name,
    /// The weight: `RW`, or with 权重 (also 权重系数).
    Weight,
    /// What a case pays: with 标准; levels, fund lines and institutions stand in the heading.
    Standard {
        /// Whom it is for: one amount for each of them.
        scopes: Vec<Scope>,
        /// How many yuan one unit is: 1, or 10,000 where the heading says 万元.
        unit_yuan: i64,
    },
    /// A coefficient of the group: with 系数; whom it is for stands there too.
    Coefficient(Vec<Scope>),
    /// Whether all institutions are paid the same for it: with 基础病组.
    Basic,
    /// Whether traditional medicine has an advantage in it: with 中医 and 病组.
    Tcm,
    /// What is said besides: 备注 or 说明.
    Remark,
    /// Nothing that is known; it is left alone.
    Unknown,
    /// A standard or coefficient for somebody, but a word of it is not understood.
    NotUnderstood(String),
}

/// A column as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading as it stands there.
    pub heading: String,
    /// What it was taken for.
    pub meaning: Meaning,
}

/// The columns of a table that has a code and a weight.
pub(super) struct Heading {
    columns: Vec<Column>,
    code: usize,
    weight: usize,
}

impl Heading {
    /// The heading that `cells` are, if they name a code and a weight.
    pub(super) fn of(cells: &[String], words: &Words) -> Option<Self> {
        let columns: Vec<Column> = cells
            .iter()
            .map(|cell| {
                let heading = cell.trim_start_matches('\u{feff}').trim().to_owned();
                Column { meaning: meaning(&heading, words), heading }
            })
            .collect();
        let place = |wanted: &Meaning| columns.iter().position(|column| column.meaning == *wanted);
        let (code, weight) = (place(&Meaning::Code)?, place(&Meaning::Weight)?);
        Some(Self { columns, code, weight })
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn into_columns(self) -> Vec<Column> {
        self.columns
    }

    pub(super) fn code(&self) -> &Column {
        &self.columns[self.code]
    }

    pub(super) fn code_place(&self) -> usize {
        self.code
    }

    pub(super) fn weight_place(&self) -> usize {
        self.weight
    }

    /// Whether a column says what one before it says already.
    pub(super) fn repeats(&self, place: usize) -> bool {
        self.columns[..place].iter().any(|other| other.meaning.repeats(&self.columns[place].meaning))
    }

    /// Columns that say what another one says already, or what is not understood.
    pub(super) fn problems(&self, line: usize) -> Vec<Problem> {
        let wrong = |(place, column): (usize, &Column)| {
            let fault = if let Meaning::NotUnderstood(word) = &column.meaning {
                Fault::Whom(word.clone())
            } else if self.repeats(place) {
                Fault::SecondColumn
            } else {
                return None;
            };
            Some(Problem { line, column: column.heading.clone(), fault })
        };
        self.columns.iter().enumerate().filter_map(wrong).collect()
    }

    pub(super) fn remarks(&self) -> Vec<Remark> {
        let unknown = self.columns.iter().filter(|c| c.meaning == Meaning::Unknown && !c.heading.is_empty());
        unknown.map(|column| Remark::LeftAlone { column: column.heading.clone() }).collect()
    }
}

impl Meaning {
    /// Whether the other says the same: for one payee, where it is for somebody, in whatever unit.
    fn repeats(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown | Self::Remark | Self::NotUnderstood(_), _) => false,
            (Self::Standard { scopes: own, .. }, Self::Standard { scopes: others, .. })
            | (Self::Coefficient(own), Self::Coefficient(others)) => {
                own.iter().any(|scope| others.iter().any(|other| scope.clashes(other)))
            }
            (
                Self::Standard { .. }
                | Self::Coefficient(_)
                | Self::Code
                | Self::Name
                | Self::Weight
                | Self::Basic
                | Self::Tcm,
                _,
            ) => self == other,
        }
    }
}

/// What a heading says, by its words.
fn meaning(heading: &str, words: &Words) -> Meaning {
    let text: String = heading.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.to_uppercase().replace('（', "(").replace('）', ")");
    let has = |word: &str| text.contains(word);
    let unit_yuan = if has("万元") { 10_000 } else { 1 };
    match () {
        () if has("系数") && !has("权重") => {
            whom(&text, words).map_or_else(Meaning::NotUnderstood, Meaning::Coefficient)
        }
        () if has("标准") => whom(&text, words)
            .map_or_else(Meaning::NotUnderstood, |scopes| Meaning::Standard { scopes, unit_yuan }),
        () if has("编码") || has("代码") || text == "DRG" => Meaning::Code,
        () if has("名称") => Meaning::Name,
        () if text == "RW" || has("权重") => Meaning::Weight,
        () if has("基础病组") => Meaning::Basic,
        () if has("中医") && has("病组") => Meaning::Tcm,
        () if has("备注") || has("说明") => Meaning::Remark,
        () => Meaning::Unknown,
    }
}
