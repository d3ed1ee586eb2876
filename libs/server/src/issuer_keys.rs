use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey};

/// How long the file is trusted to be unchanged.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(30);

/// One of the issuer's public keys, with the one algorithm it verifies.
#[derive(Clone)]
pub(crate) struct IssuerKey {
    pub(crate) id: Option<String>,
    pub(crate) algorithm: Algorithm,
    pub(crate) key: DecodingKey,
}

/// The issuer's public keys, as their file held them when it was read last.
#[derive(Clone)]
pub(crate) struct IssuerKeys {
    path: PathBuf,
    text: String,
    keys: Arc<[IssuerKey]>,
    read: Instant,
}

impl IssuerKeys {
    /// Reads the file: a PEM with an EC P-256 or Ed25519 key, or a JWKS document.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let text = read_text(path)?;
        let keys = read_keys(&text)?.into();
        Ok(Self { path: path.to_owned(), text, keys, read: Instant::now() })
    }

    /// The keys.
    pub(crate) fn all(&self) -> &Arc<[IssuerKey]> {
        &self.keys
    }

    /// Reads the file anew if that was long ago, and tells whether it holds other keys now.
    ///
    /// A file that cannot be used changes nothing: callers are better known by yesterday's keys than not at all.
    pub(crate) fn refresh(&mut self, now: Instant) -> bool {
        if now.duration_since(self.read) < MAX_AGE {
            return false;
        }
        self.read = now;
        let text = match read_text(&self.path) {
            Ok(text) if text == self.text => return false,
            other => other,
        };
        match text.and_then(|text| Ok((read_keys(&text)?, text))) {
            Ok((keys, text)) => {
                tracing::info!(keys = keys.len(), "the issuer's keys are others now");
                (self.keys, self.text) = (keys.into(), text);
                true
            }
            Err(problem) => {
                tracing::warn!(problem, "the issuer's keys cannot be read anew");
                false
            }
        }
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {}: {error}", path.display()))
}

const NO_KEY: &str = "holds no public key for ES256 or EdDSA";

fn read_keys(text: &str) -> Result<Vec<IssuerKey>, String> {
    if text.trim_start().starts_with('{') {
        return read_jwks(text);
    }
    if !text.contains("-----BEGIN PUBLIC KEY-----") {
        return Err(NO_KEY.to_owned());
    }
    let pem = text.as_bytes();
    let es256 = DecodingKey::from_ec_pem(pem).map(|key| (Algorithm::ES256, key));
    let (algorithm, key) = es256
        .or_else(|_| DecodingKey::from_ed_pem(pem).map(|key| (Algorithm::EdDSA, key)))
        .map_err(|_| NO_KEY.to_owned())?;
    Ok(vec![IssuerKey { id: None, algorithm, key }])
}

fn read_jwks(text: &str) -> Result<Vec<IssuerKey>, String> {
    let set: JwkSet = serde_json::from_str(text).map_err(|error| format!("is no JWKS: {error}"))?;
    let mut keys = Vec::new();
    for jwk in &set.keys {
        let algorithm = if let AlgorithmParameters::EllipticCurve(ec) = &jwk.algorithm
            && ec.curve == EllipticCurve::P256
        {
            Algorithm::ES256
        } else if let AlgorithmParameters::OctetKeyPair(_) = &jwk.algorithm {
            Algorithm::EdDSA
        } else {
            continue;
        };
        let key = DecodingKey::from_jwk(jwk)
            .map_err(|error| format!("holds a key that cannot be used: {error}"))?;
        keys.push(IssuerKey { id: jwk.common.key_id.clone(), algorithm, key });
    }
    if keys.is_empty() { Err(NO_KEY.to_owned()) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of RFC 8037 appendix A.2, RFC 7517 appendix A.1 and RFC 8410 section 10.1.
    const ED25519: &str =
        r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    const P256: &str = r#"{"kty":"EC","crv":"P-256","kid":"b",
        "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
    const RSA: &str = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
                       -----END PUBLIC KEY-----\n";

    fn set(keys: &[&str]) -> String {
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    #[test]
    fn keys_are_read_from_pem_and_jwks_each_for_its_own_algorithm() {
        let algorithms = |text: &str| -> Result<Vec<Algorithm>, String> {
            Ok(read_keys(text)?.into_iter().map(|key| key.algorithm).collect())
        };
        assert_eq!(algorithms(&set(&[ED25519, RSA, P256])), Ok(vec![Algorithm::EdDSA, Algorithm::ES256]));
        assert!(algorithms(&set(&[RSA])).is_err() && algorithms("{}").is_err() && algorithms("").is_err());
        assert_eq!(algorithms(PEM), Ok(vec![Algorithm::EdDSA]));
    }

    #[test]
    fn a_file_is_read_anew_once_it_is_old_and_kept_while_it_cannot_be_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        std::fs::write(&path, set(&[ED25519])).unwrap();
        let mut keys = IssuerKeys::open(&path).unwrap();
        let ids = |keys: &IssuerKeys| -> Vec<_> { keys.all().iter().map(|key| key.id.clone()).collect() };
        let old = keys.read + MAX_AGE;

        std::fs::write(&path, set(&[ED25519, P256])).unwrap();
        assert!(!keys.refresh(old - Duration::from_secs(1)), "it is young");
        assert!(keys.refresh(old));
        assert_eq!(ids(&keys), [Some("a".to_owned()), Some("b".to_owned())]);
        assert!(!keys.refresh(old + MAX_AGE), "it is the same");

        for unusable in ["{", ""] {
            std::fs::write(&path, unusable).unwrap();
            assert!(!keys.refresh(old + MAX_AGE * 3));
            keys.read = old;
        }
        std::fs::remove_file(&path).unwrap();
        assert!(!keys.refresh(old + MAX_AGE * 3));
        assert_eq!(ids(&keys).len(), 2);
    }
}
