//! The settlement service over real gRPC and a real PostgreSQL.

mod bad_requests;
mod bills;
mod every_rpc;
mod reasons;
mod rows;
mod tables;
mod year;
