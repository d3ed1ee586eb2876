//! What the settlement service was busy with, as its own metrics tell.

use std::str::FromStr;

use anyhow::Context;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use crate::hosting::Hosted;
use crate::suite::Service;

/// The sum of a stage's times, before its labels.
const SUM: &str = "medfund_settlement_stage_seconds_sum{stage=\"";

/// A stage of the service's work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Stage {
    pub(super) name: String,
    /// Time that it took of all tasks together: stages run side by side.
    pub(super) milliseconds: u64,
}

/// The stages in the order in which a month passes them.
pub(super) async fn of(hosted: &Hosted) -> anyhow::Result<Vec<Stage>> {
    read(&hosted.metrics(Service::Settlement).await?)
}

fn read(metrics: &str) -> anyhow::Result<Vec<Stage>> {
    let sums = metrics.lines().filter_map(|line| line.strip_prefix(SUM));
    let mut stages: Vec<Stage> = sums.map(stage).collect::<anyhow::Result<_>>()?;
    stages.sort_by_key(|stage| place(&stage.name));
    Ok(stages)
}

fn stage(line: &str) -> anyhow::Result<Stage> {
    let (name, seconds) = line.split_once("\"} ").context("a metric has a label and a value")?;
    let seconds = Decimal::from_str(seconds).or_else(|_| Decimal::from_scientific(seconds))?;
    let milliseconds = (seconds * Decimal::ONE_THOUSAND).to_u64().context("a time is not negative")?;
    Ok(Stage { name: name.to_owned(), milliseconds })
}

fn place(name: &str) -> Option<usize> {
    const ORDER: [&str; 6] = ["check_and_group", "store", "read", "price", "state", "post"];
    ORDER.iter().position(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read_in_the_order_of_a_month() {
        let metrics = "# HELP medfund_settlement_stage_seconds x\n\
            medfund_settlement_stage_seconds_bucket{stage=\"store\",le=\"1\"} 4\n\
            medfund_settlement_stage_seconds_sum{stage=\"store\"} 1.2345\n\
            medfund_settlement_stage_seconds_count{stage=\"store\"} 4\n\
            medfund_settlement_stage_seconds_sum{stage=\"check_and_group\"} 0.0005\n";
        let stage = |name: &str, milliseconds| Stage { name: name.to_owned(), milliseconds };
        assert_eq!(read(metrics).unwrap(), [stage("check_and_group", 0), stage("store", 1_234)]);
    }
}
