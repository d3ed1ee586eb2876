//! Beijing divides some groups by age and days of stay, which its tables say in the groups' names
//! only: as additions they group.

use medfund_grouper::read::add_additions;
use medfund_grouper::{Case, Grouper, Sex, compile};

use crate::own_lists;
use crate::tables::{official, text};

/// `细分` for each DRG that severity does not divide off, with what its name says.
fn additions() -> String {
    let mut additions = String::new();
    for line in text("1.1-beijing/3_DRG.txt").trim_start_matches('\u{feff}').lines() {
        let Some((code, name)) = line.trim().split_once(' ') else { continue };
        if code.ends_with(['1', '3', '5', '9']) {
            continue;
        }
        additions += &format!("细分 {code}\n");
        if name.contains("小于等于6岁") {
            additions += "年龄: -6\n";
        }
        if name.ends_with("，伴并发症或合并症") {
            additions += "并发症: MCC; CC\n";
        }
        if let Some((days, what)) = name.rsplit('，').next().unwrap().split_once('天') {
            let band = match what {
                "及以上" => format!("{days}-"),
                "以上" => format!("{}-", days.parse::<u16>().unwrap() + 1),
                "以内" => format!("-{days}"),
                _ if days.contains('-') => days.to_owned(),
                _ => format!("{days}-{days}"),
            };
            additions += &format!("住院天数: {band}\n");
        }
    }
    additions
}

#[test]
fn beijing_s_sub_groups_by_age_and_days_of_stay_are_additions() {
    let mut source = official("1.1-beijing").source.clone();
    let additions = additions();
    println!("{additions}");
    let told = add_additions(&mut source, &[("beijing.txt".to_owned(), additions)].into());
    assert_eq!(told, []);
    let (scheme, told) = compile(&source);
    let undivided: Vec<_> = told.iter().filter(|a| a.what.contains("no table says how")).collect();
    assert!(undivided.is_empty(), "{undivided:?}");
    let mut grouper = Grouper::new(&scheme);
    let mut group = |adrg: &str, age_years: u16, stay_days: Option<u16>| {
        let rule = source.rules.iter().find(|rule| rule.adrg == adrg).unwrap();
        let drawn = (0..400).filter_map(|n| own_lists::case(rule, &source, n));
        let mut codes = drawn.map(|drawn| {
            let case = Case {
                sex: Some(Sex::Female),
                age_years: Some(age_years),
                stay_days,
                diagnoses: &drawn.diagnoses,
                procedures: &drawn.procedures,
                ..Case::default()
            };
            grouper.group(&case).code(&scheme).into_owned()
        });
        codes.find(|code| code.starts_with(adrg))
    };
    for (adrg, age_years, stay_days, expected) in [
        ("RC1", 60, Some(13), Some("RC12")),
        ("RC1", 60, Some(12), Some("RC14")),
        ("RC1", 60, Some(5), Some("RC16")),
        ("RC1", 60, Some(1), Some("RC18")),
        ("RC1", 60, None, None),
        ("RC2", 60, Some(14), Some("RC22")),
        ("RC2", 60, Some(7), Some("RC24")),
        ("RE1", 60, Some(15), Some("RE12")),
        ("RE1", 60, Some(14), Some("RE14")),
        ("RE1", 60, Some(6), Some("RE16")),
        ("CD1", 6, None, Some("CD1D")),
        ("DC2", 6, None, Some("DC2D")),
        ("IT2", 6, None, Some("IT2C")),
    ] {
        assert_eq!(
            group(adrg, age_years, stay_days).as_deref(),
            expected,
            "{adrg}, {age_years}, {stay_days:?}"
        );
    }
    assert!(!group("CD1", 7, None).unwrap().ends_with('D'));
    assert!(!group("IT2", 7, None).unwrap().ends_with('C'));
}
