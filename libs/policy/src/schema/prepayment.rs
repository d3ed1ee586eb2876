use crate::read::{Keyed, MonthDay, Months, Param, Rate, Span, Years, section};

section! {
    /// What is paid ahead (预付).
    pub struct Prepayment {
        /// An advance before the quota is known.
        advance: Option<Advance> = "指标确定前预支",
        /// Working capital at the year's start.
        working_capital: Option<WorkingCapital> = "预拨周转金",
        /// More of it for institutions that kept the rules.
        clean_record: Option<CleanRecord> = "加拨周转金",
        /// Shares of the historic monthly mean, month by month.
        history_share: Option<HistoryShare> = "按历史月均预付",
        /// Shares of the budget, by its progress.
        instalments: Option<Keyed<Instalment>> = "按预算进度预拨",
    }
}

section! {
    /// An advance on last year's monthly mean (预支).
    pub struct Advance {
        /// How many months may be advanced.
        months: Param<Span<Months>> = "预支月数",
        /// Whether it counts towards what is paid ahead later.
        counts_towards: Param<bool> = "抵算周转金",
    }
}

section! {
    /// Working capital at the year's start (周转金).
    pub struct WorkingCapital {
        /// The share of the opening quota.
        rate: Param<Rate> = "占年度指标比例",
        /// The day it is due.
        by: Param<MonthDay> = "拨付期限",
    }
}

section! {
    /// More working capital for a clean record (加拨周转金).
    pub struct CleanRecord {
        /// The share of the opening quota.
        rate: Param<Rate> = "占年度指标比例",
        /// The day of the fund year it is due.
        by: Param<MonthDay> = "拨付期限",
        /// How many years before the fund year must be clean.
        clean_years: Param<Years> = "守规年度数",
    }
}

section! {
    /// Prepayment of shares of the historic monthly mean (按历史年度月平均费用预付).
    pub struct HistoryShare {
        /// The share of each management grade.
        by_grade: Keyed<Param<Rate>> = "分级预付比例",
        /// The share of an institution without a grade.
        ungraded: Param<Rate> = "未定级预付比例",
    }
}

section! {
    /// One prepayment by budget progress (预拨).
    pub struct Instalment {
        /// The day it is due.
        on: Param<MonthDay> = "拨付日期",
        /// The share of the year's budget or quota.
        rate: Param<Rate> = "比例",
    }
}
