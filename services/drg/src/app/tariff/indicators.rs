use std::collections::BTreeSet;

use medfund_money::Fen;
use medfund_tariff::Tariff as Groups;
use medfund_tariff::history::Totals;
use medfund_tariff::indicators::{
    Coverage, Performance, RiskBounds, Target, of_diseases, of_funds, of_institutions, performance,
};
use medfund_types::InstitutionCode;
use uuid::Uuid;

use super::cases::{cases_of, tariff_of};
use crate::app::beside::beside;
use crate::app::{App, Error, Read};
use crate::store;

/// What is asked of a history's cases.
pub(crate) struct WantedIndicators {
    pub(crate) history: Uuid,
    pub(crate) tariff: Uuid,
    pub(crate) bounds: RiskBounds,
    pub(crate) coverage: Option<CoverageTargets>,
}

/// What coverage is measured by.
pub(crate) struct CoverageTargets {
    pub(crate) eligible: BTreeSet<InstitutionCode>,
    pub(crate) paid_by_drg: BTreeSet<InstitutionCode>,
    pub(crate) inpatient: Fen,
    /// Of institutions, diseases and funds.
    pub(crate) targets: [Target; 3],
}

/// What a history's cases tell.
pub(crate) struct Indicators {
    pub(crate) region: Performance,
    pub(crate) institutions: Vec<(InstitutionCode, Performance)>,
    /// Of institutions, diseases and funds.
    pub(crate) coverage: Option<[Coverage; 3]>,
}

impl App {
    /// What past cases say of the region and of each institution.
    pub(crate) async fn indicators(&self, read: Read, wanted: WantedIndicators) -> Result<Indicators, Error> {
        let (area, history, tariff) = (read.area.clone(), wanted.history, wanted.tariff);
        let found = self.reader.run(&read.caller, &read.area, move |conn| {
            Box::pin(async move {
                let (history, cases) = cases_of(conn, &area, history).await?;
                let tariff = tariff_of(conn, &history, tariff).await?;
                let groups = store::tariff_groups::all(conn, &area, tariff.id).await?;
                Ok::<_, Error>((cases, groups))
            })
        });
        let (cases, groups) = found.await?;
        let WantedIndicators { bounds, coverage, .. } = wanted;
        let told = move || {
            let groups = Groups::new(groups.into_iter().map(|group| group.group));
            let groups = groups.expect("a code is a row's key");
            let of = |own| performance(own, &cases, &groups, &bounds);
            let institutions = cases.institutions().map(|(code, own)| (code.clone(), of(own))).collect();
            let coverage = coverage.map(|targets| covered(targets, &cases, &groups));
            Indicators { region: of(cases.groups()), institutions, coverage }
        };
        Ok(beside(told).await)
    }
}

fn covered(targets: CoverageTargets, cases: &Totals, groups: &Groups) -> [Coverage; 3] {
    let CoverageTargets { eligible, paid_by_drg, inpatient, targets } = targets;
    let [institutions, diseases, funds] = targets;
    [
        of_institutions(&eligible, &paid_by_drg, institutions),
        of_diseases(cases, &paid_by_drg, groups, diseases),
        of_funds(cases, &paid_by_drg, groups, inpatient, funds),
    ]
}
