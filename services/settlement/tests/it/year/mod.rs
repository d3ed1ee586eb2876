mod at_once;
mod leftovers;
mod resumed;
pub(crate) mod support;
mod whole;
