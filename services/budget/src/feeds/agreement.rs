use futures::FutureExt;
use futures::future::BoxFuture;
use medfund_db::{DbError, EventHandler, Tx, feed};
use medfund_proto::agreement::v1::InstitutionChanged;
use medfund_proto::feed::v1::Event;
use medfund_types::Malformed;

use crate::domain::quota::Institution;
use crate::store;

/// Keeps a list of the institutions that `agreement` tells of.
pub(crate) struct Agreement;

impl EventHandler for Agreement {
    type Error = DbError;

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), DbError>> {
        async move {
            let Some(changed) = feed::decode::<InstitutionChanged>(event)? else { return Ok(()) };
            let institution = institution(changed).map_err(|error| unreadable("agreement", event, &error))?;
            let area = tx.area();
            Ok(store::institutions::put(tx.conn(), area, &institution).await?)
        }
        .boxed()
    }
}

fn institution(changed: InstitutionChanged) -> Result<Institution, Malformed> {
    Ok(Institution {
        code: changed.institution_code.parse()?,
        display_name: changed.display_name,
        district: changed.district.parse()?,
        level: changed.level,
        class: changed.institution_class,
        primary: changed.primary,
        active: changed.active,
    })
}

/// An event whose fields cannot be read stops the feed, so that nobody overlooks it.
pub(super) fn unreadable(source: &str, event: &Event, error: &dyn std::fmt::Display) -> DbError {
    DbError::Feed { source_name: source.to_owned(), position: event.position, what: error.to_string() }
}
