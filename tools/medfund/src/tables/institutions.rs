//! The table of institutions.

use medfund_types::{District, InstitutionCode};

use super::{Cell, Column, Content, Record, Row};

/// A designated institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionRow {
    /// Its national code.
    pub code: InstitutionCode,
    /// Its name.
    pub name: String,
    /// Its district.
    pub district: District,
    /// Its level, 1 to 3; 0 for none.
    pub level: i32,
    /// Its class in the pack's words.
    pub class: String,
    /// Whether it is a primary institution.
    pub primary: bool,
}

impl Record for InstitutionRow {
    const KIND: &'static str = "institutions";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("fixmedins_name", "定点医药机构名称", Content::Text),
            Column::required("district", "所属区县", Content::Code),
            Column::required("level", "医院等级", Content::Count),
            Column::required("class", "机构类别", Content::Text),
            Column::optional("primary", "是否基层", Content::Count),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let code = row.parsed("fixmedins_code");
        let name = row.text("fixmedins_name");
        let district = row.parsed("district");
        let level = row.count("level");
        let class = row.text("class");
        let primary = row.flag("primary");
        let level = level.filter(|level| (0..=3).contains(level));
        if level.is_none() {
            row.wrong("level", "is not 0 to 3");
        }
        Some(Self {
            code: code?,
            name: name?,
            district: district?,
            level: i32::try_from(level?).ok()?,
            class: class?,
            primary: primary?,
        })
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(self.code.as_str()),
            Cell::text(&self.name),
            Cell::text(self.district.as_str()),
            Cell::count(self.level.into()),
            Cell::text(&self.class),
            Cell::count(self.primary.into()),
        ]
    }
}
