use medfund_grouper::{Change, Complication, Explanation, Tried, WhatIf};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::what_if::Change as PbChange;

use super::grouped::severity_to_pb;

pub(super) fn explanation_to_pb(explanation: &Explanation<'_>) -> pb::Explanation {
    pb::Explanation {
        tried: explanation.tried.iter().map(tried_to_pb).collect(),
        complications: explanation.complications.iter().map(complication_to_pb).collect(),
        unknown_codes: explanation.unknown.clone(),
        what_ifs: explanation.what_if.iter().map(what_if_to_pb).collect(),
        text_zh: explanation.to_string(),
    }
}

fn tried_to_pb(tried: &Tried) -> pb::TriedRule {
    pb::TriedRule {
        variant: tried.variant.clone(),
        asks_zh: tried.asks.clone(),
        failed: tried.failed.and_then(|failed| i32::try_from(failed).ok()),
        unknown: tried.unknown,
    }
}

fn complication_to_pb(complication: &Complication) -> pb::Complication {
    pb::Complication {
        code: complication.code.clone(),
        listed: severity_to_pb(complication.listed).into(),
        counted: severity_to_pb(complication.counts).into(),
        exclusion_table: complication.excluded_by.map(i32::from),
    }
}

fn what_if_to_pb(what_if: &WhatIf) -> pb::WhatIf {
    let (change, code) = match &what_if.change {
        Change::PrincipalDiagnosis(code) => (PbChange::PrincipalDiagnosis, code.as_str()),
        Change::PrincipalProcedure(code) => (PbChange::PrincipalProcedure, code.as_str()),
        Change::WithoutProcedures => (PbChange::WithoutProcedures, ""),
        Change::WithoutMcc => (PbChange::WithoutMcc, ""),
        Change::WithoutMccAndCc => (PbChange::WithoutMccAndCc, ""),
        Change::WithMcc => (PbChange::WithMcc, ""),
        Change::WithCc => (PbChange::WithCc, ""),
    };
    pb::WhatIf { change: change.into(), code: code.to_owned(), drg: what_if.group.clone() }
}
