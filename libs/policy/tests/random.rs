//! Packs drawn at random.

use std::collections::BTreeMap;

use medfund_policy::Pack;
use medfund_policy::testing::{Reach, nudged, random_pack};
use proptest::prelude::*;

fn parsed(text: &str) -> Pack {
    Pack::parse(text.as_bytes()).unwrap_or_else(|mistakes| {
        panic!("{}\n{text}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// The same pack with every comment, blank line and alignment changed.
fn rewritten(text: &str) -> String {
    let mut document: toml_edit::DocumentMut = text.parse().unwrap();
    document.as_table_mut().iter_mut().for_each(|(_, item)| {
        if let Some(table) = item.as_table_mut() {
            table.decor_mut().set_prefix("\n# 改写\n\n");
        }
    });
    document.to_string().replace('\n', "\r\n").replace(" = ", "   =   ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_drawn_pack_parses_and_means_the_same_however_it_is_laid_out(seed: u64, deferral: bool) {
        let text = random_pack(seed, if deferral { Reach::Deferral } else { Reach::Quota });
        let (pack, again) = (parsed(&text), parsed(&rewritten(&text)));

        prop_assert_eq!(pack.common(), again.common());
        for line in pack.fund_lines().keys() {
            prop_assert_eq!(pack.rules(line), again.rules(line));
        }
        prop_assert_ne!(pack.hash(), again.hash(), "the hash is of the bytes");
    }

    #[test]
    fn changing_one_rate_changes_that_parameter_and_no_other(seed in 0..1_000_u64, at: prop::sample::Index) {
        let text = random_pack(seed, Reach::Quota);
        let pack = parsed(&text);
        let keys: Vec<&str> = pack.rate_keys().collect();
        let key = keys[at.index(keys.len())];

        let Some(changed) = nudged(&text, key) else { return Ok(()) };

        let values = |pack: &Pack| -> BTreeMap<String, String> {
            pack.entries().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
        };
        let (before, after) = (values(&pack), values(&parsed(&changed)));
        let differing: Vec<&String> = before.keys().filter(|key| before[*key] != after[*key]).collect();
        prop_assert_eq!(differing, vec![key]);
    }
}

#[test]
fn every_rate_of_the_founding_packs_can_be_changed() {
    for path in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies")).unwrap() {
        let path = path.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let pack = parsed(&text);
        let stuck: Vec<&str> = pack.rate_keys().filter(|key| nudged(&text, key).is_none()).collect();
        assert_eq!(stuck, Vec::<&str>::new(), "{}", path.display());
    }
}

#[test]
fn the_same_seed_draws_the_same_pack() {
    assert_eq!(random_pack(6, Reach::Quota), random_pack(6, Reach::Quota));
    assert_ne!(random_pack(6, Reach::Quota), random_pack(7, Reach::Quota));
}
