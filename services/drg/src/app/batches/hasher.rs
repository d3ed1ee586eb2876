//! SHA-256 of bytes that come part by part, kept between the parts.

use sha2::digest::common::hazmat::SerializableState;
use sha2::{Digest as _, Sha256};

use crate::domain::digest::Digest;

/// A hasher that has seen nothing.
pub(super) fn new() -> Vec<u8> {
    Sha256::new().serialize().to_vec()
}

/// A hasher that has seen `bytes` too.
pub(super) fn seen(hasher: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut hasher = restored(hasher);
    hasher.update(bytes);
    hasher.serialize().to_vec()
}

/// The digest of all that a hasher has seen.
pub(super) fn digest(hasher: &[u8]) -> Digest {
    hex::encode(restored(hasher).finalize()).parse().expect("a digest is SHA-256")
}

fn restored(hasher: &[u8]) -> Sha256 {
    let kept = hasher.try_into().expect("a hasher is kept whole");
    Sha256::deserialize(kept).expect("a hasher is kept as it was")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_parts_is_that_of_the_whole() {
        let mut hasher = new();
        for part in ["a", "", "bc"] {
            hasher = seen(&hasher, part.as_bytes());
        }
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(&hasher).as_str(), abc);
    }
}
