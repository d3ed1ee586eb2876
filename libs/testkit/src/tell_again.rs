use std::collections::BTreeSet;

use medfund_dev::Principal;
use medfund_proto::DESCRIPTORS;
use medfund_proto::auth::v1::{Role, Tenancy};
use medfund_server::declared_access;
use medfund_types::InstitutionCode;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::TestService;
use crate::tape::Call;

/// An area that no test's story takes place in.
const OTHER_AREA: &str = "440800";

/// An institution that no test's story knows.
const OTHER_INSTITUTION: &str = "H44099999999";

/// What gRPC puts before a message: a flag and the length.
const PREFIX: usize = 5;

/// A field that no message has, with the number 1 in it.
const UNKNOWN_FIELD: [u8; 6] = [0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01];

impl TestService {
    /// Tells the story again that its callers told so far, and what may come of it.
    ///
    /// - Every RPC of `package` was answered without an error at least once.
    /// - A call with a `request_id` is given its first answer again, byte for byte; other content with the
    ///   same id is refused.
    /// - A caller of another area finds nothing, except by the RPCs of `no_area`, whose requests name none.
    /// - A caller of another institution finds nothing, where the proto binds an institution to its own.
    /// - A caller with a role that the proto does not name is refused.
    ///
    /// # Panics
    ///
    /// If one of these does not hold; the message lists all that do not.
    pub async fn tell_again(&self, package: &str, no_area: &[&str]) {
        let calls = self.tape().successes();
        let mut wrong = Vec::new();
        for (path, method) in methods(package) {
            let calls: Vec<_> = calls.iter().filter(|call| call.path == path).collect();
            let Some(first) = calls.first() else {
                wrong.push(format!("{}: never answered without an error", method.name()));
                continue;
            };
            let mut found = Vec::new();
            for call in &calls {
                found.extend(repeated(&method, call).await);
            }
            if !no_area.contains(&method.name()) {
                found.extend(self.elsewhere(&method, first).await);
            }
            found.extend(self.in_another_institution(&method, &calls).await);
            found.extend(self.in_other_roles(&method, first).await);
            wrong.extend(found.into_iter().map(|problem| format!("{}: {problem}", method.name())));
        }
        assert!(wrong.is_empty(), "{} of {package} do not hold:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// Asks again, in every role that the proto grants it, what callers asked so far and changed nothing: whoever may ask
    /// is given the same answer.
    ///
    /// - `institution`: whose officer asks in the role of an institution.
    ///
    /// # Panics
    ///
    /// If that does not hold; the message lists all RPCs and roles for which it does not.
    pub async fn ask_in_every_role(&self, package: &str, institution: &InstitutionCode) {
        let calls = self.tape().successes();
        let mut wrong = Vec::new();
        for (path, method) in methods(package) {
            let writes = method.input().get_field_by_name("request_id").is_some();
            if writes || method.is_client_streaming() {
                continue;
            }
            if let Some(call) = calls.iter().find(|call| call.path == path) {
                let found = self.in_named_roles(&method, call, institution).await;
                wrong.extend(found.into_iter().map(|problem| format!("{}: {problem}", method.name())));
            }
        }
        assert!(wrong.is_empty(), "{} of {package} do not hold:\n{}", wrong.len(), wrong.join("\n"));
    }

    async fn in_named_roles(
        &self,
        method: &MethodDescriptor,
        call: &Call,
        institution: &InstitutionCode,
    ) -> Vec<String> {
        let access = declared_access(method).expect("the server started");
        let Some(principal) = &call.principal else { return Vec::new() };
        let first = self.as_principal(principal).ask(&call.path, call.request()).await;
        let mut wrong = Vec::new();
        // A service shows its own certificate, which no person has.
        for role in access.roles().filter(|role| *role != Role::Service) {
            let own = (role == Role::Institution).then(|| institution.clone());
            let who = Principal { roles: vec![role], institution: own, ..principal.clone() };
            let answer = self.as_principal(&who).ask(&call.path, call.request()).await;
            if told_apart(&answer) != told_apart(&first) {
                wrong.push(format!("{} gets {}", role.as_str_name(), told(&answer)));
            }
        }
        wrong
    }

    async fn elsewhere(&self, method: &MethodDescriptor, call: &Call) -> Option<String> {
        let access = declared_access(method).expect("the server started");
        let principal = call.principal.clone().filter(|who| who.area.is_some())?;
        if access.tenancy() == Tenancy::Suite {
            return None;
        }
        let elsewhere = Principal { area: Some(OTHER_AREA.parse().expect("a code")), ..principal };
        match self.as_principal(&elsewhere).ask(&call.path, call.request()).await {
            Err(status) if status.code() == Code::NotFound => None,
            other => Some(format!("a caller of another area gets {}", told(&other))),
        }
    }

    async fn in_another_institution(&self, method: &MethodDescriptor, calls: &[&Call]) -> Option<String> {
        let access = declared_access(method).expect("the server started");
        let institutions_may = access.roles.contains(&i32::from(Role::Institution));
        if access.tenancy() != Tenancy::Institution || !institutions_may {
            return None;
        }
        let own = |call: &&Call| call.principal.clone().filter(|who| who.institution.is_some());
        let Some((call, principal)) = calls.iter().find_map(|call| Some((call, own(call)?))) else {
            return Some("never called by an institution".to_owned());
        };
        // Another person too: to whoever sees no request of its own, a request id is only taken.
        let other = Principal {
            subject: format!("stranger to {}", principal.subject),
            institution: another_institution(),
            ..principal
        };
        match self.as_principal(&other).ask(&call.path, call.request()).await {
            Err(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => None,
            // An empty message, or a stream of none.
            Ok(answer) if answer.len() <= PREFIX => None,
            other => Some(format!("another institution gets {}", told(&other))),
        }
    }

    async fn in_other_roles(&self, method: &MethodDescriptor, call: &Call) -> Vec<String> {
        let access = declared_access(method).expect("the server started");
        let named: BTreeSet<_> = access.roles().collect();
        let (Some(principal), false) = (&call.principal, named.contains(&Role::Public)) else {
            return Vec::new();
        };
        let mut wrong = Vec::new();
        for role in (1..).map_while(|number| Role::try_from(number).ok()) {
            // A service shows its own certificate, which the gate compares before any role.
            if named.contains(&role) || role == Role::Service {
                continue;
            }
            // The token of an institution's officer names the institution.
            let institution =
                if role == Role::Institution { another_institution() } else { principal.institution.clone() };
            let other = Principal { roles: vec![role], institution, ..principal.clone() };
            let answer = self.as_principal(&other).ask(&call.path, call.request()).await;
            if !answer.as_ref().is_err_and(|status| status.code() == Code::PermissionDenied) {
                wrong.push(format!("{} gets {}", role.as_str_name(), told(&answer)));
            }
        }
        wrong
    }
}

/// The methods of a package with their paths.
fn methods(package: &str) -> Vec<(String, MethodDescriptor)> {
    let pool = DescriptorPool::decode(DESCRIPTORS).expect("the descriptors can be read");
    let path =
        |method: &MethodDescriptor| format!("/{}/{}", method.parent_service().full_name(), method.name());
    let services = pool.services().filter(|service| service.package_name() == package);
    services
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .map(|method| (path(&method), method))
        .collect()
}

fn another_institution() -> Option<InstitutionCode> {
    Some(OTHER_INSTITUTION.parse().expect("a code"))
}

/// Repeats a call that changed something, then uses its id for something else.
async fn repeated(method: &MethodDescriptor, call: &Call) -> Vec<String> {
    if method.input().get_field_by_name("request_id").is_none() {
        return Vec::new();
    }
    let request = call.request();
    let message = DynamicMessage::decode(method.input(), request.get(PREFIX..).unwrap_or_default());
    let message = message.expect("a recorded request can be decoded");
    let dry = message.get_field_by_name("validate_only").is_some_and(|dry| dry.as_bool() == Some(true));
    if dry {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let answer = call.again(request.clone()).await;
    if !answer.as_ref().is_ok_and(|answer| *answer == call.answer()) {
        wrong.push(format!("a repeated call gets {}", told(&answer)));
    }
    let answer = call.again(with_other_content(request)).await;
    if !answer.as_ref().is_err_and(|status| reason(status) == "REQUEST_ID_REUSED") {
        wrong.push(format!("other content under the same id gets {}", told(&answer)));
    }
    wrong
}

/// The same single message with one more field.
fn with_other_content(mut request: Vec<u8>) -> Vec<u8> {
    request.extend_from_slice(&UNKNOWN_FIELD);
    let length = u32::try_from(request.len() - PREFIX).expect("a message is short");
    request[1..PREFIX].copy_from_slice(&length.to_be_bytes());
    request
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// What of an answer must be the same for all.
fn told_apart(answer: &Result<Vec<u8>, Status>) -> Result<&[u8], (Code, String)> {
    answer.as_deref().map_err(|status| (status.code(), reason(status)))
}

fn told(answer: &Result<Vec<u8>, Status>) -> String {
    match answer {
        Ok(answer) => format!("an answer of {} bytes", answer.len()),
        Err(status) => format!("{:?} {}: {}", status.code(), reason(status), status.message()),
    }
}
