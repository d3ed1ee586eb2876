//! A scheme of a few lines, compiled and used; needs no official table.

mod batch;
mod grouping;
mod reference;
#[path = "../support/reference_scheme.rs"]
mod reference_scheme;
mod small;
