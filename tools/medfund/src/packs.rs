//! Policy packs, by id or by file.

use std::fs;

use anyhow::bail;
use medfund_policy::Pack;

/// The packs of `policies/`, built in, by their ids.
const BUILT_IN: [(&str, &[u8]); 5] = [
    ("lincang-2014", include_bytes!("../../../policies/lincang-2014.toml")),
    ("panzhihua-2018", include_bytes!("../../../policies/panzhihua-2018.toml")),
    ("jiangmen-2016", include_bytes!("../../../policies/jiangmen-2016.toml")),
    ("banan-2014", include_bytes!("../../../policies/banan-2014.toml")),
    ("chuxiong-2022", include_bytes!("../../../policies/chuxiong-2022.toml")),
];

/// A pack with its bytes.
#[derive(Clone, Debug)]
pub struct LoadedPack {
    /// What it says.
    pub pack: Pack,
    /// Its bytes, as they are published.
    pub bytes: Vec<u8>,
}

/// Loads a pack: one of those built in, by its id, or any file.
///
/// # Errors
///
/// If there is no such pack, or every mistake in it, one a line.
pub fn load(id_or_file: &str) -> anyhow::Result<LoadedPack> {
    let built_in = BUILT_IN.iter().find(|(id, _)| *id == id_or_file);
    let bytes = match built_in {
        Some((_, bytes)) => bytes.to_vec(),
        None => fs::read(id_or_file).map_err(|error| {
            let known: Vec<&str> = BUILT_IN.iter().map(|(id, _)| *id).collect();
            anyhow::anyhow!(
                "`{id_or_file}` is no pack that is built in ({}) and no file: {error}",
                known.join(", ")
            )
        })?,
    };
    match Pack::parse(&bytes) {
        Ok(pack) => Ok(LoadedPack { pack, bytes }),
        Err(mistakes) => {
            let mut text = format!("{id_or_file} has {} mistakes:", mistakes.len());
            for mistake in mistakes {
                text.push_str(&format!("\n  {}", mistake.in_file(id_or_file)));
            }
            bail!(text)
        }
    }
}
