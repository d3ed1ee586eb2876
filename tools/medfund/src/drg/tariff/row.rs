//! The table of a made tariff, in the words that regions publish by.

use medfund_money::{Coefficient, Exact};
use medfund_tariff::points::group_points;
use medfund_tariff::weight::MadeWeight;
use medfund_tariff::{GroupCode, Weight};

use crate::tables::{Cell, Column, Content};

/// The columns of a made tariff.
pub(super) fn columns() -> Vec<Column> {
    let column = |heading: &'static str, content| Column::required(heading, heading, content);
    vec![
        column("DRG编码", Content::Code),
        column("DRG名称", Content::Text),
        column("RW", Content::Decimal),
        column("基准点数", Content::Decimal),
        column("病例数", Content::Count),
        column("裁剪病例数", Content::Count),
        column("次均费用", Content::Amount),
        column("测算方法", Content::Text),
    ]
}

/// The row of a group; a group without a weight says 特病单议 where the weight would stand.
pub(super) fn cells(code: &GroupCode, name: &str, made: &MadeWeight, base: Coefficient) -> Vec<Cell> {
    let count = |n: u64| Cell::Number(n.to_string());
    let points = |weight: Weight| Exact::from(group_points(weight, base)).to_string();
    vec![
        Cell::text(code.as_str()),
        Cell::text(name),
        made.weight.map_or_else(|| Cell::text("特病单议"), |weight| Cell::Number(weight.to_string())),
        made.weight.map_or(Cell::Empty, |weight| Cell::Number(points(weight))),
        count(made.n_cases),
        count(made.n_trimmed),
        made.mean().map_or(Cell::Empty, |mean| Cell::yuan(mean.get())),
        Cell::text(made.how.zh()),
    ]
}
