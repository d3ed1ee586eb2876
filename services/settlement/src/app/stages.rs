//! How long the stages of a month take: checking and grouping bills, storing them, and settling.

use prometheus::{HistogramOpts, HistogramTimer, HistogramVec, Registry, exponential_buckets};

/// A stage of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The lines of a chunk are checked, and its cases grouped.
    CheckAndGroup,
    /// What is good of a chunk is stored, and what is wrong with it.
    Store,
    /// A month's facts are read.
    Read,
    /// A month's cases are counted and priced.
    Price,
    /// A month's statements are made and stored.
    State,
    /// A month is posted to the ledger and told to others.
    Post,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Self::CheckAndGroup => "check_and_group",
            Self::Store => "store",
            Self::Read => "read",
            Self::Price => "price",
            Self::State => "state",
            Self::Post => "post",
        }
    }
}

/// The times of stages, as a scrape reads them.
#[derive(Clone, Debug)]
pub struct Stages(HistogramVec);

impl Default for Stages {
    fn default() -> Self {
        let buckets = exponential_buckets(0.001, 4.0, 9).expect("buckets that grow");
        let options = HistogramOpts::new(
            "medfund_settlement_stage_seconds",
            "Time that a stage of taking in bills or of settling a month took.",
        );
        Self(HistogramVec::new(options.buckets(buckets), &["stage"]).expect("a metric with a name"))
    }
}

impl Stages {
    /// Lets scrapes read them.
    ///
    /// # Errors
    ///
    /// If there is such a metric already.
    pub fn register(&self, registry: &Registry) -> Result<(), prometheus::Error> {
        registry.register(Box::new(self.0.clone()))
    }

    /// Times a stage until what is returned is dropped.
    pub(crate) fn begin(&self, stage: Stage) -> HistogramTimer {
        self.0.with_label_values(&[stage.as_str()]).start_timer()
    }
}
