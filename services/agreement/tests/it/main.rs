//! The agreement service over real gRPC, on a real PostgreSQL.

mod agreements;
mod assessments;
mod bad_requests;
mod disclosures;
mod every_rpc;
mod feeds;
mod inspections;
mod institutions;
mod packs;
mod reasons;
mod rows;
mod support;
mod tables;
