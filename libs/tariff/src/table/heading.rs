use medfund_types::FundLine;

use super::{Fault, Problem, Remark};
use crate::{Level, Scope};

/// What a column of a published tariff holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The group's code: `DRG`, or a heading with 编码 or 代码.
    Code,
    /// The group's name: with 名称.
    Name,
    /// The weight: `RW`, or with 权重.
    Weight,
    /// What a case pays: with 标准; levels, fund lines and institutions stand in the heading.
    Standard {
        /// Whom it is for.
        scope: Scope,
        /// How many yuan one unit is: 1, or 10,000 where the heading says 万元.
        unit_yuan: i64,
    },
    /// A coefficient of the group: with 系数.
    Coefficient(Scope),
    /// Whether all institutions are paid the same for it: with 基础病组.
    Basic,
    /// Whether traditional medicine has an advantage in it: with 中医 and 病组.
    Tcm,
    /// What is said besides: 备注 or 说明.
    Remark,
    /// Nothing that is known; it is left alone.
    Unknown,
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
    pub(super) fn of(cells: &[String]) -> Option<Self> {
        let columns: Vec<Column> = cells
            .iter()
            .map(|cell| {
                let heading = cell.trim_start_matches('\u{feff}').trim().to_owned();
                Column { meaning: meaning(&heading), heading }
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

    /// Columns that say what another one says already.
    pub(super) fn problems(&self, line: usize) -> Vec<Problem> {
        let repeats = |(place, column): (usize, &Column)| {
            let before = self.columns[..place].iter().any(|other| other.meaning == column.meaning);
            let may_repeat = matches!(column.meaning, Meaning::Unknown | Meaning::Remark);
            (before && !may_repeat).then(|| column.heading.clone())
        };
        let repeated = self.columns.iter().enumerate().filter_map(repeats);
        repeated.map(|column| Problem { line, column, fault: Fault::SecondColumn }).collect()
    }

    pub(super) fn remarks(&self) -> Vec<Remark> {
        let unknown = self.columns.iter().filter(|c| c.meaning == Meaning::Unknown && !c.heading.is_empty());
        unknown.map(|column| Remark::LeftAlone { column: column.heading.clone() }).collect()
    }
}

/// What a heading says, by its words.
fn meaning(heading: &str) -> Meaning {
    let text: String = heading.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.to_uppercase().replace('（', "(").replace('）', ")");
    let has = |word: &str| text.contains(word);
    match () {
        () if has("系数") => Meaning::Coefficient(scope(&text)),
        () if has("标准") => {
            Meaning::Standard { scope: scope(&text), unit_yuan: if has("万元") { 10_000 } else { 1 } }
        }
        () if has("编码") || has("代码") || text == "DRG" => Meaning::Code,
        () if has("名称") => Meaning::Name,
        () if text == "RW" || has("权重") => Meaning::Weight,
        () if has("基础病组") => Meaning::Basic,
        () if has("中医") && has("病组") => Meaning::Tcm,
        () if has("备注") || has("说明") => Meaning::Remark,
        () => Meaning::Unknown,
    }
}

/// Whom a heading without blanks is for: a level, a fund line, or institutions that its brackets name.
fn scope(heading: &str) -> Scope {
    let level = Level::ALL.into_iter().find(|level| heading.contains(level.zh()));
    let fund_line = [("职工", "employee"), ("居民", "resident")];
    let fund_line = fund_line.into_iter().find(|(word, _)| heading.contains(word));
    let in_brackets =
        heading.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(names, _)| names);
    let says_more = in_brackets.is_some_and(|inside| {
        let known = ["一级", "二级", "三级", "未定级", "职工", "居民", "元"];
        !known.iter().any(|word| inside.contains(word))
    });
    let institutions = in_brackets.filter(|_| says_more).map(|names| {
        let names = names.split(['/', '、', ',', '，', '；']).map(str::trim).filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    });
    Scope {
        level,
        fund_line: fund_line.map(|(_, id)| id.parse::<FundLine>().expect("a fund line's id")),
        institutions: institutions.unwrap_or_default(),
    }
}
