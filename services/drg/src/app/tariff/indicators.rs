use std::collections::BTreeSet;

use medfund_money::Fen;
use medfund_tariff::Tariff as Groups;
use medfund_tariff::indicators::{
    Coverage, Performance, RiskBounds, Target, of_diseases, of_funds, of_institutions, performance,
};
use medfund_types::InstitutionCode;
use uuid::Uuid;

use super::cases::{cases_of, tariff_of};
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
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let (history, cases) = cases_of(conn, &area, wanted.history).await?;
                    let tariff = tariff_of(conn, &history, wanted.tariff).await?;
                    let groups = store::tariff_groups::all(conn, &area, tariff.id).await?;
                    let groups = groups.into_iter().map(|group| group.group);
                    let groups = Groups::new(groups).expect("a code is a row's key");
                    let of = |own| performance(own, &cases, &groups, &wanted.bounds);
                    let institutions = cases.institutions();
                    Ok(Indicators {
                        region: of(cases.groups()),
                        institutions: institutions.map(|(code, own)| (code.clone(), of(own))).collect(),
                        coverage: wanted.coverage.map(|targets| {
                            let CoverageTargets { eligible, paid_by_drg, inpatient, targets } = targets;
                            let [institutions, diseases, funds] = targets;
                            [
                                of_institutions(&eligible, &paid_by_drg, institutions),
                                of_diseases(&cases, &paid_by_drg, &groups, diseases),
                                of_funds(&cases, &paid_by_drg, &groups, inpatient, funds),
                            ]
                        }),
                    })
                })
            })
            .await
    }
}
