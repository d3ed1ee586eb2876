use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use super::cases::CaseRow;
use super::{TariffArgs, answer};
use crate::{Cli, run, tables};

#[test]
fn a_rate_is_no_more_than_the_service_takes() {
    assert!(super::rate_yuan("10000000000").is_ok());
    for bad in ["10000000000.01", "0", "-1", "x"] {
        assert!(super::rate_yuan(bad).is_err(), "{bad}");
    }
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: TariffArgs,
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            std::fs::write(folder.path(name), text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// What `medfund drg tariff …` prints, where `@name` is a file of the folder.
    fn tariff(&self, line: &str) -> anyhow::Result<(String, ExitCode)> {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name).display().to_string(),
            None => word.to_owned(),
        };
        let words = std::iter::once("tariff".to_owned()).chain(line.split(' ').map(word));
        answer(&Line::parse_from(words).args)
    }

    fn prints(&self, line: &str) -> String {
        let (text, code) = self.tariff(line).unwrap();
        assert_eq!(code, ExitCode::SUCCESS, "{text}");
        text
    }
}

/// Five cases of 4,000 yuan, five of 8,000, one of 20,000 in one ADRG, and five of 3,000 in another.
fn history() -> String {
    let mut text = "定点医药机构编号,DRG编码,医疗总费用,统筹基金支付,住院天数,离院方式\n".to_owned();
    for (institution, group, yuan, n_cases) in [
        ("H44070300001", "FR15", 4_000, 5),
        ("H44070300001", "FR11", 20_000, 1),
        ("H44070300002", "FR13", 8_000, 5),
        ("H44070300002", "GZ15", 3_000, 5),
        ("H44070300002", "0000", 1_000, 1),
    ] {
        let line = format!("{institution},{group},{yuan},{},7,1\n", yuan / 2);
        text.push_str(&line.repeat(n_cases));
    }
    text
}

const MAKE: &str = "make --cases @cases.csv --out @tariff.csv";

#[test]
fn weights_are_made_of_a_list_written_and_read_again() {
    let folder = Folder::with(&[("cases.csv", &history())]);
    let text = folder.prints(&format!("{MAKE} --explain FR11"));
    // 95,000 yuan in 16 cases; FR11 takes the mean of FR13 and FR15.
    assert_eq!(
        folder.text("tariff.csv"),
        "DRG编码,DRG名称,RW,基准点数,病例数,裁剪病例数,次均费用,测算方法\n\
         FR11,无名称,1.0105,101.05,1,0,20000.00,同ADRG其他组\n\
         FR13,无名称,1.3474,134.74,5,0,8000.00,本组病例\n\
         FR15,无名称,0.6737,67.37,5,0,4000.00,本组病例\n\
         GZ15,无名称,0.5053,50.53,5,0,3000.00,本组病例\n"
    );
    assert!(
        text.starts_with("17 cases (1 in no group or ambiguous); 16 count, 5,937.50 yuan each, 0 trimmed"),
        "{text}"
    );
    assert!(
        text.contains("note: FR11 weighs 1.0105, less than the milder FR13 with 1.3474 (权重倒置)"),
        "{text}"
    );
    assert!(text.contains("weight 权重 1.0105 = ÷  [rounded half up to 4 decimals]"), "{text}");

    let read = folder.prints("read @tariff.csv");
    assert!(read.contains("4 groups: 4 with a weight, from 0.5053 to 1.3474"), "{read}");
    assert_eq!(cells(&read, "understood as", "病例数"), ["病例数", "left alone"]);
}

#[test]
fn a_tariff_that_prices_no_case_is_told_and_pays_nobody_nothing() {
    let folder = Folder::with(&[("cases.csv", &history())]);
    folder.prints(MAKE);
    let refused = folder.tariff("what-if --cases @cases.csv --tariff @tariff.csv --standards").unwrap_err();
    assert!(refused.to_string().contains("--levels"), "{refused}");
}

#[test]
fn parameters_stand_on_the_command_line() {
    let fixed = ("fixed.csv", "drg,weight\nFR11,3.5\n");
    let earlier = ("earlier.csv", "DRG编码,DRG名称,RW\nGZ11,肺炎伴MCC,1.5\nGZ15,肺炎,0.75\n");
    let folder = Folder::with(&[("cases.csv", &history()), fixed, earlier]);
    let line = "--fixed @fixed.csv --earlier @earlier.csv --trim none --minimum-cases 2 --decimals 2 --base 1000 --ungrouped";
    folder.prints(&format!("{MAKE} {line}"));
    // 96,000 in 17 cases.
    let tariff = folder.text("tariff.csv");
    let lines: Vec<&str> = tariff.lines().skip(1).collect();
    assert_eq!(lines[0], "0000,无名称,特病单议,,1,0,1000.00,特病单议");
    assert_eq!(lines[1], "FR11,无名称,3.5,3500,1,0,20000.00,核定");
    assert_eq!(lines[4], "GZ15,肺炎,0.53,530,5,0,3000.00,本组病例");
    let bad = folder.tariff(&format!("{MAKE} --minimum-cases 0 --decimals 9")).unwrap_err().to_string();
    // An earlier tariff whose groups had no name names none.
    std::fs::copy(folder.path("tariff.csv"), folder.path("earlier.csv")).unwrap();
    folder.prints(&format!("{MAKE} --earlier @earlier.csv --fallbacks earlier"));
    assert!(
        folder.text("tariff.csv").contains("FR13,无名称,")
            && folder.text("tariff.csv").contains("GZ15,肺炎,")
    );
    assert_eq!(bad, "the least number of cases is 0; a mean needs one; 9 decimals are more than 8");
}

#[test]
fn cases_without_a_group_are_grouped_by_a_scheme_whose_groups_are_all_named() {
    let case = "1,60,J18.900,,5000\n";
    // Of the last case the principal diagnosis is missing, and no other stands in its place.
    let raw = "sex,age_years,diagnoses,procedures,total_cost_yuan\n".to_owned()
        + &case.repeat(5)
        + &case.replace("J18", "|J18");
    let folder = Folder::with(&[("cases.csv", &raw)]);
    let reference = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemes/reference");
    let [reference, scheme, report] =
        [reference, folder.path("scheme"), folder.path("report")].map(|path| path.display().to_string());
    let compile = ["medfund", "drg", "compile", "--from", &reference, "--out", &scheme, "--report", &report];
    assert_eq!(run(Cli::parse_from(compile)), ExitCode::SUCCESS);
    folder.prints("make --cases @cases.csv --scheme @scheme --out @tariff.xlsx");
    let rows = tables::rows(&folder.path("tariff.xlsx")).unwrap();
    assert_eq!(rows.len(), 629);
    let weighed: Vec<Vec<String>> = rows
        .iter()
        .map(|(_, cells)| cells.iter().map(tables::Cell::to_text).collect::<Vec<_>>())
        .filter(|cells| cells[4] == "5")
        .collect();
    assert_eq!(weighed.len(), 1);
    assert_eq!(weighed[0][2..6], ["1", "100", "5", "0"]);
    assert_eq!(weighed[0][..2], ["ES35", "呼吸系统感染／炎症，不伴并发症或合并症"]);
    // The same list without the scheme has no groups.
    assert!(folder.tariff(MAKE).is_err());
}

#[test]
fn lines_that_are_no_case_are_left_out_and_the_exit_code_is_1() {
    let bad = "H44070300001,FR15,0,0,7,1\nH44070300001,心梗,1,0,7,1\n";
    let folder = Folder::with(&[("cases.csv", &(history() + bad))]);
    let (text, code) = folder.tariff(MAKE).unwrap();
    assert_eq!(code, ExitCode::FAILURE);
    assert!(text.contains("2 lines that are no case"), "{text}");
    std::fs::write(folder.path("cases.csv"), "DRG编码\nFR15\n").unwrap();
    assert!(folder.tariff(MAKE).unwrap_err().to_string().contains("no column is headed `total_cost_yuan`"));
}

#[test]
fn a_published_tariff_is_read_in_gb18030_and_its_problems_are_told() {
    let text = "DRG编码,DRG名称,RW,三级医院支付标准\nFR15,心梗,0.9,9000.005\nFR15,心梗,1,2\n心梗,,1,\n";
    let folder = Folder::with(&[]);
    std::fs::write(folder.path("tariff.csv"), encoding_rs::GB18030.encode(text).0).unwrap();
    let (text, code) = folder.tariff("read @tariff.csv").unwrap();
    assert_eq!(code, ExitCode::FAILURE);
    for told in [
        "payment standard (支付标准), yuan, for 三级",
        "1 groups: 1 with a weight, from 0.9 to 0.9",
        "note: 三级医院支付标准: 1 amounts have parts of a fen and are rounded half up",
        "line 3, DRG编码: the group FR15 stands in line 2 already",
        "2 problems; their rows are left out",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
    let refused = folder.tariff("what-if --cases @tariff.csv --tariff @tariff.csv --standards");
    assert!(format!("{:#}", refused.err().unwrap()).contains("and 1 more"));
}

const WHAT_IF: &str = "what-if --cases @cases.csv --tariff @old.csv --with @new.csv";

fn two_tariffs() -> Folder {
    let old = "DRG编码,DRG名称,RW\nFR11,心梗,3\nFR13,心梗,2\nFR15,心梗,1\nGZ15,肺炎,1\n";
    let new = "DRG编码,DRG名称,RW\nFR11,心梗,3\nFR13,心梗,2\nFR15,心梗,1\nGZ15,肺炎,2\n";
    Folder::with(&[
        ("cases.csv", &history()),
        ("old.csv", old),
        ("new.csv", new),
        ("levels.csv", "定点医药机构编号,医院等级\nH44070300001,3\nH44070300002,2\n"),
    ])
}

/// The cells of the line that begins with `word` below `title`.
fn cells(text: &str, title: &str, word: &str) -> Vec<String> {
    let below = text.lines().skip_while(|line| !line.contains(title)).skip(1);
    let mut lines = below.filter(|line| line.starts_with(&format!("│ {word}")));
    let line = lines.next().unwrap_or_else(|| panic!("{text}"));
    line.split(['│', '┆']).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect()
}

#[test]
fn two_tariffs_share_the_budget_differently() {
    let folder = two_tariffs();
    let text = folder.prints(&format!("{WHAT_IF} --budget 10000 --institution H44070300002"));
    // Hospital 1: 5 × 1 + 3 = 8, hospital 2: 5 × 2 + 5 × 1 = 15 and then 20 hundreds of points.
    assert_eq!(
        cells(&text, "indicators", "H44070300002"),
        ["H44070300002", "11", "1", "0.9091", "2", "1.5", "2", "1", "1", "–"]
    );
    assert_eq!(
        cells(&text, "pay", "H44070300002"),
        ["H44070300002", "10", "0", "0", "6,521.74", "7,142.86", "621.12", "9.52"]
    );
    assert_eq!(cells(&text, "pay", "sum")[4..], ["10,000.00", "10,000.00", "0.00", "0"]);
    assert!(text.contains("a point is worth 434.782609 fen, by the other setting 357.142857 fen"), "{text}");
    assert_eq!(cells(&text, "ADRG by ADRG", "GZ1"), ["GZ1", "2,173.91", "3,571.43", "1,397.52", "64.29"]);
    assert!(text.contains("pay_fen 支付额 6521.74 yuan = share by largest remainder"), "{text}");
}

#[test]
fn a_budget_is_not_shared_among_the_few_cases_that_a_tariff_prices() {
    let folder = two_tariffs();
    // GZ15 and FR11 are 6 of 17 cases; with FR15 they are 11.
    std::fs::write(folder.path("new.csv"), "DRG编码,DRG名称,RW\nFR11,心梗,3\nGZ15,肺炎,2\n").unwrap();
    let refused = folder.tariff(&format!("{WHAT_IF} --budget 10000")).unwrap_err().to_string();
    assert!(refused.starts_with("the tariff of --with prices 6 of 17 cases, less than half"), "{refused}");
    let refused = folder.tariff("what-if --cases @cases.csv --tariff @new.csv --budget 10000").unwrap_err();
    assert!(refused.to_string().starts_with("the tariff of --tariff prices 6 of 17"), "{refused}");
    assert!(folder.prints(&format!("{WHAT_IF} --rate 1000")).contains("by the other setting 11"));
    let more = "DRG编码,DRG名称,RW\nFR11,心梗,3\nFR15,心梗,1\nGZ15,肺炎,2\n";
    std::fs::write(folder.path("new.csv"), more).unwrap();
    assert!(folder.prints(&format!("{WHAT_IF} --budget 10000")).contains("by the other setting 6"));
}

#[test]
fn what_stands_twice_or_cannot_be_is_refused() {
    let folder = two_tariffs();
    let refused = |line: &str| folder.tariff(line).unwrap_err().to_string();
    let twice = "fixmedins_code,level\nH44070300001,3\nH44070300001,2\n";
    std::fs::write(folder.path("levels.csv"), twice).unwrap();
    let told = refused(&format!("{WHAT_IF} --rate 1000 --levels @levels.csv"));
    assert!(told.ends_with("H44070300001 stands twice"), "{told}");
    std::fs::write(folder.path("fixed.csv"), "drg,weight\nFR11,3.5\nFR11,2\n").unwrap();
    let told = refused(&format!("{MAKE} --fixed @fixed.csv"));
    assert!(told.ends_with("FR11 stands twice"), "{told}");
    assert_eq!(super::settings::form("3=1.2,3=0.8").unwrap_err(), "`3=1.2,3=0.8` has 三级 twice");

    let cases = history().replacen("4000,2000", "4000,4000.01", 1).replacen("8000,4000", "8000,-1", 1);
    std::fs::write(folder.path("cases.csv"), cases).unwrap();
    let (text, code) = folder.tariff(MAKE).unwrap();
    assert_eq!(code, ExitCode::FAILURE);
    assert!(text.starts_with("15 cases"), "{text}");

    std::fs::write(folder.path("tariff.parquet"), b"PAR1").unwrap();
    let told = refused("read @tariff.parquet");
    assert!(told.contains("Parquet is read of case lists alone"), "{told}");
}

#[test]
fn a_rate_and_coefficients_of_levels_or_hospitals_can_be_compared() {
    let folder = two_tariffs();
    let text = folder.prints(&format!(
        "{WHAT_IF} --rate 1000 --with-rate 1100 --levels @levels.csv --with-coefficients 3=1.2,2=0.9"
    ));
    assert_eq!(cells(&text, "pay", "H44070300001")[4..6], ["8,000.00", "10,560.00"]);
    assert_eq!(cells(&text, "pay", "H44070300002")[4..6], ["15,000.00", "19,800.00"]);
    let words = "定点医药机构编号,医院等级\nH44070300001,三级甲等\nH44070300002,二级\n";
    std::fs::write(folder.path("levels.csv"), words).unwrap();
    let in_words = folder.prints(&format!(
        "{WHAT_IF} --rate 1000 --with-rate 1100 --levels @levels.csv --with-coefficients 三级=1.2,二级=0.9"
    ));
    assert_eq!(in_words, text);
    let left_out = folder.tariff(&format!(
        "{WHAT_IF} --rate 1000 --with-rate 1100 --levels @levels.csv --with-coefficients 三级=1.2"
    ));
    let told = left_out.unwrap_err().to_string();
    assert_eq!(told, "no coefficient is said for 二级, which institutions have: say it, be it 1");
    let blended =
        folder.prints(&format!("{WHAT_IF} --rate 1000 --coefficients blended --levels @levels.csv"));
    assert!(blended.contains("H44070300001"), "{blended}");
    for form in ["3=1.2,2=0.9", "blended"] {
        let refused = folder.tariff(&format!("{WHAT_IF} --rate 1000 --coefficients {form}")).unwrap_err();
        assert!(refused.to_string().contains("it has none of H44070300001, H44070300002"), "{refused}");
    }
}

#[test]
fn a_named_hospital_and_a_fund_line_are_paid_by_their_own_columns() {
    let tariff =
        "DRG编码,DRG名称,RW,支付标准（市立）,支付标准（居民）,支付标准\nFR15,心梗,1,5000,3000,4000\n";
    let cases = "定点医药机构编号,险种,DRG编码,医疗总费用\n\
        H44070300001,resident,FR15,4000\nH44070300002,resident,FR15,4000\nH44070300002,,FR15,4000\n";
    let folder = Folder::with(&[("cases.csv", cases), ("tariff.csv", tariff)]);
    let line = "what-if --cases @cases.csv --tariff @tariff.csv --fund-line 居民=resident --standards";
    let paid = |named: &str| {
        let text = folder.prints(&format!("{line} --named {named}"));
        ["H44070300001", "H44070300002"].map(|hospital| cells(&text, "pay", hospital)[4].clone())
    };
    assert_eq!(paid("市立=H44070300001"), ["5,000.00", "7,000.00"]);
    // Nobody knows whose that column is.
    assert_eq!(paid("市立"), ["3,000.00", "7,000.00"]);
}

#[test]
fn cases_far_from_their_groups_mean_are_paid_by_their_cost_unless_all_are_to_be_normal() {
    let folder = two_tariffs();
    // The mean of GZ15 becomes 4,000 yuan: 12,000 is more than twice that, and 1,000 less than 0.4 of it.
    let more = "H44070300001,GZ15,12000,6000,7,1\nH44070300001,GZ15,1000,500,7,1\nH44070300001,GZ15,3500,1000,7,1\n\
                H44070300001,GZ15,4500,1000,7,1\n";
    std::fs::write(folder.path("cases.csv"), history() + more).unwrap();
    let by_rate = "what-if --cases @cases.csv --tariff @old.csv --rate 4000";
    let normal = folder.prints(&format!("{by_rate} --all-normal"));
    assert_eq!(cells(&normal, "pay", "H44070300001")[1..5], ["10", "0", "0", "48,000.00"]);
    // 12,000 is no more than 3 times the mean; 1,000 pays 1,000.
    let banded = folder.prints(by_rate);
    assert_eq!(cells(&banded, "pay", "H44070300001")[1..5], ["10", "0", "1", "45,000.00"]);
    // (3 − 2) × 4,000 × 0.5 more.
    let high = folder.prints(&format!("{by_rate} --high 2 --high-share 0.5 --institution H44070300001"));
    assert_eq!(cells(&high, "pay", "H44070300001")[1..5], ["10", "1", "1", "47,000.00"]);
    assert!(high.contains("高倍率病例 1 例支付"), "{high}");
    let by_weight = folder.prints(&format!("{by_rate} --high 3,1=2"));
    assert_eq!(cells(&by_weight, "pay", "H44070300001")[2], "1");
    let bad = folder.tariff(&format!("{by_rate} --high 0.5")).unwrap_err().to_string();
    assert_eq!(bad, "the high limit 0.5 lies below 1");
}

#[test]
fn a_case_row_is_the_same_when_it_is_written_and_read_again() {
    let text = "fixmedins_code,fund_line,drg,total_cost_yuan,sex,age_years,age_days,birth_weight_g,diagnoses,procedures,\
                discharge\nH44070300001,employee,,12.5,2,0,12,2500,P07.100|P22.000,99.83,5\n,,FR15,1,,,,,,,\n";
    let folder = Folder::with(&[("cases.csv", text)]);
    let read = |name: &str| {
        let checked = tables::read::<CaseRow>(&folder.path(name)).unwrap();
        assert_eq!(checked.faults, []);
        checked.rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>()
    };
    let rows = read("cases.csv");
    tables::write(&folder.path("again.xlsx"), rows.clone()).unwrap();
    assert_eq!(read("again.xlsx"), rows);
}
