use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use medfund_db::setup::ServiceDatabase;
use medfund_db::{Consumer, Database, DatabaseConfig, DbError, migrations};
use medfund_proto::budget::v1::budget_service_server::BudgetServiceServer;
use medfund_proto::budget::v1::calendar_service_server::CalendarServiceServer;
use medfund_proto::budget::v1::decision_service_server::DecisionServiceServer;
use medfund_proto::budget::v1::policy_service_server::PolicyServiceServer;
use medfund_proto::budget::v1::task_service_server::TaskServiceServer;
use medfund_server::{CancellationToken, Config, ServeError, Server, limited};

use crate::app::App;
use crate::config::SERVICE;
use crate::feeds::{Agreement, Settlement};
use crate::grpc::Grpc;

/// The tables of this service; they follow the common ones.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Brings the database up to date.
///
/// - `owner_url`: the database as the role that owns the tables reaches it.
///
/// # Errors
///
/// [`DbError::Internal`] with the migration and what the database said.
pub async fn migrate(owner_url: &str) -> Result<(), DbError> {
    let owner = DatabaseConfig::new(owner_url);
    migrations::run(&owner, MIGRATIONS, &ServiceDatabase::of(SERVICE).service).await
}

/// Serves until `stop`.
///
/// # Errors
///
/// [`ServeError`] if it cannot start or its transport fails.
pub async fn serve(config: Config, stop: CancellationToken) -> Result<(), ServeError> {
    let database = Database::connect(&config.database()?).await?;
    let limits = config.limits.clone();
    let grpc = Grpc::new(App::new(&database));
    let (agreement, settlement) = (config.feed_of("agreement")?, config.feed_of("settlement")?);
    let server = Server::builder(config)
        .add_service(limited!(PolicyServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(CalendarServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(DecisionServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(BudgetServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(TaskServiceServer::new(grpc), limits))
        .database(&database)
        .consume(Consumer::new(&database, "agreement", Agreement), agreement)
        .consume(Consumer::new(&database, "settlement", Settlement), settlement);
    server.run(stop).await?;
    Ok(())
}
