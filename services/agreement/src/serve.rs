use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use medfund_db::setup::ServiceDatabase;
use medfund_db::{Consumer, Database, DatabaseConfig, DbError, migrations};
use medfund_proto::agreement::v1::agreement_service_server::AgreementServiceServer;
use medfund_proto::agreement::v1::assessment_service_server::AssessmentServiceServer;
use medfund_proto::agreement::v1::disclosure_service_server::DisclosureServiceServer;
use medfund_proto::agreement::v1::inspection_service_server::InspectionServiceServer;
use medfund_proto::agreement::v1::institution_service_server::InstitutionServiceServer;
use medfund_server::{CancellationToken, Config, ServeError, Server, limited};

use crate::app::App;
use crate::config::SERVICE;
use crate::feeds::Budget;
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
    let feed = config.feed_of("budget")?;
    let heard = Consumer::new(&database, "budget", Budget::new(config.channel_to("budget")?));
    Server::builder(config)
        .add_service(limited!(InstitutionServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(AgreementServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(InspectionServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(AssessmentServiceServer::new(grpc.clone()), limits))
        .add_service(limited!(DisclosureServiceServer::new(grpc), limits))
        .consume(heard, feed)
        .database(&database)
        .run(stop)
        .await?;
    Ok(())
}
