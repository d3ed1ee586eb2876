//! grouper.
