mod cut;
mod error;
mod fault;
mod head;
mod slice;

pub use cut::{Cut, Line, cut};
pub use error::BatchError;
pub use fault::{FaultLevel, LineFault, NoCaseList};
pub use head::{Batch, BatchState, Counts, MOST_FAILURES, Progress, Usage};
pub use slice::{Answered, By, Slice, answer};
