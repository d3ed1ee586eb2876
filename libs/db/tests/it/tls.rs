use medfund_db::setup::{self, ServiceDatabase};
use medfund_db::{Database, DatabaseConfig, DbError, TlsConfig};
use medfund_postgres::{Binaries, Postgres, Settings, Tls};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

fn authority() -> (String, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    (certificate.pem(), Issuer::new(params, key))
}

#[tokio::test]
async fn a_connection_over_tcp_is_encrypted_and_trusts_one_authority_only() {
    let (ca_pem, issuer) = authority();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let tls =
        Tls { certificate_pem: params.signed_by(&key, &issuer).unwrap().pem(), key_pem: key.serialize_pem() };
    let started = tokio::task::spawn_blocking(move || {
        let binaries = Binaries::find(|name| std::env::var(name).ok())?;
        Postgres::start(&binaries, &Settings { tls: Some(tls), ..Settings::default() })
    });
    let server = started.await.unwrap().unwrap();
    let names = ServiceDatabase { password: Some("it's secret".to_owned()), ..ServiceDatabase::of("budget") };
    setup::create(&DatabaseConfig::new(server.admin_url()), &names).await.unwrap();
    setup::create(&DatabaseConfig::new(server.admin_url()), &names).await.unwrap();

    let port = server.tcp_port().unwrap();
    let url = format!("postgresql://budget_service:it%27s%20secret@127.0.0.1:{port}/budget");
    let config = DatabaseConfig { tls: Some(TlsConfig { ca_pem }), ..DatabaseConfig::new(url) };
    let database = Database::connect(&config).await.unwrap();
    database.ping().await.unwrap();

    let (other_ca, _) = authority();
    let stranger = DatabaseConfig { tls: Some(TlsConfig { ca_pem: other_ca }), ..config.clone() };
    assert!(matches!(Database::connect(&stranger).await, Err(DbError::Unavailable(_))));
    let empty = DatabaseConfig { tls: Some(TlsConfig { ca_pem: String::new() }), ..config };
    assert!(matches!(Database::connect(&empty).await, Err(DbError::Config(_))));
    assert!(!format!("{empty:?}").contains("secret"));
}
