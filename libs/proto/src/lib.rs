//! Every generated message, client and server, once.

#[allow(
    clippy::all,
    clippy::allow_attributes_without_reason,
    missing_docs,
    unreachable_pub,
    rustdoc::all,
    reason = "generated code"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/medfund.rs"));
}

mod explain;

pub use generated::google;
pub use generated::medfund::*;

/// The compiled `FileDescriptorSet` of all files, with options and comments.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
