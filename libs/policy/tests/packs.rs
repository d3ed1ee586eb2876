//! The packs of the five notices.

use medfund_policy::Pack;

fn read(name: &str) -> Vec<u8> {
    let path = format!("{}/../../policies/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

const PACKS: [&str; 5] = ["lincang-2014", "panzhihua-2018", "jiangmen-2016", "banan-2014", "chuxiong-2022"];

#[test]
fn the_five_packs_parse() {
    let mut wrong = Vec::new();
    for name in PACKS {
        match Pack::parse(&read(name)) {
            Ok(pack) => assert_eq!(pack.id(), name),
            Err(mistakes) => {
                wrong.extend(mistakes.iter().map(|mistake| mistake.in_file(&format!("{name}.toml"))))
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
