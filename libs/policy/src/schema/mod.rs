//! What a pack may say, section by section.

mod agreement;
mod body;
mod budget;
mod bundle;
mod care;
mod clearing;
mod codes;
mod head;
mod month;
mod pool;
mod prepayment;
mod public;
mod quota;
mod rules;
mod tasks;
mod words;
mod working_days;

pub use agreement::{FourthQuarter, Indicator, Inspection, Negotiation, Violation, WarningLevel, Warnings};
pub use body::{Act, Body, Matter, Procedure, Role, Scope, Step};
pub use budget::{Budget, Deficit, PrimaryCare, Reserve, ReserveUse, StructureLimit, SurplusRate};
pub use bundle::{Bundle, BundleStage};
pub use care::{BedDay, BedDayService, ByDisease, Care, Payment, PerCapita, Periodic, Phase, Variants};
pub use clearing::{Clearing, Deposit, Grade, OverspendTier, SurplusTier};
pub use codes::Codes;
pub(crate) use head::own_rules;
pub use head::{FundLineSection, Identity, OwnRules, Period, Stage};
pub use month::{MonthRule, Withheld};
pub use pool::{Abnormal, Coverage, Pool, Readmission, SpecialCases};
pub use prepayment::{Advance, CleanRecord, HistoryShare, Instalment, Prepayment, WorkingCapital};
pub use public::{Deadline, Disclosure, Goal};
pub use quota::{Adjustment, Factor, FactorSource, Quota};
pub use rules::Rules;
pub(crate) use tasks::check_tasks;
pub use tasks::{Task, TaskLimit};
pub use words::{
    Bound, Deferral, DeferralBase, DepositBase, IndicatorUse, KindOfCare, MonthlyCap, PaymentMethod,
    PointStandard, Q4Measure, Regime, TiltedTo, Unit,
};
pub use working_days::{WorkingDays, is_worked, working_day_after, working_days_between};
