use std::collections::BTreeSet;

use medfund_tidy::expect_none;
use prost_reflect::{DescriptorPool, Kind, MethodDescriptor, Value};

/// First words of RPCs that change nothing.
const READING: [&str; 11] =
    ["Get", "List", "Read", "Explain", "Check", "Export", "Query", "Search", "Group", "Compare", "Translate"];

fn methods() -> Vec<MethodDescriptor> {
    let pool = DescriptorPool::decode(medfund_proto::DESCRIPTORS).unwrap();
    pool.services()
        .filter(|s| s.full_name().starts_with("medfund."))
        .flat_map(|s| s.methods().collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_rpc_names_its_roles_and_tenancy() {
    let pool = DescriptorPool::decode(medfund_proto::DESCRIPTORS).unwrap();
    let access = pool.get_extension_by_name("medfund.auth.v1.access").unwrap();
    let mut findings = Vec::new();
    for method in methods() {
        let options = method.options();
        let declared = options.get_extension(&access);
        let declared = declared.as_message().is_some_and(|message| {
            let roles = message.get_field_by_name("roles").and_then(|v| v.as_list().map(<[Value]>::len));
            let tenancy = message.get_field_by_name("tenancy").and_then(|v| v.as_enum_number());
            roles.unwrap_or(0) > 0 && tenancy.unwrap_or(0) > 0
        });
        if !declared {
            findings.push(method.full_name().to_owned());
        }
    }
    expect_none(&findings, "declare medfund.auth.v1.access");
    assert!(methods().len() > 1, "the descriptors hold the services");
}

#[test]
fn every_rpc_that_changes_something_has_a_request_id() {
    let mut findings = Vec::new();
    for method in methods() {
        let reads = READING.iter().any(|word| method.name().starts_with(word));
        let field = method.input().get_field_by_name("request_id");
        let streamed = method.is_client_streaming();
        if !reads && !streamed && !field.is_some_and(|f| matches!(f.kind(), Kind::String)) {
            findings.push(method.full_name().to_owned());
        }
    }
    expect_none(&findings, "a retry must be safe: add `string request_id`");
}

#[test]
fn money_is_int64_and_never_floating() {
    let mut findings = Vec::new();
    let pool = DescriptorPool::decode(medfund_proto::DESCRIPTORS).unwrap();
    for message in pool.all_messages().filter(|m| m.full_name().starts_with("medfund.")) {
        for field in message.fields() {
            let floating = matches!(field.kind(), Kind::Double | Kind::Float);
            let loose = field.name().ends_with("_fen") && !matches!(field.kind(), Kind::Int64);
            if floating || loose {
                findings.push(field.full_name().to_owned());
            }
        }
    }
    expect_none(&findings, "an amount is `int64 …_fen`; a rate is a decimal string");
}

#[test]
fn no_mutating_request_holds_a_map() {
    let holds_map = methods().into_iter().filter(|m| m.input().fields().any(|f| f.is_map()));
    let findings: Vec<String> = holds_map.map(|m| m.full_name().to_owned()).collect();
    expect_none(&findings, "a map's bytes have no fixed order, and requests are compared by bytes");
}

#[test]
fn every_request_field_says_how_it_behaves() {
    let pool = DescriptorPool::decode(medfund_proto::DESCRIPTORS).unwrap();
    let behavior = pool.get_extension_by_name("google.api.field_behavior").unwrap();
    let mut findings = Vec::new();
    let (mut seen, mut next) =
        (BTreeSet::new(), methods().iter().map(MethodDescriptor::input).collect::<Vec<_>>());
    while let Some(message) = next.pop() {
        if !message.full_name().starts_with("medfund.") || !seen.insert(message.full_name().to_owned()) {
            continue;
        }
        for field in message.fields() {
            if !field.options().has_extension(&behavior) {
                findings.push(field.full_name().to_owned());
            }
            next.extend(field.kind().as_message().cloned());
        }
    }
    expect_none(&findings, "declare google.api.field_behavior");
}
