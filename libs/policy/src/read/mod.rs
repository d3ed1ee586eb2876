//! Reading a pack's text into types, every mistake at once.
//!
//! A file becomes a tree of nodes that know their lines ([`tree`]); a section
//! of the schema reads itself from a node through a spot ([`spot`]); a
//! parameter is a value with its source ([`param`]); values are checked by
//! their types ([`value`]).

mod keyed;
mod mistake;
mod param;
mod section;
mod spot;
mod tree;
mod value;
mod words;

pub(crate) use keyed::Key;
pub use keyed::{Id, Keyed};
pub use mistake::Mistake;
pub use param::{Param, Source};
pub use section::Fact;
pub(crate) use section::{Field, section};
pub(crate) use spot::{Context, Spot};
pub use spot::{Entry, Heading};
pub(crate) use tree::{Node, Shape};
pub(crate) use value::Value;
pub use value::{
    BodyId, Coefficient, Day, Days, FundLineMap, KindMap, MonthDay, Months, Places, Quantity, Rate, Span,
    Weights, Whole, Yearly, Years,
};
pub(crate) use words::words;
