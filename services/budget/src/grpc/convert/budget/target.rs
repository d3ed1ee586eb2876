use medfund_money::Exact;
use medfund_proto::budget::v1 as pb;
use medfund_server::convert::{fen, fen_not_negative};
use medfund_server::{Context, Violations};

use super::budgets::MAX_NOTE;
use super::names::key;
use crate::app::propose_target::ProposeTarget;
use crate::domain::target::{Deduction, TargetProposal};
use crate::grpc::convert::{call, optional_text, text};

/// The most characters of an id of the pack.
pub(super) const MAX_ID: usize = 40;

pub(in crate::grpc) fn propose_target(
    context: &Context,
    request: pb::ProposeTargetRequest,
) -> Result<ProposeTarget, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "targets", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    let deductions = take_deductions(&mut bad, request.deductions);
    let reserve = bad.take_if("reserve_fen", request.reserve_fen, fen_not_negative);
    let raise = bad.take_text("primary_care_raise", &request.primary_care_raise, str::parse::<Exact>);
    let adjustment = bad.take("adjustment_fen", fen(request.adjustment_fen));
    if request.adjustment_fen != 0 && request.adjustment_reason.trim().is_empty() {
        bad.add("adjustment_reason", "must say why the target is adjusted");
    }
    let adjustment_reason = bad.take("adjustment_reason", optional_text(request.adjustment_reason, MAX_NOTE));
    bad.finish(|| {
        let proposal = TargetProposal {
            deductions: deductions?,
            reserve: reserve?,
            primary_care_raise: raise?,
            adjustment: adjustment?,
            adjustment_reason: adjustment_reason?,
        };
        Some(ProposeTarget { call: call?, key: key?, proposal })
    })
}

pub(super) fn take_deductions(
    bad: &mut Violations,
    deductions: Vec<pb::Deduction>,
) -> Option<Vec<Deduction>> {
    bad.each("deductions", deductions, |bad, deduction| {
        let id = bad.take("id", text(deduction.id, MAX_ID));
        let amount = bad.take("amount_fen", fen_not_negative(deduction.amount_fen));
        Some(Deduction { id: id?, amount: amount? })
    })
}
