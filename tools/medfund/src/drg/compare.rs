use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use medfund_grouper::Scheme;
use medfund_grouper::batch::{Batch, LineError};
use medfund_money::{Fen, PositiveFen};
use medfund_tariff::Tariff;

use super::args::CasesArgs;
use super::headings::Headings;
use super::ids::id_of;
use super::output::{Table, not_over_the_cases};
use super::tariff::rate_yuan;
use super::totals::share;
use super::work::{Work, work_on};
use super::worth::{self, Worth};
use crate::print::{numbers_right, table, yuan};
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
    pub(super) out: Option<PathBuf>,
    /// What heads their columns.
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t, requires = "out")]
    headings: Headings,
    /// A tariff with weights, as published (.csv, .xlsx): shows what the cases weigh by both schemes, by move and, where
    /// the list has `fixmedins_code`, by institution.
    #[arg(long, value_name = "FILE")]
    tariff: Option<PathBuf>,
    #[command(flatten)]
    words: super::tariff::WordArgs,
    /// The other scheme's tariff; without it the same.
    #[arg(long, value_name = "FILE", requires = "tariff")]
    with_tariff: Option<PathBuf>,
    /// Yuan for a weight of 1 (费率): shows what the cases are paid by both schemes.
    #[arg(long, value_name = "YUAN", value_parser = rate_yuan, requires = "tariff")]
    rate: Option<PositiveFen>,
    /// The other scheme's rate; without it the same.
    #[arg(long, value_name = "YUAN", value_parser = rate_yuan, requires = "rate")]
    with_rate: Option<PositiveFen>,
}

const HEADING: &str = "id,from,to";

/// The cases by their group in the one scheme and in the other.
type Moves = BTreeMap<[String; 2], u64>;

/// Each institution's; one without a name where the list names none.
type ByInstitution = BTreeMap<String, Moves>;

pub(super) fn run(args: &CompareArgs) -> anyhow::Result<ExitCode> {
    if let Some(out) = &args.out {
        not_over_the_cases(&args.cases.cases, out)?;
    }
    let schemes = [args.cases.by.scheme()?, schemes::load(&args.with)?];
    let crosswalk = args.cases.by.crosswalk_to(&schemes[0])?;
    let tariff = |path: &Option<PathBuf>| worth::read(path.as_deref(), &args.words);
    let tariffs = [tariff(&args.tariff)?, tariff(&args.with_tariff)?];
    let mut list = args.cases.open()?;
    let mut table = args.out.as_deref().map(|out| Table::headed(out, HEADING, args.headings)).transpose()?;
    let columns = list.columns.clone();
    let new_worker = || Comparing {
        batches: schemes
            .each_ref()
            .map(|scheme| Batch::new(scheme, columns.clone()).translating(crosswalk.as_ref())),
        schemes: &schemes,
        answer: String::new(),
        made: Made::default(),
    };
    let mut by_institution = ByInstitution::new();
    let refused = work_on(&mut list, new_worker, |made| {
        for (institution, moves) in made.moves {
            add(by_institution.entry(institution).or_default(), moves);
        }
        table.as_mut().map_or(Ok(()), |table| table.append(&made.moved))?;
        Ok(true)
    })?;
    table.map_or(Ok(()), Table::finish)?;
    let prices = match tariffs {
        [Some(one), other] => Some(Prices {
            rates: [args.rate, args.with_rate.or(args.rate)],
            tariffs: [one.clone(), other.unwrap_or(one)],
        }),
        [None, _] => None,
    };
    if let Some(prices) = &prices {
        let moves = by_institution.values().flatten();
        prices.worth(moves).iter().try_for_each(Worth::expect_measured)?;
    }
    let names = schemes.each_ref().map(Scheme::name);
    let (text, n_cases, n_same) = told(names, &by_institution, prices.as_ref());
    match refused.nothing_done("compared", n_cases) {
        Some(nothing) => println!("{nothing}"),
        None => println!(
            "{text}{n_same} of {n_cases} cases ({}) in the same group, {} lines that are no case",
            share(n_same, n_cases),
            refused.n_lines
        ),
    }
    Ok(match (n_same == n_cases, refused.n_lines) {
        (false, _) => ExitCode::from(2),
        (true, 0) => ExitCode::SUCCESS,
        (true, _) => ExitCode::FAILURE,
    })
}

fn add(moves: &mut Moves, more: Moves) {
    for (groups, n_cases) in more {
        *moves.entry(groups).or_default() += n_cases;
    }
}

/// What came of it in words, how many cases there are, and how many are in the same group.
fn told(names: [&str; 2], by_institution: &ByInstitution, prices: Option<&Prices>) -> (String, u64, u64) {
    let mut moves = Moves::new();
    by_institution.values().cloned().for_each(|own| add(&mut moves, own));
    let n_cases: u64 = moves.values().sum();
    let tables = [
        moves_table(names, &moves, prices),
        groups_table(names, &moves),
        institutions_table(by_institution, prices),
    ];
    let worths = prices.map(|prices| worths(names, &moves, prices)).unwrap_or_default();
    (tables.concat() + &worths, n_cases, n_same(&moves))
}

fn n_same(moves: &Moves) -> u64 {
    moves.iter().filter(|([from, to], _)| from == to).map(|(_, n)| n).sum()
}

/// By what the schemes weigh and pay.
struct Prices {
    tariffs: [Tariff; 2],
    rates: [Option<PositiveFen>; 2],
}

impl Prices {
    /// What cases are worth by both schemes.
    fn worth<'m>(&self, moves: impl Iterator<Item = (&'m [String; 2], &'m u64)> + Clone) -> [Worth; 2] {
        [0, 1].map(|side| {
            let cases = moves.clone().map(|(groups, n_cases)| (groups[side].as_str(), *n_cases));
            Worth::of(&self.tariffs[side], self.rates[side], cases)
        })
    }

    /// The headings of what cases are worth.
    fn heading(&self) -> [&'static str; 3] {
        match self.rates {
            [Some(_), _] => ["pay, yuan", "other pay, yuan", "difference"],
            [None, _] => ["weight", "other weight", "difference"],
        }
    }

    /// What cases are paid by both schemes and how much more by the other; what they weigh where no rate is given.
    /// A side that prices none of them has nothing to tell.
    fn cells(&self, [one, other]: &[Worth; 2]) -> [String; 3] {
        let (pays, more) = match self.rates {
            [Some(_), _] => {
                let pay = |pay: Fen| yuan(pay.get());
                ([pay(one.pay()), pay(other.pay())], pay(other.pay() - one.pay()))
            }
            [None, _] => {
                let more = (&other.weight - &one.weight).to_string();
                ([one, other].map(|side| side.weight.to_string()), more)
            }
        };
        let none = || "–".to_owned();
        let told = |worth: &Worth, pay: String| if worth.n_weighed > 0 { pay } else { none() };
        let more = if one.n_weighed > 0 && other.n_weighed > 0 { more } else { none() };
        let [pay, other_pay] = pays;
        [told(one, pay), told(other, other_pay), more]
    }
}

/// The commonest moves, what part of the group's cases each takes away, and what that is worth.
fn moves_table([left, right]: [&str; 2], moves: &Moves, prices: Option<&Prices>) -> String {
    let sizes = sizes(moves, 0);
    let mut moved: Vec<_> = moves.iter().filter(|([from, to], _)| from != to).collect();
    moved.sort_by_key(|(_, n_cases)| std::cmp::Reverse(**n_cases));
    let mut heading = vec![left, right, "cases", "of the group"];
    heading.extend(prices.iter().flat_map(|prices| prices.heading()));
    let rows = moved.iter().map(|(groups, n_cases)| {
        let [from, to] = groups;
        let part = share(**n_cases, sizes[from.as_str()]);
        let worth = prices.map(|prices| prices.cells(&prices.worth(std::iter::once((*groups, *n_cases)))));
        let cells = [from.clone(), to.clone(), n_cases.to_string(), part];
        cells.into_iter().chain(worth.into_iter().flatten()).collect()
    });
    shown(&heading, 2, rows, "moves")
}

/// The groups that gain or lose most cases, side by side.
fn groups_table([left, right]: [&str; 2], moves: &Moves) -> String {
    let sizes = [sizes(moves, 0), sizes(moves, 1)];
    let size = |side: usize, group: &str| sizes[side].get(group).copied().unwrap_or_default();
    let mut groups: Vec<&str> = sizes.iter().flat_map(BTreeMap::keys).copied().collect();
    groups.sort_unstable();
    groups.dedup();
    let change = |group: &str| i128::from(size(1, group)) - i128::from(size(0, group));
    groups.retain(|group| change(group) != 0);
    groups.sort_by_key(|group| std::cmp::Reverse(change(group).abs()));
    let rows = groups.iter().map(|group| {
        let counts = [0, 1].map(|side| size(side, group).to_string());
        [(*group).to_owned()].into_iter().chain(counts).chain([format!("{:+}", change(group))]).collect()
    });
    shown(&["group", left, right, "change"], 1, rows, "groups")
}

/// Each institution's cases, those that move, and what all are worth; nothing where the list names no institution.
fn institutions_table(by_institution: &ByInstitution, prices: Option<&Prices>) -> String {
    if by_institution.keys().all(String::is_empty) {
        return String::new();
    }
    let mut heading = vec!["institution", "cases", "moved"];
    if let Some(prices) = prices {
        heading.extend(["priced", "other priced"].into_iter().chain(prices.heading()));
    }
    let rows = by_institution.iter().map(|(institution, moves)| {
        let n_cases: u64 = moves.values().sum();
        let name = if institution.is_empty() { "none named" } else { institution };
        let mut cells = vec![name.to_owned(), n_cases.to_string(), (n_cases - n_same(moves)).to_string()];
        if let Some(prices) = prices {
            let worths = prices.worth(moves.iter());
            cells.extend(worths.iter().map(|worth| worth.n_weighed.to_string()));
            cells.extend(prices.cells(&worths));
        }
        cells
    });
    shown(&heading, 1, rows, "institutions")
}

/// What the cases weigh, and are paid, by both schemes.
fn worths(names: [&str; 2], moves: &Moves, prices: &Prices) -> String {
    let sides = prices.worth(moves.iter());
    let mut text = String::new();
    for ((name, worth), rate) in names.iter().zip(&sides).zip(prices.rates) {
        let cmi = worth.cmi().map_or_else(|| "none".to_owned(), |cmi| cmi.to_string());
        let pay = rate.map_or_else(String::new, |_| format!(", {} yuan", yuan(worth.pay().get())));
        let Worth { weight, n_weighed, n_without, .. } = worth;
        text.push_str(&format!(
            "{name}: weight {weight} of {n_weighed} cases (CMI {cmi}; {n_without} in groups without a weight){pay}\n"
        ));
    }
    if let [Some(_), Some(_)] = prices.rates {
        let change = sides[1].pay() - sides[0].pay();
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

/// A table of the first rows, numbers from the column `first_number` on; nothing where there is no row.
fn shown(
    heading: &[&str],
    first_number: usize,
    rows: impl ExactSizeIterator<Item = Vec<String>>,
    what: &str,
) -> String {
    let n_rows = rows.len();
    if n_rows == 0 {
        return String::new();
    }
    let mut table = table(heading);
    table.add_rows(rows.take(N_SHOWN));
    numbers_right(&mut table, first_number);
    let more = n_rows.saturating_sub(N_SHOWN);
    let more = if more > 0 { format!("and {more} other {what}\n") } else { String::new() };
    format!("{table}\n{more}")
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
    moves: ByInstitution,
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
        let institution = by_left.institution_of(line)?.unwrap_or_default();
        *self.made.moves.entry(institution).or_default().entry(groups).or_default() += 1;
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

    fn prices(rates: [Option<i64>; 2]) -> Prices {
        let group = |code: &str, weight: &str| {
            Group::new(code.parse().unwrap(), "心梗", Pricing::Weight(weight.parse().unwrap()))
        };
        let tariff = Tariff::new([group("FR13", "1.5"), group("FR15", "0.8")]).unwrap();
        let rates = rates.map(|rate| rate.map(|fen| PositiveFen::try_from(fen).unwrap()));
        Prices { tariffs: [tariff.clone(), tariff], rates }
    }

    fn moves(moves: &[([&str; 2], u64)]) -> Moves {
        moves.iter().map(|(groups, n)| (groups.map(str::to_owned), *n)).collect()
    }

    fn two_hospitals() -> ByInstitution {
        let one = moves(&[(["FR13", "FR13"], 1), (["FR13", "FR15"], 1)]);
        let two = moves(&[(["FR13", "FR15"], 1), (["FR15", "0000"], 1)]);
        [("H44070300001".to_owned(), one), ("H44070300002".to_owned(), two)].into()
    }

    /// The cells of the line that begins with `word`.
    fn cells(text: &str, words: &[&str]) -> Vec<String> {
        let lines = text.lines().map(|line| {
            let cells = line.split(['│', '┆']).map(|cell| cell.trim().to_owned());
            cells.filter(|cell| !cell.is_empty()).collect::<Vec<String>>()
        });
        let mut fits =
            lines.filter(|cells| cells.iter().zip(words).filter(|(a, b)| a == b).count() == words.len());
        fits.next().unwrap_or_else(|| panic!("{words:?} is missing from\n{text}"))
    }

    #[test]
    fn the_cases_worth_is_told_by_both_schemes_and_so_is_the_difference() {
        let (text, n_cases, n_same) =
            told(["old", "new"], &two_hospitals(), Some(&prices([Some(1_000_000), Some(1_000_000)])));
        assert_eq!((n_cases, n_same), (4, 1));
        // 3 × 1.5 + 1 × 0.8 = 5.3 and 1 × 1.5 + 2 × 0.8 = 3.1, at 10,000 yuan.
        assert!(
            text.ends_with(
                "old: weight 5.3 of 4 cases (CMI 1.325; 0 in groups without a weight), 53,000.00 yuan\n\
                 new: weight 3.1 of 3 cases (CMI 1.0333; 0 in groups without a weight), 31,000.00 yuan\n\
                 difference: -22,000.00 yuan\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn money_is_told_by_move_and_by_institution_and_adds_up() {
        let rates = [Some(1_000_000), Some(1_100_000)];
        let (text, ..) = told(["old", "new"], &two_hospitals(), Some(&prices(rates)));
        // Two cases of FR13 at 10,000 × 1.5 become FR15 at 11,000 × 0.8.
        assert_eq!(
            cells(&text, &["FR13", "FR15"]),
            ["FR13", "FR15", "2", "66.6 %", "30,000.00", "17,600.00", "-12,400.00"]
        );
        assert_eq!(
            cells(&text, &["H44070300001"]),
            ["H44070300001", "2", "1", "2", "2", "30,000.00", "25,300.00", "-4,700.00"]
        );
        assert_eq!(
            cells(&text, &["H44070300002"]),
            ["H44070300002", "2", "2", "2", "1", "23,000.00", "8,800.00", "-14,200.00"]
        );
        assert_eq!(cells(&text, &["FR15", "0000"])[4..], ["8,000.00", "–", "–"]);
        assert!(text.contains("difference: -18,900.00 yuan"), "{text}");
    }

    #[test]
    fn without_a_rate_weights_are_compared_and_without_a_tariff_cases_alone() {
        let (text, ..) = told(["old", "new"], &two_hospitals(), Some(&prices([None, None])));
        assert_eq!(
            cells(&text, &["H44070300002"]),
            ["H44070300002", "2", "2", "2", "1", "2.3", "0.8", "-1.5"]
        );
        let (text, ..) = told(["old", "new"], &two_hospitals(), None);
        assert_eq!(cells(&text, &["H44070300002"]), ["H44070300002", "2", "2"]);
        let unnamed: ByInstitution = [(String::new(), moves(&[(["FR13", "FR15"], 1)]))].into();
        let (text, ..) = told(["old", "new"], &unnamed, None);
        assert!(!text.contains("institution"), "{text}");
    }
}
