use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::scheme::State;
use medfund_server::convert::{split_page, timestamp_to_pb};
use medfund_server::{Context, FieldProblem, Violations};

use super::{call, changed, listed, named, scheme_name, scheme_name_to_pb};
use crate::app::Read;
use crate::app::publish_scheme::PublishScheme;
use crate::app::submit_scheme::SubmitScheme;
use crate::domain::scheme::{Scheme, SchemeHash};
use crate::store::Page;
use crate::store::schemes::SchemeKey;

pub(in crate::grpc) fn submit_scheme(
    context: &Context,
    request: pb::SubmitSchemeRequest,
) -> Result<SubmitScheme, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id);
    let scheme = bad.take("content", compiled(&request.content));
    bad.finish(|| {
        let scheme = scheme?;
        let count = |n: usize| i32::try_from(n).expect("a scheme's groups have numbers of 16 bits");
        Some(SubmitScheme {
            call: call?,
            hash: scheme.hash().parse().expect("a scheme's hash is SHA-256"),
            scheme_id: scheme.name().to_owned(),
            counts: scheme.counts().map(count),
            content: request.content,
        })
    })
}

/// Reads a compiled scheme; bytes that are not as the compiler writes them would have another hash.
fn compiled(content: &[u8]) -> Result<medfund_grouper::Scheme, FieldProblem> {
    let scheme = medfund_grouper::Scheme::from_bytes(content)?;
    if scheme.to_bytes() != content {
        return Err(FieldProblem::Malformed("must be as the compiler writes it".to_owned()));
    }
    Ok(scheme)
}

pub(in crate::grpc) fn publish_scheme(
    context: &Context,
    request: &pb::PublishSchemeRequest,
) -> Result<PublishScheme, Violations> {
    let (call, hash) = changed(context, scheme_name(context, &request.name), &request.request_id)?;
    Ok(PublishScheme { call, hash })
}

pub(in crate::grpc) fn get_scheme(
    context: &Context,
    request: &pb::GetSchemeRequest,
) -> Result<(Read, SchemeHash), Violations> {
    named(context, "name", scheme_name(context, &request.name))
}

pub(in crate::grpc) fn list_schemes(
    context: &Context,
    request: &pb::ListSchemesRequest,
) -> Result<(Read, Page<SchemeKey>), Violations> {
    listed(context, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn schemes_to_pb(
    schemes: Vec<Scheme>,
    size: usize,
    request: &pb::ListSchemesRequest,
) -> pb::ListSchemesResponse {
    let key = |scheme: &Scheme| (scheme.create_time, scheme.hash.to_string());
    let (schemes, next_page_token) = split_page(schemes, size, key, &[&request.parent]);
    pb::ListSchemesResponse { schemes: schemes.iter().map(scheme_to_pb).collect(), next_page_token }
}

pub(in crate::grpc) fn scheme_to_pb(scheme: &Scheme) -> pb::Scheme {
    let [n_mdcs, n_adrgs, n_drgs] = scheme.counts;
    let published = scheme.published.as_ref();
    pb::Scheme {
        name: scheme_name_to_pb(&scheme.area, &scheme.hash),
        scheme_id: scheme.scheme_id.clone(),
        scheme_hash: scheme.hash.to_string(),
        n_mdcs,
        n_adrgs,
        n_drgs,
        state: published.map_or(State::Submitted, |_| State::Published).into(),
        maker: scheme.maker.clone(),
        checker: published.map(|published| published.checker.clone()).unwrap_or_default(),
        create_time: Some(timestamp_to_pb(scheme.create_time)),
        publish_time: published.map(|published| timestamp_to_pb(published.time)),
    }
}
