//! The RPCs: what comes in becomes a command, what goes out a message.

mod agreement;
mod assessment;
pub(crate) mod convert;
mod disclosure;
mod inspection;
mod institution;
mod status;

use medfund_server::Context;
use medfund_server::convert::split_page;
use tonic::Status;

use convert::YearQuery;

use crate::app::App;
use crate::store::records::Stored;

/// Serves the RPCs of all services of this program.
#[derive(Clone)]
pub(crate) struct Grpc {
    app: App,
}

impl Grpc {
    pub(crate) fn new(app: App) -> Self {
        Self { app }
    }

    /// A page of what a table has of a fund year, and the token of the next.
    async fn of_year<R: Stored>(
        &self,
        context: &Context,
        query: &YearQuery<'_>,
    ) -> Result<(Vec<R>, String), Status> {
        let wanted = query.wanted(context)?;
        let size = wanted.page.size;
        let found = self.app.of_year(wanted).await?;
        Ok(split_page(found, size, R::id, &query.bound_to()))
    }
}
