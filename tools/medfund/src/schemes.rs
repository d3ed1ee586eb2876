//! Grouping schemes: the reference scheme, which is built in, or any compiled file.

use std::path::Path;

use anyhow::Context;
use medfund_grouper::read::read_scheme;
use medfund_grouper::{Scheme, compile};

/// Files of `schemes/reference`, built in.
macro_rules! files {
    ($($name:literal)*) => {
        [$((
            concat!($name, ".txt"),
            include_str!(concat!("../../../schemes/reference/", $name, ".txt")),
        )),*]
    };
}

const REFERENCE: [(&str, &str); 28] = files!(
    "CHOICES" "COMPLICATIONS"
    "MDCA" "MDCB" "MDCC" "MDCD" "MDCE" "MDCF" "MDCG" "MDCH" "MDCI" "MDCJ" "MDCK" "MDCL" "MDCM"
    "MDCN" "MDCO" "MDCP" "MDCQ" "MDCR" "MDCS" "MDCT" "MDCU" "MDCV" "MDCW" "MDCX" "MDCY" "MDCZ"
);

/// Compiles the reference scheme, as `medfund drg compile --from schemes/reference` does: for demonstration,
/// not for payment.
#[must_use]
pub fn reference() -> Scheme {
    let files = REFERENCE.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    compile(&read_scheme("reference", &files).0).0
}

/// Loads a compiled scheme.
///
/// # Errors
///
/// If the file cannot be read or is no compiled scheme.
pub fn load(path: &Path) -> anyhow::Result<Scheme> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read the scheme {name}"))?;
    Scheme::from_bytes(&bytes)
        .with_context(|| format!("{name}: compile it (anew) with `medfund drg compile`"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_reference_scheme_is_built_in_whole() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemes/reference");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let in_folder: BTreeSet<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        assert_eq!(in_folder, REFERENCE.map(|(name, _)| name.to_owned()).into());
        assert_eq!((reference().name(), reference().counts()), ("reference", [26, 376, 628]));
    }
}
