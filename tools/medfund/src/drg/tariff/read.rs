use std::path::PathBuf;
use std::process::ExitCode;

use medfund_tariff::table::{Meaning, ReadTable, Remark};
use medfund_tariff::weight::inversions;
use medfund_tariff::{Group, Pricing, Scope};

use crate::print::{grouped, table};

/// The published tariff.
#[derive(Debug, clap::Args)]
pub(super) struct ReadArgs {
    /// The tariff, as published: columns are known by their headings (DRG编码, DRG名称, RW or 权重, 支付标准, 系数, …).
    file: PathBuf,
    #[command(flatten)]
    words: super::WordArgs,
}

/// What was understood; the exit code is 1 when a row has a problem.
pub(super) fn answer(args: &ReadArgs) -> anyhow::Result<(String, ExitCode)> {
    let table = super::read_table(&args.file, &args.words.words())?;
    let code = if table.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    Ok((text(&table), code))
}

fn text(read: &ReadTable) -> String {
    let mut text = String::new();
    if !read.columns.is_empty() {
        let mut columns = table(&["column", "understood as"]);
        for column in &read.columns {
            columns.add_row([column.heading.clone(), meaning(&column.meaning)]);
        }
        text.push_str(&format!("{columns}\n"));
    }
    let count = |wanted: fn(&Pricing) -> bool| read.tariff.groups().filter(|g| wanted(&g.pricing)).count();
    let weights = || read.tariff.groups().filter_map(Group::weight);
    let range = match (weights().min(), weights().max()) {
        (Some(least), Some(greatest)) => format!(", from {least} to {greatest}"),
        _ => String::new(),
    };
    text.push_str(&format!(
        "{} groups: {} with a weight{range}; {} paid by item (按项目), {} by review (特病单议)\n",
        grouped(i64::try_from(read.tariff.groups().len()).unwrap_or(i64::MAX)),
        count(|pricing| matches!(pricing, Pricing::Weight(_))),
        count(|pricing| *pricing == Pricing::ByItem),
        count(|pricing| *pricing == Pricing::Review),
    ));
    // What is left alone stands in the table of columns.
    for remark in read.remarks.iter().filter(|remark| !matches!(remark, Remark::LeftAlone { .. })) {
        text.push_str(&format!("note: {remark}\n"));
    }
    for turned in inversions(&read.tariff) {
        text.push_str(&format!(
            "note: {} weighs {}, less than the milder {} with {} (权重倒置)\n",
            turned.severer, turned.weight, turned.milder, turned.milder_weight
        ));
    }
    for problem in &read.problems {
        text.push_str(&format!("{problem}\n"));
    }
    if !read.problems.is_empty() {
        text.push_str(&format!("{} problems; their rows are left out\n", read.problems.len()));
    }
    text
}

fn meaning(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Code => "group (DRG编码)".to_owned(),
        Meaning::Name => "name (DRG名称)".to_owned(),
        Meaning::Weight => "weight (权重)".to_owned(),
        Meaning::Standard { scopes, unit_yuan: 1 } => {
            format!("payment standard (支付标准), yuan{}", of_all(scopes))
        }
        Meaning::Standard { scopes, unit_yuan } => {
            format!("payment standard (支付标准), units of {unit_yuan} yuan{}", of_all(scopes))
        }
        Meaning::Coefficient(scopes) => format!("coefficient (系数){}", of_all(scopes)),
        Meaning::Basic => "the same for every institution (基础病组)".to_owned(),
        Meaning::Tcm => "traditional medicine (中医优势病组)".to_owned(),
        Meaning::Remark => "remark (备注)".to_owned(),
        Meaning::Unknown => "left alone".to_owned(),
        Meaning::NotUnderstood(word) => format!("not understood: {word}"),
    }
}

/// `, for 二级; 三级`.
fn of_all(scopes: &[Scope]) -> String {
    let whom: Vec<String> = scopes.iter().map(whom).filter(|whom| !whom.is_empty()).collect();
    if whom.is_empty() { String::new() } else { format!(", for {}", whom.join("; ")) }
}

fn whom(scope: &Scope) -> String {
    let level = scope.level.map(|level| level.zh().to_owned());
    let line = scope.fund_line.as_ref().map(ToString::to_string);
    let named = scope.institutions.iter().cloned();
    level.into_iter().chain(line).chain(named).collect::<Vec<String>>().join(", ")
}
