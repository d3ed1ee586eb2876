use std::collections::HashMap;

use medfund_db::Caller;
use medfund_proto::auth::v1::{Access, Role, Tenancy};
use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::ErrorReason;

/// One RPC that a server offers, and whom it is for.
#[derive(Debug)]
pub(crate) struct Rpc {
    /// The service's full name, e.g. `medfund.budget.v1.BudgetService`.
    pub(crate) service: &'static str,
    /// The RPC's name alone.
    pub(crate) name: &'static str,
    /// Service and RPC, e.g. `medfund.budget.v1.BudgetService/DrawReserve`.
    pub(crate) method: &'static str,
    pub(crate) client_streams: bool,
    pub(crate) server_streams: bool,
    access: Allowed,
}

#[derive(Debug)]
enum Allowed {
    /// Whoever has a verified token.
    AnyCaller,
    To {
        roles: Vec<i32>,
        tenancy: Tenancy,
    },
}

impl Allowed {
    fn by(access: Access) -> Self {
        let tenancy = access.tenancy();
        Self::To { roles: access.roles, tenancy }
    }
}

impl Rpc {
    /// The kind of call, as community dashboards name it.
    pub(crate) fn kind(&self) -> &'static str {
        match (self.client_streams, self.server_streams) {
            (false, false) => "unary",
            (true, false) => "client_stream",
            (false, true) => "server_stream",
            (true, true) => "bidi_stream",
        }
    }

    /// Whether `caller` may call it.
    pub(crate) fn check(&self, caller: &Caller) -> Result<(), ErrorReason> {
        let Allowed::To { roles, tenancy } = &self.access else { return Ok(()) };
        let has = |role: Role| caller.roles.contains(&i32::from(role));
        let public = roles.contains(&i32::from(Role::Public));
        if !public && !caller.roles.iter().any(|role| roles.contains(role)) {
            return Err(ErrorReason::permission_denied("ROLE_MISSING", "当前角色无权进行此操作"));
        }
        let bound = match tenancy {
            Tenancy::Suite => true,
            Tenancy::Area => caller.area.is_some() || has(Role::Service),
            Tenancy::Institution => {
                let institution_known = caller.institution.is_some() || !has(Role::Institution);
                (caller.area.is_some() && institution_known) || has(Role::Service)
            }
            Tenancy::Unspecified => false,
        };
        if bound {
            Ok(())
        } else {
            Err(ErrorReason::permission_denied("TENANCY_MISSING", "令牌未绑定统筹区或机构"))
        }
    }
}

/// Every RPC that a server offers, by path.
#[derive(Debug, Default)]
pub(crate) struct AccessTable(HashMap<String, Rpc>);

impl AccessTable {
    /// Reads the RPCs of `services` out of `descriptors`.
    ///
    /// Fails with one sentence for each service that is not described and each
    /// RPC that names no roles or no tenancy.
    pub(crate) fn read(descriptors: &[u8], services: &[&'static str]) -> Result<Self, Vec<String>> {
        let pool = DescriptorPool::decode(descriptors).map_err(|e| vec![format!("the descriptors: {e}")])?;
        let (mut table, mut problems) = (Self::default(), Vec::new());
        for &service in services {
            let Some(described) = pool.get_service_by_name(service) else {
                problems.push(format!("{service} is not in the descriptors"));
                continue;
            };
            for method in described.methods() {
                match declared_access(&method) {
                    Ok(access) => table.add(service, &method, Allowed::by(access)),
                    Err(problem) => problems.push(format!("{service}/{} {problem}", method.name())),
                }
            }
        }
        if problems.is_empty() { Ok(table) } else { Err(problems) }
    }

    /// Opens server reflection to whoever has a verified token.
    pub(crate) fn with_reflection(mut self) -> Self {
        const SERVICE: &str = "grpc.reflection.v1.ServerReflection";
        let rpc = Rpc {
            service: SERVICE,
            name: "ServerReflectionInfo",
            method: "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            client_streams: true,
            server_streams: true,
            access: Allowed::AnyCaller,
        };
        self.0.insert(format!("/{}", rpc.method), rpc);
        self
    }

    /// The RPC that a request's path names.
    pub(crate) fn find(&self, path: &str) -> Option<&Rpc> {
        self.0.get(path)
    }

    fn add(&mut self, service: &'static str, method: &MethodDescriptor, access: Allowed) {
        // Leaked, because it labels what outlives the server: a few dozen short texts a server.
        let full: &'static str = String::leak(format!("{service}/{}", method.name()));
        let rpc = Rpc {
            service,
            name: &full[service.len() + 1..],
            method: full,
            client_streams: method.is_client_streaming(),
            server_streams: method.is_server_streaming(),
            access,
        };
        self.0.insert(format!("/{full}"), rpc);
    }
}

/// Whom an RPC's proto says that it is for.
///
/// # Errors
///
/// What is wrong with its `access` option, to be read after the RPC's name.
pub fn declared_access(method: &MethodDescriptor) -> Result<Access, &'static str> {
    let options = method.options();
    let pool = method.parent_pool();
    let extension = pool.get_extension_by_name("medfund.auth.v1.access").ok_or("has no access option")?;
    if !options.has_extension(&extension) {
        return Err("declares no access: it must name its roles and its tenancy");
    }
    let value = options.get_extension(&extension);
    let malformed = "has an access option of another form";
    let access: Access = value.as_message().ok_or(malformed)?.transcode_to().map_err(|_| malformed)?;
    if access.roles.is_empty() || access.roles.contains(&i32::from(Role::Unspecified)) {
        return Err("names no roles");
    }
    if access.tenancy() == Tenancy::Unspecified {
        return Err("names no tenancy");
    }
    Ok(access)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(roles: &[Role], area: Option<&str>, institution: Option<&str>) -> Caller {
        Caller {
            subject: "someone".to_owned(),
            roles: roles.iter().map(|&role| role.into()).collect(),
            area: area.map(|area| area.parse().unwrap()),
            institution: institution.map(|code| code.parse().unwrap()),
        }
    }

    fn rpc(roles: &[Role], tenancy: Tenancy) -> Rpc {
        let access = Allowed::To { roles: roles.iter().map(|&role| role.into()).collect(), tenancy };
        Rpc { service: "s", name: "m", method: "s/m", client_streams: false, server_streams: false, access }
    }

    #[test]
    fn a_caller_needs_one_of_the_roles() {
        let rpc = rpc(&[Role::CityAgency, Role::Auditor], Tenancy::Area);
        assert!(rpc.check(&caller(&[Role::Auditor], Some("440700"), None)).is_ok());
        let refused = rpc.check(&caller(&[Role::AgencyOfficer], Some("440700"), None)).unwrap_err();
        assert_eq!(refused.reason(), "ROLE_MISSING");
        assert!(rpc.check(&caller(&[], Some("440700"), None)).is_err());
    }

    #[test]
    fn what_is_public_is_for_every_caller_of_an_area() {
        let rpc = rpc(&[Role::Public], Tenancy::Area);
        assert!(rpc.check(&caller(&[Role::Institution], Some("440700"), Some("H44070300001"))).is_ok());
        assert!(rpc.check(&caller(&[], None, None)).is_err());
    }

    #[test]
    fn an_institutions_officer_must_be_bound_to_one() {
        let rpc = rpc(&[Role::Institution, Role::CityAgency], Tenancy::Institution);
        assert!(rpc.check(&caller(&[Role::Institution], Some("440700"), Some("H44070300001"))).is_ok());
        assert!(rpc.check(&caller(&[Role::CityAgency], Some("440700"), None)).is_ok());
        let refused = rpc.check(&caller(&[Role::Institution], Some("440700"), None)).unwrap_err();
        assert_eq!(refused.reason(), "TENANCY_MISSING");
        assert!(rpc.check(&caller(&[Role::Institution], None, Some("H44070300001"))).is_err());
    }

    #[test]
    fn a_service_is_bound_to_no_area() {
        for tenancy in [Tenancy::Area, Tenancy::Institution, Tenancy::Suite] {
            assert!(rpc(&[Role::Service], tenancy).check(&caller(&[Role::Service], None, None)).is_ok());
        }
    }

    #[test]
    fn every_rpc_of_the_suite_declares_its_access() {
        let pool = DescriptorPool::decode(medfund_proto::DESCRIPTORS).unwrap();
        let names: Vec<&'static str> =
            pool.services().map(|service| &*String::leak(service.full_name().to_owned())).collect();
        AccessTable::read(medfund_proto::DESCRIPTORS, &names).unwrap();
    }
}
