//! What stays in memory once it was used.

use std::sync::{Arc, Mutex, PoisonError};

use medfund_db::DbError;
use tokio::sync::OnceCell;

use crate::domain::digest::Digest;

/// How many things of one kind stay: this year's and next year's of a few areas.
const N_KEPT: usize = 8;

/// Things by the hash of their bytes, which never change; the one used last at the end.
#[derive(Debug)]
pub(super) struct Kept<T>(Mutex<Vec<(Digest, Place<T>)>>);

/// Where a thing stands once it was made.
type Place<T> = Arc<OnceCell<Arc<T>>>;

/// A thing that is in memory, or what it is made of.
#[derive(Debug)]
pub(super) enum Found<T> {
    Made(Arc<T>),
    Bytes(Digest, Vec<u8>),
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Send + Sync + 'static> Kept<T> {
    pub(super) fn held(&self, hash: &Digest) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(other, _)| other == hash)?;
        let place = kept.remove(at);
        let thing = place.1.get().cloned();
        kept.push(place);
        thing
    }

    /// The thing, made beside all other work, and once although many ask at the same time.
    ///
    /// # Errors
    ///
    /// [`DbError::Internal`] if making it panics.
    pub(super) async fn made(
        &self,
        found: Found<T>,
        make: fn(Digest, &[u8]) -> T,
    ) -> Result<Arc<T>, DbError> {
        let (hash, bytes) = match found {
            Found::Made(thing) => return Ok(thing),
            Found::Bytes(hash, bytes) => (hash, bytes),
        };
        let place = self.place(&hash);
        let made = place.get_or_try_init(|| async {
            let made = tokio::task::spawn_blocking(move || Arc::new(make(hash, &bytes))).await;
            made.map_err(|error| DbError::Internal(format!("stored bytes cannot be used: {error}")))
        });
        made.await.cloned()
    }

    fn place(&self, hash: &Digest) -> Place<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, place)) = kept.iter().find(|(other, _)| other == hash) {
            return Arc::clone(place);
        }
        if kept.len() == N_KEPT {
            kept.remove(0);
        }
        let place = Place::default();
        kept.push((hash.clone(), Arc::clone(&place)));
        place
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn of(n: usize) -> Found<usize> {
        let hash: Digest = format!("{n:064x}").parse().unwrap();
        Found::Bytes(hash, n.to_be_bytes().to_vec())
    }

    fn number(_: Digest, bytes: &[u8]) -> usize {
        usize::from_be_bytes(bytes.try_into().unwrap())
    }

    fn held(kept: &Kept<usize>, n: usize) -> Option<usize> {
        kept.held(&format!("{n:064x}").parse().unwrap()).as_deref().copied()
    }

    #[tokio::test]
    async fn what_was_used_longest_ago_goes_first() {
        let kept = Kept::default();
        for n in 0..N_KEPT {
            assert_eq!(*kept.made(of(n), number).await.unwrap(), n);
        }
        assert_eq!(held(&kept, 0), Some(0));
        kept.made(of(N_KEPT), number).await.unwrap();
        assert_eq!(held(&kept, 1), None);
        assert_eq!(held(&kept, 0), Some(0));
    }

    #[tokio::test]
    async fn many_who_ask_at_once_have_it_made_once() {
        static N_MADE: AtomicUsize = AtomicUsize::new(0);
        let counted = |_: Digest, _: &[u8]| N_MADE.fetch_add(1, Ordering::SeqCst);
        let kept = Kept::default();
        let asked = (0..20).map(|_| kept.made(of(7), counted));
        futures::future::join_all(asked).await;
        assert_eq!(N_MADE.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_panics_while_it_is_made_fails_and_is_tried_again() {
        let kept = Kept::default();
        let failed = kept.made(of(1), |_, _| panic!("damaged")).await;
        assert!(matches!(failed, Err(DbError::Internal(_))));
        assert_eq!(*kept.made(of(1), number).await.unwrap(), 1);
    }
}
