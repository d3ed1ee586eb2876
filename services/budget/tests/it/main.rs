//! The budget service over real gRPC and real PostgreSQL.

mod at_once;
mod bad_requests;
mod calendar;
mod decision;
mod districts;
mod every_rpc;
mod lived;
mod policy;
mod pooled;
mod reasons;
mod requests;
mod rows;
mod support;
mod tables;
mod tasks;
mod worked;
mod year;
