//! Schemes in memory, as cases are grouped by them.

use std::sync::Arc;

use chrono::NaiveDate;
use medfund_db::AsyncPgConnection;
use medfund_grouper::Scheme as Compiled;
use medfund_tariff::GroupCode;
use medfund_types::Area;

use super::kept::{Found, Kept};
use super::{App, Error, Read};
use crate::domain::adoption::{AdoptionError, Kind};
use crate::domain::scheme::{SchemeError, SchemeHash};
use crate::store;

/// Compiled schemes in memory.
#[derive(Debug, Default)]
pub(super) struct Schemes(Kept<Loaded>);

/// A compiled scheme that is ready to group by.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) hash: SchemeHash,
    pub(crate) scheme: Compiled,
}

impl Loaded {
    /// The scheme's groups with their names.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (GroupCode, &str)> {
        let [_, _, n_drgs] = self.scheme.counts();
        let n_drgs = u16::try_from(n_drgs).expect("a scheme's groups have numbers of 16 bits");
        let group = |n| Some((self.scheme.drg_code(n).parse().ok()?, self.scheme.drg_name(n)));
        (0..n_drgs).filter_map(group)
    }

    /// The codes of cases that are in no group: `?QY` of each MDC, and `0000`.
    pub(crate) fn outside_groups(&self) -> impl Iterator<Item = GroupCode> {
        let [n_mdcs, ..] = self.scheme.counts();
        let n_mdcs = u8::try_from(n_mdcs).expect("a scheme's MDCs have numbers of 8 bits");
        let ambiguous = (0..n_mdcs).map(|mdc| format!("{}QY", self.scheme.mdc_letter(mdc)));
        ambiguous.chain(["0000".to_owned()]).filter_map(|code| code.parse().ok())
    }
}

/// Which scheme to group by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The one of this hash.
    Scheme(SchemeHash),
    /// The one in force on this day.
    InForceOn(NaiveDate),
}

/// What a scheme is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To group by: it must be published.
    Grouping,
    /// To see what it would do: it need not be.
    Comparison,
}

impl Schemes {
    /// The scheme, or its bytes; looked up even when it is held in memory: another area's is none of this one's.
    pub(super) async fn find(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        choice: Choice,
        purpose: Purpose,
    ) -> Result<Found<Loaded>, Error> {
        let hash = chosen(conn, area, choice, purpose).await?;
        if let Some(loaded) = self.0.held(&hash) {
            return Ok(Found::Made(loaded));
        }
        let content = store::schemes::content(conn, area, &hash).await?;
        Ok(Found::Bytes(hash.clone(), content.ok_or(SchemeError::NotFound(hash))?))
    }

    pub(super) async fn made(&self, found: Found<Loaded>) -> Result<Arc<Loaded>, Error> {
        let load = |hash, content: &[u8]| {
            let scheme =
                Compiled::from_bytes(content).expect("a scheme was found sound before it was stored");
            Loaded { hash, scheme }
        };
        Ok(self.0.made(found, load).await?)
    }
}

/// The hash of the scheme that a choice names, if it may be used.
pub(super) async fn chosen(
    conn: &mut AsyncPgConnection,
    area: &Area,
    choice: Choice,
    purpose: Purpose,
) -> Result<SchemeHash, Error> {
    let hash = match choice {
        Choice::Scheme(hash) => hash,
        Choice::InForceOn(date) => {
            let adoption = store::adoptions::in_force(conn, area, Kind::Scheme, date).await?;
            let scheme = adoption.and_then(|adoption| adoption.adopted.scheme().cloned());
            scheme.ok_or(AdoptionError::NoneInForce(date))?
        }
    };
    let found = store::schemes::find(conn, area, &hash).await?;
    let found = found.ok_or_else(|| SchemeError::NotFound(hash.clone()))?;
    match purpose {
        Purpose::Grouping => drop(found.if_published()?),
        Purpose::Comparison => {}
    }
    Ok(hash)
}

impl App {
    /// A scheme to group cases by, made when what it was read in is over.
    pub(crate) async fn scheme_for(
        &self,
        read: &Read,
        choice: Choice,
        purpose: Purpose,
    ) -> Result<Arc<Loaded>, Error> {
        let (area, schemes) = (read.area.clone(), Arc::clone(&self.schemes));
        let found = self
            .reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { schemes.find(conn, &area, choice, purpose).await })
            })
            .await?;
        self.schemes.made(found).await
    }
}
