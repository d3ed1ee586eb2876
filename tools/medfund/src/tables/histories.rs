//! The table of past years.

use medfund_types::{FundLine, InstitutionCode};

use super::{Cell, Column, Content, Record, Row};

/// The last three years of an institution in a fund line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The institution.
    pub code: InstitutionCode,
    /// The fund line's id in the pack.
    pub fund_line: FundLine,
    /// The fund's share of inpatient cost, far to near, in fen.
    pub cost_fen: [i64; 3],
    /// What was settled last year, in fen.
    pub last_year_settled_fen: i64,
}

impl Record for HistoryRow {
    const KIND: &'static str = "history";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("fund_line", "险种", Content::Text),
            Column::required("cost_year_3", "前三年住院统筹支出", Content::Amount),
            Column::required("cost_year_2", "前二年住院统筹支出", Content::Amount),
            Column::required("cost_year_1", "上年住院统筹支出", Content::Amount),
            Column::required("last_year_settled", "上年结算额", Content::Amount),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let code = row.parsed("fixmedins_code");
        let fund_line = row.parsed("fund_line");
        let years = ["cost_year_3", "cost_year_2", "cost_year_1"].map(|name| not_negative(row, name));
        let settled = not_negative(row, "last_year_settled");
        let [far, before, last] = years;
        Some(Self {
            code: code?,
            fund_line: fund_line?,
            cost_fen: [far?, before?, last?],
            last_year_settled_fen: settled?,
        })
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells = vec![Cell::text(self.code.as_str()), Cell::text(self.fund_line.as_str())];
        cells.extend(self.cost_fen.map(Cell::yuan));
        cells.push(Cell::yuan(self.last_year_settled_fen));
        cells
    }
}

fn not_negative(row: &mut Row<'_>, name: &str) -> Option<i64> {
    let amount = row.fen(name)?;
    if amount < 0 {
        row.wrong(name, "is negative");
        return None;
    }
    Some(amount)
}
