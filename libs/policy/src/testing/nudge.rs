use rust_decimal::Decimal;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use crate::{Pack, change};

/// The text of a pack with the rate under `key` changed a little, still valid; `None` if no change is.
///
/// A list of weights stays a whole; a range keeps its order.
///
/// # Panics
///
/// If `text` is not TOML or has no parameter `key`.
#[must_use]
pub fn nudged(text: &str, key: &str) -> Option<String> {
    nudges(text, key).next()
}

/// The texts of a pack with the rate under `key` changed, each still valid: a little first, then more.
///
/// # Panics
///
/// If `text` is not TOML or has no parameter `key`.
pub fn nudges(text: &str, key: &str) -> impl Iterator<Item = String> {
    let document: DocumentMut = text.parse().expect("the text of a pack");
    let mut table: &dyn TableLike = document.as_table();
    for name in key.split('.') {
        table = table.get(name).and_then(Item::as_table_like).expect("a parameter's key");
    }
    let value = table.get("value").and_then(Item::as_value).expect("a parameter has a value");
    let changed =
        candidates(value).into_iter().filter_map(move |candidate| change(text, key, candidate).ok());
    changed.filter(|changed| Pack::parse(changed.as_bytes()).is_ok())
}

fn candidates(value: &Value) -> Vec<Value> {
    let steps = ["0.01", "-0.01", "0.001", "-0.001", "0.1", "-0.1", "0.5", "1"]
        .map(|step| Decimal::from_str_exact(step).expect("a decimal"));
    let mut found = Vec::new();
    for step in steps {
        match value {
            Value::String(text) => found.extend(moved(text.value(), step)),
            Value::Array(items) => {
                let mut one = items.clone();
                let mut two = items.clone();
                let last = items.len() - 1;
                let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                let (Some(first), Some(moved_last)) = (
                    texts.first().and_then(|text| moved(text, step)),
                    texts.last().and_then(|text| moved(text, -step)),
                ) else {
                    continue;
                };
                one.replace(0, first.clone());
                two.replace(0, first);
                two.replace(last, moved_last);
                found.extend([Value::Array(two), Value::Array(one)]);
            }
            Value::InlineTable(years) => {
                let mut years = years.clone();
                let last = years
                    .iter()
                    .last()
                    .map(|(year, value)| (year.to_owned(), value.as_str().map(str::to_owned)));
                if let Some((year, Some(text))) = last
                    && let Some(moved) = moved(&text, step)
                {
                    years.insert(&year, moved);
                    found.push(Value::InlineTable(years));
                }
            }
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
        }
    }
    found
}

fn moved(text: &str, step: Decimal) -> Option<Value> {
    let number = Decimal::from_str_exact(text).ok()? + step;
    (!number.is_sign_negative()).then(|| Value::from(number.to_string()))
}
