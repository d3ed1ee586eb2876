use std::collections::BTreeMap;

use super::pattern::Categories;
use crate::read::lines::Kind;

/// Lists with a name, used as `@name`, and what they are about.
pub(super) type Named = BTreeMap<String, (Kind, Categories)>;

/// Adds the items of a list's line: `I21-I22 急性心肌梗死; I20-I25 缺血性心脏病 除 I24; @名`.
///
/// An item is patterns and then, if it has one, a name in words; `除` leaves out what follows in
/// the item. Everything that cannot be read is given back.
pub(super) fn add_items(list: &mut Categories, text: &str, kind: Kind, named: &Named) -> Vec<String> {
    let mut wrong = Vec::new();
    for item in text.split([';', '；']) {
        let (mut take, mut in_name) = (true, false);
        let whole = item.split(" 除").next().unwrap_or_default().trim().into();
        for word in item.split_whitespace() {
            if word == "除" {
                (take, in_name) = (false, false);
            } else if let Some(name) = word.strip_prefix('@') {
                match named.get(name) {
                    Some((of, other)) if *of == kind => list.join(&other.called(name)),
                    Some(_) => wrong.push(format!("the list `{name}` is none of {}", kind.name())),
                    None => wrong.push(format!("no list is called `{name}`")),
                }
            } else if !is_pattern(word) {
                in_name = true;
            } else if in_name {
                wrong.push(format!("`{word}` stands behind a name; `;` begins a new item"));
            } else if let Err(what) = list.add(word, kind, take, &whole) {
                wrong.push(what);
            }
        }
    }
    wrong
}

/// Whether a word is meant as a code and not as a part of a name.
fn is_pattern(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    word.is_ascii() && digit(1) && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_beside_codes_and_what_is_wrong_is_told() {
        let mut heart = Categories::default();
        heart.add("I05", Kind::Diagnosis, true, &"I05".into()).unwrap();
        let named = Named::from([("心脏".to_owned(), (Kind::Diagnosis, heart))]);
        let mut list = Categories::default();
        let wrong = add_items(
            &mut list,
            "I21-I22 急性心肌梗死; I30 心包炎；维生素B12 除 I30.1;@心脏; @别的; I2x; I99-I98; I40 心肌炎 I41",
            Kind::Diagnosis,
            &named,
        );
        assert_eq!(list.named().collect::<Vec<_>>(), ["I05", "I21", "I22", "I30", "I30.1", "I40"]);
        assert_eq!(wrong.len(), 4, "{wrong:?}");
    }
}
