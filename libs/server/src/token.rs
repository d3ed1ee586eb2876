use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use medfund_db::Caller;
use medfund_proto::auth::v1::Role;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::ErrorReason;

/// How far the clocks of issuer and server may differ.
const LEEWAY: Duration = Duration::from_secs(30);

/// How many verified tokens are remembered.
const CACHE_SIZE: usize = 10_000;

/// One of the issuer's public keys, with the one algorithm it verifies.
#[derive(Clone)]
pub(crate) struct IssuerKey {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Reads public keys: a PEM with an EC P-256 or Ed25519 key, or a JWKS document.
pub(crate) fn read_keys(text: &str) -> Result<Vec<IssuerKey>, String> {
    if text.trim_start().starts_with('{') {
        return read_jwks(text);
    }
    const NO_KEY: &str = "holds no public key for ES256 or EdDSA";
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
    if keys.is_empty() { Err("holds no public key for ES256 or EdDSA".to_owned()) } else { Ok(keys) }
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    #[serde(default)]
    roles: Vec<String>,
    area: Option<String>,
    institution: Option<String>,
}

#[derive(Clone)]
struct Verified {
    caller: Arc<Caller>,
    expires: u64,
}

/// Verifies callers' tokens, and remembers those it has verified until they expire.
pub(crate) struct Verifier {
    keys: Vec<IssuerKey>,
    issuer: String,
    audience: String,
    seen: Mutex<HashMap<[u8; 32], Verified>>,
}

impl Verifier {
    pub(crate) fn new(keys: Vec<IssuerKey>, issuer: String, audience: String) -> Self {
        Self { keys, issuer, audience, seen: Mutex::default() }
    }

    /// Who the bearer of an `authorization` header is.
    pub(crate) fn verify(&self, authorization: Option<&str>) -> Result<Arc<Caller>, ErrorReason> {
        let token = authorization.and_then(|text| text.split_once(' '));
        let token =
            token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let token =
            token.ok_or_else(|| ErrorReason::unauthenticated("TOKEN_MISSING", "请求未携带访问令牌"))?;

        let digest = <[u8; 32]>::from(Sha256::digest(token));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let seen = self.lock().get(&digest).cloned();
        if let Some(verified) = seen {
            return if now < verified.expires { Ok(verified.caller) } else { Err(expired()) };
        }
        let verified = self.verify_unseen(token)?;
        self.remember(digest, &verified, now);
        Ok(verified.caller)
    }

    fn remember(&self, digest: [u8; 32], verified: &Verified, now: u64) {
        let mut seen = self.lock();
        if seen.len() >= CACHE_SIZE {
            seen.retain(|_, one| now < one.expires);
        }
        if seen.len() >= CACHE_SIZE {
            seen.clear();
        }
        seen.insert(digest, verified.clone());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Verified>> {
        self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn verify_unseen(&self, token: &str) -> Result<Verified, ErrorReason> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        let fits = |key: &&IssuerKey| {
            let same_id = key.id.is_none() || header.kid.is_none() || key.id == header.kid;
            key.algorithm == header.alg && same_id
        };
        let mut refusal = invalid();
        for key in self.keys.iter().filter(fits) {
            let mut validation = Validation::new(key.algorithm);
            validation.set_issuer(&[&self.issuer]);
            validation.set_audience(&[&self.audience]);
            validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
            validation.validate_nbf = true;
            validation.leeway = LEEWAY.as_secs();
            match jsonwebtoken::decode::<Claims>(token, &key.key, &validation) {
                Ok(data) => return read_claims(data.claims),
                Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => refusal = expired(),
                Err(_) => {}
            }
        }
        Err(refusal)
    }
}

fn read_claims(claims: Claims) -> Result<Verified, ErrorReason> {
    // A role that this version does not know gives nothing, and takes nothing away.
    let roles: Vec<i32> =
        claims.roles.iter().filter_map(|name| Role::from_str_name(name)).map(i32::from).collect();
    let caller = Caller {
        subject: claims.sub,
        roles,
        area: claims.area.map(|area| area.parse()).transpose().map_err(|_| invalid())?,
        institution: claims.institution.map(|code| code.parse()).transpose().map_err(|_| invalid())?,
    };
    let has = |role: Role| caller.roles.contains(&i32::from(role));
    // An institution's officer without an institution would see all of the area's.
    let unbound_institution = has(Role::Institution) && caller.institution.is_none();
    let bound_service = has(Role::Service) && (caller.area.is_some() || caller.roles.len() > 1);
    if caller.subject.is_empty() || unbound_institution || bound_service {
        return Err(invalid());
    }
    Ok(Verified { caller: Arc::new(caller), expires: claims.exp.saturating_add(LEEWAY.as_secs()) })
}

fn invalid() -> ErrorReason {
    ErrorReason::unauthenticated("TOKEN_INVALID", "访问令牌无效")
}

fn expired() -> ErrorReason {
    ErrorReason::unauthenticated("TOKEN_EXPIRED", "访问令牌已过期")
}

#[cfg(test)]
mod tests {
    use medfund_dev::{AUDIENCE, Authority, Claims, ISSUER, Principal};

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    struct Fixture {
        authority: Authority,
        verifier: Verifier,
        _folder: tempfile::TempDir,
    }

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        let keys = read_keys(&std::fs::read_to_string(authority.token_keys_path()).unwrap()).unwrap();
        let verifier = Verifier::new(keys, ISSUER.to_owned(), AUDIENCE.to_owned());
        Fixture { authority, verifier, _folder: folder }
    }

    fn officer() -> Claims {
        Claims::of(&Principal::of("officer", Role::AgencyOfficer, "440700".parse().unwrap()), HOUR)
    }

    impl Fixture {
        fn refusal(&self, claims: &Claims) -> &'static str {
            let token = self.authority.sign(claims).unwrap();
            self.verifier.verify(Some(&format!("Bearer {token}"))).unwrap_err().reason()
        }
    }

    #[test]
    fn a_good_token_names_its_caller_again_and_again() {
        let fixture = fixture();
        let header = format!("Bearer {}", fixture.authority.sign(&officer()).unwrap());
        let first = fixture.verifier.verify(Some(&header)).unwrap();
        assert_eq!(first.subject, "officer");
        assert_eq!(first.area.as_ref().unwrap().as_str(), "440700");
        assert!(Arc::ptr_eq(&first, &fixture.verifier.verify(Some(&header)).unwrap()), "remembered");
    }

    #[test]
    fn a_token_of_another_time_audience_or_issuer_is_refused() {
        let fixture = fixture();
        let now = officer().nbf + 60;
        assert_eq!(fixture.refusal(&Claims { exp: now - 3600, ..officer() }), "TOKEN_EXPIRED");
        assert_eq!(fixture.refusal(&Claims { nbf: now + 3600, ..officer() }), "TOKEN_INVALID");
        assert_eq!(fixture.refusal(&Claims { aud: "other".to_owned(), ..officer() }), "TOKEN_INVALID");
        assert_eq!(fixture.refusal(&Claims { iss: "other".to_owned(), ..officer() }), "TOKEN_INVALID");
    }

    #[test]
    fn a_token_that_contradicts_itself_is_refused() {
        let fixture = fixture();
        let role = |name: &str| vec![name.to_owned()];
        assert_eq!(
            fixture.refusal(&Claims { area: Some("Jiangmen".to_owned()), ..officer() }),
            "TOKEN_INVALID"
        );
        assert_eq!(
            fixture.refusal(&Claims { roles: role("ROLE_INSTITUTION"), ..officer() }),
            "TOKEN_INVALID"
        );
        assert_eq!(fixture.refusal(&Claims { roles: role("ROLE_SERVICE"), ..officer() }), "TOKEN_INVALID");
        assert_eq!(fixture.refusal(&Claims { sub: String::new(), ..officer() }), "TOKEN_INVALID");
    }

    #[test]
    fn a_token_of_another_key_or_without_a_signature_is_refused() {
        let fixture = fixture();
        let other = self::fixture();
        let token = other.authority.sign(&officer()).unwrap();
        let unsigned = token.rsplit_once('.').unwrap().0.to_owned() + ".";
        for header in
            [Some(format!("Bearer {token}")), Some(format!("Bearer {unsigned}")), Some("Bearer x".into())]
        {
            assert_eq!(fixture.verifier.verify(header.as_deref()).unwrap_err().reason(), "TOKEN_INVALID");
        }
        for header in [None, Some("Basic eDp5"), Some(token.as_str())] {
            assert_eq!(fixture.verifier.verify(header).unwrap_err().reason(), "TOKEN_MISSING");
        }
    }

    #[test]
    fn a_token_that_chooses_its_own_algorithm_is_refused() {
        use jsonwebtoken::{EncodingKey, Header};
        let fixture = fixture();
        // The public key, which everybody may know, as if it were a shared secret.
        let public = std::fs::read(fixture.authority.token_keys_path()).unwrap();
        let secret = EncodingKey::from_secret(&public);
        let confused = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &officer(), &secret).unwrap();
        let payload = confused.split('.').nth(1).unwrap();
        // {"alg":"none","typ":"JWT"}
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
        for token in [confused, none] {
            let refused = fixture.verifier.verify(Some(&format!("Bearer {token}"))).unwrap_err();
            assert_eq!(refused.reason(), "TOKEN_INVALID", "{token}");
        }
    }

    #[test]
    fn a_remembered_token_expires_too() {
        let fixture = fixture();
        let token = fixture.authority.sign(&officer()).unwrap();
        let verified = Verified {
            caller: fixture.verifier.verify(Some(&format!("Bearer {token}"))).unwrap(),
            expires: 1,
        };
        fixture.verifier.remember(Sha256::digest(&token).into(), &verified, 0);
        let refused = fixture.verifier.verify(Some(&format!("Bearer {token}"))).unwrap_err();
        assert_eq!(refused.reason(), "TOKEN_EXPIRED");
    }

    /// The keys of RFC 8037 appendix A.2, RFC 7517 appendix A.1 and RFC 8410 section 10.1.
    #[test]
    fn keys_are_read_from_pem_and_jwks_each_for_its_own_algorithm() {
        let ed25519 =
            r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let p256 = r#"{"kty":"EC","crv":"P-256","kid":"b",
            "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
        let rsa = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
        let algorithms = |text: &str| -> Result<Vec<Algorithm>, String> {
            Ok(read_keys(text)?.into_iter().map(|key| key.algorithm).collect())
        };
        let set = |keys: &[&str]| format!(r#"{{"keys":[{}]}}"#, keys.join(","));
        assert_eq!(algorithms(&set(&[ed25519, rsa, p256])), Ok(vec![Algorithm::EdDSA, Algorithm::ES256]));
        assert!(algorithms(&set(&[rsa])).is_err() && algorithms("{}").is_err() && algorithms("").is_err());

        let ed25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
                       -----END PUBLIC KEY-----\n";
        assert_eq!(algorithms(ed25519), Ok(vec![Algorithm::EdDSA]));
    }
}
