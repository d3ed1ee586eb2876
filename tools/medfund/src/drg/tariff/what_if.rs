use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::{Cell, Table};
use medfund_money::{Coefficient, Exact, Fen, PositiveFen, Rate};
use medfund_tariff::case_points::{Bands, HighLimit};
use medfund_tariff::coefficient::{Coefficients, Experience, Form, Parameters};
use medfund_tariff::indicators::{RiskBounds, performance};
use medfund_tariff::what_if::{
    self, Covers, Difference, Method, Paid, Setting, by_adrg, derive_pay, differences, pay,
};
use medfund_tariff::{DEFAULTS, Level, Tariff};
use medfund_types::InstitutionCode;

use super::cases::{self, Cases};
use super::settings::{self, FormWord};
use super::{rate_yuan, tariff};
use crate::explain::drawn_node;
use crate::print::{bold, changes, numbers_right, table};
use crate::schemes::load;

/// The cases and the two settings; what is not said of the other one is as in the first.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("method").required(true).args(["budget", "rate", "standards"]))]
pub(super) struct WhatIfArgs {
    /// The cases (CSV, Excel): fixmedins_code (定点医药机构编号), total_cost_yuan (医疗总费用) and drg (DRG编码), or what
    /// `drg group` needs; fund_line (险种) where the tariff pays lines differently.
    #[arg(long)]
    cases: PathBuf,
    /// The compiled scheme that groups the cases that have no group.
    #[arg(long)]
    scheme: Option<PathBuf>,
    /// The tariff, as published or as `make` writes it.
    #[arg(long)]
    tariff: PathBuf,
    #[command(flatten)]
    words: super::WordArgs,
    /// The other tariff.
    #[arg(long)]
    with: Option<PathBuf>,
    /// The budget in yuan that is shared by points (点数法).
    #[arg(long, value_parser = Fen::parse_yuan)]
    budget: Option<Fen>,
    /// The other budget.
    #[arg(long, value_parser = Fen::parse_yuan, requires = "budget")]
    with_budget: Option<Fen>,
    /// What a weight of 1 pays, in yuan (费率法).
    #[arg(long, value_parser = rate_yuan)]
    rate: Option<PositiveFen>,
    /// The other rate.
    #[arg(long, value_parser = rate_yuan, requires = "rate")]
    with_rate: Option<PositiveFen>,
    /// Pay what the tariff's standards say by level (支付标准).
    #[arg(long)]
    standards: bool,
    /// The points of a weight of 1.
    #[arg(long, default_value_t = DEFAULTS.points.base.value)]
    base: Coefficient,
    /// The standard covers all cost: personal parts are shared with the budget and taken off again (PZH 四(二)1).
    #[arg(long, requires = "budget")]
    covers_all: bool,
    /// The institutions' levels (定点医药机构编号, 医院等级: 3 or 三级, 2 or 二级, 1 or 一级, 0 or 未定级).
    #[arg(long)]
    levels: Option<PathBuf>,
    /// Coefficients: none, hospital, blended, or by level like 3=1.2,2=1,1=0.8.
    #[arg(long, default_value = "none", value_parser = settings::form)]
    coefficients: FormWord,
    /// The other coefficients.
    #[arg(long, value_parser = settings::form)]
    with_coefficients: Option<FormWord>,
    /// Below this share of the group's mean cost a case is low and paid its cost (低倍率).
    #[arg(long, default_value_t = DEFAULTS.bands.low.value, conflicts_with = "all_normal")]
    low: Rate,
    /// Above this multiple of the group's mean cost a case is high (高倍率); also by weight, like 3,1.5=2.
    #[arg(long, default_value = "3", value_parser = settings::high_limits, conflicts_with = "all_normal")]
    high: HighLimits,
    /// The share of what lies above the high limit that is paid.
    #[arg(long, default_value_t = DEFAULTS.bands.high_share.value, conflicts_with = "all_normal")]
    high_share: Rate,
    /// Take each case as a normal one, whatever it cost, as the drg service does.
    #[arg(long)]
    all_normal: bool,
    /// Show this institution's difference ADRG by ADRG, and the trees of its pay.
    #[arg(long)]
    institution: Option<InstitutionCode>,
}

/// The limits of high cases.
type HighLimits = Vec<HighLimit>;

/// One side of the comparison.
struct Side<'a> {
    setting: Setting<'a>,
    paid: Paid,
}

const NOTHING_PRICED: &str = "the tariff prices none of these cases: standards of levels want --levels, and a tariff \
    of weights wants --budget or --rate";

/// One in so many of the cases must be priced where a budget is shared: else the few that are get all of it, and a
/// point is worth a multiple of what it will be.
const ONE_IN_PRICED: u64 = 2;

/// Refuses to share a budget among few of the cases.
fn expect_most_priced(cases: &Cases, sides: [&Side<'_>; 2]) -> anyhow::Result<()> {
    let n_cases = cases.totals.all().n_cases;
    for (side, name) in sides.into_iter().zip(["--tariff", "--with"]) {
        let n_priced: u64 = side.paid.institutions.values().map(|own| own.priced.n_cases).sum();
        anyhow::ensure!(
            n_priced * ONE_IN_PRICED >= n_cases,
            "the tariff of {name} prices {n_priced} of {n_cases} cases, less than half, and the whole budget would be \
             shared among these: group the cases by the scheme that the tariff is of (--scheme, or the column drg), or \
             give a tariff that has their groups; --rate and --standards pay case by case and share nothing"
        );
    }
    Ok(())
}

/// Each institution's indicators, pay by both settings and the difference.
pub(super) fn answer(args: &WhatIfArgs) -> anyhow::Result<(String, ExitCode)> {
    let scheme = args.scheme.as_deref().map(load).transpose()?;
    let first = tariff(&args.tariff, &args.words)?;
    let other = args.with.as_deref().map(|path| tariff(path, &args.words)).transpose()?;
    let levels = args.levels.as_deref().map(settings::levels).transpose()?.unwrap_or_default();
    let bands = bands(args)?;
    let cases = cases::read(&args.cases, scheme.as_ref(), true)?.of_institutions()?;
    let paid_cases = match &bands {
        Some(bands) => what_if::Cases::by_cost(&cases.totals, &cases.case_costs, bands),
        None => (&cases.totals).into(),
    };
    let second = other.as_ref().unwrap_or(&first);
    let other_form = args.with_coefficients.as_ref().unwrap_or(&args.coefficients);
    let own = coefficients(&cases, &levels, &first, &args.coefficients)?;
    let others = coefficients(&cases, &levels, second, other_form)?;
    let [method, other_method] = methods(args);
    let side = |tariff, coefficients, method| {
        let setting = Setting { tariff, coefficients, levels: &levels, method };
        pay(paid_cases, &setting).map(|paid| Side { setting, paid })
    };
    let (before, after) = (side(&first, &own, method)?, side(second, &others, other_method)?);
    for side in [&before, &after] {
        anyhow::ensure!(side.paid.institutions.values().any(|own| own.priced.n_cases > 0), NOTHING_PRICED);
    }
    if args.budget.is_some() {
        let second = if other.is_some() { &after } else { &before };
        expect_most_priced(&cases, [&before, second])?;
    }
    let mut shown = text(&cases, &before, &after);
    if let Some(institution) = &args.institution {
        shown.push('\n');
        shown.push_str(&adrgs(paid_cases, institution, &before, &after)?);
    }
    Ok((shown, if cases.n_bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }))
}

/// The bands within which cases are normal; none where all are taken so.
fn bands(args: &WhatIfArgs) -> anyhow::Result<Option<Bands>> {
    if args.all_normal {
        return Ok(None);
    }
    let bands = Bands { low: args.low, high: args.high.clone(), high_share: args.high_share };
    bands.check().map_err(|errors| {
        anyhow::anyhow!(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    Ok(Some(bands))
}

fn methods(args: &WhatIfArgs) -> [Method; 2] {
    let covers = if args.covers_all { Covers::AllCost } else { Covers::FundPart };
    let by_points = |budget| Method::Points { budget, base: args.base, covers };
    match (args.budget, args.rate) {
        (Some(budget), _) => [budget, args.with_budget.unwrap_or(budget)].map(by_points),
        (None, Some(rate)) => [rate, args.with_rate.unwrap_or(rate)].map(|rate| Method::Rate { rate }),
        (None, None) => [Method::Standards; 2],
    }
}

fn coefficients(
    cases: &Cases,
    levels: &BTreeMap<InstitutionCode, Level>,
    tariff: &Tariff,
    form: &FormWord,
) -> anyhow::Result<Coefficients> {
    let FormWord(Some(form)) = form else { return Ok(Coefficients::default()) };
    if !matches!(form, Form::Hospital) {
        let all = cases.totals.institutions().map(|(code, _)| code);
        let unknown: Vec<&str> =
            all.filter(|code| !levels.contains_key(*code)).map(InstitutionCode::as_str).collect();
        anyhow::ensure!(
            unknown.is_empty(),
            "coefficients by level want the level of each institution in --levels; it has none of {}",
            unknown.join(", ")
        );
    }
    let basic_groups =
        tariff.groups().filter(|group| group.is_basic).map(|group| group.code.clone()).collect();
    let parameters = Parameters { basic_groups, ..Parameters::of(form.clone()) };
    let made = Experience::new(&cases.totals, levels).coefficients(&parameters);
    made.map_err(|errors| {
        anyhow::anyhow!(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })
}

fn text(cases: &Cases, before: &Side<'_>, after: &Side<'_>) -> String {
    let values =
        [before, after].map(|side| side.paid.point_value.as_ref().map(|node| node.value.to_string()));
    let value = match values {
        [Some(old), Some(new)] => format!("a point is worth {old} fen, by the other setting {new} fen\n"),
        [None, _] | [_, None] => String::new(),
    };
    let note = not_priced(cases, before, after);
    format!("indicators\n{}\n\npay\n{}\n{value}{note}", indicators(cases, before, after), pays(before, after))
}

/// How many cases each side has no weight or standard for, so that its sum is of fewer; nothing where it prices all.
fn not_priced(cases: &Cases, before: &Side<'_>, after: &Side<'_>) -> String {
    let n_outside =
        |side: &Side<'_>| -> u64 { side.paid.institutions.values().map(|own| own.outside.n_cases).sum() };
    match [n_outside(before), n_outside(after)] {
        [0, 0] => String::new(),
        [one, other] => format!(
            "of {} cases {one} are not priced and paid nothing, by the other setting {other}\n",
            cases.totals.all().n_cases
        ),
    }
}

/// Each institution's indicators beside the region's.
fn indicators(cases: &Cases, before: &Side<'_>, after: &Side<'_>) -> Table {
    let mut rows = table(&[
        "institution",
        "cases",
        "not priced",
        "entry rate",
        "groups",
        "CMI",
        "other CMI",
        "cost index",
        "time index",
        "low-risk deaths",
    ]);
    let (region, bounds) = (&cases.totals, RiskBounds::default());
    let own = region.institutions().map(|(institution, own)| (institution.to_string(), own));
    let outside = |name: &str| -> u64 {
        let own = after.paid.institutions.iter().filter(|(code, _)| name.is_empty() || code.as_str() == name);
        own.map(|(_, own)| own.outside.n_cases).sum()
    };
    for (institution, own) in own.chain([(String::new(), region.groups())]) {
        let [old, new] = [before, after].map(|side| performance(own, region, side.setting.tariff, &bounds));
        let name = if institution.is_empty() { bold("region") } else { Cell::new(&institution) };
        rows.add_row([
            name,
            Cell::new(old.n_cases),
            Cell::new(outside(&institution)),
            index(old.entry_rate),
            Cell::new(old.n_groups),
            index(old.cmi),
            index(new.cmi),
            index(old.cost_index),
            index(old.time_index),
            index(old.low_risk_mortality),
        ]);
    }
    numbers_right(&mut rows, 1);
    rows
}

/// What each institution is paid by both settings.
fn pays(before: &Side<'_>, after: &Side<'_>) -> Table {
    let heading = ["institution", "priced", "high", "low", "pay, yuan", "other pay, yuan", "difference", "%"];
    let mut rows = table(&heading);
    let counts = |name: Option<&InstitutionCode>| {
        let own = after.paid.institutions.iter().filter(|(code, _)| name.is_none_or(|name| name == *code));
        own.fold([0, 0, 0], |[priced, high, low], (_, own)| {
            [priced + own.priced.n_cases, high + own.n_high, low + own.n_low]
        })
    };
    for Difference { institution, before, after } in differences(&before.paid, &after.paid) {
        let mut row = vec![Cell::new(&institution)];
        row.extend(counts(Some(&institution)).map(Cell::new));
        row.extend(changes(before, after));
        rows.add_row(row);
    }
    let mut sum = vec![bold("sum")];
    sum.extend(counts(None).map(Cell::new));
    sum.extend(changes(before.paid.total(), after.paid.total()));
    rows.add_row(sum);
    numbers_right(&mut rows, 1);
    rows
}

fn index(value: Option<Exact>) -> Cell {
    Cell::new(value.map_or_else(|| "–".to_owned(), |value| value.to_string()))
}

fn adrgs(
    cases: what_if::Cases<'_>,
    institution: &InstitutionCode,
    before: &Side<'_>,
    after: &Side<'_>,
) -> anyhow::Result<String> {
    anyhow::ensure!(before.paid.institutions.contains_key(institution), "no case is of {institution}");
    let sides = [before, after].map(|side| (&side.setting, &side.paid));
    let mut rows = table(&["ADRG", "pay, yuan", "other pay, yuan", "difference", "%"]);
    for adrg in by_adrg(cases, institution, sides[0], sides[1])? {
        let mut row = vec![Cell::new(&adrg.adrg)];
        row.extend(changes(adrg.before, adrg.after));
        rows.add_row(row);
    }
    numbers_right(&mut rows, 1);
    let tree = |(setting, paid): (&Setting<'_>, &Paid)| {
        let root = derive_pay(cases, setting, paid, institution);
        root.map_or_else(String::new, |root| drawn_node(&(&root).into()))
    };
    let [pay, other_pay] = sides.map(tree);
    Ok(format!("{institution}, ADRG by ADRG\n{rows}\nits pay\n{pay}by the other setting\n{other_pay}"))
}
