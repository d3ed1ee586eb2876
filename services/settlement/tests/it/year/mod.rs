mod ahead;
mod at_once;
mod leftovers;
mod methods;
pub(crate) mod requests;
mod resumed;
pub(crate) mod support;
mod timely;
mod whole;
