//! Policy packs, by id or by file.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
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
        None if Path::new(id_or_file).exists() => {
            fs::read(id_or_file).with_context(|| format!("cannot read {id_or_file}"))?
        }
        None => {
            let known: Vec<&str> = BUILT_IN.iter().map(|(id, _)| *id).collect();
            bail!("there is no pack and no file `{id_or_file}`; built in: {}", known.join(", "))
        }
    };
    match Pack::parse(&bytes) {
        Ok(pack) => Ok(LoadedPack { pack, bytes }),
        Err(mistakes) => {
            let mut text = format!("{id_or_file} has {} mistakes:", mistakes.len());
            for mistake in mistakes {
                text.push_str(&format!("\n  line {}: {}: {}", mistake.line, mistake.key, mistake.reason));
            }
            bail!(text)
        }
    }
}
