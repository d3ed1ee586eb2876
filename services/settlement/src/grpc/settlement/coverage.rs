//! How far DRG reaches becomes a message.

use medfund_money::Exact;
use medfund_policy::Pack;
use medfund_proto::settlement::v1 as pb;

use super::answers::method;
use crate::app::coverage::Coverage;
use crate::domain::coverage::{MethodShare, Series};

pub(super) fn coverage(one: &Coverage) -> pb::DrgCoverage {
    pb::DrgCoverage {
        name: format!("areas/{}/drgCoverages/{}", one.area, one.fund_year),
        fund_year: one.fund_year.get(),
        series: one.series.iter().map(|series| coverage_series(series, &one.pack)).collect(),
        methods: one.methods.iter().map(method_share).collect(),
        methods_before: one.methods_before.iter().map(method_share).collect(),
        less_fee_for_service: one.has_less_fee_for_service,
    }
}

fn coverage_series(series: &Series, pack: &Pack) -> pb::CoverageSeries {
    let whole = |value: &Exact| value.to_i64().expect("counts and fen are whole");
    let tree = series.share.clone();
    let tree = tree.map(|share| share.under(pack.id(), &pack.hash().to_string(), "coverage/1"));
    pb::CoverageSeries {
        id: series.id.to_owned(),
        covered: whole(&series.part),
        all: whole(&series.whole),
        share_rate: series.share.as_ref().map(|share| share.value.to_string()).unwrap_or_default(),
        least_rate: series.least.as_ref().map(|least| least.value.to_string()).unwrap_or_default(),
        reached: series.is_reached,
        clause: series.least.as_ref().map(|least| least.cite.clone()).unwrap_or_default(),
        derivation: tree.as_ref().map(Into::into),
    }
}

fn method_share(one: &MethodShare) -> pb::MethodShare {
    pb::MethodShare {
        method: method(one.method.as_str()).into(),
        fund_fen: one.fund.get(),
        share_rate: one.share.to_string(),
    }
}
