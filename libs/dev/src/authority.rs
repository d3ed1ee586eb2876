use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use crate::{AUDIENCE, AuthorityError, Claims, ISSUER, Principal};

const CA_CERT: &str = "ca.pem";
const CA_KEY: &str = "ca.key";
const TOKEN_KEY: &str = "issuer.key";
const TOKEN_PUBLIC: &str = "issuer.pem";

/// How long a service's development token is good for.
const SERVICE_TOKEN_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);

/// A certificate authority and a token issuer that keep their keys in one folder.
pub struct Authority {
    folder: PathBuf,
    ca: Issuer<'static, KeyPair>,
    token_key: EncodingKey,
}

impl Authority {
    /// Opens the authority that lives in `folder`, or makes one there.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used or holds something else.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, AuthorityError> {
        let folder = folder.into();
        fs::create_dir_all(&folder)
            .map_err(|source| AuthorityError::File { path: folder.clone(), source })?;
        if !folder.join(TOKEN_PUBLIC).exists() {
            make(&folder)?;
        }
        let ca_key = KeyPair::from_pem(&read(&folder.join(CA_KEY))?)?;
        let token_key = EncodingKey::from_ec_pem(read(&folder.join(TOKEN_KEY))?.as_bytes())?;
        Ok(Self { folder, ca: Issuer::new(ca_params()?, ca_key), token_key })
    }

    /// The CA's certificate.
    #[must_use]
    pub fn ca_path(&self) -> PathBuf {
        self.folder.join(CA_CERT)
    }

    /// The public key of the token issuer, in PEM.
    #[must_use]
    pub fn token_keys_path(&self) -> PathBuf {
        self.folder.join(TOKEN_PUBLIC)
    }

    /// Makes a certificate and a key for `name` unless it has them, and returns their files.
    ///
    /// The certificate serves `localhost` and presents the service `name`.
    ///
    /// # Errors
    ///
    /// If they cannot be made or written.
    pub fn certificate(&self, name: &str) -> Result<(PathBuf, PathBuf), AuthorityError> {
        let (cert, key) = (self.folder.join(format!("{name}.pem")), self.folder.join(format!("{name}.key")));
        if !cert.exists() {
            let pair = KeyPair::generate()?;
            write(&key, &pair.serialize_pem())?;
            write(&cert, &leaf_params(name)?.signed_by(&pair, &self.ca)?.pem())?;
        }
        Ok((cert, key))
    }

    /// Signs a token for `principal`.
    ///
    /// # Errors
    ///
    /// If it cannot be signed.
    pub fn token(&self, principal: &Principal, lifetime: Duration) -> Result<String, AuthorityError> {
        self.sign(&Claims::of(principal, lifetime))
    }

    /// Signs whatever `claims` say.
    ///
    /// # Errors
    ///
    /// If they cannot be signed.
    pub fn sign(&self, claims: &Claims) -> Result<String, AuthorityError> {
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::ES256), claims, &self.token_key)?)
    }

    /// Writes the token by which the service `name` calls others, and returns its file.
    ///
    /// # Errors
    ///
    /// If it cannot be signed or written.
    pub fn service_token(&self, name: &str) -> Result<PathBuf, AuthorityError> {
        let path = self.folder.join(format!("{name}.token"));
        write(&path, &self.token(&Principal::service(name), SERVICE_TOKEN_LIFETIME)?)?;
        Ok(path)
    }

    /// The settings that make the service `name` use this authority, as environment variables.
    ///
    /// # Errors
    ///
    /// If its certificate or token cannot be made.
    pub fn settings(&self, name: &str) -> Result<Vec<(String, String)>, AuthorityError> {
        let (cert, key) = self.certificate(name)?;
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let settings = [
            ("MEDFUND_TLS_CERT", text(cert)),
            ("MEDFUND_TLS_KEY", text(key)),
            ("MEDFUND_TLS_CA", text(self.ca_path())),
            ("MEDFUND_JWT_KEYS", text(self.token_keys_path())),
            ("MEDFUND_JWT_ISSUER", ISSUER.to_owned()),
            ("MEDFUND_JWT_AUDIENCE", AUDIENCE.to_owned()),
            ("MEDFUND_SERVICE_TOKEN", text(self.service_token(name)?)),
        ];
        Ok(settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

fn ca_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new([])?;
    params.distinguished_name.push(DnType::CommonName, "medfund development CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn leaf_params(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let hosts = [&format!("{name}.service.medfund"), "localhost", "127.0.0.1", "::1"];
    let mut params = CertificateParams::new(hosts.map(str::to_owned))?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    Ok(params)
}

/// Makes the keys of a new authority; the file that marks it complete is written last.
fn make(folder: &Path) -> Result<(), AuthorityError> {
    let ca_key = KeyPair::generate()?;
    let ca: Certificate = ca_params()?.self_signed(&ca_key)?;
    write(&folder.join(CA_KEY), &ca_key.serialize_pem())?;
    write(&folder.join(CA_CERT), &ca.pem())?;
    let token_key = KeyPair::generate()?;
    write(&folder.join(TOKEN_KEY), &token_key.serialize_pem())?;
    write(&folder.join(TOKEN_PUBLIC), &token_key.public_key_pem())
}

fn read(path: &Path) -> Result<String, AuthorityError> {
    fs::read_to_string(path).map_err(|source| AuthorityError::File { path: path.to_owned(), source })
}

/// Writes a file that only its owner can read, whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), AuthorityError> {
    let attempt = || {
        let unfinished = path.with_extension("unfinished");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&unfinished)?.write_all(text.as_bytes())?;
        fs::rename(unfinished, path)
    };
    attempt().map_err(|source| AuthorityError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use medfund_proto::auth::v1::Role;

    use super::*;

    #[test]
    fn an_authority_is_the_same_when_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = Authority::open(folder.path()).unwrap();
        let (cert, _) = first.certificate("budget").unwrap();
        let before = (fs::read(&cert).unwrap(), fs::read(first.ca_path()).unwrap());

        let again = Authority::open(folder.path()).unwrap();

        again.certificate("budget").unwrap();
        assert_eq!(before, (fs::read(&cert).unwrap(), fs::read(again.ca_path()).unwrap()));
        let principal = Principal::of("maker", Role::PolicyMaker, "440700".parse().unwrap());
        assert_eq!(again.token(&principal, Duration::from_secs(60)).unwrap().split('.').count(), 3);
    }
}
