//! The agreement service over real gRPC, on a real PostgreSQL.

mod agreements;
mod assessments;
mod disclosures;
mod feeds;
mod inspections;
mod institutions;
mod malformed;
mod rows;
mod support;
mod tables;
mod walk;
