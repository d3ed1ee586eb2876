//! A scheme of a few lines in the text layout. Its rules are made up.

use std::sync::LazyLock;

use medfund_grouper::read::read_scheme;
use medfund_grouper::source::Anomaly;
use medfund_grouper::{Scheme, compile};

use crate::fuzzed;

pub(crate) const TABLES: &str = include_str!("../../fuzz/seeds/tables/text");

pub(crate) fn compiled() -> (Scheme, Vec<Anomaly>) {
    let (source, mut anomalies) = read_scheme("small", &fuzzed::files(TABLES));
    let (scheme, more) = compile(&source);
    anomalies.extend(more);
    (scheme, anomalies)
}

pub(crate) fn scheme() -> &'static Scheme {
    static SCHEME: LazyLock<Scheme> = LazyLock::new(|| compiled().0);
    &SCHEME
}
