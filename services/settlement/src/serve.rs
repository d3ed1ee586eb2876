use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use medfund_db::setup::ServiceDatabase;
use medfund_db::{Consumer, Database, DatabaseConfig, DbError, migrations};
use medfund_proto::settlement::v1::bill_service_server::BillServiceServer;
use medfund_proto::settlement::v1::settlement_service_server::SettlementServiceServer;
use medfund_proto::settlement::v1::special_case_service_server::SpecialCaseServiceServer;
use medfund_server::{CancellationToken, Config, ServeError, Server, ServerError, limited};

use crate::app::bills::Bills;
use crate::app::{Settlement, Stages};
use crate::config::SERVICE;
use crate::feeds::{AgreementFeed, BudgetFeed, DrgFeed};
use crate::grpc::bills::BillGrpc;
use crate::grpc::settlement::SettlementGrpc;
use crate::grpc::special_cases::SpecialCaseGrpc;
use crate::jobs;

/// The tables of this service; they follow the common ones.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

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
    let stages = Stages::default();
    let app = Settlement::new(&database, stages.clone());
    let budget = BudgetFeed::new(config.channel_to("budget")?, limits.max_message_bytes);
    let drg = DrgFeed::new(config.channel_to("drg")?, limits.max_message_bytes);
    let drg_feed = config.feed_of("drg")?;
    let (budget_feed, agreement_feed) = (config.feed_of("budget")?, config.feed_of("agreement")?);
    let bills = BillGrpc::new(Bills::new(&database, stages.clone()));
    let settlement = SettlementGrpc::new(app.clone());
    let special_cases = SpecialCaseGrpc::new(app.clone());
    let server = Server::builder(config);
    stages.register(&server.registry()).map_err(ServerError::from)?;
    server
        .add_service(limited!(SettlementServiceServer::new(settlement), limits))
        .add_service(limited!(BillServiceServer::new(bills), limits))
        .add_service(limited!(SpecialCaseServiceServer::new(special_cases), limits))
        .database(&database)
        .consume(Consumer::new(&database, "budget", budget), budget_feed)
        .consume(Consumer::new(&database, "agreement", AgreementFeed), agreement_feed)
        .consume(Consumer::new(&database, "drg", drg), drg_feed)
        .background(move |stop| jobs::resume_months(app, stop))
        .run(stop)
        .await?;
    Ok(())
}
