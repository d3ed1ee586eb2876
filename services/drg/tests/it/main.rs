//! The drg service over real gRPC, on a real PostgreSQL.

mod adoptions;
mod bad_requests;
mod batches;
mod crosswalks;
mod every_rpc;
mod grouping;
mod reasons;
mod rows;
mod schemes;
mod streams;
mod support;
mod tables;
mod tariffs;
