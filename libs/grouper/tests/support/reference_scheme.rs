//! The reference scheme of `schemes/reference`.

use std::path::Path;
use std::sync::LazyLock;

use medfund_grouper::read::{Files, read_scheme};
use medfund_grouper::source::{Anomaly, Source};
use medfund_grouper::{Scheme, compile};

pub(crate) fn files() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemes/reference");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = entries.filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    texts.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

/// The scheme, its source, and everything that was found wrong in it.
pub(crate) fn compiled() -> &'static (Scheme, Source, Vec<Anomaly>) {
    static COMPILED: LazyLock<(Scheme, Source, Vec<Anomaly>)> = LazyLock::new(|| {
        let (source, mut anomalies) = read_scheme("reference", &files());
        let (scheme, more) = compile(&source);
        anomalies.extend(more);
        (scheme, source, anomalies)
    });
    &COMPILED
}

pub(crate) fn scheme() -> &'static Scheme {
    &compiled().0
}
