use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::pack::State;
use medfund_server::convert::{split_page, timestamp_to_pb};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::Area;

use super::{call, page, read};
use crate::app::publish_pack::PublishPack;
use crate::app::submit_pack::SubmitPack;
use crate::app::{Page, Read};
use crate::domain::pack::{Pack, PackHash, PackState};
use crate::store::packs::PackKey;

const MAX_PACK_BYTES: usize = 1 << 20;

pub(in crate::grpc) fn submit_pack(
    context: &Context,
    request: pb::SubmitPackRequest,
) -> Result<SubmitPack, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    let pack = if request.pack.is_empty() || request.pack.len() > MAX_PACK_BYTES {
        bad.add("pack", "must be given, and at most 1 MiB");
        None
    } else {
        parse(&mut bad, &request.pack)
    };
    bad.finish(|| {
        let pack = pack?;
        let hash = pack.hash().to_string().parse().expect("a pack's hash is SHA-256");
        Some(SubmitPack { call: call?, pack_id: pack.id().to_owned(), hash, content: request.pack })
    })
}

/// Notes every mistake of the pack with its line and key.
fn parse(bad: &mut Violations, bytes: &[u8]) -> Option<medfund_policy::Pack> {
    match medfund_policy::Pack::parse(bytes) {
        Ok(pack) => Some(pack),
        Err(mistakes) => {
            for mistake in mistakes {
                bad.add("pack", format!("line {mistake}"));
            }
            None
        }
    }
}

pub(in crate::grpc) fn publish_pack(
    context: &Context,
    request: &pb::PublishPackRequest,
) -> Result<PublishPack, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", pack_name(context, &request.name));
    let area = name.as_ref().map(|(area, _)| area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    bad.finish(|| Some(PublishPack { call: call?, hash: name?.1 }))
}

pub(in crate::grpc) fn get_pack(
    context: &Context,
    request: &pb::GetPackRequest,
) -> Result<(Read, PackHash), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", pack_name(context, &request.name));
    bad.finish(|| name.map(|(area, hash)| (read(context, area), hash)))
}

pub(in crate::grpc) fn list_packs(
    context: &Context,
    request: &pb::ListPacksRequest,
) -> Result<(Read, Page<PackKey>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let page = page(&mut bad, &request.parent, request.page_size, &request.page_token);
    bad.finish(|| Some((read(context, area?), page?)))
}

fn pack_name(context: &Context, name: &str) -> Result<(Area, PackHash), FieldProblem> {
    let name = context.name::<1>("areas/{area}/packs/{pack_hash}", name)?;
    Ok((name.area, name.ids[0].parse::<PackHash>()?))
}

pub(in crate::grpc) fn packs_to_pb(
    packs: Vec<Pack>,
    size: usize,
    request: &pb::ListPacksRequest,
) -> pb::ListPacksResponse {
    let key = |pack: &Pack| (pack.create_time, pack.hash.to_string());
    let (packs, next_page_token) = split_page(packs, size, key, &[&request.parent]);
    pb::ListPacksResponse { packs: packs.iter().map(pack_to_pb).collect(), next_page_token }
}

pub(in crate::grpc) fn pack_to_pb(pack: &Pack) -> pb::Pack {
    let state = match pack.state {
        PackState::Submitted => State::Submitted,
        PackState::Published => State::Published,
    };
    pb::Pack {
        name: format!("areas/{}/packs/{}", pack.area, pack.hash),
        pack_id: pack.pack_id.clone(),
        pack_hash: pack.hash.to_string(),
        state: state.into(),
        maker: pack.maker.clone(),
        checker: pack.checker.clone().unwrap_or_default(),
        create_time: Some(timestamp_to_pb(pack.create_time)),
        publish_time: pack.publish_time.map(timestamp_to_pb),
    }
}
