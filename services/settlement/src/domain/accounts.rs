//! The accounts of settlement's ledger.
//!
//! What leaves an account debits it, what enters credits it. What passes to
//! and from `budget` is named by [`medfund_ledger::Handover`].

use medfund_ledger::{Account, AccountKind, Handed, Handover};
use medfund_policy::KindOfCare;
use medfund_types::{District, FundLine, FundYear, InstitutionCode};

use super::prepaid::PrepaymentKind;

/// A fund line's year in a district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pot {
    /// The fund year.
    pub fund_year: FundYear,
    /// The fund line.
    pub fund_line: FundLine,
    /// The district.
    pub district: District,
}

impl Pot {
    /// A fund line's year in a district.
    #[must_use]
    pub fn new(fund_year: FundYear, fund_line: &FundLine, district: &District) -> Self {
        Self { fund_year, fund_line: fund_line.clone(), district: district.clone() }
    }

    fn handover(&self) -> Handover<'_> {
        Handover { fund_year: self.fund_year, fund_line: &self.fund_line, district: &self.district }
    }

    /// What tells it apart in names: `2017-employee-440703`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}-{}-{}", self.fund_year, self.fund_line, self.district)
    }

    /// Between `budget` and settlement.
    #[must_use]
    pub fn transit(&self) -> Account {
        self.handover().account()
    }

    /// What both sides write for what is handed over.
    #[must_use]
    pub fn reference(&self, handed: Handed<'_>) -> String {
        self.handover().reference(handed)
    }

    /// What comes back of quotas, before it is handed back.
    #[must_use]
    pub fn target(&self) -> Account {
        self.handover().account_of(AccountKind::Target)
    }

    /// The reserve for overspend.
    #[must_use]
    pub fn reserve(&self) -> Account {
        self.handover().account_of(AccountKind::Reserve)
    }

    /// What the cleared year cost.
    #[must_use]
    pub fn clearing(&self) -> Account {
        self.handover().account_of(AccountKind::Clearing)
    }

    /// Care that is paid beside the quota.
    #[must_use]
    pub fn outside_quota(&self) -> Account {
        self.handover().account_of(AccountKind::OutsideQuota)
    }

    /// An institution's quota.
    #[must_use]
    pub fn quota(&self, institution: &InstitutionCode) -> Account {
        self.of(AccountKind::Quota, institution)
    }

    /// What an institution's payable exceeds its quota by.
    #[must_use]
    pub fn overspend(&self, institution: &InstitutionCode) -> Account {
        self.of(AccountKind::Overspend, institution)
    }

    /// What institutions share of a kind of care.
    #[must_use]
    pub fn pool(&self, kind: KindOfCare) -> Account {
        self.of_care(AccountKind::Pool, kind)
    }

    /// What was kept to adjust a pool.
    #[must_use]
    pub fn pool_adjustment(&self, kind: KindOfCare) -> Account {
        self.of_care(AccountKind::PoolAdjustment, kind)
    }

    /// What is deferred to the clearing.
    #[must_use]
    pub fn deferred(&self, institution: &InstitutionCode) -> Account {
        self.of(AccountKind::Deferred, institution)
    }

    /// What a graded review took of an institution's deposit.
    #[must_use]
    pub fn deposit(&self, institution: &InstitutionCode) -> Account {
        self.of(AccountKind::Deposit, institution)
    }

    /// What an institution was paid ahead.
    #[must_use]
    pub fn prepaid(&self, kind: PrepaymentKind, institution: &InstitutionCode) -> Account {
        let year = self.fund_year.to_string();
        let parts =
            [kind.as_str(), &year, self.fund_line.as_str(), self.district.as_str(), institution.as_str()];
        account(AccountKind::WorkingCapital, parts)
    }

    fn of_care(&self, kind: AccountKind, care: KindOfCare) -> Account {
        let year = self.fund_year.to_string();
        account(kind, [&year, self.fund_line.as_str(), self.district.as_str(), care.as_str()])
    }

    fn of(&self, kind: AccountKind, institution: &InstitutionCode) -> Account {
        let year = self.fund_year.to_string();
        account(kind, [&year, self.fund_line.as_str(), self.district.as_str(), institution.as_str()])
    }
}

/// What is owed to an institution.
#[must_use]
pub fn payable(fund_line: &FundLine, institution: &InstitutionCode) -> Account {
    account(AccountKind::Payable, [fund_line.as_str(), institution.as_str()])
}

/// What left through the bank.
#[must_use]
pub fn bank(fund_line: &FundLine) -> Account {
    account(AccountKind::Bank, [fund_line.as_str()])
}

fn account<'a>(kind: AccountKind, parts: impl IntoIterator<Item = &'a str>) -> Account {
    Account::new(kind, parts).expect("parts are checked codes")
}
