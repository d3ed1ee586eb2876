//! The table of measured indicators (考核指标值).

use medfund_types::InstitutionCode;

use super::{Cell, Column, Content, Record, Row};

/// What was measured of an institution's indicator in the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorRow {
    /// The institution.
    pub code: InstitutionCode,
    /// The indicator's id in the pack.
    pub indicator: String,
    /// The value, an exact decimal.
    pub measured_value: String,
}

impl Record for IndicatorRow {
    const KIND: &'static str = "indicators";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("indicator", "考核指标", Content::Text),
            Column::required("measured_value", "指标值", Content::Decimal),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let code = row.parsed("fixmedins_code");
        let indicator = row.text("indicator");
        let measured_value = row.text("measured_value");
        Some(Self { code: code?, indicator: indicator?, measured_value: measured_value? })
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::text(self.code.as_str()), Cell::text(&self.indicator), Cell::text(&self.measured_value)]
    }
}
