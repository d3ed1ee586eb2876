//! What other services tell, and what it does here.

mod agreement;
mod settlement;

pub(crate) use agreement::Agreement;
pub(crate) use settlement::Settlement;
