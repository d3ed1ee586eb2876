//! The table of monthly statements (月度结算单).

use medfund_types::{FundLine, InstitutionCode, SettlementMonth};

use super::{Cell, Column, Content, Record, Row};

/// An institution's month in a fund line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// The month.
    pub month: SettlementMonth,
    /// The fund line's id in the pack.
    pub fund_line: FundLine,
    /// The institution.
    pub code: InstitutionCode,
    /// Admissions.
    pub n_admissions: i64,
    /// Different persons admitted.
    pub n_persons: i64,
    /// Days of stay.
    pub days: i64,
    /// The fund's share charged, what the method gives, refused, payable, paid, deferred, paid beside the quota, a
    /// forfeited deposit taken, an advance kept back, and what was ordered to be paid, in fen.
    pub amounts_fen: [i64; 10],
}

const AMOUNTS: [(&str, &str); 10] = [
    ("cost", "统筹申报金额"),
    ("method_amount", "按结算方式计算金额"),
    ("refused", "拒付金额"),
    ("payable", "应付金额"),
    ("paid", "本月拨付金额"),
    ("deferred", "暂缓拨付金额"),
    ("outside_quota", "总额外据实金额"),
    ("deposit_forfeited", "扣除责任保证金"),
    ("advance_kept_back", "抵扣预支款"),
    ("order_amount", "拨付单金额"),
];

impl Record for StatementRow {
    const KIND: &'static str = "statements";

    fn columns() -> Vec<Column> {
        let mut columns = vec![
            Column::required("settlement_month", "结算月", Content::Code),
            Column::required("fund_line", "险种", Content::Text),
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("n_admissions", "住院人次", Content::Count),
            Column::required("n_persons", "住院人头", Content::Count),
            Column::required("days", "住院天数", Content::Count),
        ];
        columns.extend(AMOUNTS.map(|(name, term)| Column::required(name, term, Content::Amount)));
        columns
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let month = row.parsed("settlement_month");
        let fund_line = row.parsed("fund_line");
        let code = row.parsed("fixmedins_code");
        let [n_admissions, n_persons, days] =
            ["n_admissions", "n_persons", "days"].map(|name| row.count(name));
        let amounts: Vec<Option<i64>> = AMOUNTS.iter().map(|(name, _)| row.fen(name)).collect();
        let amounts: Option<Vec<i64>> = amounts.into_iter().collect();
        Some(Self {
            month: month?,
            fund_line: fund_line?,
            code: code?,
            n_admissions: n_admissions?,
            n_persons: n_persons?,
            days: days?,
            amounts_fen: amounts?.try_into().ok()?,
        })
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells = vec![
            Cell::text(self.month.to_string()),
            Cell::text(self.fund_line.as_str()),
            Cell::text(self.code.as_str()),
            Cell::count(self.n_admissions),
            Cell::count(self.n_persons),
            Cell::count(self.days),
        ];
        cells.extend(self.amounts_fen.map(Cell::yuan));
        cells
    }
}
