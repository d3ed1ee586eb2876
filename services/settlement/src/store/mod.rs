//! What settlement keeps: one table a file. A function takes a connection and opens no transaction.

pub mod bill_months;
pub mod bill_totals;
pub mod bills;
pub mod heard;
pub mod upload_errors;
pub mod uploads;
