//! How many cases a second.

fn main() {}
