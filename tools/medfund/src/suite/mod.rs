//! A running suite, as its callers see it.

mod batch;
mod feeds;
pub mod file;
mod people;
mod retry;
mod scheme;
mod session;
mod tariff;
mod upload;

pub use batch::CaseFile;
pub use file::SuiteFile;
pub use people::{People, Person};
pub(crate) use session::rpc;
pub use session::{Moment, Service, Session, Watch};
pub use tariff::PastCases;
pub use upload::BillFile;
