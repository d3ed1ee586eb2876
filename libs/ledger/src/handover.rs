use std::fmt;

use medfund_types::{District, FundLine, FundYear, InstitutionCode};

use crate::{Account, AccountKind};

/// What `budget` and `settlement` hand to each other through their transit account.
///
/// Both sides post it under the same account and the same reference, so that
/// the two ledgers can be compared transfer by transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handover<'a> {
    /// The fund year.
    pub fund_year: FundYear,
    /// The fund line.
    pub fund_line: &'a FundLine,
    /// The district.
    pub district: &'a District,
}

/// One thing handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed<'a> {
    /// An institution's opening quota, to `settlement` (`QuotaDecided`).
    Quota(&'a InstitutionCode),
    /// A change of an institution's quota, to `settlement` when it rises, back when
    /// it falls (`QuotaAdjusted`); named by the event's `decision`.
    Adjustment(&'a InstitutionCode, &'a str),
    /// The money of a pool of a kind of care, to `settlement`: what a revision of it
    /// adds, back when it takes away (`PoolApproved`).
    Pool(&'a str, u32),
    /// The reserve that may bear overspend, to `settlement` (`ClearingOpened`).
    Reserve,
    /// What was kept to adjust the pool of a kind of care, to `settlement` (`ClearingOpened`).
    PoolAdjustment(&'a str),
    /// The reserve that bore none, back (`ClearingApproved.reserve_returned_fen`).
    ReserveReturned,
    /// The unused part of the quotas, back (`ClearingApproved.quota_returned_fen`).
    QuotaReturned,
    /// The unused part of the pools, back (`ClearingApproved.pool_returned_fen`).
    PoolReturned,
    /// What was kept to adjust pools and not needed, back
    /// (`ClearingApproved.pool_adjustment_returned_fen`).
    PoolAdjustmentReturned,
    /// What the institutions received for the year, which closes the account on
    /// both sides (`ClearingApproved`: the sum of `final_fen`).
    Settled,
}

impl Handover<'_> {
    /// The transit account, on both sides.
    ///
    /// # Panics
    ///
    /// Never: years, fund lines and districts are words of an account's name.
    #[must_use]
    pub fn account(&self) -> Account {
        let parts = [self.fund_year.to_string(), self.fund_line.to_string(), self.district.to_string()];
        Account::transit("budget", "settlement", parts).expect("codes are words")
    }

    /// The account of `kind` that belongs to this fund year, fund line and district.
    ///
    /// # Panics
    ///
    /// As [`Handover::account`].
    #[must_use]
    pub fn account_of(&self, kind: AccountKind) -> Account {
        let parts = [self.fund_year.to_string(), self.fund_line.to_string(), self.district.to_string()];
        Account::new(kind, parts).expect("codes are words")
    }

    /// The reference of a transfer, on both sides.
    #[must_use]
    pub fn reference(&self, handed: Handed<'_>) -> String {
        format!("{}/{}/{}/{handed}", self.fund_year, self.fund_line, self.district)
    }
}

impl fmt::Display for Handed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quota(institution) => write!(f, "quota/{institution}"),
            Self::Adjustment(institution, decision) => {
                let id = decision.rsplit('/').next().unwrap_or_default();
                write!(f, "adjustment/{institution}/{id}")
            }
            Self::Pool(care, revision) => write!(f, "pool/{care}/{revision}"),
            Self::Reserve => f.write_str("reserve"),
            Self::PoolAdjustment(care) => write!(f, "pool_adjustment/{care}"),
            Self::ReserveReturned => f.write_str("reserve_returned"),
            Self::QuotaReturned => f.write_str("quota_returned"),
            Self::PoolReturned => f.write_str("pool_returned"),
            Self::PoolAdjustmentReturned => f.write_str("pool_adjustment_returned"),
            Self::Settled => f.write_str("settled"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_write_the_same_account_and_reference() {
        let (line, district) = ("employee".parse().unwrap(), "440703".parse().unwrap());
        let handover =
            Handover { fund_year: 2017.try_into().unwrap(), fund_line: &line, district: &district };
        assert_eq!(handover.account().as_str(), "transit/budget/settlement/2017/employee/440703");
        assert_eq!(handover.account_of(AccountKind::Target).as_str(), "target/2017/employee/440703");
        let code = "H44070300001".parse().unwrap();
        assert_eq!(handover.reference(Handed::Quota(&code)), "2017/employee/440703/quota/H44070300001");
        assert_eq!(handover.reference(Handed::Pool("inpatient", 1)), "2017/employee/440703/pool/inpatient/1");
        assert_eq!(
            handover.reference(Handed::PoolAdjustment("inpatient")),
            "2017/employee/440703/pool_adjustment/inpatient"
        );
        let decision = "areas/440700/decisions/018f6b1e-7c5a-7000-8000-000000000001";
        assert_eq!(
            handover.reference(Handed::Adjustment(&code, decision)),
            "2017/employee/440703/adjustment/H44070300001/018f6b1e-7c5a-7000-8000-000000000001"
        );
    }
}
