//! The table of bills, by the field names of the national settlement list (医保基金结算清单).

use medfund_settlement::domain::bills::{self as list, BILL_FIELDS, BillLine, line_from_text, line_to_text};

use super::{Cell, Column, Content, Record, Row};

/// One line of a settlement list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow(pub BillLine);

impl Record for BillRow {
    const KIND: &'static str = "bills";

    fn columns() -> Vec<Column> {
        let column = |field: list::BillField| Column {
            name: field.name(),
            term: field.term(),
            content: match field.content() {
                list::Content::Code => Content::Code,
                list::Content::Text => Content::Text,
                list::Content::Day => Content::Day,
                list::Content::Count => Content::Count,
                list::Content::Amount => Content::Amount,
            },
            is_required: field.is_required(),
        };
        BILL_FIELDS.into_iter().map(column).collect()
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let texts = row.texts();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (line, faults) = line_from_text(&texts);
        for (field, fault) in &faults {
            let told = list::LineFault {
                line_number: 0,
                setl_id: line.setl_id.clone(),
                field: *field,
                fault: fault.clone(),
            };
            row.wrong(field.name(), told.message());
        }
        faults.is_empty().then_some(Self(line))
    }

    fn cells(&self) -> Vec<Cell> {
        let texts = line_to_text(&self.0).into_iter();
        let cell = |(field, text): (list::BillField, String)| match field.content() {
            list::Content::Amount | list::Content::Count if !text.is_empty() => Cell::Number(text),
            list::Content::Amount
            | list::Content::Count
            | list::Content::Code
            | list::Content::Text
            | list::Content::Day => Cell::text(text),
        };
        BILL_FIELDS.into_iter().zip(texts).map(cell).collect()
    }
}
