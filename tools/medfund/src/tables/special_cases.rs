//! The tables of cases that are reviewed singly (特病单议) and of the experts who may hear them.

use medfund_types::{FundLine, InstitutionCode, SettlementMonth};

use super::{Cell, Column, Content, Record, Row};

/// What stands between the parts of one cell.
const BETWEEN: &str = "|";

/// A case that was filed, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialCaseRow {
    /// The institution.
    pub code: InstitutionCode,
    /// Its settlement id.
    pub setl_id: String,
    /// The fund line's id in the pack.
    pub fund_line: FundLine,
    /// The month it is settled in.
    pub month: SettlementMonth,
    /// All of its cost, in fen.
    pub medfee_sumamt_fen: i64,
    /// Where it stands: filed, refused, heard, proposed, granted, dismissed.
    pub state: String,
    /// What the experts were drawn by; empty if it is not heard.
    pub seed: String,
    /// The experts who hear it, in the order drawn.
    pub experts: Vec<String>,
    /// The cost that counts, in fen; 0: it stays as it is.
    pub reviewed_cost_fen: i64,
}

impl Record for SpecialCaseRow {
    const KIND: &'static str = "special_cases";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("setl_id", "结算ID", Content::Code),
            Column::required("fund_line", "险种", Content::Text),
            Column::required("settlement_month", "结算月", Content::Code),
            Column::required("medfee_sumamt", "医疗费总额", Content::Amount),
            Column::required("state", "单议状态", Content::Text),
            Column::optional("seed", "抽取种子", Content::Code),
            Column::optional("experts", "评审专家", Content::Code),
            Column::optional("reviewed_cost", "单议核定费用", Content::Amount),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let code = row.parsed("fixmedins_code");
        let fund_line = row.parsed("fund_line");
        let month = row.parsed("settlement_month");
        let [medfee_sumamt_fen, reviewed_cost_fen] =
            ["medfee_sumamt", "reviewed_cost"].map(|name| row.fen(name));
        let [setl_id, state, seed, experts] =
            ["setl_id", "state", "seed", "experts"].map(|name| row.text(name));
        Some(Self {
            code: code?,
            setl_id: setl_id?,
            fund_line: fund_line?,
            month: month?,
            medfee_sumamt_fen: medfee_sumamt_fen?,
            state: state?,
            seed: seed?,
            experts: experts?.split(BETWEEN).filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            reviewed_cost_fen: reviewed_cost_fen?,
        })
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(self.code.as_str()),
            Cell::text(&self.setl_id),
            Cell::text(self.fund_line.as_str()),
            Cell::text(self.month.to_string()),
            Cell::yuan(self.medfee_sumamt_fen),
            Cell::text(&self.state),
            Cell::text(&self.seed),
            Cell::text(self.experts.join(BETWEEN)),
            Cell::yuan(self.reviewed_cost_fen),
        ]
    }
}

/// An expert of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpertRow {
    /// The expert's id.
    pub expert: String,
    /// The institution that the expert works for; empty: none of the area's.
    pub code: String,
}

impl Record for ExpertRow {
    const KIND: &'static str = "experts";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("expert", "评审专家", Content::Code),
            Column::optional("fixmedins_code", "定点医药机构编号", Content::Code),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let [expert, code] = ["expert", "fixmedins_code"].map(|name| row.text(name));
        Some(Self { expert: expert?, code: code? })
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::text(&self.expert), Cell::text(&self.code)]
    }
}
