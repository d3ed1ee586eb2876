use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::{Cell as Shown, Table};
use medfund_money::{Exact, Fen, Rate};
use medfund_tariff::Tariff;
use medfund_tariff::indicators::{
    Coverage, Performance, Risk, RiskBounds, Target, of_diseases, of_funds, of_institutions, performance,
};

use super::tariff::cases::{self, Cases};
use super::tariff::{settings, tariff};
use crate::print::{bold, grouped, numbers_right, table, yuan};
use crate::schemes::load;
use crate::tables::{Cell, Column, Content, write_cells};

/// The cases, and by what they are measured.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, after_help = EXAMPLES)]
pub(super) struct IndicatorsArgs {
    /// The cases (CSV, Excel): fixmedins_code (定点医药机构编号), total_cost_yuan (医疗总费用) and drg (DRG编码), or what
    /// `group` needs; stay_days (住院天数) for the time index, discharge (离院方式, 5 死亡) for mortality.
    #[arg(long = "in", value_name = "FILE")]
    cases: PathBuf,
    /// The tariff, as published or as `tariff make` writes it.
    #[arg(long, value_name = "FILE")]
    tariff: PathBuf,
    #[command(flatten)]
    words: super::tariff::WordArgs,
    /// The compiled scheme that groups the cases that have no group.
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// The indicators (.csv, .xlsx, .parquet), an institution a row and the region last.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// The region's death rates that part groups of low, middle low, middle high and high risk. Groups in which nobody of
    /// the region died are of no risk (零风险) and not of low risk, as the national score of 0 has it.
    #[arg(long, value_name = "RATES", default_value = "0.001,0.01,0.05", value_parser = settings::risk_bounds)]
    risk: RiskBounds,
    /// The institutions that are paid by DRG (定点医药机构编号): shows what DRG covers (覆盖率).
    #[arg(long, value_name = "FILE", requires = "targets")]
    paid_by_drg: Option<PathBuf>,
    /// The institutions that qualify for it; without them all institutions of the cases.
    #[arg(long, value_name = "FILE", requires = "paid_by_drg")]
    eligible: Option<PathBuf>,
    /// What coverage of institutions, groups and the fund's spending is to reach, e.g. 0.4,0.7,0.3.
    #[arg(long, value_name = "RATES", requires = "paid_by_drg", value_parser = settings::three_rates)]
    targets: Option<Rates>,
    /// All that the pooling fund spent on inpatient care, in yuan; without it what it paid of the cases.
    #[arg(long, value_name = "YUAN", requires = "paid_by_drg", value_parser = Fen::parse_yuan)]
    inpatient_fund: Option<Fen>,
}

/// Of institutions, groups and funds.
type Rates = [Rate; 3];

const EXAMPLES: &str = "\
With drawn cases of three hospitals:

  medfund drg tariff make --cases libs/tariff/samples/history.csv --out tariff.csv
  medfund drg indicators --in libs/tariff/samples/history.csv --tariff tariff.csv --out indicators.xlsx";

/// Shows what the cases tell of each institution and of the region; the exit code is 1 when some line is no case.
pub(super) fn run(args: &IndicatorsArgs) -> anyhow::Result<ExitCode> {
    let (text, code) = answer(args)?;
    print!("{text}");
    Ok(code)
}

fn answer(args: &IndicatorsArgs) -> anyhow::Result<(String, ExitCode)> {
    let scheme = args.scheme.as_deref().map(load).transpose()?;
    let tariff = tariff(&args.tariff, &args.words)?;
    let cases = cases::read(&args.cases, scheme.as_ref(), true)?.of_institutions()?;
    let measured = measured(&cases, &tariff, &args.risk);
    let mut text = format!("{}\n", shown(&measured));
    text.push_str(&without_weight(&cases, &tariff));
    text.push_str(&of_low_risk(&cases, &args.risk));
    if let Some(covered) = covered(args, &cases, &tariff)? {
        text.push_str(&format!("{covered}\n"));
    }
    if let Some(out) = &args.out {
        write_cells(out, &columns(), measured.iter().map(|(name, own)| cells(name, own)))?;
        text.push_str(&format!("written to {}\n", out.display()));
    }
    Ok((text, if cases.n_bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }))
}

/// For how many grouped cases the tariff has no weight, so that CMI is of fewer; nothing where it has one for all.
fn without_weight(cases: &Cases, tariff: &Tariff) -> String {
    let grouped = cases.totals.groups().iter().filter(|(group, _)| group.is_grouped());
    let (mut n_grouped, mut n_without) = (0, 0);
    for (group, sum) in grouped {
        n_grouped += sum.n_cases;
        n_without += if tariff.weight(group).is_none() { sum.n_cases } else { 0 };
    }
    if n_without == 0 {
        return String::new();
    }
    let n_weighed = n_grouped - n_without;
    format!(
        "the tariff has no weight for {n_without} of {n_grouped} grouped cases; CMI is of the other {n_weighed}\n"
    )
}

/// Which groups are of low risk, and how many are apart because nobody of the region died in them.
fn of_low_risk(cases: &Cases, risk: &RiskBounds) -> String {
    let groups = cases.totals.groups().iter().filter(|(group, _)| group.is_grouped());
    let classes: Vec<Option<Risk>> = groups.map(|(_, sum)| risk.class(*sum)).collect();
    let n_of = |risk| classes.iter().filter(|class| **class == Some(risk)).count();
    format!(
        "low risk (低风险): {} groups, in which a death in the region is as rare as {} of the cases or rarer; {} groups \
         without a death are of no risk (零风险) and not among them\n",
        n_of(Risk::Low),
        risk.low,
        n_of(Risk::None)
    )
}

/// The region's name where institutions' codes stand.
const REGION: &str = "全部";

/// Each institution's indicators in the order of their codes, then the region's.
fn measured(cases: &Cases, tariff: &Tariff, risk: &RiskBounds) -> Vec<(String, Performance)> {
    let region = &cases.totals;
    let own = region.institutions().map(|(institution, own)| (institution.to_string(), own));
    own.chain([(REGION.to_owned(), region.groups())])
        .map(|(name, own)| (name, performance(own, region, tariff, risk)))
        .collect()
}

fn columns() -> Vec<Column> {
    let column = |heading: &'static str, content| Column::required(heading, heading, content);
    vec![
        column("定点医药机构编号", Content::Code),
        column("病例数", Content::Count),
        column("入组病例数", Content::Count),
        column("入组率", Content::Decimal),
        column("DRG组数", Content::Count),
        column("CMI", Content::Decimal),
        column("时间消耗指数", Content::Decimal),
        column("费用消耗指数", Content::Decimal),
        column("低风险组病例数", Content::Count),
        column("低风险组死亡率", Content::Decimal),
    ]
}

fn cells(name: &str, own: &Performance) -> Vec<Cell> {
    let count = |n: u64| Cell::Number(n.to_string());
    let ratio =
        |ratio: &Option<Exact>| ratio.as_ref().map_or(Cell::Empty, |ratio| Cell::Number(ratio.to_string()));
    vec![
        Cell::text(name),
        count(own.n_cases),
        count(own.n_grouped),
        ratio(&own.entry_rate),
        count(own.n_groups),
        ratio(&own.cmi),
        ratio(&own.time_index),
        ratio(&own.cost_index),
        count(own.n_low_risk),
        ratio(&own.low_risk_mortality),
    ]
}

fn shown(measured: &[(String, Performance)]) -> Table {
    let mut rows = table(&[
        "institution",
        "cases",
        "grouped",
        "entry rate (入组率)",
        "groups",
        "CMI",
        "time index",
        "cost index",
        "low-risk cases",
        "low-risk deaths",
    ]);
    for (name, own) in measured {
        let mut row: Vec<Shown> = cells(name, own)
            .iter()
            .map(|cell| if *cell == Cell::Empty { Shown::new("–") } else { Shown::new(cell.to_text()) })
            .collect();
        if name == REGION {
            row[0] = bold("region");
        }
        rows.add_row(row);
    }
    numbers_right(&mut rows, 1);
    rows
}

/// How much DRG covers beside its targets, where that is asked for.
fn covered(args: &IndicatorsArgs, cases: &Cases, tariff: &Tariff) -> anyhow::Result<Option<Table>> {
    let (Some(paid_by_drg), Some(targets)) = (&args.paid_by_drg, args.targets) else { return Ok(None) };
    let paid_by_drg = settings::institutions(paid_by_drg)?;
    let eligible = match &args.eligible {
        Some(eligible) => settings::institutions(eligible)?,
        None => cases.totals.institutions().map(|(institution, _)| institution.clone()).collect(),
    };
    let inpatient = args.inpatient_fund.unwrap_or_else(|| cases.totals.all().fund_paid);
    let [institutions, diseases, funds] = targets.map(Target);
    let coverages = [
        ("institutions (医疗机构覆盖)", of_institutions(&eligible, &paid_by_drg, institutions)),
        ("groups (病种覆盖)", of_diseases(&cases.totals, &paid_by_drg, tariff, diseases)),
        ("fund's spending, yuan (基金覆盖)", of_funds(&cases.totals, &paid_by_drg, tariff, inpatient, funds)),
    ];
    let mut rows = table(&["DRG covers", "part", "whole", "rate", "target", "reached"]);
    for ((what, coverage), in_money) in coverages.iter().zip([false, false, true]) {
        let Coverage { part, whole, share, target, is_reached } = coverage;
        let amount = |amount: &Exact| {
            let number = amount.to_i64().expect("a count or an amount in fen is whole");
            if in_money { yuan(number) } else { grouped(number) }
        };
        let share = share.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string);
        let reached = if *is_reached { "yes" } else { "no" };
        let target = Exact::from(target.0).to_string();
        rows.add_row([*what, &amount(part), &amount(whole), &share, &target, reached]);
    }
    numbers_right(&mut rows, 1);
    Ok(Some(rows))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::tables::rows;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: IndicatorsArgs,
    }

    const CASES: &str = "定点医药机构编号,DRG编码,医疗总费用,统筹基金支付,住院天数,离院方式\n\
        H44070300001,FR13,9000,4500,10,1\nH44070300001,FR13,6000,3000,5,1\nH44070300001,0000,1000,500,3,5\n\
        H44070300002,FR13,3000,1500,6,1\nH44070300002,WB19,2000,1000,2,1\n";

    /// What `medfund drg indicators` prints for the cases, with `more`; `@name` is a file of the folder.
    fn answered(folder: &tempfile::TempDir, more: &str) -> anyhow::Result<(String, ExitCode)> {
        for (name, text) in [
            ("cases.csv", CASES),
            ("tariff.csv", "DRG编码,DRG名称,RW\nFR13,心梗,1.5\nWB19,烧伤,按项目\n"),
            ("paid.csv", "定点医药机构编号\nH44070300001\n"),
        ] {
            std::fs::write(folder.path().join(name), text)?;
        }
        let line = format!("indicators --in @cases.csv --tariff @tariff.csv {more}");
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => folder.path().join(name).display().to_string(),
            None => word.to_owned(),
        };
        answer(&Line::try_parse_from(line.split_whitespace().map(word))?.args)
    }

    fn lines(text: &str) -> Vec<Vec<String>> {
        let cells = |line: &str| {
            let cells = line.split(['│', '┆']).map(|cell| cell.trim().to_owned());
            cells.filter(|cell| !cell.is_empty()).collect()
        };
        text.lines().filter(|line| line.starts_with('│')).map(cells).collect()
    }

    #[test]
    fn institutions_stand_beside_the_region_on_the_terminal_and_in_every_kind_of_file() {
        let folder = tempfile::tempdir().unwrap();
        let (text, code) = answered(&folder, "").unwrap();
        assert_eq!(code, ExitCode::SUCCESS);
        // FR13 costs 6,000 and takes 7 days in the region; hospital 1's two cases 7,500 and 7.5.
        let expected: [&[&str]; 3] = [
            &["H44070300001", "3", "2", "0.6667", "1", "1.5", "1.0714", "1.25", "0", "–"],
            &["H44070300002", "2", "2", "1", "2", "1.5", "0.9286", "0.75", "0", "–"],
            &["region", "5", "4", "0.8", "2", "1.5", "1", "1", "0", "–"],
        ];
        assert_eq!(lines(&text)[1..], expected);
        for ending in ["csv", "xlsx", "parquet"] {
            let (text, _) = answered(&folder, &format!("--out @indicators.{ending}")).unwrap();
            assert!(text.contains("written to"), "{text}");
        }
        let workbook = rows(&folder.path().join("indicators.xlsx")).unwrap();
        let csv = rows(&folder.path().join("indicators.csv")).unwrap();
        let texts = |rows: &medfund_rows::Rows| -> Vec<Vec<String>> {
            rows.iter().map(|(_, cells)| cells.iter().map(Cell::to_text).collect()).collect()
        };
        assert_eq!(texts(&csv)[3][..3], ["全部", "5", "4"]);
        assert_eq!(workbook[1].1[3], Cell::Number("0.6667".to_owned()));
        assert_eq!(texts(&workbook)[1][..9], texts(&csv)[1][..9]);
    }

    #[test]
    fn grouped_cases_without_a_weight_and_groups_without_a_death_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let (text, _) = answered(&folder, "--risk 0.3,0.4,0.5").unwrap();
        assert!(
            text.contains("the tariff has no weight for 1 of 4 grouped cases; CMI is of the other 3\n"),
            "{text}"
        );
        assert!(
            text.contains("low risk (低风险): 0 groups") && text.contains("; 2 groups without a death"),
            "{text}"
        );
        std::fs::write(folder.path().join("whole.csv"), "DRG编码,DRG名称,RW\nFR13,心梗,1.5\nWB19,烧伤,2\n")
            .unwrap();
        let whole = "indicators --in @cases.csv --tariff @whole.csv";
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => folder.path().join(name).display().to_string(),
            None => word.to_owned(),
        };
        let (text, _) = answer(&Line::try_parse_from(whole.split(' ').map(word)).unwrap().args).unwrap();
        assert!(!text.contains("no weight"), "{text}");
    }

    #[test]
    fn what_drg_covers_stands_beside_its_targets() {
        let folder = tempfile::tempdir().unwrap();
        let (text, _) = answered(&folder, "--paid-by-drg @paid.csv --targets 0.4,0.7,0.9").unwrap();
        let coverage = &lines(&text)[5..];
        // 7,500 of 10,500 yuan.
        let expected: [&[&str]; 3] = [
            &["institutions (医疗机构覆盖)", "1", "2", "0.5", "0.4", "yes"],
            &["groups (病种覆盖)", "1", "1", "1", "0.7", "yes"],
            &["fund's spending, yuan (基金覆盖)", "7,500.00", "10,500.00", "0.7143", "0.9", "no"],
        ];
        assert_eq!(coverage, expected);
        let more =
            "--paid-by-drg @paid.csv --targets 0.4,0.7,0.3 --inpatient-fund 100000 --eligible @paid.csv";
        let (text, _) = answered(&folder, more).unwrap();
        assert!(text.contains("0.075"), "{text}");
    }

    #[test]
    fn cases_of_which_none_can_be_counted_say_so_with_the_first_reasons() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |cases: &str| {
            std::fs::write(folder.path().join("bad.csv"), cases).unwrap();
            let line = ["indicators", "--in", "@bad.csv", "--tariff", "@tariff.csv"];
            let word = |word: &str| match word.strip_prefix('@') {
                Some(name) => folder.path().join(name).display().to_string(),
                None => word.to_owned(),
            };
            answer(&Line::try_parse_from(line.map(word)).unwrap().args).unwrap_err().to_string()
        };
        answered(&folder, "").unwrap();
        let said = refused(
            "定点医药机构编号,DRG编码,医疗总费用,年龄\nH44070300001,FR13,9000,old\nH44070300001,FR13,-1,\n",
        );
        let told: Vec<&str> = said.lines().collect();
        assert!(told[0].ends_with("none of its 2 lines is a case, for"), "{said}");
        assert!(told[1].ends_with("bad.csv:2: age_years `old` is no whole number, or too large"), "{said}");
        assert!(told[2].contains("bad.csv:3: total_cost_yuan"), "{said}");
        assert!(
            refused("DRG编码\nFR13\n")
                .ends_with("bad.csv:1: no column is headed `total_cost_yuan` or `医疗总费用`")
        );
        assert!(refused("医疗总费用\n1\n2\n").ends_with("name a scheme to group by with --scheme"));
        assert!(refused("DRG编码,医疗总费用\n").ends_with("bad.csv has a heading and no case"));
    }

    #[test]
    fn arguments_that_cannot_be_are_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        for (more, told) in [
            ("--risk 0.01,0.001,0.05", "do not ascend"),
            ("--targets 0.4,0.7 --paid-by-drg @paid.csv", "is not three rates"),
            ("--paid-by-drg @paid.csv", "--targets"),
        ] {
            let refused = answered(&folder, more).unwrap_err().to_string();
            assert!(refused.contains(told), "{told} is missing from {refused}");
        }
    }
}
