use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::year::{InstitutionResult, PackId, YearResult};

/// Two years of the same region, institution by institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    pub(super) pack: PackId,
    pub(super) tried: PackId,
    pub(super) fund_lines: Vec<LineComparison>,
}

/// One fund line: what the fund pays and keeps, and its institutions, who gains most first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct LineComparison {
    pub(super) id: String,
    /// What is left of the reserve.
    pub(super) reserve_left_fen: [i64; 2],
    pub(super) institutions: Vec<Gain>,
}

/// What an institution has of a year, as it is and as it is tried, in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Gain {
    pub(super) code: String,
    pub(super) primary: bool,
    /// Its quota as it was last adjusted.
    pub(super) quota_fen: [i64; 2],
    /// What it receives for the year in all, less the deposit that it forfeits.
    pub(super) received_fen: [i64; 2],
}

impl Gain {
    /// How much more it receives, negative for less.
    pub(super) fn difference(&self) -> i64 {
        self.received_fen[1] - self.received_fen[0]
    }
}

impl Comparison {
    /// Compares a year as it is with one as it is tried.
    pub(crate) fn of(before: &YearResult, after: &YearResult) -> Self {
        let sides = [before, after];
        let ids: BTreeSet<&str> =
            sides.iter().flat_map(|side| &side.fund_lines).map(|line| &*line.id).collect();
        let line = |id: &str| {
            let lines = sides.map(|side| side.fund_lines.iter().find(|line| line.id == id));
            let mut institutions: BTreeMap<&str, Gain> = BTreeMap::new();
            for (side, line) in lines.iter().enumerate() {
                for one in line.iter().flat_map(|line| &line.institutions) {
                    let gain = institutions.entry(&one.code).or_default();
                    (gain.code, gain.primary) = (one.code.clone(), one.primary);
                    gain.quota_fen[side] += one.adjusted_quota_fen;
                    gain.received_fen[side] += received(one);
                }
            }
            let mut institutions: Vec<Gain> = institutions.into_values().collect();
            institutions.sort_by_key(|gain| -gain.difference());
            LineComparison {
                id: id.to_owned(),
                reserve_left_fen: lines.map(|line| line.map_or(0, |line| line.sums.reserve.left_fen)),
                institutions,
            }
        };
        Self {
            pack: before.pack.clone(),
            tried: after.pack.clone(),
            fund_lines: ids.into_iter().map(line).collect(),
        }
    }

    /// The comparison as a file.
    ///
    /// # Errors
    ///
    /// None that is known: it is made of text and whole numbers.
    pub fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

fn received(one: &InstitutionResult) -> i64 {
    one.clearing.final_fen - one.deposit.forfeited_fen
}
