//! `medfund sample`: a region as files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::region::{Region, Standard, Term};
use super::{Inspection, Options, Profile, Size, generate};
use crate::exchange::bill_row;
use crate::packs;
use crate::tables::{self, BillRow, HistoryRow, InstitutionRow};
use crate::year::bill_line;

/// What `medfund sample` is given.
#[derive(Debug, clap::Args)]
pub struct SampleArgs {
    /// The policy pack: an id of those built in, or a file.
    #[arg(long, value_name = "ID|FILE")]
    pack: String,
    /// The size.
    #[arg(long, value_enum, default_value = "small")]
    size: Size,
    /// The seed; the same seed gives the same files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Write workbooks instead of CSV.
    #[arg(long)]
    excel: bool,
}

/// Writes a sample region: institutions, history, a file of bills for each institution and month, and what
/// officers enter.
///
/// # Errors
///
/// If the pack has mistakes or a file cannot be written.
pub fn run(args: &SampleArgs) -> anyhow::Result<ExitCode> {
    let profile = Profile::of(&packs::load(&args.pack)?.pack)?;
    let region = generate(&profile, args.size, args.seed, &Options::default());
    let ending = if args.excel { "xlsx" } else { "csv" };
    let bills_folder = args.out.join("bills");
    fs::create_dir_all(&bills_folder).with_context(|| format!("cannot use {}", args.out.display()))?;
    tables::write(&args.out.join(format!("institutions.{ending}")), institution_rows(&region))?;
    tables::write(&args.out.join(format!("history.{ending}")), history_rows(&region))?;
    let (bills, inspections) = region.year();
    for institution in &region.institutions {
        for month in 1..=12_u32 {
            let mine = bills
                .iter()
                .filter(|bill| bill.fixmedins_code == institution.code && bill.month().month() == month);
            let rows: Vec<BillRow> = mine.map(|bill| bill_row(bill_line(bill))).collect();
            if !rows.is_empty() {
                let name = format!("{}-{}-{month:02}.{ending}", institution.code, region.fund_year);
                tables::write(&bills_folder.join(name), rows)?;
            }
        }
    }
    write_inputs(&region, &inspections, &args.out.join("inputs.json"))?;
    println!(
        "{} districts, {} institutions, {} insured, {} bills in {}",
        region.districts.len(),
        region.institutions.len(),
        region.insured.iter().map(|insured| insured.n_persons).sum::<i64>(),
        bills.len(),
        args.out.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn institution_rows(region: &Region) -> Vec<InstitutionRow> {
    let row = |institution: &super::region::Institution| InstitutionRow {
        code: institution.code.clone(),
        name: institution.name.clone(),
        district: institution.district.clone(),
        level: institution.level,
        class: institution.class.to_owned(),
        primary: institution.primary,
    };
    region.institutions.iter().map(row).collect()
}

/// The region's past years as a table.
#[must_use]
pub fn history_rows(region: &Region) -> Vec<HistoryRow> {
    let row = |history: &super::region::History| HistoryRow {
        code: history.institution.clone(),
        fund_line: history.fund_line.clone(),
        cost_fen: history.cost_fen,
        last_year_settled_fen: history.last_year_settled_fen,
    };
    region.histories.iter().map(row).collect()
}

/// Writes what officers enter in the year as JSON: all that a result follows from, beside bills and pack.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_inputs(region: &Region, inspections: &[Inspection], path: &Path) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(&inputs(region, inspections))?;
    text.push('\n');
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn inputs(region: &Region, inspections: &[Inspection]) -> Value {
    json!({
        "area": region.area,
        "fund_year": region.fund_year,
        "districts": region.districts.iter().map(|d| json!({
            "code": d.code,
            "name": d.name,
            "inpatient_method": d.method.map(|method| method.as_str_name()),
            "staff_funding_increase_fen": d.staff_funding_increase_fen,
            "advance_months": d.n_advance_months,
        })).collect::<Vec<_>>(),
        "management_grades": region.institutions.iter().map(|i| json!({
            "institution": i.code, "grade": i.management_grade,
        })).collect::<Vec<_>>(),
        "insured": region.insured.iter().map(|i| json!({
            "district": i.district, "fund_line": i.fund_line, "persons": i.n_persons,
        })).collect::<Vec<_>>(),
        "budgets": region.budgets.iter().map(|b| json!({
            "district": b.district,
            "fund_line": b.fund_line,
            "income_fen": b.income_fen,
            "budget_fen": b.budget_fen,
            "deductions": b.deductions.iter().map(|(id, fen)| json!({"id": id, "amount_fen": fen})).collect::<Vec<_>>(),
            "reserve_fen": b.reserve_fen,
            "primary_care_raise": b.primary_care_raise,
            "forecast": b.forecast,
            "adjustment_fen": b.adjustment_fen,
            "shares": b.shares.iter().map(|(care, share)| json!({"kind_of_care": care.as_str(), "share": share})).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "factors": region.factors.iter().map(|f| json!({
            "institution": f.institution, "factor": f.factor, "value": f.value,
        })).collect::<Vec<_>>(),
        "terms": region.terms.iter().map(term).collect::<Vec<_>>(),
        "adjustments": region.adjustments.iter().map(|a| json!({
            "institution": a.institution,
            "fund_line": a.fund_line,
            "month": a.month,
            "reason": a.reason,
            "change_fen": a.change_fen,
        })).collect::<Vec<_>>(),
        "inspections": inspections.iter().map(|i| json!({
            "institution": i.institution,
            "fund_line": i.fund_line,
            "month": i.month,
            "population": i.n_population,
            "sample": i.n_sample,
            "violating": i.violating.iter().map(|(case, kind, fen)| json!({
                "case": case, "kind": kind, "amount_fen": fen,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "conduct": region.conduct.iter().map(|c| json!({
            "institution": c.institution,
            "violation_years": c.violation_years,
            "limits": c.limits.iter().map(|(id, limit)| json!({"indicator": id, "limit": limit})).collect::<Vec<_>>(),
            "grade": c.grade,
        })).collect::<Vec<_>>(),
    })
}

fn term(term: &Term) -> Value {
    let standard = match &term.standard {
        Standard::AverageQuota { standard_fen } => json!({"standard_per_admission_fen": standard_fen}),
        Standard::ByDisease { standards } => json!({
            "disease_standards": standards.iter().map(|one| json!({
                "disease_code": one.code,
                "standard_fen": one.standard_fen,
                "covers_whole_stay": one.covers_whole_stay,
            })).collect::<Vec<_>>(),
        }),
        Standard::PerCapita { ages, chronic, standard_fen } => json!({
            "standard_per_person_fen": standard_fen,
            "age_groups": ages.iter().map(|group| json!({
                "from_age": group.from_age, "persons": group.n_persons, "factor": group.factor,
            })).collect::<Vec<_>>(),
            "chronic_standards": chronic.iter().map(|(code, persons, fen)| json!({
                "disease_code": code, "persons": persons, "standard_per_person_fen": fen,
            })).collect::<Vec<_>>(),
        }),
        Standard::Periodic { standards } => json!({
            "periodic_standards": standards.iter().map(|(code, days, fen)| json!({
                "disease_code": code, "period_days": days, "standard_per_period_fen": fen,
            })).collect::<Vec<_>>(),
        }),
        Standard::DailyCap { cap_fen } => json!({"cap_per_day_fen": cap_fen}),
        Standard::ServiceUnit { unit, standard_fen } => {
            json!({"service_unit": unit.as_str_name(), "standard_per_unit_fen": standard_fen})
        }
        Standard::TotalPrepayment { total_fen } => json!({"total_fen": total_fen}),
        Standard::BedDay { standards } => json!({
            "bed_day_standards": standards.iter().map(|(service, code, fen)| json!({
                "service": service, "disease_code": code, "standard_per_day_fen": fen,
            })).collect::<Vec<_>>(),
        }),
        Standard::DrgRate { rate_fen } => json!({ "rate_fen": rate_fen }),
        Standard::FeeForService => json!({}),
        Standard::DrgPoints => json!({"drg_points": true}),
    };
    json!({
        "institution": term.institution,
        "fund_line": term.fund_line,
        "kind_of_care": term.care.as_str(),
        "terms": standard,
    })
}
