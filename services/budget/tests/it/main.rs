//! The budget service over real gRPC and real PostgreSQL.

mod calendar;
mod decision;
mod policy;
mod rows;
mod support;
