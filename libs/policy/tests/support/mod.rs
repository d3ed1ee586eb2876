//! What tests of mistakes in packs share.

use medfund_policy::Pack;

/// Section, how the line begins, what stands there instead, the key told, and words of the reason.
pub(crate) type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// The text of one of the packs.
pub(crate) fn pack(id: &str) -> String {
    let path = format!("{}/../../policies/{id}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Replaces one line of a pack, found by how it begins below the section's header.
pub(crate) fn replaced(text: &str, section: &str, begins: &str, with: &str) -> (String, usize) {
    let mut inside = section.is_empty();
    let mut lines: Vec<&str> = text.lines().collect();
    for n in 0..lines.len() {
        if lines[n].starts_with('[') {
            inside = lines[n] == format!("[{section}]");
        }
        if inside && lines[n].starts_with(begins) {
            lines[n] = with;
            return (lines.join("\n"), n + 1);
        }
    }
    panic!("no line of [{section}] begins with {begins}");
}

/// Makes the mistake in a pack, and expects that it is told with its line, key and reason.
pub(crate) fn expect_told(id: &str, (section, begins, with, key, reason): &Mistake) {
    let (text, line) = replaced(&pack(id), section, begins, with);
    let mistakes = Pack::parse(text.as_bytes()).expect_err(with);
    let told = mistakes.iter().find(|mistake| mistake.key == *key && mistake.reason.contains(reason));
    let told = told.unwrap_or_else(|| panic!("{with}: {mistakes:#?}"));
    let replaced_key = with.split(' ').next().filter(|key| !key.is_empty());
    if replaced_key.is_some_and(|replaced_key| told.key.ends_with(replaced_key)) {
        assert_eq!(told.line, line, "{with}: {told}");
    }
    assert!(told.line > 1, "{told}");
}
