//! The published crosswalks from the clinical codes.

use std::collections::BTreeSet;

use medfund_grouper::crosswalk::Crosswalk;
use medfund_grouper::read::Files;

use crate::tables::{VERSIONS, official, text};

const NAMES: [&str; 2] = ["icd/ICD10国临版v2.0对照医保版v2.0.dat", "icd/ICD9CM3国临版v3.0对照医保版v2.0.dat"];

#[test]
fn the_published_crosswalks_are_in_order_for_every_version_and_with_swapped_columns_for_none() {
    let files: Files = NAMES.map(|name| (name.to_owned(), text(name))).into();
    let turned = |line: &str| line.split_whitespace().rev().collect::<Vec<_>>().join(" ") + "\n";
    let swapped = files.iter().map(|(name, text)| (name.clone(), text.lines().map(turned).collect()));
    let swapped = Crosswalk::read(&swapped.collect()).0;
    let crosswalk = Crosswalk::read(&files).0;
    for version in VERSIONS {
        let scheme = &official(version).scheme;
        assert_eq!(crosswalk.swapped_for(scheme), None, "{version}");
        assert!(swapped.swapped_for(scheme).is_some(), "{version}");
    }
}

#[test]
fn the_published_crosswalks_read_without_a_problem_and_lead_to_codes_of_the_insurance() {
    let files: Files = NAMES.map(|name| (name.to_owned(), text(name))).into();
    let (crosswalk, problems) = Crosswalk::read(&files);
    assert_eq!(problems, []);
    assert_eq!(crosswalk.counts(), [35_587, 13_653]);

    let lists = ["icd/ICD10医保版v2.0.dat", "icd/ICD9CM3医保版v2.0.dat"].map(text);
    let of_the_insurance: BTreeSet<&str> = lists
        .iter()
        .flat_map(|list| list.lines())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let written = crosswalk.to_text();
    let strangers = written
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, to)| !of_the_insurance.contains(to));
    // One line of the published table leads to a code that the published list does not have.
    assert_eq!(strangers.map(|(_, to)| to).collect::<Vec<_>>(), ["K30.x00x002"]);
}
