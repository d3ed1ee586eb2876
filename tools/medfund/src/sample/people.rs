//! Insured people, known by pseudonymous numbers alone.

use medfund_types::{District, FundLine};
use sha2::{Digest, Sha256};

/// The number of the `k`-th person whom a fund line insures in a district: 16 digits that tell nothing.
#[must_use]
pub fn number(seed: u64, district: &District, line: &FundLine, k: i64) -> String {
    let digest = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(district.as_str())
        .chain_update(line.as_str())
        .chain_update(k.to_be_bytes())
        .finalize();
    let eight: [u8; 8] = digest[..8].try_into().expect("a digest has 32 bytes");
    format!("{:016}", u64::from_be_bytes(eight) % 10_000_000_000_000_000)
}
