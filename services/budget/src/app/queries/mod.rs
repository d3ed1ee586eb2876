//! What is read: each query in one snapshot, under the caller's row-level security.

mod accounts;
mod budgets;
mod quotas;
mod records;
mod tasks;

pub(crate) use tasks::TaskFilter;

/// Runs a query for a [`super::Read`]: the body is an async block over the connection.
macro_rules! read {
    ($app:expr, $read:expr, |$conn:ident| $body:expr) => {
        $app.reader.run(&$read.caller, &$read.area, move |$conn| Box::pin(async move { $body })).await
    };
}
use read;

/// Which rows of a list to read.
#[derive(Clone, Debug)]
pub(crate) struct Page<K> {
    /// The key of the last row already seen.
    pub(crate) after: Option<K>,
    /// How many rows to return; one more is read to see whether there is a next page.
    pub(crate) size: usize,
}
