//! The server over real TLS with real tokens.

mod access;
mod echo;
mod limits;
mod ports;
mod start;
