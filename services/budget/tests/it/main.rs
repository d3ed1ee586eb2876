//! The budget service over real gRPC and real PostgreSQL.

mod calendar;
mod decision;
mod lived;
mod policy;
mod refusals;
mod retries;
mod rows;
mod support;
mod tables;
mod year;
