use std::sync::Arc;

use diesel_migrations::EmbeddedMigrations;
use futures::future::BoxFuture;
use medfund_db::{Database, DbError, feed};
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1::BusinessDateAdvanced;
use medfund_proto::feed::v1::Cursor;
use medfund_server::{CancellationToken, Config, Server, accept, database_status};
use medfund_testkit::{AREA, TestService};
use tokio::sync::Semaphore;
use tonic::{Request, Response, Status};

use crate::echo::{Routed, call, descriptors};

/// Where a command is: `begun` is given by the command, `go_on` by the test.
#[derive(Clone)]
struct Steps {
    begun: Arc<Semaphore>,
    go_on: Arc<Semaphore>,
}

/// Writes an event, in a transaction that waits in its middle.
#[derive(Clone)]
struct Write {
    database: Database,
    steps: Steps,
}

impl tonic::server::UnaryService<Cursor> for Write {
    type Response = Cursor;
    type Future = BoxFuture<'static, Result<Response<Cursor>, Status>>;

    fn call(&mut self, request: Request<Cursor>) -> Self::Future {
        let Self { database, steps } = self.clone();
        Box::pin(async move {
            let (context, _) = accept(request)?;
            let call = context.call(AREA.parse().unwrap(), uuid::Uuid::now_v7(), false);
            let writer = database.writer();
            let written = writer.run(call, move |tx| {
                Box::pin(async move {
                    tx.emit(&BusinessDateAdvanced::default()).await?;
                    steps.begun.add_permits(1);
                    steps.go_on.acquire().await.expect("the test lets it go on").forget();
                    Ok::<_, DbError>(())
                })
            });
            written.await.map_err(|error| database_status(&error))?;
            Ok(Response::new(Cursor::default()))
        })
    }
}

async fn serve(
    config: Config,
    stop: CancellationToken,
    steps: Steps,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let database = Database::connect(&config.database()?).await?;
    let write = Routed(Write { database: database.clone(), steps });
    Server::builder(config)
        .descriptors(descriptors())
        .add_service(write)
        .database(&database)
        .run(stop)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_command_that_has_begun_runs_to_its_end_when_the_caller_hangs_up() {
    let steps = Steps { begun: Arc::new(Semaphore::new(0)), go_on: Arc::new(Semaphore::new(0)) };
    let given = steps.clone();
    let builder = TestService::builder("writer", EmbeddedMigrations::new(&[]));
    let service = builder.start(|config, stop| serve(config, stop, given)).await;
    let calling = tokio::spawn(call(service.as_role(Role::AgencyOfficer), "Echo", Cursor::default()));
    steps.begun.acquire().await.unwrap().forget();

    calling.abort();
    while !service.get("/metrics").await.1.contains(r#"grpc_code="Canceled""#) {
        tokio::task::yield_now().await;
    }
    steps.go_on.add_permits(1);

    let database = service.database().connect().await;
    let wait = std::time::Duration::from_secs(10);
    assert_eq!(feed::read(&database, 0, 10, wait).await.unwrap().len(), 1);
}
