//! What stays in memory once it was used.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::digest::Digest;

/// How many things of one kind stay: this year's and next year's of a few areas.
const N_KEPT: usize = 8;

/// Things by the hash of their bytes, which never change; the one used last at the end.
#[derive(Debug)]
pub(super) struct Kept<T>(Mutex<Vec<(Digest, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    pub(super) fn held(&self, hash: &Digest) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(other, _)| other == hash)?;
        let (hash, thing) = kept.remove(at);
        kept.push((hash, Arc::clone(&thing)));
        Some(thing)
    }

    pub(super) fn keep(&self, hash: Digest, thing: T) -> Arc<T> {
        let thing = Arc::new(thing);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| *other != hash);
        if kept.len() == N_KEPT {
            kept.remove(0);
        }
        kept.push((hash, Arc::clone(&thing)));
        thing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: usize) -> Digest {
        format!("{n:064x}").parse().unwrap()
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let kept = Kept::default();
        for n in 0..N_KEPT {
            kept.keep(hash(n), n);
        }
        assert_eq!(kept.held(&hash(0)).as_deref(), Some(&0));
        kept.keep(hash(N_KEPT), N_KEPT);
        assert_eq!(kept.held(&hash(1)), None);
        assert_eq!(kept.held(&hash(0)).as_deref(), Some(&0));
    }
}
