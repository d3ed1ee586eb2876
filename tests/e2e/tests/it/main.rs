//! Whole years of the suite: real services as processes of their own, real PostgreSQL, real gRPC.

mod books;
mod case_files;
mod determinism;
mod documents;
mod grouping;
mod identities;
mod interruptions;
mod load;
mod packs;
mod pools;
mod readme;
mod reasons;
mod servers;
mod side_by_side;
mod what_if;
mod world;
mod years;
