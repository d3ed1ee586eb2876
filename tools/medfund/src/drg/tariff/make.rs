use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use medfund_grouper::{NO_NAME, Scheme};
use medfund_money::Coefficient;
use medfund_tariff::weight::{How, Made, MadeWeight, Parameters, Trimming, inversions, make};
use medfund_tariff::{DEFAULTS, GroupCode, Tariff};

use super::cases::{self, Cases};
use super::settings::{self, FallbackWord};
use super::{row, tariff};
use crate::drg::args::whole;
use crate::explain::drawn;
use crate::print::{grouped, numbers_right, table, yuan};
use crate::schemes::load;
use crate::tables::write_cells;

/// How many groups the printed table has.
const N_SHOWN: usize = 20;

/// How many warnings of a kind are printed.
const N_WARNED: usize = 10;

/// The cases and how weights are made of them.
#[derive(Debug, clap::Args)]
pub(super) struct MakeArgs {
    /// The cases (CSV, Excel): total_cost_yuan (医疗总费用) and drg (DRG编码), or what `drg group` needs. They are
    /// held in memory, about 0.8 GB a million.
    #[arg(long)]
    cases: PathBuf,
    /// The compiled scheme: groups the cases that have no group, names the groups, and tells which there are.
    #[arg(long)]
    scheme: Option<PathBuf>,
    /// The tariff (.csv, .xlsx, .parquet).
    #[arg(long)]
    pub(super) out: PathBuf,
    /// Which cases of a group count: none, quantiles:0.01-0.99, iqr:3, mean:0.4-3.
    #[arg(long, default_value = "quantiles:0.01-0.99", value_parser = settings::trimming)]
    trim: Trimming,
    /// How many cases that count a group must have to be weighed by its own.
    #[arg(long, default_value_t = DEFAULTS.weights.minimum_cases.value, value_parser = whole::<u64>)]
    minimum_cases: u64,
    /// What a group with fewer takes: the first that gives a weight, else 特病单议.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "fixed,adrg,earlier")]
    fallbacks: Vec<FallbackWord>,
    /// An officer's weights: drg (DRG编码), weight (RW).
    #[arg(long)]
    fixed: Option<PathBuf>,
    /// An earlier or the national tariff, as published.
    #[arg(long)]
    earlier: Option<PathBuf>,
    /// Digits after the point of a weight, 0 to 8.
    #[arg(long, default_value_t = DEFAULTS.weights.decimals.value, value_parser = whole::<u32>)]
    decimals: u32,
    /// The points of a weight of 1.
    #[arg(long, default_value_t = DEFAULTS.points.base.value)]
    base: Coefficient,
    /// Weigh ambiguous cases (?QY) and those in no group (0000) as groups too.
    #[arg(long)]
    ungrouped: bool,
    #[command(flatten)]
    words: super::WordArgs,
    /// Show the tree of this group's weight.
    #[arg(long)]
    explain: Option<GroupCode>,
}

/// Makes the tariff; the exit code is 1 when some line is no case.
pub(super) fn answer(args: &MakeArgs) -> anyhow::Result<(String, ExitCode)> {
    let scheme = args.scheme.as_deref().map(load).transpose()?;
    let earlier =
        args.earlier.as_deref().map(|path| tariff(path, &args.words)).transpose()?.unwrap_or_default();
    let weights = earlier.groups().filter_map(|group| Some((group.code.clone(), group.weight()?)));
    let parameters = Parameters {
        trimming: args.trim,
        minimum_cases: args.minimum_cases,
        fallbacks: args.fallbacks.iter().map(|word| (*word).into()).collect(),
        fixed: args.fixed.as_deref().map(settings::fixed_weights).transpose()?.unwrap_or_default(),
        earlier: weights.collect(),
        decimals: args.decimals,
    };
    let mut cases = cases::read(&args.cases, scheme.as_ref(), args.ungrouped)?;
    let names = names(scheme.as_ref(), &earlier)?;
    if scheme.is_some() {
        names.keys().for_each(|group| cases.costs.name(group.clone()));
    }
    let made = make(std::mem::take(&mut cases.costs), &parameters).map_err(|errors| {
        anyhow::anyhow!(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let name =
        |group: &GroupCode| names.get(group).filter(|name| !name.is_empty()).map_or(NO_NAME, String::as_str);
    let rows = made.groups.iter().map(|(group, made)| row::cells(group, name(group), made, args.base));
    write_cells(&args.out, &row::columns(), rows)?;
    let mut text = report(&made, &cases, &name);
    if let Some(group) = &args.explain {
        text.push_str(&explained(&made, group, scheme.as_ref())?);
    }
    let _ = writeln!(text, "written to {}", args.out.display());
    Ok((text, if cases.n_bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }))
}

/// The groups' names: the scheme's, and the earlier tariff's for those that it does not name.
fn names(scheme: Option<&Scheme>, earlier: &Tariff) -> anyhow::Result<BTreeMap<GroupCode, String>> {
    let named = |name: &str| if name == NO_NAME { String::new() } else { name.to_owned() };
    let mut names: BTreeMap<GroupCode, String> =
        earlier.groups().map(|group| (group.code.clone(), named(&group.name))).collect();
    if let Some(scheme) = scheme {
        let [_, _, n_drgs] = scheme.counts();
        for drg in 0..u16::try_from(n_drgs)? {
            let code = scheme.drg_code(drg);
            let code = code.parse().with_context(|| format!("a group of the scheme: {code}"))?;
            let name = names.entry(code).or_default();
            if !scheme.drg_name(drg).is_empty() {
                scheme.drg_name(drg).clone_into(name);
            }
        }
    }
    Ok(names)
}

/// What came of it: totals, how weights came about, the groups that cost most, and what to look at twice.
fn report<'n>(made: &Made, cases: &Cases, name: &impl Fn(&GroupCode) -> &'n str) -> String {
    let mut text = String::new();
    let trimmed: u64 = made.groups.values().map(|group| group.n_trimmed).sum();
    let mean = made.mean().map_or_else(String::new, |mean| format!(", {} yuan each", yuan(mean.get())));
    let _ = writeln!(
        text,
        "{} cases ({} in no group or ambiguous); {} count{mean}, {} trimmed; {} lines that are no case\n",
        number(cases.n_cases),
        number(cases.n_ungrouped),
        number(made.n_cases),
        number(trimmed),
        cases.n_bad,
    );
    text.push_str(&by_how(made));
    text.push_str(&dearest(made, name));
    for warning in warnings(made, name) {
        let _ = writeln!(text, "note: {warning}");
    }
    text
}

fn by_how(made: &Made) -> String {
    let mut by_how: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for group in made.groups.values() {
        let (n_groups, n_cases) = by_how.entry(group.how.zh()).or_default();
        *n_groups += 1;
        *n_cases += group.n_cases;
    }
    let mut table = table(&["made by (测算方法)", "groups", "cases"]);
    for (how, (n_groups, n_cases)) in by_how {
        table.add_row([how.to_owned(), number(n_groups), number(n_cases)]);
    }
    numbers_right(&mut table, 1);
    format!("{table}\n")
}

fn dearest<'n>(made: &Made, name: &impl Fn(&GroupCode) -> &'n str) -> String {
    let mut groups: Vec<(&GroupCode, &MadeWeight)> = made.groups.iter().collect();
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.cost));
    let mut table = table(&["DRG", "name", "made by", "cases", "trimmed", "mean, yuan", "RW"]);
    for (code, group) in groups.iter().take(N_SHOWN) {
        table.add_row([
            code.to_string(),
            name(code).to_owned(),
            group.how.zh().to_owned(),
            number(group.n_cases),
            number(group.n_trimmed),
            group.mean().map_or_else(String::new, |mean| yuan(mean.get())),
            group.weight.map_or_else(|| "–".to_owned(), |weight| weight.to_string()),
        ]);
    }
    numbers_right(&mut table, 3);
    let of = if groups.len() > N_SHOWN {
        format!("the {N_SHOWN} of {} groups", groups.len())
    } else {
        "the groups".to_owned()
    };
    format!("\n{of} that cost most\n{table}\n")
}

/// Groups without a weight, and severities that weigh the wrong way round.
fn warnings<'n>(made: &Made, name: &impl Fn(&GroupCode) -> &'n str) -> Vec<String> {
    let without: Vec<&GroupCode> =
        made.groups.iter().filter(|(_, group)| group.how == How::Review).map(|(code, _)| code).collect();
    let mut warnings = Vec::new();
    if !without.is_empty() {
        let shown: Vec<&str> = without.iter().take(N_WARNED).map(|code| code.as_str()).collect();
        let more = if without.len() > N_WARNED { ", …" } else { "" };
        warnings.push(format!(
            "{} groups have no weight and are reviewed case by case (特病单议): {}{more}",
            without.len(),
            shown.join(", ")
        ));
    }
    let turned = inversions(&made.tariff(name));
    let told = turned.iter().take(N_WARNED).map(|turned| {
        let (severer, milder) = (&turned.severer, &turned.milder);
        format!(
            "{severer} weighs {}, less than the milder {milder} with {} (权重倒置)",
            turned.weight, turned.milder_weight
        )
    });
    warnings.extend(told);
    if turned.len() > N_WARNED {
        warnings
            .push(format!("and {} more severities that weigh the wrong way round", turned.len() - N_WARNED));
    }
    warnings
}

fn explained(made: &Made, group: &GroupCode, scheme: Option<&Scheme>) -> anyhow::Result<String> {
    let own = made.groups.get(group).with_context(|| format!("no case is in {group}"))?;
    let node = own.derivation.clone().with_context(|| format!("{group} has no weight: {}", own.how.zh()))?;
    let (pack, hash) =
        scheme.map_or_else(Default::default, |scheme| (scheme.name().to_owned(), scheme.hash()));
    let tree = node.under(&pack, &hash, "drg_weight/1");
    Ok(format!("\n{group}, {}:\n{}", own.how.zh(), drawn(&(&tree).into())))
}

fn number(n: u64) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}
