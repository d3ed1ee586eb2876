//! The server over real TLS with real tokens.

mod access;
mod echo;
mod feed;
mod limits;
mod outlive;
mod ports;
mod start;
