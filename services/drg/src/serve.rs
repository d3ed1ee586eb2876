use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use medfund_db::setup::ServiceDatabase;
use medfund_db::{Database, DatabaseConfig, DbError, migrations};
use medfund_proto::drg::v1::batch_service_server::BatchServiceServer;
use medfund_proto::drg::v1::crosswalk_service_server::CrosswalkServiceServer;
use medfund_proto::drg::v1::grouping_service_server::GroupingServiceServer;
use medfund_proto::drg::v1::history_service_server::HistoryServiceServer;
use medfund_proto::drg::v1::scheme_service_server::SchemeServiceServer;
use medfund_proto::drg::v1::tariff_service_server::TariffServiceServer;
use medfund_server::{CancellationToken, Clock, Config, ServeError, Server, limited};

use crate::app::App;
use crate::config::SERVICE;
use crate::grpc::Grpc;
use crate::jobs;

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
    let app = App::new(&database);
    let grpc = Grpc::new(app.clone());
    Server::builder(config)
        .add_service(limited!(SchemeServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(CrosswalkServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(GroupingServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(HistoryServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(TariffServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(BatchServiceServer::new(grpc), limits))
        .database(&database)
        .background(move |stop| jobs::work_on_batches(app, Clock::default(), stop))
        .run(stop)
        .await?;
    Ok(())
}
