//! Tables and numbers on the terminal.

use comfy_table::presets::{UTF8_BORDERS_ONLY, UTF8_FULL_CONDENSED};
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};
use medfund_money::{Exact, Fen};

/// A table with bold headings.
pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(header.iter().map(|title| bold(title)).collect::<Vec<_>>());
    table
}

/// An empty table, as wide as the terminal, or 160 columns when there is none.
pub(crate) fn wide_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    if !table.is_tty() {
        table.set_width(160);
    }
    table
}

/// A cell that stands out.
pub(crate) fn bold(text: &str) -> Cell {
    Cell::new(text).add_attribute(Attribute::Bold)
}

/// Lets the columns from `first` on end where numbers end.
pub(crate) fn numbers_right(table: &mut Table, first: usize) {
    for column in table.column_iter_mut().skip(first) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// Two amounts, their difference, and that in per cent of the first.
pub(crate) fn changes(before: Fen, after: Fen) -> [Cell; 4] {
    let change = after - before;
    let share = (before != Fen::ZERO).then(|| {
        let hundredfold = Exact::from(change) * Exact::from(100_i64);
        hundredfold.div_half_up(&before.into(), 2).to_string()
    });
    let colour = if change.is_negative() { Color::Red } else { Color::Green };
    let difference = Cell::new(yuan(change.get()));
    [
        Cell::new(yuan(before.get())),
        Cell::new(yuan(after.get())),
        if change == Fen::ZERO { difference } else { difference.fg(colour) },
        Cell::new(share.unwrap_or_else(|| "–".to_owned())),
    ]
}

/// Yuan with two decimals and a comma at every thousand.
pub(crate) fn yuan(fen: i64) -> String {
    let plain = Fen::new(fen).to_yuan();
    let (whole, part) = plain.split_once('.').expect("yuan have two decimals");
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |rest| ("-", rest));
    format!("{sign}{}.{part}", commas(digits))
}

/// A whole number with a comma at every thousand.
pub(crate) fn grouped(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", commas(&number.unsigned_abs().to_string()))
}

fn commas(digits: &str) -> String {
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_comma_at_every_thousand() {
        assert_eq!(yuan(0), "0.00");
        assert_eq!(yuan(99_999), "999.99");
        assert_eq!(yuan(123_456_789), "1,234,567.89");
        assert_eq!(yuan(-100_000), "-1,000.00");
        assert_eq!([grouped(0), grouped(-1_234_567)], ["0", "-1,234,567"]);
    }
}
