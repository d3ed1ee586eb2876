//! Schemes and tariffs in memory, each in force since its day.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use medfund_grouper::Scheme;
use medfund_tariff::PublishedTariff;
use medfund_types::Area;

use crate::domain::DrgKind;
use crate::domain::bills::GroupingScheme;
use crate::domain::in_force::InForce;
use crate::store::{drg_adoptions, drg_contents};

/// How many of a kind stay in memory: this year's and last year's of a few areas.
const N_KEPT: usize = 8;

/// What was read before by hash, the one used last at the end; bytes of a hash never change.
#[derive(Debug)]
pub(crate) struct Adopted<T> {
    kind: DrgKind,
    read: fn(&str, &[u8]) -> T,
    kept: Mutex<Vec<(String, Arc<T>)>>,
}

impl Adopted<GroupingScheme> {
    /// The schemes by which cases are grouped.
    pub(crate) fn schemes() -> Self {
        let read = |hash: &str, bytes: &[u8]| GroupingScheme {
            hash: hash.to_owned(),
            scheme: Scheme::from_bytes(bytes).expect("a scheme was found sound before it was kept"),
        };
        Self { kind: DrgKind::Scheme, read, kept: Mutex::default() }
    }
}

impl Adopted<PublishedTariff> {
    /// The tariffs by which cases are paid.
    pub(crate) fn tariffs() -> Self {
        let read = |_: &str, bytes: &[u8]| {
            PublishedTariff::from_bytes(bytes).expect("a tariff was found sound before it was kept")
        };
        Self { kind: DrgKind::Tariff, read, kept: Mutex::default() }
    }
}

impl<T> Adopted<T> {
    /// Those in force on the days from `first` to `last`, both in.
    pub(crate) async fn between(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        first: NaiveDate,
        last: NaiveDate,
    ) -> QueryResult<InForce<Arc<T>>> {
        let mut adopted = drg_adoptions::list(conn, area, self.kind, last).await?;
        let n_begun = adopted.iter().take_while(|one| one.effective_date <= first).count();
        adopted.drain(..n_begun.saturating_sub(1));
        let mut since = Vec::with_capacity(adopted.len());
        for one in adopted {
            since.push((one.effective_date, self.get(conn, area, &one.content_hash).await?));
        }
        Ok(InForce::new(since))
    }

    async fn get(&self, conn: &mut AsyncPgConnection, area: &Area, hash: &str) -> QueryResult<Arc<T>> {
        if let Some(known) = self.held(hash) {
            return Ok(known);
        }
        let bytes = drg_contents::content(conn, area, self.kind, hash).await?;
        let read = Arc::new((self.read)(hash, &bytes.expect("what is adopted is kept")));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == N_KEPT {
            kept.remove(0);
        }
        kept.push((hash.to_owned(), Arc::clone(&read)));
        Ok(read)
    }

    fn held(&self, hash: &str) -> Option<Arc<T>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(other, _)| other == hash)?;
        let used = kept.remove(at);
        let known = Arc::clone(&used.1);
        kept.push(used);
        Some(known)
    }
}
