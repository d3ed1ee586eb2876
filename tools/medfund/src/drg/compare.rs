use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::presets::UTF8_BORDERS_ONLY;
use medfund_grouper::Scheme;
use medfund_grouper::batch::{Batch, LineError};
use medfund_money::PositiveFen;
use medfund_tariff::Tariff;

use super::args::CasesArgs;
use super::ids::id_of;
use super::output::{Table, not_over_the_cases};
use super::tariff::positive_yuan;
use super::totals::share;
use super::work::{Work, work_on};
use super::worth::{self, Worth};
use crate::print::yuan;
use crate::schemes;

/// How many moves from group to group, and how many groups, are shown.
const N_SHOWN: usize = 40;

/// The cases and the two schemes.
#[derive(Debug, clap::Args)]
pub(super) struct CompareArgs {
    #[command(flatten)]
    cases: CasesArgs,
    /// The other compiled scheme.
    #[arg(long, value_name = "FILE")]
    with: PathBuf,
    /// The cases that move (.csv, .xlsx, .parquet): id, from, to.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A tariff with weights, as published (.csv, .xlsx): shows what the cases weigh by both schemes.
    #[arg(long, value_name = "FILE")]
    tariff: Option<PathBuf>,
    /// The other scheme's tariff; without it the same.
    #[arg(long, value_name = "FILE", requires = "tariff")]
    with_tariff: Option<PathBuf>,
    /// Yuan for a weight of 1 (费率): shows what the cases are paid by both schemes.
    #[arg(long, value_name = "YUAN", value_parser = positive_yuan, requires = "tariff")]
    rate: Option<PositiveFen>,
    /// The other scheme's rate; without it the same.
    #[arg(long, value_name = "YUAN", value_parser = positive_yuan, requires = "rate")]
    with_rate: Option<PositiveFen>,
}

/// The cases by their group in the one scheme and in the other.
type Moves = BTreeMap<[String; 2], u64>;

pub(super) fn run(args: &CompareArgs) -> anyhow::Result<ExitCode> {
    if let Some(out) = &args.out {
        not_over_the_cases(&args.cases.cases, out)?;
    }
    let schemes = [args.cases.by.scheme()?, schemes::load(&args.with)?];
    let crosswalk = args.cases.by.crosswalk()?;
    let tariffs = [worth::read(args.tariff.as_deref())?, worth::read(args.with_tariff.as_deref())?];
    let mut list = args.cases.open()?;
    let mut table = args.out.as_deref().map(|out| Table::create(out, "id,from,to")).transpose()?;
    let columns = list.columns.clone();
    let new_worker = || Comparing {
        batches: schemes
            .each_ref()
            .map(|scheme| Batch::new(scheme, columns.clone()).translating(crosswalk.as_ref())),
        schemes: &schemes,
        answer: String::new(),
        made: Made::default(),
    };
    let mut moves = Moves::new();
    let n_bad = work_on(&mut list, new_worker, |made| {
        for (groups, n_cases) in made.moves {
            *moves.entry(groups).or_default() += n_cases;
        }
        table.as_mut().map_or(Ok(()), |table| table.append(&made.moved))?;
        Ok(true)
    })?;
    table.map_or(Ok(()), Table::finish)?;
    let n_cases: u64 = moves.values().sum();
    let n_same: u64 = moves.iter().filter(|([from, to], _)| from == to).map(|(_, n)| n).sum();
    show_moves(&schemes, &moves);
    show_groups(&schemes, &moves);
    if let [Some(tariff), other] = &tariffs {
        let rates = [args.rate, args.with_rate.or(args.rate)];
        print!("{}", worths(&schemes, &moves, [tariff, other.as_ref().unwrap_or(tariff)], rates));
    }
    println!(
        "{n_same} of {n_cases} cases ({}) in the same group, {n_bad} lines that are no case",
        share(n_same, n_cases)
    );
    Ok(match (n_same == n_cases, n_bad) {
        (false, _) => ExitCode::from(2),
        (true, 0) => ExitCode::SUCCESS,
        (true, _) => ExitCode::FAILURE,
    })
}

/// The commonest moves, and what part of the group's cases each takes away.
fn show_moves([left, right]: &[Scheme; 2], moves: &Moves) {
    let sizes = sizes(moves, 0);
    let mut moved: Vec<_> = moves.iter().filter(|([from, to], _)| from != to).collect();
    moved.sort_by_key(|(_, n_cases)| std::cmp::Reverse(**n_cases));
    let heading = [left.name(), right.name(), "cases", "of the group"];
    let rows = moved.iter().map(|([from, to], n_cases)| {
        [from.clone(), to.clone(), n_cases.to_string(), share(**n_cases, sizes[from.as_str()])]
    });
    show(heading, rows, "moves");
}

/// The groups that gain or lose most cases, side by side.
fn show_groups([left, right]: &[Scheme; 2], moves: &Moves) {
    let sizes = [sizes(moves, 0), sizes(moves, 1)];
    let size = |side: usize, group: &str| sizes[side].get(group).copied().unwrap_or_default();
    let mut groups: Vec<&str> = sizes.iter().flat_map(BTreeMap::keys).copied().collect();
    groups.sort_unstable();
    groups.dedup();
    let change = |group: &str| i128::from(size(1, group)) - i128::from(size(0, group));
    groups.retain(|group| change(group) != 0);
    groups.sort_by_key(|group| std::cmp::Reverse(change(group).abs()));
    let rows = groups.iter().map(|group| {
        [
            (*group).to_owned(),
            size(0, group).to_string(),
            size(1, group).to_string(),
            format!("{:+}", change(group)),
        ]
    });
    show(["group", left.name(), right.name(), "change"], rows, "groups");
}

/// What the cases weigh, and are paid, by both schemes.
fn worths(
    schemes: &[Scheme; 2],
    moves: &Moves,
    tariffs: [&Tariff; 2],
    rates: [Option<PositiveFen>; 2],
) -> String {
    let sides = [0, 1].map(|side| Worth::of(tariffs[side], sizes(moves, side)));
    let mut text = String::new();
    for ((scheme, worth), rate) in schemes.iter().zip(&sides).zip(rates) {
        let cmi = worth.cmi().map_or_else(|| "none".to_owned(), |cmi| cmi.to_string());
        let pay = rate.map_or_else(String::new, |rate| format!(", {} yuan", yuan(worth.pay(rate).get())));
        let Worth { weight, n_weighed, n_without } = worth;
        text.push_str(&format!(
            "{}: weight {weight} of {n_weighed} cases (CMI {cmi}; {n_without} in groups without a weight){pay}\n",
            scheme.name()
        ));
    }
    if let [Some(before), Some(after)] = rates {
        let change = sides[1].pay(after) - sides[0].pay(before);
        text.push_str(&format!("difference: {} yuan\n", yuan(change.get())));
    }
    text
}

/// How many cases each group has, on one side.
fn sizes(moves: &Moves, side: usize) -> BTreeMap<&str, u64> {
    let mut sizes = BTreeMap::new();
    for (groups, n_cases) in moves {
        *sizes.entry(groups[side].as_str()).or_default() += n_cases;
    }
    sizes
}

fn show(heading: [&str; 4], rows: impl ExactSizeIterator<Item = [String; 4]>, what: &str) {
    let n_rows = rows.len();
    if n_rows == 0 {
        return;
    }
    let mut table = comfy_table::Table::new();
    table.load_style(UTF8_BORDERS_ONLY).set_header(heading);
    table.add_rows(rows.take(N_SHOWN));
    println!("{table}");
    if n_rows > N_SHOWN {
        println!("and {} other {what}", n_rows - N_SHOWN);
    }
}

/// What a thread compares.
struct Comparing<'s> {
    batches: [Batch<'s>; 2],
    schemes: &'s [Scheme; 2],
    answer: String,
    made: Made,
}

#[derive(Default)]
struct Made {
    moves: Moves,
    /// The lines of the cases that move.
    moved: String,
}

impl Work for Comparing<'_> {
    type Made = Made;

    fn line(&mut self, _: u64, line: &str) -> Result<(), LineError> {
        let ([by_left, by_right], [left, right]) = (&mut self.batches, self.schemes);
        self.answer.clear();
        let groups = [
            by_left.group_line(line, &mut self.answer)?.code(left).into_owned(),
            by_right.group_line(line, &mut self.answer)?.code(right).into_owned(),
        ];
        if let [from, to] = &groups
            && from != to
        {
            self.made.moved.extend([id_of(&self.answer), ",", from, ",", to, "\n"]);
        }
        *self.made.moves.entry(groups).or_default() += 1;
        Ok(())
    }

    fn made(&mut self) -> Made {
        std::mem::take(&mut self.made)
    }
}

#[cfg(test)]
mod tests {
    use medfund_tariff::{Group, Pricing};

    use super::*;

    #[test]
    fn the_cases_worth_is_told_by_both_schemes_and_so_is_the_difference() {
        let group = |code: &str, weight: &str| {
            Group::new(code.parse().unwrap(), "心梗", Pricing::Weight(weight.parse().unwrap()))
        };
        let tariff = Tariff::new([group("FR13", "1.5"), group("FR15", "0.8")]).unwrap();
        let moves: Moves = [(["FR13", "FR13"], 1), (["FR13", "FR15"], 2), (["FR15", "0000"], 1)]
            .map(|(groups, n)| (groups.map(str::to_owned), n))
            .into();
        let schemes = [schemes::reference(), schemes::reference()];
        let rate = PositiveFen::try_from(1_000_000).unwrap();
        // 3 × 1.5 + 1 × 0.8 = 5.3 and 1 × 1.5 + 2 × 0.8 = 3.1, at 10,000 yuan.
        assert_eq!(
            worths(&schemes, &moves, [&tariff, &tariff], [Some(rate), Some(rate)]),
            "reference: weight 5.3 of 4 cases (CMI 1.325; 0 in groups without a weight), 53,000.00 yuan\n\
             reference: weight 3.1 of 3 cases (CMI 1.0333; 0 in groups without a weight), 31,000.00 yuan\n\
             difference: -22,000.00 yuan\n"
        );
    }
}
