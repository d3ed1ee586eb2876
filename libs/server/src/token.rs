use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jsonwebtoken::Validation;
use jsonwebtoken::errors::ErrorKind;
use medfund_db::Caller;
use medfund_proto::auth::v1::Role;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::ErrorReason;
use crate::issuer_keys::{IssuerKey, IssuerKeys};

/// How far the clocks of issuer and server may differ.
const LEEWAY: Duration = Duration::from_secs(30);

/// How many verified tokens are remembered.
const CACHE_SIZE: usize = 10_000;

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

/// Verifies callers' tokens, and remembers those it has verified until they expire or the issuer's keys change.
pub(crate) struct Verifier {
    issuer: String,
    audience: String,
    known: Mutex<Known>,
}

struct Known {
    keys: IssuerKeys,
    tokens: HashMap<[u8; 32], Verified>,
}

impl Verifier {
    pub(crate) fn new(keys: IssuerKeys, issuer: String, audience: String) -> Self {
        Self { issuer, audience, known: Mutex::new(Known { keys, tokens: HashMap::new() }) }
    }

    /// Who the bearer of an `authorization` header is.
    pub(crate) fn verify(&self, authorization: Option<&str>) -> Result<Arc<Caller>, ErrorReason> {
        self.verify_at(authorization, Instant::now())
    }

    fn verify_at(&self, authorization: Option<&str>, at: Instant) -> Result<Arc<Caller>, ErrorReason> {
        let token = authorization.and_then(|text| text.split_once(' '));
        let token =
            token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let token =
            token.ok_or_else(|| ErrorReason::unauthenticated("TOKEN_MISSING", "请求未携带访问令牌"))?;

        let digest = <[u8; 32]>::from(Sha256::digest(token));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (keys, known) = self.lock().look_up(&digest, at);
        if let Some(verified) = known {
            return if now < verified.expires { Ok(verified.caller) } else { Err(expired()) };
        }
        let verified = self.verify_unseen(token, &keys)?;
        self.lock().remember(digest, &verified, &keys, now);
        Ok(verified.caller)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn verify_unseen(&self, token: &str, keys: &[IssuerKey]) -> Result<Verified, ErrorReason> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        let fits = |key: &&IssuerKey| {
            let same_id = key.id.is_none() || header.kid.is_none() || key.id == header.kid;
            key.algorithm == header.alg && same_id
        };
        let mut refusal = invalid();
        for key in keys.iter().filter(fits) {
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

impl Known {
    /// The issuer's keys, and what a token with this digest was verified to say.
    fn look_up(&mut self, digest: &[u8; 32], at: Instant) -> (Arc<[IssuerKey]>, Option<Verified>) {
        if self.keys.refresh(at) {
            self.tokens.clear();
        }
        (Arc::clone(self.keys.all()), self.tokens.get(digest).cloned())
    }

    /// Remembers a token that `keys` verified, if they are still the issuer's.
    fn remember(&mut self, digest: [u8; 32], verified: &Verified, keys: &Arc<[IssuerKey]>, now: u64) {
        if !Arc::ptr_eq(keys, self.keys.all()) {
            return;
        }
        if self.tokens.len() >= CACHE_SIZE {
            self.tokens.retain(|_, one| now < one.expires);
        }
        if self.tokens.len() >= CACHE_SIZE {
            self.tokens.clear();
        }
        self.tokens.insert(digest, verified.clone());
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
    use crate::issuer_keys::MAX_AGE;

    const HOUR: Duration = Duration::from_secs(3600);

    struct Fixture {
        authority: Authority,
        verifier: Verifier,
        _folder: tempfile::TempDir,
    }

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        let keys = IssuerKeys::open(&authority.token_keys_path()).unwrap();
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
        use jsonwebtoken::{Algorithm, EncodingKey, Header};
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
        let mut known = fixture.verifier.lock();
        let keys = Arc::clone(known.keys.all());
        known.remember(Sha256::digest(&token).into(), &verified, &keys, 0);
        drop(known);
        let refused = fixture.verifier.verify(Some(&format!("Bearer {token}"))).unwrap_err();
        assert_eq!(refused.reason(), "TOKEN_EXPIRED");
    }

    #[test]
    fn a_remembered_token_of_a_withdrawn_key_is_refused_and_one_of_its_successor_is_good() {
        let (fixture, successor) = (fixture(), fixture());
        let header = |authority: &Authority| format!("Bearer {}", authority.sign(&officer()).unwrap());
        let (old, new) = (header(&fixture.authority), header(&successor.authority));
        let later = Instant::now() + MAX_AGE;
        let verify = |header: &str, at| fixture.verifier.verify_at(Some(header), at);
        verify(&old, Instant::now()).unwrap();

        std::fs::copy(successor.authority.token_keys_path(), fixture.authority.token_keys_path()).unwrap();

        assert_eq!(verify(&old, later).unwrap_err().reason(), "TOKEN_INVALID");
        assert!(verify(&new, later).is_ok());
    }
}
