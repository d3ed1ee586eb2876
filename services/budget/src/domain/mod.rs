//! What the budget decides, as pure types and functions.

/// The income and expenditure budget.
pub mod budget;
/// The fund calendar and fund years.
pub mod calendar;
/// The adjustment coefficient of an institution.
pub mod coefficient;
/// What bodies decide.
pub mod decision;
/// The decomposition of a target into quotas.
pub mod decomposition;
/// What is published.
pub mod disclosure;
/// How a target is spent against the calendar.
pub mod execution;
/// Final accounts.
pub mod final_account;
/// What everything is kept by.
pub mod key;
/// Rounds of negotiation.
pub mod negotiation;
/// Policy packs.
pub mod pack;
/// Numbers of the pack as formulas take them.
pub mod parameter;
/// The part of the reserve for primary care.
pub mod primary_care;
/// Institutions, their histories and quotas.
pub mod quota;
/// The reserve indicator.
pub mod reserve;
/// The division of a target among kinds of care.
pub mod structure;
/// The total-control target.
pub mod target;
/// The tasks of a notice.
pub mod task;
