//! The folder of official tables.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use medfund_grouper::read::{self, CodeLists, Files};
use medfund_grouper::source::{Anomaly, Source};
use medfund_grouper::{Scheme, compile};

pub(crate) const VERSIONS: [&str; 5] = ["1.0", "1.0-revised", "1.1", "1.1-beijing", "2.0"];

pub(crate) fn folder() -> PathBuf {
    let named = std::env::var_os("CHS_DRG_TABLES");
    named.map(PathBuf::from).expect("CHS_DRG_TABLES names the folder of the official tables")
}

pub(crate) fn text(path: &str) -> String {
    let path = folder().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn files(version: &str) -> Files {
    let top = folder().join(version);
    let mut files = Files::new();
    for sub in ["", "effective"] {
        let Ok(entries) = std::fs::read_dir(top.join(sub)) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let name = Path::new(sub).join(path.file_name().unwrap());
            files.insert(name.to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap());
        }
    }
    files
}

/// A version, read and compiled once for all tests.
pub(crate) struct Official {
    pub(crate) source: Source,
    pub(crate) scheme: Scheme,
    pub(crate) anomalies: Vec<Anomaly>,
}

pub(crate) fn official(version: &str) -> &'static Official {
    static READ: [OnceLock<Official>; VERSIONS.len()] = [const { OnceLock::new() }; VERSIONS.len()];
    let number = VERSIONS.iter().position(|known| *known == version).expect("a known version");
    READ[number].get_or_init(|| read_and_compile(version))
}

pub(crate) fn read_and_compile(version: &str) -> Official {
    let (mut source, mut anomalies) = read::read_scheme(version, &files(version));
    let told = read::add_code_lists(
        &mut source,
        CodeLists {
            diagnoses: &text("icd/ICD10医保版v2.0.dat"),
            procedures: &text("icd/ICD9CM3医保版v2.0.dat"),
            grey_diagnoses: Some(&text("icd/ICD10医保版v2.0灰码.dat")),
            grey_procedures: Some(&text("icd/ICD9CM3医保版v2.0灰码.dat")),
        },
    );
    anomalies.extend(told.expect("the lists are of the tables' codes"));
    let (scheme, more) = compile(&source);
    anomalies.extend(more);
    Official { source, scheme, anomalies }
}
