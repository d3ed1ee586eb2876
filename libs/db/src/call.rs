use chrono::{DateTime, Utc};
use medfund_proto::auth::v1::Role;
use medfund_types::{Area, InstitutionCode};
use uuid::Uuid;

use crate::DbError;
use crate::session::Scope;

/// Who calls, as the verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The token's subject: an opaque id of a person or the name of a service.
    pub subject: String,
    /// The roles, as numbers of `medfund.auth.v1.Role`.
    pub roles: Vec<i32>,
    /// The pooling area the token is bound to; `None` for a service.
    pub area: Option<Area>,
    /// The institution the token is bound to; `None` for all of the area.
    pub institution: Option<InstitutionCode>,
}

/// One call of a mutating RPC: what the write path needs to know of it.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub caller: Caller,
    /// The area that everything in the transaction belongs to.
    pub area: Area,
    /// The RPC's full name, e.g. `medfund.budget.v1.BudgetService/DrawReserve`.
    pub method: &'static str,
    /// The client's id of the call, the same in every retry.
    pub request_id: Uuid,
    /// SHA-256 of the request message's bytes as they came.
    pub digest: [u8; 32],
    /// When the server received the call.
    pub instant: DateTime<Utc>,
    /// Whether the transaction is rolled back at its end.
    pub dry_run: bool,
}

impl Caller {
    /// What this caller's transactions see in `area`.
    ///
    /// # Errors
    ///
    /// [`DbError::OtherArea`] if the token holds another area, or none and is
    /// no service's, or if an institution's token names no institution.
    pub(crate) fn scope<'a>(&'a self, area: &'a Area) -> Result<Scope<'a>, DbError> {
        let has = |role: Role| self.roles.contains(&i32::from(role));
        let owns_area = self.area.as_ref().map_or_else(|| has(Role::Service), |own| own == area);
        if !owns_area || (has(Role::Institution) && self.institution.is_none()) {
            return Err(DbError::OtherArea);
        }
        let institution = self.institution.as_ref().map_or("*", InstitutionCode::as_str);
        Ok(Scope { area: area.as_str(), institution })
    }
}
