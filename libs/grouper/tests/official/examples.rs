//! The codes that documents, help texts and drawn cases show are good ones: no grey code (灰码), and in the code lists.

use std::collections::BTreeSet;
use std::path::Path;

use crate::tables::official;

/// Where examples stand.
const EXAMPLES: [&str; 6] = [
    "README.md",
    "README.zh-CN.md",
    "schemes/README.md",
    "tools/medfund/src/drg/explain/mod.rs",
    "tools/medfund/src/sample/cases.rs",
    "tools/medfund/src/sample/diseases.rs",
];

/// Whole codes of diagnoses and procedures: categories and subcategories are shorter.
fn codes(text: &str) -> BTreeSet<&str> {
    let of_a_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || ".x+*".contains(c);
    let is_code = |word: &&str| {
        let bytes = word.as_bytes();
        let digits =
            |from: usize| bytes.get(from..from + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
        let is_diagnosis = word.len() >= 7 && bytes[0].is_ascii_uppercase() && digits(1) && bytes[3] == b'.';
        let is_procedure = word.len() >= 7 && digits(0) && bytes[2] == b'.' && bytes[3].is_ascii_digit();
        (is_diagnosis || is_procedure) && !word.contains('+')
    };
    text.split(|c| !of_a_code(c)).filter(is_code).collect()
}

#[test]
fn every_example_stands_in_the_code_lists_and_is_no_grey_code() {
    for version in ["1.1", "2.0"] {
        let source = &official(version).source;
        let mut n_codes = 0;
        for file in EXAMPLES {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            for code in codes(&text) {
                n_codes += 1;
                let is_grey = source.grey_diagnoses.contains(code) || source.grey_procedures.contains(code);
                assert!(!is_grey, "{file}: {code} is grey in {version}");
                let is_listed = source.diagnoses.contains(code) || source.procedures.contains(code);
                assert!(is_listed, "{file}: {code} stands in no code list of {version}");
            }
        }
        assert!(n_codes > 40, "{n_codes} codes");
    }
}
