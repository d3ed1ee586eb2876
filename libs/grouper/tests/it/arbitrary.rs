//! What fuzzing does, with drawn bytes and with the seeds, torn and put together again.

use std::ops::Range;
use std::path::Path;

use proptest::prelude::*;

use crate::fuzzed;

/// The seeds of a fuzz target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Bytes that a failing test shows as text.
#[derive(Clone)]
struct Text(Vec<u8>);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.escape_ascii().to_string())
    }
}

/// Any bytes, or a seed of which some parts are left out, said again elsewhere, or overwritten.
fn bytes_like(target: &str) -> impl Strategy<Value = Text> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..12);
    let edit = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..60_usize, bytes());
    let torn = (prop::sample::select(seeds(target)), prop::collection::vec(edit, 0..8)).prop_map(
        |(mut seed, edits)| {
            for (from, to, len, other) in edits {
                let part = range(&seed, from.index(seed.len() + 1), len);
                let part = if other.len() % 2 == 0 { seed[part].to_vec() } else { other };
                let place = range(&seed, to.index(seed.len() + 1), if len % 2 == 0 { len } else { 0 });
                seed.splice(place, part);
            }
            seed
        },
    );
    prop_oneof![1 => prop::collection::vec(any::<u8>(), 0..400), 4 => torn].prop_map(Text)
}

fn range(of: &[u8], start: usize, len: usize) -> Range<usize> {
    start..of.len().min(start + len)
}

#[test]
fn each_seed_runs() {
    for (target, run) in [
        ("tables", fuzzed::tables as fn(&[u8])),
        ("case_list", fuzzed::case_list),
        ("cases", fuzzed::cases),
        ("scheme_bytes", fuzzed::scheme_bytes),
    ] {
        assert!(!seeds(target).is_empty(), "{target}");
        seeds(target).iter().for_each(|seed| run(seed));
    }
}

proptest! {
    #[test]
    fn whatever_tables_say_they_compile_or_are_told(bytes in bytes_like("tables")) {
        fuzzed::tables(&bytes.0);
    }

    #[test]
    fn whatever_a_list_says_its_lines_are_grouped_or_refused(bytes in bytes_like("case_list")) {
        fuzzed::case_list(&bytes.0);
    }

    #[test]
    fn order_and_unknown_codes_change_nothing(bytes in bytes_like("cases")) {
        fuzzed::cases(&bytes.0);
    }

    #[test]
    fn a_scheme_that_holds_together_groups(bytes in bytes_like("scheme_bytes")) {
        fuzzed::scheme_bytes(&bytes.0);
    }
}
