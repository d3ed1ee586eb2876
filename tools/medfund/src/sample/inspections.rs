//! What inspectors find in a sample of a month's cases.

use medfund_types::{FundLine, InstitutionCode, SettlementMonth};
use rust_decimal::Decimal;

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
    /// The share of the month's cases that was looked at, 0..1.
    pub sampling_rate: Decimal,
    /// The cases that were looked at, by their settlement ids.
    pub sampled: Vec<String>,
    /// The fund's share of what was found wrong in them, in fen.
    pub violating_fen: i64,
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
        let sampled = &by_suspicion[..n_sampled];
        Inspection {
            institution: institution.clone(),
            fund_line: line.clone(),
            month: *month,
            sampling_rate: Decimal::new(*hundredths, 2),
            sampled: sampled.iter().map(|b| b.setl_id.clone()).collect(),
            violating_fen: sampled.iter().map(|b| b.violating_fen).sum(),
        }
    };
    planned.map(inspect).filter(|found| found.violating_fen > 0).collect()
}
