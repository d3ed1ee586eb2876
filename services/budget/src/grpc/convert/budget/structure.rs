use medfund_money::{Exact, Fen};
use medfund_proto::budget::v1 as pb;
use medfund_server::convert::{decimal, etag, fen, kind_of_care, kind_of_care_to_pb, version_from_etag};
use medfund_server::{Context, FieldProblem, Violations};

use super::answers::decision_to_pb;
use super::names::{decision, key};
use super::states::structure_state;
use super::target::MAX_ID;
use crate::app::adjust_pool::AdjustPool;
use crate::app::propose_structure::ProposeStructure;
use crate::domain::structure::{BudgetRegime, CareBudget, Pool, Structure};
use crate::grpc::convert::{call, text};

pub(in crate::grpc) fn propose_structure(
    context: &Context,
    request: pb::ProposeStructureRequest,
) -> Result<ProposeStructure, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "structures", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    let shares = bad.each("shares", request.shares, |bad, one| {
        let care = bad.take("kind_of_care", kind_of_care(one.kind_of_care));
        let share = bad.take("share_rate", share(&one.share_rate));
        Some((care?, share?))
    });
    bad.finish(|| Some(ProposeStructure { call: call?, key: key?, shares: shares? }))
}

fn share(text: &str) -> Result<Exact, FieldProblem> {
    let share = decimal(text)?;
    if share.is_negative() || share > Exact::from(1_i64) {
        return Err(FieldProblem::Malformed("must be a share, 0 to 1".to_owned()));
    }
    Ok(share)
}

pub(in crate::grpc) fn adjust_pool(
    context: &Context,
    request: pb::AdjustPoolRequest,
) -> Result<AdjustPool, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "structures", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    let care = bad.take("kind_of_care", kind_of_care(request.kind_of_care));
    let reason = bad.take("reason", text(request.reason, MAX_ID));
    let change = bad.take("change_fen", fen(request.change_fen));
    if change == Some(Fen::ZERO) {
        bad.add("change_fen", "must not be 0");
    }
    let decision = bad.take("decision", decision(context, &request.decision));
    let version = bad.take("etag", version_from_etag(&request.etag));
    bad.finish(|| {
        Some(AdjustPool {
            call: call?,
            key: key?,
            care: care?,
            reason: reason?,
            change: change?,
            decision: decision?,
            version: version?,
        })
    })
}

pub(in crate::grpc) fn structure_to_pb(structure: &Structure) -> pb::Structure {
    pb::Structure {
        name: structure.key.name("structures"),
        target_fen: structure.target.get(),
        cares: structure.cares.iter().map(care_to_pb).collect(),
        state: structure_state(structure.state).into(),
        decision: decision_to_pb(&structure.key.area, structure.decision),
        maker: structure.maker.clone(),
        etag: etag(structure.version),
    }
}

fn care_to_pb(budget: &CareBudget) -> pb::CareBudget {
    let pool = |pool: &Pool| pb::Pool {
        amount_fen: pool.amount.get(),
        adjustment_fen: pool.adjustment.get(),
        revision: i32::try_from(pool.revision).expect("a pool is decided on a few times"),
    };
    pb::CareBudget {
        kind_of_care: kind_of_care_to_pb(budget.care).into(),
        share_rate: budget.share.to_string(),
        amount_fen: budget.amount.get(),
        pool: match &budget.state {
            BudgetRegime::Pool(state) => Some(pool(state)),
            BudgetRegime::Quota => None,
        },
    }
}
