use std::time::{Duration, SystemTime, UNIX_EPOCH};

use medfund_proto::auth::v1::Role;
use medfund_types::{Area, InstitutionCode};
use serde::Serialize;

/// The issuer that development tokens name.
pub const ISSUER: &str = "https://issuer.dev.medfund";

/// The audience that development tokens are for.
pub const AUDIENCE: &str = "medfund";

/// Who a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The token's subject: an id of a person, or the name of a service.
    pub subject: String,
    /// What the subject may be.
    pub roles: Vec<Role>,
    /// The pooling area the token is bound to.
    pub area: Option<Area>,
    /// The institution the token is bound to.
    pub institution: Option<InstitutionCode>,
}

impl Principal {
    /// A person with one role in an area.
    pub fn of(subject: impl Into<String>, role: Role, area: Area) -> Self {
        Self { subject: subject.into(), roles: vec![role], area: Some(area), institution: None }
    }

    /// An officer of an institution.
    pub fn institution(subject: impl Into<String>, area: Area, institution: InstitutionCode) -> Self {
        Self { institution: Some(institution), ..Self::of(subject, Role::Institution, area) }
    }

    /// A service of the suite.
    pub fn service(name: impl Into<String>) -> Self {
        Self { subject: name.into(), roles: vec![Role::Service], area: None, institution: None }
    }
}

/// The claims of a token, open to change so that tests can make wrong ones.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the claims of RFC 7519, and the suite's own as the server reads them")]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub exp: u64,
    pub nbf: u64,
    pub roles: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
}

impl Claims {
    /// The claims of a token for `principal` that is good from a minute ago and for `lifetime`.
    #[must_use]
    pub fn of(principal: &Principal, lifetime: Duration) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_secs();
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: principal.subject.clone(),
            exp: now + lifetime.as_secs(),
            nbf: now - 60,
            roles: principal.roles.iter().map(|role| role.as_str_name().to_owned()).collect(),
            area: principal.area.as_ref().map(ToString::to_string),
            institution: principal.institution.as_ref().map(ToString::to_string),
        }
    }
}
