//! Parameters as they stand on the command line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use medfund_money::{Coefficient, Rate};
use medfund_tariff::case_points::HighLimit;
use medfund_tariff::coefficient::{Blended, Form};
use medfund_tariff::indicators::RiskBounds;
use medfund_tariff::weight::{Fallback, Trimming};
use medfund_tariff::{GroupCode, Level, Weight};
use medfund_types::InstitutionCode;

use crate::tables::{self, Cell, Column, Content, Record, Row};

/// What a group with too few cases takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FallbackWord {
    /// The weight of `--fixed`.
    Fixed,
    /// The other severities of its ADRG.
    Adrg,
    /// The weight of `--earlier`, scaled.
    Earlier,
}

impl From<FallbackWord> for Fallback {
    fn from(word: FallbackWord) -> Self {
        match word {
            FallbackWord::Fixed => Self::Fixed,
            FallbackWord::Adrg => Self::OtherSeverities,
            FallbackWord::Earlier => Self::Earlier,
        }
    }
}

/// Reads `none`, `quantiles`, `quantiles:0.01-0.99`, `iqr`, `iqr:3`, `mean`, `mean:0.4-3`.
pub(super) fn trimming(text: &str) -> Result<Trimming, String> {
    let (word, numbers) = text.split_once(':').map_or((text, None), |(word, numbers)| (word, Some(numbers)));
    let pair = |numbers: &str| {
        let (low, high) = numbers.split_once('-')?;
        Some((low.parse().ok()?, high.to_owned()))
    };
    let bad = || format!("`{text}` is none of none, quantiles:0.01-0.99, iqr:3, mean:0.4-3");
    match (word, numbers) {
        ("none", None) => Ok(Trimming::None),
        ("quantiles", None) => Ok(Trimming::default()),
        ("iqr", None) => Ok(Trimming::interquartile()),
        ("mean", None) => Ok(Trimming::mean()),
        ("quantiles", Some(numbers)) => {
            let (low, high) = pair(numbers).ok_or_else(bad)?;
            Ok(Trimming::Quantiles { low, high: high.parse().map_err(|_| bad())? })
        }
        ("iqr", Some(times)) => Ok(Trimming::Interquartile { times: times.parse().map_err(|_| bad())? }),
        ("mean", Some(numbers)) => {
            let (low, high) = pair(numbers).ok_or_else(bad)?;
            Ok(Trimming::Mean { low, high: high.parse().map_err(|_| bad())? })
        }
        _ => Err(bad()),
    }
}

/// A form of coefficients; `None`: every institution has 1.
#[derive(Clone, Debug)]
pub(super) struct FormWord(pub(super) Option<Form>);

/// A level by its number or as people write it: `3`, `三级`, `三级甲等`.
fn level_of(text: &str) -> Option<Level> {
    let text = text.trim();
    let word = ["甲等", "乙等", "丙等"].iter().find_map(|grade| text.strip_suffix(grade)).unwrap_or(text);
    let number = || Level::try_from(text.parse::<u8>().ok()?).ok();
    Level::ALL.into_iter().find(|level| level.zh() == word).or_else(number)
}

/// Reads `none`, `hospital`, `blended` or a table of levels like `3=1.2,2=1,1=0.8`.
pub(super) fn form(text: &str) -> Result<FormWord, String> {
    match text {
        "none" => return Ok(FormWord(None)),
        "hospital" => return Ok(FormWord(Some(Form::Hospital))),
        "blended" => return Ok(FormWord(Some(Form::Blended(Blended::default())))),
        _ => {}
    }
    let one = |entry: &str| {
        let (level, coefficient) = entry.split_once('=')?;
        let level = level_of(level)?;
        Some((level, coefficient.trim().parse::<Coefficient>().ok()?))
    };
    let entries: Option<Vec<(Level, Coefficient)>> = text.split(',').map(one).collect();
    let entries =
        entries.ok_or_else(|| format!("`{text}` is none of none, hospital, blended, 3=1.2,2=1,1=0.8"))?;
    let table = each_once(entries).map_err(|level| format!("`{text}` has {} twice", level.zh()))?;
    Ok(FormWord(Some(Form::Level(table))))
}

/// Reads `3` or, with limits for heavier groups, `3,1.5=2`: above 3 times the mean, from weight 1.5 on above twice.
pub(super) fn high_limits(text: &str) -> Result<Vec<HighLimit>, String> {
    let one = |entry: &str| {
        let (from_weight, limit) = match entry.split_once('=') {
            Some((weight, limit)) => (Some(weight.trim().parse().ok()?), limit),
            None => (None, entry),
        };
        Some(HighLimit { from_weight, limit: limit.trim().parse().ok()? })
    };
    let limits: Option<Vec<HighLimit>> = text.split(',').map(one).collect();
    limits.ok_or_else(|| format!("`{text}` is no limit like 3, or limits by weight like 3,1.5=2"))
}

/// Reads three rates that ascend, like `0.001,0.01,0.05`.
pub(in crate::drg) fn risk_bounds(text: &str) -> Result<RiskBounds, String> {
    let [low, middle_low, middle_high] = three_rates(text)?;
    let bounds = RiskBounds { low, middle_low, middle_high };
    bounds.check().map_err(|error| error.to_string())?;
    Ok(bounds)
}

/// Reads three rates, like `0.4,0.7,0.3`.
pub(in crate::drg) fn three_rates(text: &str) -> Result<[Rate; 3], String> {
    let rates: Option<Vec<Rate>> = text.split(',').map(|rate| rate.trim().parse().ok()).collect();
    let rates = rates.and_then(|rates| <[Rate; 3]>::try_from(rates).ok());
    rates.ok_or_else(|| format!("`{text}` is not three rates from 0 to 1 like 0.4,0.7,0.3"))
}

/// An officer's weight of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FixedRow(GroupCode, Weight);

impl Record for FixedRow {
    const KIND: &'static str = "fixed-weights";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("drg", "DRG编码", Content::Code),
            Column::required("weight", "RW", Content::Decimal),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let (group, weight) = (row.parsed("drg"), row.parsed("weight"));
        Some(Self(group?, weight?))
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::text(self.0.as_str()), Cell::Number(self.1.to_string())]
    }
}

/// An institution's level.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LevelRow(InstitutionCode, Level);

impl Record for LevelRow {
    const KIND: &'static str = "levels";

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::required("level", "医院等级", Content::Count),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let code = row.parsed("fixmedins_code");
        let level = row.text("level").and_then(|text| {
            let level = level_of(&text);
            if level.is_none() {
                row.wrong("level", format!("`{text}` is none of 3 三级, 2 二级, 1 一级, 0 未定级"));
            }
            level
        });
        Some(Self(code?, level?))
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::text(self.0.as_str()), Cell::count(self.1.get().into())]
    }
}

/// An institution by its code alone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct InstitutionOnly(InstitutionCode);

impl Record for InstitutionOnly {
    const KIND: &'static str = "institution-codes";

    fn columns() -> Vec<Column> {
        vec![Column::required("fixmedins_code", "定点医药机构编号", Content::Code)]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        row.parsed("fixmedins_code").map(Self)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::text(self.0.as_str())]
    }
}

/// The officers' weights of a table with `drg` (DRG编码) and `weight` (RW).
pub(super) fn fixed_weights(path: &Path) -> anyhow::Result<BTreeMap<GroupCode, Weight>> {
    let rows = good_rows::<FixedRow>(path)?.into_iter().map(|FixedRow(group, weight)| (group, weight));
    each_once(rows).map_err(|group| anyhow::anyhow!("{}: {group} stands twice", path.display()))
}

/// The levels of a table with `fixmedins_code` (定点医药机构编号) and `level` (医院等级), such as that of institutions.
pub(super) fn levels(path: &Path) -> anyhow::Result<BTreeMap<InstitutionCode, Level>> {
    let rows = good_rows::<LevelRow>(path)?.into_iter().map(|LevelRow(code, level)| (code, level));
    each_once(rows).map_err(|code| anyhow::anyhow!("{}: {code} stands twice", path.display()))
}

/// What each key has; the key that stands twice is given back.
fn each_once<K: Ord + Clone, V>(entries: impl IntoIterator<Item = (K, V)>) -> Result<BTreeMap<K, V>, K> {
    let mut table = BTreeMap::new();
    for (key, value) in entries {
        if table.insert(key.clone(), value).is_some() {
            return Err(key);
        }
    }
    Ok(table)
}

/// The institutions of a table with `fixmedins_code` (定点医药机构编号), such as that of institutions.
pub(in crate::drg) fn institutions(path: &Path) -> anyhow::Result<BTreeSet<InstitutionCode>> {
    Ok(good_rows::<InstitutionOnly>(path)?.into_iter().map(|InstitutionOnly(code)| code).collect())
}

/// The rows of a table that must have nothing wrong with it.
fn good_rows<R: Record>(path: &Path) -> anyhow::Result<Vec<R>> {
    let table = tables::read::<R>(path)?;
    if let Some(fault) = table.faults.first() {
        let others = table.faults.len() - 1;
        let more = if others == 0 { String::new() } else { format!(", and {others} more") };
        let (name, line) = (path.display(), fault.line);
        anyhow::bail!("{name}:{line}: {} {}{more}", fault.field, fault.reason);
    }
    Ok(table.rows.into_iter().map(|(_, row)| row).collect())
}
