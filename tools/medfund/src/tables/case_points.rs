//! The table of cases that share a pool by points (病例点数明细).

use medfund_types::{FundLine, InstitutionCode};

use super::{Cell, Column, Content, Record, Row};

/// A case, its points, and what they were made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePointsRow {
    /// The institution.
    pub code: InstitutionCode,
    /// Its settlement id.
    pub setl_id: String,
    /// The fund line's id in the pack.
    pub fund_line: FundLine,
    /// The kind of care's id in the pack.
    pub kind_of_care: String,
    /// The group.
    pub drg: String,
    /// Normal, high, low, incomplete, reviewed or ungrouped.
    pub kind: String,
    /// All of its cost, in fen.
    pub medfee_sumamt_fen: i64,
    /// The group's weight; empty without one.
    pub drg_weight: String,
    /// The group's points; empty without a weight.
    pub drg_points: String,
    /// The region's mean cost of the group, in fen; 0 without a weight.
    pub drg_mean_fen: i64,
    /// The institution's coefficient in the group.
    pub coefficient: String,
    /// The share that a readmission leaves; empty if the patient did not come back.
    pub kept_rate: String,
    /// Its points.
    pub points: String,
}

impl Record for CasePointsRow {
    const KIND: &'static str = "case_points";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("setl_id", "结算ID", Content::Code),
            Column::required("fund_line", "险种", Content::Text),
            Column::required("kind_of_care", "医疗类别", Content::Text),
            Column::required("drg", "DRG分组", Content::Code),
            Column::required("kind", "病例类型", Content::Text),
            Column::required("medfee_sumamt", "医疗费总额", Content::Amount),
            Column::optional("drg_weight", "权重", Content::Decimal),
            Column::optional("drg_points", "病组基准点数", Content::Decimal),
            Column::optional("drg_mean", "病组次均费用", Content::Amount),
            Column::required("coefficient", "系数", Content::Decimal),
            Column::optional("kept_rate", "再入院保留比例", Content::Decimal),
            Column::required("points", "病例点数", Content::Decimal),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let code = row.parsed("fixmedins_code");
        let fund_line = row.parsed("fund_line");
        let medfee_sumamt_fen = row.fen("medfee_sumamt");
        let drg_mean_fen = row.fen("drg_mean");
        let [setl_id, kind_of_care, drg, kind, drg_weight, drg_points, coefficient, kept_rate, points] = [
            "setl_id",
            "kind_of_care",
            "drg",
            "kind",
            "drg_weight",
            "drg_points",
            "coefficient",
            "kept_rate",
            "points",
        ]
        .map(|name| row.text(name));
        Some(Self {
            code: code?,
            setl_id: setl_id?,
            fund_line: fund_line?,
            kind_of_care: kind_of_care?,
            drg: drg?,
            kind: kind?,
            medfee_sumamt_fen: medfee_sumamt_fen?,
            drg_weight: drg_weight?,
            drg_points: drg_points?,
            drg_mean_fen: drg_mean_fen?,
            coefficient: coefficient?,
            kept_rate: kept_rate?,
            points: points?,
        })
    }

    fn cells(&self) -> Vec<Cell> {
        let mean = if self.drg_weight.is_empty() { Cell::Empty } else { Cell::yuan(self.drg_mean_fen) };
        vec![
            Cell::text(self.code.as_str()),
            Cell::text(&self.setl_id),
            Cell::text(self.fund_line.as_str()),
            Cell::text(&self.kind_of_care),
            Cell::text(&self.drg),
            Cell::text(&self.kind),
            Cell::yuan(self.medfee_sumamt_fen),
            Cell::text(&self.drg_weight),
            Cell::text(&self.drg_points),
            mean,
            Cell::text(&self.coefficient),
            Cell::text(&self.kept_rate),
            Cell::text(&self.points),
        ]
    }
}
