//! A scheme of a few lines, compiled and used; needs no official table.

mod arbitrary;
mod batch;
mod crosswalk;
mod explaining;
#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets link it as a library")]
mod fuzzed;
mod grouping;
mod planted;
mod reference;
#[path = "../support/reference_scheme.rs"]
mod reference_scheme;
mod small;
