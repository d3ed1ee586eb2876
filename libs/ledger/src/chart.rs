use serde::{Deserialize, Serialize};

/// The side on which an account normally grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What is owned or was spent.
    Debit,
    /// Where money came from or to whom it is owed.
    Credit,
}

/// A kind of account (会计科目): the first part of every account's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// What a fund line may spend in a year (基金支出预算); the source of everything below.
    Budget,
    /// What is deducted before total control (总额控制扣除项).
    Deduction,
    /// The reserve indicator (预留控制指标).
    Reserve,
    /// The reserve's part for primary care (基层预留).
    PrimaryCare,
    /// The annual total-control target (年度总额控制目标).
    Target,
    /// Between two services; empty when both have read each other's feeds.
    Transit,
    /// An institution's quota (总额控制指标).
    Quota,
    /// What institutions share of one kind of care without quotas (区域总额池).
    Pool,
    /// Kept of a pool until the clearing (调剂金).
    PoolAdjustment,
    /// Care beside the quota (控制指标外).
    OutsideQuota,
    /// Spent beyond an institution's quota, until the clearing decides who bears it.
    Overspend,
    /// Paid to an institution before it worked: advance and working capital (周转金).
    WorkingCapital,
    /// Owed to an institution (应付).
    Payable,
    /// Deferred to the clearing (缓拨).
    Deferred,
    /// Kept back as deposit (保证金).
    Deposit,
    /// Refused or deducted from an institution (扣款).
    Refusal,
    /// What the clearing found (清算).
    Clearing,
    /// To be recovered from an institution (应收).
    Receivable,
    /// Payment orders on their way to the bank.
    Order,
    /// The fund's bank account (银行存款).
    Bank,
}

impl AccountKind {
    /// Every kind, in the order of the chart.
    pub const ALL: [Self; 20] = [
        Self::Budget,
        Self::Deduction,
        Self::Reserve,
        Self::PrimaryCare,
        Self::Target,
        Self::Transit,
        Self::Quota,
        Self::Pool,
        Self::PoolAdjustment,
        Self::OutsideQuota,
        Self::Overspend,
        Self::WorkingCapital,
        Self::Payable,
        Self::Deferred,
        Self::Deposit,
        Self::Refusal,
        Self::Clearing,
        Self::Receivable,
        Self::Order,
        Self::Bank,
    ];

    /// The first part of the names of its accounts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Deduction => "deduction",
            Self::Reserve => "reserve",
            Self::PrimaryCare => "primary_care",
            Self::Target => "target",
            Self::Transit => "transit",
            Self::Quota => "quota",
            Self::Pool => "pool",
            Self::PoolAdjustment => "pool_adjustment",
            Self::OutsideQuota => "outside_quota",
            Self::Overspend => "overspend",
            Self::WorkingCapital => "working_capital",
            Self::Payable => "payable",
            Self::Deferred => "deferred",
            Self::Deposit => "deposit",
            Self::Refusal => "refusal",
            Self::Clearing => "clearing",
            Self::Receivable => "receivable",
            Self::Order => "order",
            Self::Bank => "bank",
        }
    }

    /// The kind of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The side on which its accounts normally grow.
    ///
    /// Appropriations and debts grow by credit; money out, claims and
    /// suspense grow by debit. A transit account has no normal side: debit.
    #[must_use]
    pub fn normal_side(self) -> Side {
        match self {
            Self::Deduction
            | Self::Reserve
            | Self::PrimaryCare
            | Self::Target
            | Self::Quota
            | Self::Pool
            | Self::PoolAdjustment
            | Self::OutsideQuota
            | Self::Payable
            | Self::Deferred
            | Self::Deposit
            | Self::Refusal
            | Self::Clearing
            | Self::Order => Side::Credit,
            Self::Budget
            | Self::Transit
            | Self::Overspend
            | Self::WorkingCapital
            | Self::Receivable
            | Self::Bank => Side::Debit,
        }
    }
}
