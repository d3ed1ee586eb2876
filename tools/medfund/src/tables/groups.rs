//! The table of the groups of cases (DRG入组明细).

use medfund_types::InstitutionCode;

use super::{Cell, Column, Content, Record, Row};

/// A case and its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// The institution.
    pub code: InstitutionCode,
    /// Its settlement id.
    pub setl_id: String,
    /// The group; `FQY` of an ambiguous case, `0000` of one in none.
    pub drg: String,
}

impl Record for GroupRow {
    const KIND: &'static str = "groups";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("setl_id", "结算ID", Content::Code),
            Column::required("drg", "DRG分组", Content::Code),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let code = row.parsed("fixmedins_code");
        let [setl_id, drg] = ["setl_id", "drg"].map(|name| row.text(name));
        Some(Self { code: code?, setl_id: setl_id?, drg: drg? })
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::text(self.code.as_str()), Cell::text(&self.setl_id), Cell::text(&self.drg)]
    }
}
