//! The packs of the five notices.

use std::collections::BTreeSet;

use medfund_policy::{KindOfCare, Matter, Pack, PackHash, PaymentMethod, Regime, Rules, Source, Task};
use medfund_types::FundLine;
use sha2::{Digest, Sha256};

const PACKS: [&str; 5] = ["lincang-2014", "panzhihua-2018", "jiangmen-2016", "banan-2014", "chuxiong-2022"];

fn file(path: &str) -> Vec<u8> {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read(name: &str) -> Vec<u8> {
    file(&format!("../../policies/{name}.toml"))
}

fn parsed(name: &str) -> Pack {
    Pack::parse(&read(name)).unwrap_or_else(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(|mistake| mistake.in_file(name)).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn rules<'a>(pack: &'a Pack, fund_line: &str) -> &'a Rules {
    pack.rules(&fund_line.parse::<FundLine>().unwrap()).unwrap()
}

#[test]
fn the_five_packs_parse_and_are_called_as_their_files() {
    for name in PACKS {
        assert_eq!(parsed(name).id(), name);
    }
}

#[test]
fn the_hash_is_the_sha_256_of_the_bytes() {
    let bytes = read("jiangmen-2016");
    let hash = parsed("jiangmen-2016").hash();
    assert_eq!(hash.as_bytes()[..], Sha256::digest(&bytes)[..]);

    let commented = [b"# one more word\n".as_slice(), &bytes].concat();
    assert_ne!(Pack::parse(&commented).unwrap().hash(), hash);
    assert_eq!(PackHash::of(&bytes).to_string().len(), 64);
}

#[test]
fn every_clause_that_a_pack_cites_stands_in_its_notice() {
    let mut absent = Vec::new();
    for name in PACKS {
        let pack = parsed(name);
        let outline = String::from_utf8(file(&format!("testdata/outline/{}.txt", pack.short()))).unwrap();
        let clauses: BTreeSet<&str> = outline.lines().filter_map(|line| line.split(' ').next()).collect();
        for entry in pack.entries() {
            if let Source::Clause { notice, clause } = &entry.source {
                assert_eq!(notice, pack.short());
                absent.extend(
                    clause.split("; ").filter(|clause| !clauses.contains(clause)).map(|clause| {
                        format!("{name}.toml:{}: {}: no clause {clause}", entry.line, entry.key)
                    }),
                );
            }
        }
    }
    assert!(absent.is_empty(), "{}", absent.join("\n"));
}

#[test]
fn every_parameter_of_the_text_is_an_entry_with_a_source_and_a_term() {
    for name in PACKS {
        let text = String::from_utf8(read(name)).unwrap();
        let pack = parsed(name);
        let n_written = text.lines().filter(|line| line.contains("= { value =")).count();
        assert_eq!(pack.entries().len(), n_written, "{name}");
        assert!(pack.entries().iter().all(|entry| !entry.term.is_empty()), "{name}");
    }
}

/// Rows 64 to 89 and 98 of the notice's features, as the pack must say them.
#[test]
fn jiangmen_says_what_its_notice_says() {
    let pack = parsed("jiangmen-2016");
    let rules = rules(&pack, "employee");

    let deductions = rules.budget.deductions.as_ref().unwrap();
    assert_eq!(deductions.len(), 7, "six named ones and 等");
    assert_eq!(rules.budget.reserve.max_rate.to_string(), "0.15");
    assert_eq!(rules.budget.surplus_rate.as_ref().unwrap().target.to_string(), "0.10");
    let quota = rules.quota.as_ref().unwrap();
    let weights: Vec<String> = quota.year_weights.far_to_near().iter().map(ToString::to_string).collect();
    assert_eq!(weights, ["0.10", "0.20", "0.70"]);
    assert_eq!(quota.factors.len(), 10);
    assert_eq!(rules.adjustment.reasons.len(), 5);

    let inpatient = rules.care(KindOfCare::Inpatient).unwrap();
    assert_eq!(inpatient.regime.get(), Regime::Quota);
    assert_eq!(inpatient.methods.len(), 4);
    assert!(inpatient.allows(PaymentMethod::DailyCap) && !inpatient.allows(PaymentMethod::DrgPoints));
    assert_eq!(inpatient.lock_years.as_ref().unwrap().get().get(), 2);
    assert!(rules.meets_quota(KindOfCare::Inpatient) && !rules.meets_quota(KindOfCare::GeneralOutpatient));

    let prepayment = &rules.prepayment;
    assert_eq!(prepayment.working_capital.as_ref().unwrap().rate.to_string(), "0.08");
    let clean = prepayment.clean_record.as_ref().unwrap();
    assert_eq!((clean.rate.to_string(), clean.clean_years.get().get()), ("0.08".to_owned(), 2));
    assert_eq!(clean.by.in_year(2017).to_string(), "2017-03-31");
    assert_eq!(clean.rate.cite(), "JM 四(三)3");
    let months = prepayment.advance.as_ref().unwrap().months.get();
    assert_eq!((months.least.get(), months.most.get()), (1, 2));

    let deposit = rules.deposit.as_ref().unwrap();
    assert_eq!(deposit.base_rate.to_string(), "0.05");
    assert!(!*deposit.withheld);
    assert_eq!(rules.fourth_quarter.as_ref().unwrap().tolerance.to_string(), "0.15");
    let primary = rules.budget.reserve.primary_care.as_ref().unwrap();
    assert_eq!((primary.rolls_years.get().get(), primary.lapses_after_years.get().get()), (1, 2));

    let body = |matter| pack.deciding_body(matter).unwrap().as_str().to_owned();
    assert_eq!(body(Matter::Target), "local_joint_meeting");
    assert_eq!(body(Matter::Adjustment), "local_joint_meeting");
    assert_eq!(body(Matter::Decomposition), "city_joint_meeting");
    assert_eq!(body(Matter::InpatientMethod), "city_joint_meeting");
    assert_eq!(body(Matter::ClearingPlan), "local_joint_meeting");
    assert_eq!(body(Matter::ClearingApproval), "city_agency");
    assert_eq!(pack.body("city_joint_meeting").unwrap().members.as_ref().unwrap().len(), 8);
    assert_eq!(pack.codes().kind_of_care("21"), Some(KindOfCare::Inpatient));
    assert_eq!(pack.codes().fund_line("390").unwrap().as_str(), "resident");
    assert_eq!(pack.first_fund_year(), 2017);
}

#[test]
fn bands_are_measured_from_the_standard() {
    let pack = parsed("jiangmen-2016");
    let clearing = &rules(&pack, "resident").clearing;
    let ends = |tiers: medfund_money::Tiers| -> Vec<String> {
        tiers.bands().iter().map(|band| format!("{}", band.up_to.unwrap().get().normalize())).collect()
    };
    assert_eq!(ends(clearing.surplus_sharing()), ["0.15", "1"]);
    assert_eq!(ends(clearing.overspend_sharing()), ["0.05", "0.1"]);
}

#[test]
fn a_fund_line_has_the_general_rules_with_its_own_in_their_place() {
    let pack = parsed("lincang-2014");
    let methods = |line| rules(&pack, line).care(KindOfCare::Inpatient).unwrap().methods.to_vec();
    assert_eq!(methods("urban")[0], PaymentMethod::TotalPrepayment);
    assert_eq!(methods("nrcms")[0], PaymentMethod::BedDay);
    assert_eq!(rules(&pack, "urban").clearing, rules(&pack, "nrcms").clearing);
    let own: Vec<&str> =
        pack.entries().iter().map(|entry| entry.key.as_str()).filter(|key| key.contains(".rules.")).collect();
    assert_eq!(
        own,
        [
            "fund_lines.nrcms.rules.care.inpatient.methods",
            "fund_lines.nrcms.rules.care.general_outpatient.methods"
        ]
    );
}

#[test]
fn the_other_notices_say_their_own() {
    let panzhihua = parsed("panzhihua-2018");
    let employee = rules(&panzhihua, "employee");
    assert_eq!(employee.care(KindOfCare::Inpatient).unwrap().regime.get(), Regime::Pool);
    assert!(!*employee.pool.as_ref().unwrap().split_to_institutions);
    assert_eq!(employee.payment.by_disease.as_ref().unwrap().in_force.as_ref().unwrap().get().get(), 102);
    assert_eq!(panzhihua.fund_lines().len(), 5);
    let supplementary = [KindOfCare::SpecialOutpatient, KindOfCare::Inpatient];
    assert_eq!(
        employee.pooled(&supplementary).map(|(kind, _)| kind).collect::<Vec<_>>(),
        [KindOfCare::Inpatient]
    );
    assert_eq!(panzhihua.deciding_body(Matter::Structure).unwrap().as_str(), "human_resources");

    let banan = parsed("banan-2014");
    assert!(rules(&banan, "resident").month.withheld.is_some());
    assert_eq!(rules(&banan, "resident").indicators.len(), 8);

    let chuxiong = parsed("chuxiong-2022");
    let coverage = rules(&chuxiong, "resident").pool.as_ref().unwrap().coverage.as_ref().unwrap();
    let steps: Vec<String> =
        coverage.named("institutions").unwrap().by_year.iter().map(|(_, rate)| rate.to_string()).collect();
    assert_eq!(steps, ["0.40", "0.30", "0.30"]);
    let least = |id: &str| -> Vec<String> {
        let series = coverage.named(id).unwrap();
        (2021..=2025)
            .map(|year| series.least(year).map_or_else(String::new, |least| least.to_string()))
            .collect()
    };
    assert_eq!(least("institutions"), ["", "0.40", "0.70", "1.00", "1"]);
    assert_eq!(least("diseases"), ["", "0.70", "0.80", "0.90", "0.90"]);

    let lincang = parsed("lincang-2014");
    assert_eq!(rules(&lincang, "urban").indicators.len(), 7);
}

/// Rows 161 to 182 of the notice's features: who has to do what, and until when.
#[test]
fn chuxiong_lists_its_thirty_three_tasks() {
    let pack = parsed("chuxiong-2022");
    let tasks: Vec<&Task> = pack.common().tasks.as_ref().unwrap().values().collect();
    let numbered =
        |task: &&Task| (task.number.get().get(), task.item.as_ref().map_or(0, |item| item.get().get()));
    let in_order: Vec<(u32, u32)> = tasks.iter().map(numbered).collect();
    let mut expected: Vec<(u32, u32)> =
        (1..=33).filter(|number| *number != 17).map(|number| (number, 0)).collect();
    expected.extend((1..=5).map(|item| (17, item)));
    expected.sort_unstable();
    assert_eq!(in_order, expected, "task 17 has five items, each with its own owner and deadline");
    assert!(tasks.iter().all(|task| task.work.cite() == format!("CX 附件{}", task.number.get().get())));

    let due = |day: &str| -> Vec<(u32, u32)> {
        let of_day = |task: &&&Task| task.by.get().last_day().is_some_and(|last| last.to_string() == day);
        tasks.iter().filter(of_day).map(numbered).collect()
    };
    assert_eq!(due("2022-05-31"), [(24, 0)], "2022年6月以前");
    assert_eq!(due("2022-12-31"), [(4, 0), (6, 0), (9, 0), (17, 2), (20, 0), (25, 0)]);
    assert_eq!(due("2023-12-31"), [(7, 0), (8, 0), (17, 1)]);
    assert_eq!(tasks.iter().filter(|task| task.by.get().last_day().is_none()).count(), 27);

    let units = |number, item| -> Vec<&str> {
        let task = tasks.iter().find(|task| numbered(task) == (number, item)).unwrap();
        let name = |unit: &medfund_policy::BodyId| pack.body(unit.as_str()).unwrap().name.as_str();
        task.units.iter().map(name).collect()
    };
    assert_eq!(units(12, 0), ["州卫生健康委", "州医疗保障局"]);
    assert_eq!(
        units(16, 0),
        ["州医疗保障局", "州财政局", "州卫生健康委", "州人力资源和社会保障局", "县市"],
        "州、县市共同完成"
    );
    assert_eq!(units(17, 5), ["州卫生健康委"]);
    assert_eq!(units(33, 0), ["州医疗保障局", "县市医疗保障局"]);
}
