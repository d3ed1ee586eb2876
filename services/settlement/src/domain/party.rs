use medfund_types::{FundLine, InstitutionCode};

/// One institution's side of one fund line: what has a quota, months, deposits and prepayments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// The fund line.
    pub fund_line: FundLine,
    /// The institution.
    pub institution: InstitutionCode,
}

impl Party {
    /// An institution's side of a fund line.
    #[must_use]
    pub fn new(fund_line: &FundLine, institution: &InstitutionCode) -> Self {
        Self { fund_line: fund_line.clone(), institution: institution.clone() }
    }
}
