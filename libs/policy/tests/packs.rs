//! The packs of the five notices.

use medfund_policy::Pack;

fn read(name: &str) -> Vec<u8> {
    let path = format!("{}/../../policies/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn jiangmen_parses() {
    let pack = Pack::parse(&read("jiangmen-2016")).unwrap_or_else(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(|m| m.in_file("jiangmen-2016.toml")).collect();
        panic!("{}", lines.join("\n"))
    });
    assert_eq!(pack.id(), "jiangmen-2016");
}
