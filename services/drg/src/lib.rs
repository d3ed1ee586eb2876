#![doc = include_str!("../README.md")]

mod app;
mod config;
pub mod domain;
mod grpc;
mod jobs;
mod serve;
mod store;

pub use config::{Config, load};
pub use serve::{MIGRATIONS, migrate, serve};
