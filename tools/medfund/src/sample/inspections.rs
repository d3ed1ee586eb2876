//! What inspectors find in a sample of a month's cases.

use medfund_types::{FundLine, InstitutionCode, SettlementMonth};

use super::bills::SampleBill;
use super::region::Region;

/// A finished inspection (抽查病历) of one institution's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The institution.
    pub institution: InstitutionCode,
    /// The fund line.
    pub fund_line: FundLine,
    /// The month whose cases were sampled.
    pub month: SettlementMonth,
    /// The month's cases.
    pub n_population: i64,
    /// The cases that were looked at.
    pub n_sample: i64,
    /// The cases that were wrong: settlement id, kind of violation, fund share in fen.
    pub violating: Vec<(String, String, i64)>,
}

/// The inspections of an institution's fund line, from its bills.
#[must_use]
pub fn inspections(
    region: &Region,
    institution: &InstitutionCode,
    line: &FundLine,
    bills: &[SampleBill],
) -> Vec<Inspection> {
    let conduct = region.conduct.iter().find(|c| c.institution == *institution);
    let planned = conduct.into_iter().flat_map(|c| &c.inspections).filter(|(l, ..)| l == line);
    let inspect = |(_, month, hundredths): &(FundLine, SettlementMonth, i64)| {
        let cases = bills.iter().filter(|b| b.month() == *month && b.med_type == region.inpatient_med_type);
        let n_cases = cases.clone().count();
        let n_sampled = (n_cases * usize::try_from(*hundredths).expect("a rate is positive")).div_ceil(100);
        let mut by_suspicion: Vec<&SampleBill> = cases.collect();
        // Inspectors look where charges stand out: the suspicious ones first, then in the order of the list.
        by_suspicion.sort_by_key(|b| (b.violating_fen == 0, b.setl_id.clone()));
        let wrong = by_suspicion[..n_sampled].iter().filter(|b| b.violating_fen > 0);
        let told = |b: &&SampleBill| {
            (b.setl_id.clone(), region.violation_kinds[b.violation].clone(), b.violating_fen)
        };
        Inspection {
            institution: institution.clone(),
            fund_line: line.clone(),
            month: *month,
            n_population: i64::try_from(n_cases).expect("a month's cases are few"),
            n_sample: i64::try_from(n_sampled).expect("a month's cases are few"),
            violating: wrong.map(told).collect(),
        }
    };
    planned.map(inspect).filter(|found| !found.violating.is_empty()).collect()
}

impl Region {
    /// All bills of the year, and what inspections found in them.
    #[must_use]
    pub fn year(&self) -> (Vec<SampleBill>, Vec<Inspection>) {
        let (mut all, mut found) = (Vec::new(), Vec::new());
        for history in &self.histories {
            let bills = self.bills(&history.institution, &history.fund_line);
            found.extend(inspections(self, &history.institution, &history.fund_line, &bills));
            all.extend(bills);
        }
        (all, found)
    }
}
