//! Policy packs (政策包): what a region's notice says, as data that the engine runs.
//!
//! A pack is one readable TOML file for one region and period. [`Pack::parse`]
//! turns its bytes into types or into every [`Mistake`] at once; every
//! parameter is a [`Param`] that knows its clause or is marked a default. No
//! parameter has a value in this crate: it holds only what a pack may say.

mod change;
mod pack;
mod read;
mod schema;
#[cfg(feature = "testing")]
pub mod testing;

pub use change::{ChangeError, change};
pub use pack::{Common, Pack, PackHash};
pub use read::{
    BodyId, Coefficient, Day, Days, Entry, Fact, FundLineMap, Heading, Id, Keyed, KindMap, Mistake, MonthDay,
    Months, Param, Places, Quantity, Rate, Source, Span, Weights, Whole, Yearly, Years,
};
pub use schema::*;
