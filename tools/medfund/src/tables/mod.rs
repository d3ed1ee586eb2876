//! Tables that people hand in and take away: CSV and Excel.
//!
//! Codes stay text, amounts are yuan with two decimals, a table's columns are known by their names or their
//! Chinese terms in any order, and what cannot be read comes back line by line.

mod bills;
mod case_points;
mod cell;
mod faults;
mod groups;
mod histories;
mod indicators;
mod institutions;
mod read;
mod special_cases;
mod statements;
#[cfg(test)]
mod tests;
mod write;

pub use bills::BillRow;
pub use case_points::CasePointsRow;
pub use cell::{Column, Content};
pub use faults::{RowFault, write_faults};
pub use groups::GroupRow;
pub use histories::HistoryRow;
pub use indicators::IndicatorRow;
pub use institutions::InstitutionRow;
pub use medfund_rows::Cell;
pub use read::{Checked, Row, read, rows};
pub use special_cases::{ExpertRow, SpecialCaseRow};
pub use statements::StatementRow;
pub use write::write;
pub(crate) use write::write_cells;

/// A kind of table.
pub trait Record: Sized {
    /// What it is called on the command line.
    const KIND: &'static str;

    /// Its columns.
    fn columns() -> Vec<Column>;

    /// Reads a row whose cells stand in the order of the columns.
    ///
    /// What is wrong is noted on the row; then nothing is returned.
    fn read(row: &mut Row<'_>) -> Option<Self>;

    /// The cells of its row, in the order of the columns.
    fn cells(&self) -> Vec<Cell>;
}
