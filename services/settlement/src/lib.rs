//! Bills, months, payments and the year's clearing.

pub mod app;
pub mod domain;
pub mod grpc;
pub mod store;

/// The service's own migrations; they follow the common ones.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations");
