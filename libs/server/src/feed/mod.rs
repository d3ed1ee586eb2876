//! Events between services: the feed that every service serves, and the reading of others'.

mod remote;
mod serve;

pub use remote::RemoteFeed;
pub(crate) use serve::Feed;
