//! Draws what institutions did well and badly.

use medfund_types::{FundLine, SettlementMonth};

use super::draw::Draw;
use super::profile::Profile;
use super::region::{Conduct, Region};

/// How often each grade is given, best first; a pack with fewer grades uses the first of these.
const GRADES: [i64; 6] = [45, 30, 15, 7, 2, 1];

pub(super) fn add(region: &mut Region, profile: &Profile) {
    somebody_violates(region);
    let conduct = region.institutions.iter().map(|institution| {
        let mut draw = Draw::new(region.seed, &format!("conduct/{}", institution.code));
        let year = profile.fund_year.get();
        let care = region.care.iter().filter(|c| c.institution == institution.code && c.violates);
        let inspections: Vec<(FundLine, SettlementMonth, i64)> = care
            .map(|c| (c.fund_line.clone(), inspected_month(&mut draw, year), draw.between(2, 5) * 10))
            .collect();
        let missed = profile.indicators.iter().filter(|_| draw.happens(80)).cloned().collect();
        let n_grades = profile.grades.len().min(GRADES.len());
        Conduct {
            institution: institution.code.clone(),
            violation_years: if draw.happens(200) {
                vec![year - if draw.happens(500) { 1 } else { 2 }]
            } else {
                Vec::new()
            },
            inspections,
            missed_indicators: missed,
            grade: profile.grades[draw.by_weight(&GRADES[..n_grades])].clone(),
        }
    });
    region.conduct = conduct.collect();
}

fn inspected_month(draw: &mut Draw, year: i32) -> SettlementMonth {
    let month = [3, 4, 5, 6, 7, 8, 9, 10][draw.place(8)];
    SettlementMonth::from_ym(year, month).expect("a month of a fund year")
}

/// Every district has a violation to find, in a hospital that is large enough for a sample.
fn somebody_violates(region: &mut Region) {
    for budget in &region.budgets {
        let codes = region.institutions.iter().filter(|i| i.district == budget.district).map(|i| &i.code);
        let codes: Vec<_> = codes.collect();
        let mut mine: Vec<_> = region
            .care
            .iter_mut()
            .filter(|c| c.fund_line == budget.fund_line && codes.contains(&&c.institution))
            .collect();
        if !mine.iter().any(|c| c.violates) {
            mine[0].violates = true;
        }
    }
}
