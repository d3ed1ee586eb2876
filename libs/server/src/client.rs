use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint, Uri};
use tonic::{Request, Status};

use crate::config::{Config, Tls};

/// How long a token file is trusted to be unchanged.
const TOKEN_MAX_AGE: Duration = Duration::from_secs(30);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const KEEPALIVE: Duration = Duration::from_secs(20);

/// A channel whose calls carry a token.
pub type AuthenticatedChannel = InterceptedService<Channel, Bearer>;

/// Makes a channel to `address` that shows this side's certificate and checks the other's.
///
/// It connects with the first call, and again after a break.
///
/// # Errors
///
/// If the certificates cannot be used.
pub fn channel(address: Uri, tls: &Tls) -> Result<Channel, tonic::transport::Error> {
    let tls = ClientTlsConfig::new().identity(tls.identity.clone()).ca_certificate(tls.ca.clone());
    let endpoint = Endpoint::from(address)
        .tls_config(tls)?
        .connect_timeout(CONNECT_TIMEOUT)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE)
        .keep_alive_while_idle(true)
        .tcp_keepalive(Some(KEEPALIVE))
        .tcp_nodelay(true);
    Ok(endpoint.connect_lazy())
}

/// Puts a token on every call.
#[derive(Clone)]
pub struct Bearer(Source);

#[derive(Clone)]
enum Source {
    Text(MetadataValue<Ascii>),
    File(Arc<TokenFile>),
}

struct TokenFile {
    path: PathBuf,
    last: Mutex<Option<(Instant, MetadataValue<Ascii>)>>,
}

impl Bearer {
    /// Always the same token.
    ///
    /// # Errors
    ///
    /// If the token cannot stand in a header.
    pub fn token(token: &str) -> Result<Self, tonic::metadata::errors::InvalidMetadataValue> {
        Ok(Self(Source::Text(header(token)?)))
    }

    /// Whatever token the file holds, read anew every half minute.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        Self(Source::File(Arc::new(TokenFile { path: path.to_owned(), last: Mutex::default() })))
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer(***)")
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let value = match &self.0 {
            Source::Text(value) => value.clone(),
            Source::File(file) => file.read()?,
        };
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }
}

impl TokenFile {
    fn read(&self) -> Result<MetadataValue<Ascii>, Status> {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((read, value)) = &*last
            && read.elapsed() < TOKEN_MAX_AGE
        {
            return Ok(value.clone());
        }
        let text = std::fs::read_to_string(&self.path);
        let value = text.ok().and_then(|text| header(text.trim()).ok());
        let value =
            value.ok_or_else(|| Status::unauthenticated("this service's own token cannot be read"))?;
        *last = Some((Instant::now(), value.clone()));
        Ok(value)
    }
}

fn header(token: &str) -> Result<MetadataValue<Ascii>, tonic::metadata::errors::InvalidMetadataValue> {
    let mut value: MetadataValue<Ascii> = format!("Bearer {token}").parse()?;
    value.set_sensitive(true);
    Ok(value)
}

impl Config {
    /// A channel to another service, as this service.
    ///
    /// # Panics
    ///
    /// If `peer` is none of those that the configuration was loaded for.
    ///
    /// # Errors
    ///
    /// If the certificates cannot be used.
    pub fn channel_to(&self, peer: &str) -> Result<AuthenticatedChannel, tonic::transport::Error> {
        let address = self.peers.get(peer).expect("the configuration was loaded with every peer");
        let channel = channel(address.clone(), &self.tls)?;
        Ok(InterceptedService::new(channel, Bearer::file(&self.service_token)))
    }
}
