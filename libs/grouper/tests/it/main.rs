//! A scheme of a few lines, compiled and used; needs no official table.

mod batch;
mod grouping;
mod small;
