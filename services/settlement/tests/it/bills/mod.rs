mod access;
pub(crate) mod common;
mod lines;
mod months;
mod reading;
mod requests;
mod uploads;
