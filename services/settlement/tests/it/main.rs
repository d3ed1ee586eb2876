//! The settlement service over real gRPC and a real PostgreSQL.

mod bills;
mod tables;
mod year;
