#![doc = include_str!("../README.md")]

pub mod app;
mod config;
pub mod domain;
mod feeds;
pub mod grpc;
mod jobs;
mod serve;
pub mod store;

pub use config::{Config, load};
pub use serve::{MIGRATIONS, migrate, serve};
