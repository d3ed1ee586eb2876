use std::collections::BTreeMap;

use medfund_db::{Call, Tx};
use medfund_money::Derivation;

use super::lookups::known;
use super::year::{Year, outdate_quotas};
use super::{App, Error, rules};
use crate::domain::coefficient::{Coefficient, Factor, check_officer_factors, coefficient};
use crate::domain::key::InstitutionKey;
use crate::domain::quota::{Institution, OfficerFactors};
use crate::store;

/// Records the factors of an institution's coefficient that an officer sets.
pub(crate) struct RecordCoefficient {
    pub(crate) call: Call,
    pub(crate) key: InstitutionKey,
    pub(crate) factors: Vec<Factor>,
}

impl App {
    /// Keeps the factors and tells the coefficient they make.
    pub(crate) async fn record_coefficient(
        &self,
        command: RecordCoefficient,
    ) -> Result<(Coefficient, Derivation), Error> {
        let RecordCoefficient { call, key, factors } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let institution = known(tx.conn(), &key, None).await?;
                    let budget = key.in_district(&institution.district);
                    let year = Year::of(tx.conn(), &packs, &budget).await?;
                    put_factors(tx, &year, key, &institution, factors).await
                })
            })
            .await
    }
}

/// Keeps an institution's factors with the tree of the coefficient they make.
pub(super) async fn put_factors(
    tx: &mut Tx<'_>,
    year: &Year,
    key: InstitutionKey,
    institution: &Institution,
    factors: Vec<Factor>,
) -> Result<(Coefficient, Derivation), Error> {
    let budget = key.in_district(&institution.district);
    let rules = rules::coefficient(year.quota(&budget)?);
    check_officer_factors(&rules, &factors)?;
    outdate_quotas(tx, &budget).await?;
    let by_id: BTreeMap<_, _> = factors.iter().map(|one| (one.id.clone(), one.value.clone())).collect();
    let found = coefficient(&rules, institution.level, &institution.class, &by_id);
    let tree = year.derivation(found.tree(&rules), "coefficient/1");

    let (area, instant) = (tx.area(), tx.instant());
    let recorded = OfficerFactors { key, district: institution.district.clone(), factors };
    store::coefficients::put(tx.conn(), &recorded, instant).await?;
    let amount = recorded.key.name("coefficients");
    store::derivations::put(tx.conn(), area, &amount, Some(&institution.code), &tree).await?;
    Ok((found, tree))
}
