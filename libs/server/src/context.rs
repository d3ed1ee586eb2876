use std::sync::Arc;

use chrono::{DateTime, Utc};
use medfund_db::{Call, Caller};
use medfund_proto::auth::v1::Role;
use medfund_types::{Area, InstitutionCode};
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::{Request, Status};
use uuid::Uuid;

use crate::ErrorReason;
use crate::convert::{self, ResourceName};
use crate::violations::FieldProblem;

/// What the server knows of a call beside its message.
#[derive(Clone, Debug)]
pub struct Context {
    pub(crate) caller: Arc<Caller>,
    pub(crate) method: &'static str,
    /// `None` if the caller streams: there is no one message to digest.
    pub(crate) digest: Option<[u8; 32]>,
    pub(crate) instant: DateTime<Utc>,
}

/// Takes a request apart into what the server knows of it and its message.
///
/// # Errors
///
/// If the request did not come through this server's gate.
pub fn accept<T>(request: Request<T>) -> Result<(Context, T), Status> {
    let (_, mut extensions, message) = request.into_parts();
    match extensions.remove::<Context>() {
        Some(context) => Ok((context, message)),
        None => {
            tracing::error!("a request reached a handler without passing the gate");
            Err(ErrorReason::internal().status(""))
        }
    }
}

impl Context {
    /// Who calls.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// When the server received the call.
    #[must_use]
    pub fn instant(&self) -> DateTime<Utc> {
        self.instant
    }

    /// The RPC's full name, e.g. `medfund.budget.v1.BudgetService/DrawReserve`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Whether the caller has `role`.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.caller.roles.contains(&i32::from(role))
    }

    /// Parses a resource name of the caller's own area by its pattern.
    ///
    /// A service is bound to no area and may name any.
    ///
    /// # Errors
    ///
    /// [`FieldProblem::Malformed`] if the name does not fit the pattern,
    /// [`FieldProblem::NotFound`] if it names another area than the caller's.
    pub fn name<'n, const N: usize>(
        &self,
        pattern: &str,
        name: &'n str,
    ) -> Result<ResourceName<'n, N>, FieldProblem> {
        let name = convert::parse_name(pattern, name)?;
        self.owns_area(&name.area)?;
        Ok(name)
    }

    /// Parses a parent that is an area, `areas/{area}`, and must be the caller's own.
    ///
    /// # Errors
    ///
    /// As [`Context::name`].
    pub fn area(&self, parent: &str) -> Result<Area, FieldProblem> {
        self.name::<0>("areas/{area}", parent).map(|name| name.area)
    }

    /// Checks that `area` is the caller's own; a service owns every area.
    ///
    /// # Errors
    ///
    /// [`FieldProblem::NotFound`] if it is not.
    pub fn owns_area(&self, area: &Area) -> Result<(), FieldProblem> {
        let owned = match &self.caller.area {
            Some(own) => own == area,
            None => self.has_role(Role::Service),
        };
        if owned { Ok(()) } else { Err(FieldProblem::NotFound) }
    }

    /// Checks that `institution` is the caller's own, if the caller is bound to one.
    ///
    /// # Errors
    ///
    /// [`FieldProblem::NotFound`] if it is not.
    pub fn owns_institution(&self, institution: &InstitutionCode) -> Result<(), FieldProblem> {
        let owned = self.caller.institution.as_ref().is_none_or(|own| own == institution);
        if owned { Ok(()) } else { Err(FieldProblem::NotFound) }
    }

    /// The call as the write path needs it.
    ///
    /// The digest is of the request message's bytes as they came.
    ///
    /// # Panics
    ///
    /// If the caller streams: two streams of one request id would be taken for
    /// the same. Give the part with [`Context::call_of_part`].
    #[must_use]
    pub fn call(&self, area: Area, request_id: Uuid, dry_run: bool) -> Call {
        let digest = self.digest.expect("a stream's calls are given their digests");
        self.call_with_digest(area, request_id, dry_run, digest)
    }

    /// The call of one part of what is uploaded by a stream.
    ///
    /// Its id follows from the upload's and the part's own digest: sent again, it is the same call.
    #[must_use]
    pub fn call_of_part(&self, area: Area, upload: Uuid, part: &impl Message) -> Call {
        let digest: [u8; 32] = Sha256::digest(part.encode_to_vec()).into();
        self.call_with_digest(area, Uuid::new_v5(&upload, &digest), false, digest)
    }

    fn call_with_digest(&self, area: Area, request_id: Uuid, dry_run: bool, digest: [u8; 32]) -> Call {
        Call {
            caller: Caller::clone(&self.caller),
            area,
            method: self.method,
            request_id,
            digest,
            instant: self.instant,
            dry_run,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(role: Role, area: Option<&str>, institution: Option<&str>) -> Context {
        let caller = Caller {
            subject: "someone".to_owned(),
            roles: vec![role.into()],
            area: area.map(|area| area.parse().unwrap()),
            institution: institution.map(|code| code.parse().unwrap()),
        };
        Context { caller: Arc::new(caller), method: "s/m", digest: None, instant: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn another_area_is_not_found_and_a_malformed_name_is_told() {
        let officer = context(Role::AgencyOfficer, Some("440700"), None);
        assert_eq!(officer.area("areas/440700").unwrap().as_str(), "440700");
        assert_eq!(officer.area("areas/440800"), Err(FieldProblem::NotFound));
        assert!(matches!(officer.area("areas/x"), Err(FieldProblem::Malformed(_))));
        let name = officer.name::<1>("areas/{area}/reserves/{reserve}", "areas/440700/reserves/a").unwrap();
        assert_eq!(name.ids, ["a"]);
    }

    #[test]
    fn a_service_names_any_area_and_nobody_else_without_one_does() {
        assert!(context(Role::Service, None, None).area("areas/440800").is_ok());
        assert_eq!(context(Role::Auditor, None, None).area("areas/440800"), Err(FieldProblem::NotFound));
    }

    #[test]
    fn an_institution_sees_itself_and_an_agency_all() {
        let (own, other) = ("H44070300001".parse().unwrap(), "H44070300002".parse().unwrap());
        let hospital = context(Role::Institution, Some("440700"), Some("H44070300001"));
        assert!(hospital.owns_institution(&own).is_ok());
        assert_eq!(hospital.owns_institution(&other), Err(FieldProblem::NotFound));
        assert!(context(Role::CityAgency, Some("440700"), None).owns_institution(&other).is_ok());
    }

    #[test]
    #[should_panic(expected = "given their digests")]
    fn the_messages_of_a_stream_are_never_taken_for_the_same() {
        let _ = context(Role::AgencyOfficer, Some("440700"), None).call(
            "440700".parse().unwrap(),
            Uuid::max(),
            false,
        );
    }

    #[test]
    fn a_request_that_passed_no_gate_is_not_accepted() {
        assert!(accept(Request::new(())).is_err());
    }
}
