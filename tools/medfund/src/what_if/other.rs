use anyhow::{Context, bail, ensure};
use medfund_policy::{ChangeError, Pack, change};
use medfund_types::FundLine;

use crate::packs::{self, LoadedPack};

/// The pack that is tried: `other`, or the pack itself, with every `KEY=VALUE` of `set` put in.
///
/// # Errors
///
/// If a pack has mistakes, is not for the pack's region, year and fund lines, a key is unknown, or nothing is
/// changed.
pub fn other(pack: &LoadedPack, other: Option<&str>, set: &[String]) -> anyhow::Result<LoadedPack> {
    let mut tried = other.map_or_else(|| Ok(pack.clone()), packs::load)?;
    expect_same_region(&pack.pack, &tried.pack)?;
    for one in set {
        let (key, value) = one.split_once('=').with_context(|| format!("`{one}` is no KEY=VALUE"))?;
        tried = with(&tried, key.trim(), value.trim())?;
    }
    ensure!(tried.pack.hash() != pack.pack.hash(), "nothing is changed: the pack says already what is tried");
    Ok(tried)
}

fn expect_same_region(pack: &Pack, tried: &Pack) -> anyhow::Result<()> {
    let place = |pack: &Pack| (pack.region().to_owned(), pack.first_fund_year());
    let ((region, year), (tried_region, tried_year)) = (place(pack), place(tried));
    ensure!(
        (&region, year) == (&tried_region, tried_year),
        "{} is for region {tried_region} and the fund year {tried_year}; to try it in {}, give a copy with \
         `region = \"{region}\"` whose first fund year is {year}",
        tried.id(),
        pack.id()
    );
    let is_missing = |line: &&FundLine| tried.fund_lines().get(*line).is_none();
    match pack.fund_lines().keys().find(is_missing) {
        Some(line) => bail!("{} has no fund line `{line}`, which {} has a budget for", tried.id(), pack.id()),
        None => Ok(()),
    }
}

/// The pack with one value changed. Texts and rates need no quotation marks.
fn with(pack: &LoadedPack, key: &str, value: &str) -> anyhow::Result<LoadedPack> {
    let text = std::str::from_utf8(&pack.bytes).expect("a pack that was read is text");
    let quoted = format!("\"{value}\"");
    let mut reasons: Vec<String> = Vec::new();
    for candidate in [value, &quoted] {
        let changed = match change(text, key, candidate) {
            Ok(changed) => changed,
            Err(ChangeError::NotAValue(_)) => continue,
            Err(error) => {
                bail!("{error}; `medfund policy show {}` lists the keys", pack.pack.id())
            }
        };
        match Pack::parse(changed.as_bytes()) {
            Ok(pack) => return Ok(LoadedPack { pack, bytes: changed.into_bytes() }),
            Err(mistakes) => {
                let told: Vec<String> = mistakes.into_iter().map(|mistake| mistake.reason).collect();
                reasons.push(told.join("; "));
            }
        }
    }
    ensure!(!reasons.is_empty(), "`{key}` cannot be {value}: it is no value of TOML");
    bail!("`{key}` cannot be {value}: {}", reasons.join("; as a text: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(set: &[&str]) -> Result<LoadedPack, String> {
        let set: Vec<String> = set.iter().map(|one| (*one).to_owned()).collect();
        other(&packs::load("jiangmen-2016").unwrap(), None, &set).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_are_put_in_by_their_keys_with_or_without_quotation_marks() {
        let pack =
            tried(&["prepayment.working_capital.rate=0.10", "prepayment.advance.counts_towards = false"])
                .unwrap();
        let quoted =
            tried(&["prepayment.working_capital.rate=\"0.10\"", "prepayment.advance.counts_towards=false"])
                .unwrap();
        assert_eq!(pack.bytes, quoted.bytes);
        let value = |key: &str| {
            let entry = pack.pack.entries().iter().find(|entry| entry.key == key).unwrap();
            entry.value.clone()
        };
        assert_eq!(
            [value("prepayment.working_capital.rate"), value("prepayment.advance.counts_towards")],
            ["0.10", "false"]
        );
    }

    #[test]
    fn what_cannot_be_tried_is_told_with_what_to_do() {
        let refused = |set: &[&str]| tried(set).unwrap_err();
        assert_eq!(refused(&["deposit"]), "`deposit` is no KEY=VALUE");
        assert_eq!(
            refused(&["deposit.luck=1"]),
            "no parameter has the key `deposit.luck`; `medfund policy show jiangmen-2016` lists the keys"
        );
        let carried = refused(&["month.carry_unused_cap=true"]);
        assert!(carried.ends_with("; as a text: must be true or false, not a text"), "{carried}");
        assert!(refused(&["deposit.base_rate=much"]).starts_with("`deposit.base_rate` cannot be much: "));
        assert_eq!(
            refused(&["deposit.base_rate=0.05"]),
            "nothing is changed: the pack says already what is tried"
        );
    }

    #[test]
    fn a_notice_of_another_region_is_told_how_to_be_made_this_ones() {
        let refused =
            other(&packs::load("jiangmen-2016").unwrap(), Some("banan-2014"), &[]).unwrap_err().to_string();
        assert!(
            refused.contains("give a copy with `region = \"440700\"` whose first fund year is 2017"),
            "{refused}"
        );
    }
}
