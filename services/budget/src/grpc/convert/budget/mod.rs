//! The messages of `BudgetService`.

mod answers;
mod budgets;
mod names;
mod quota;
mod states;
mod structure;
mod target;
mod year_end;

pub(in crate::grpc) use answers::*;
pub(in crate::grpc) use budgets::*;
pub(in crate::grpc) use names::*;
pub(in crate::grpc) use quota::*;
pub(in crate::grpc) use states::*;
pub(in crate::grpc) use structure::*;
pub(in crate::grpc) use target::*;
pub(in crate::grpc) use year_end::*;
