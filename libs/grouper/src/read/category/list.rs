use std::collections::BTreeMap;

use super::pattern::Categories;
use crate::read::lines::Kind;

/// Lists with a name, used as `@name`, and what they are about.
pub(super) type Named = BTreeMap<String, (Kind, Categories)>;

/// Adds the items of a list's line: `I21-I22 急性心肌梗死; I20-I25 缺血性心脏病 除 I24; @名`.
///
/// An item is patterns and then, if it has one, a name in words; `除` leaves out what follows in
/// the item. Everything that cannot be read is given back; an item whose `除` cannot be read is
/// left out whole, since without it the item would take in more than it says.
pub(super) fn add_items(list: &mut Categories, text: &str, kind: Kind, named: &Named) -> Vec<String> {
    let mut wrong = Vec::new();
    for item in text.split([';', '；']) {
        let (mut take, mut in_name) = (true, false);
        let whole = item.split(" 除").next().unwrap_or_default().trim().into();
        let before = item.contains('除').then(|| list.clone());
        let n_wrong = wrong.len();
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
        let words = if take { item } else { item.rsplit(" 除").next().unwrap_or(item) };
        if !item.trim().is_empty() && !names_codes(words) {
            wrong.push(format!("`{}` names no code", words.trim()));
        }
        if let Some(before) = before.filter(|_| wrong.len() > n_wrong) {
            *list = before;
        }
    }
    list.torn |= !wrong.is_empty();
    wrong
}

/// Whether a text holds a code, a range or a list's name.
pub(super) fn names_codes(text: &str) -> bool {
    text.split([';', '；'])
        .flat_map(str::split_whitespace)
        .any(|word| is_pattern(word) || word.starts_with('@'))
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

    #[test]
    fn an_item_that_leaves_out_what_cannot_be_read_takes_nothing_in() {
        let mut list = Categories::default();
        let text = "I30; I20-I25 缺血性心脏病 除 I2x; I26 除 I26.0; I40 除 心肌; 肺炎";
        let wrong = add_items(&mut list, text, Kind::Diagnosis, &Named::new());
        assert_eq!(list.named().collect::<Vec<_>>(), ["I26", "I26.0", "I30"]);
        assert_eq!(
            wrong,
            ["`I2x` is no category or range of ICD-10", "`心肌` names no code", "`肺炎` names no code"]
        );
        assert!(list.torn);
    }
}
