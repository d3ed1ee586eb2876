//! Institutions, what is agreed with them, and how they are assessed.

pub mod domain;
