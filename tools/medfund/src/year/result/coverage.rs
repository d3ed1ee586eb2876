//! How far payment by DRG reaches (覆盖进度) in a year's result, and as a table.

use anyhow::Context;
use comfy_table::{Cell, Table};
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::settlement::v1::{CoverageSeries, GetDrgCoverageRequest, MethodShare};
use serde::Serialize;

use super::print::yuan;
use crate::print::{numbers_right, table};
use crate::suite::rpc;
use crate::year::Year;

/// The coverage of a year, and what each method pays of all care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CoverageResult {
    pub(crate) series: Vec<SeriesResult>,
    pub(crate) methods: Vec<MethodResult>,
    /// Whether fee for service pays a smaller share than the year before, if that year has bills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) less_fee_for_service: Option<bool>,
}

/// A share beside what the pack asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SeriesResult {
    pub(crate) id: String,
    pub(crate) covered: i64,
    pub(crate) all: i64,
    pub(crate) share: String,
    pub(crate) least: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reached: Option<bool>,
    pub(crate) clause: String,
}

/// What a method pays of all care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MethodResult {
    pub(crate) method: String,
    pub(crate) fund_fen: i64,
    pub(crate) share: String,
}

impl Year<'_> {
    /// The year's coverage, where there is a pool to pay by DRG.
    pub(super) async fn coverage(&self) -> anyhow::Result<Option<CoverageResult>> {
        if !self.has_pools() {
            return Ok(None);
        }
        let name = self.names.one("drgCoverages", &self.region.fund_year.to_string());
        let request = GetDrgCoverageRequest { name };
        let got = rpc!(self.session, &self.people.auditor, Settlement SettlementServiceClient get_drg_coverage, request)
            .await?;
        let coverage = got.coverage.context("a coverage")?;
        Ok(Some(CoverageResult {
            series: coverage.series.into_iter().map(series).collect(),
            methods: coverage.methods.iter().map(method).collect(),
            less_fee_for_service: coverage.less_fee_for_service,
        }))
    }
}

fn series(told: CoverageSeries) -> SeriesResult {
    SeriesResult {
        id: told.id,
        covered: told.covered,
        all: told.all,
        share: told.share_rate,
        least: told.least_rate,
        reached: told.reached,
        clause: told.clause,
    }
}

fn method(told: &MethodShare) -> MethodResult {
    let name = told.method().as_str_name();
    MethodResult {
        method: name.trim_start_matches("PAYMENT_METHOD_").to_lowercase(),
        fund_fen: told.fund_fen,
        share: told.share_rate.clone(),
    }
}

impl CoverageResult {
    /// Each share beside what the pack asks for, then what each method pays.
    pub(super) fn table(&self) -> Table {
        let mut rows = table(&["", "covered", "of", "share", "at least", "reached", "clause"]);
        for one in &self.series {
            let whole = |value| if one.id == "fund" { yuan(value) } else { Cell::new(value) };
            let reached = one.reached.map_or("", |reached| if reached { "yes" } else { "no" });
            let [covered, all] = [one.covered, one.all].map(whole);
            let words = [&one.share, &one.least].map(Cell::new);
            let row = [Cell::new(&one.id), covered, all].into_iter().chain(words);
            rows.add_row(row.chain([Cell::new(reached), Cell::new(&one.clause)]));
        }
        for one in &self.methods {
            let name = Cell::new(format!("paid by {}", one.method));
            rows.add_row([name, yuan(one.fund_fen), Cell::new(""), Cell::new(&one.share)]);
        }
        numbers_right(&mut rows, 1);
        rows
    }
}
