//! Seeded sample regions: same seed, same bytes.

pub mod bills;
mod budgets;
mod cases;
mod conduct;
mod counties;
mod crowd;
mod diseases;
mod draw;
mod generate;
mod inspections;
mod kinds;
pub mod people;
pub mod profile;
mod profile_of;
pub mod region;
mod terms;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use cases::{CASES_HEADING, cases};
pub use crowd::Crowd;
pub use generate::generate;
pub use inspections::{Inspection, inspections};
pub use profile::Profile;
pub use region::Region;
pub use write::{SampleArgs, history_rows, run, write_inputs};

use clap::ValueEnum;
use medfund_proto::types::v1::PaymentMethod;

/// How large a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Size {
    /// One district of five institutions and some hundred bills: a trial.
    Tiny,
    /// One district of ten or so institutions and a few thousand bills a year; the counties of an area that has its own.
    Small,
    /// Four districts, so that every inpatient payment method is used.
    City,
    /// Twenty districts and hundreds of thousands of bills.
    Province,
}

impl Size {
    fn n_districts(self) -> usize {
        match self {
            Self::Tiny | Self::Small => 1,
            Self::City => 4,
            Self::Province => 20,
        }
    }

    /// What admissions are multiplied by, in thousandths of the small region's.
    fn volume_per_mille(self) -> i64 {
        match self {
            Self::Tiny => 200,
            Self::Small | Self::City => 1_000,
            Self::Province => 8_000,
        }
    }
}

/// What can be asked of a region beside its seed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// One inpatient payment method for every district, instead of those that the seed draws.
    pub method: Option<PaymentMethod>,
    /// How many institutions there are and how busy they are, instead of what the size says.
    pub crowd: Option<Crowd>,
}
