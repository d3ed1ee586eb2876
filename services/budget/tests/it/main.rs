//! The budget service over real gRPC and real PostgreSQL.

mod calendar;
mod decision;
mod lived;
mod policy;
mod rows;
mod support;
mod tables;
mod year;
