use medfund_proto::budget::v1 as pb;

use crate::domain::budget::{BudgetState, SurplusHealth};
use crate::domain::decomposition::DecompositionState;
use crate::domain::structure::StructureState;
use crate::domain::target::TargetState;

pub(in crate::grpc) fn budget_state(state: BudgetState) -> pb::budget::State {
    match state {
        BudgetState::Proposed => pb::budget::State::Proposed,
        BudgetState::Reviewed => pb::budget::State::Reviewed,
        BudgetState::Returned => pb::budget::State::Returned,
        BudgetState::Approved => pb::budget::State::Approved,
    }
}

pub(in crate::grpc) fn target_state(state: TargetState) -> pb::target::State {
    match state {
        TargetState::Proposed => pb::target::State::Proposed,
        TargetState::Decided => pb::target::State::Decided,
    }
}

pub(in crate::grpc) fn structure_state(state: StructureState) -> pb::structure::State {
    match state {
        StructureState::Proposed => pb::structure::State::Proposed,
        StructureState::Decided => pb::structure::State::Decided,
    }
}

pub(in crate::grpc) fn decomposition_state(state: DecompositionState) -> pb::decomposition::State {
    match state {
        DecompositionState::Proposed => pb::decomposition::State::Proposed,
        DecompositionState::Outdated => pb::decomposition::State::Outdated,
        DecompositionState::Balanced => pb::decomposition::State::Balanced,
        DecompositionState::Decided => pb::decomposition::State::Decided,
    }
}

pub(super) fn surplus_health(health: SurplusHealth) -> pb::SurplusHealth {
    match health {
        SurplusHealth::Healthy => pb::SurplusHealth::Healthy,
        SurplusHealth::Low => pb::SurplusHealth::Low,
        SurplusHealth::High => pb::SurplusHealth::High,
        SurplusHealth::Unrated => pb::SurplusHealth::Unrated,
    }
}
