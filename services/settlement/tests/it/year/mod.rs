mod at_once;
mod leftovers;
pub(crate) mod requests;
mod resumed;
pub(crate) mod support;
mod whole;
