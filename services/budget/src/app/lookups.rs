use diesel_async::AsyncPgConnection;
use medfund_types::District;

use super::Error;
use crate::domain::decomposition::{Decomposition, DecompositionError};
use crate::domain::key::{BudgetKey, InstitutionKey};
use crate::domain::quota::{Institution, QuotaError};
use crate::store;

/// An institution that `agreement` has told of, in `district` if one is named.
pub(super) async fn known(
    conn: &mut AsyncPgConnection,
    key: &InstitutionKey,
    district: Option<&District>,
) -> Result<Institution, Error> {
    let found = store::institutions::find(conn, &key.area, &key.institution).await?;
    let found = found.filter(|one| district.is_none_or(|district| one.district == *district));
    Ok(found.ok_or_else(|| QuotaError::UnknownInstitution(key.institution.clone()))?)
}

/// A decomposition with its quotas, locked.
pub(super) async fn locked_decomposition(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
) -> Result<Decomposition, Error> {
    let found = store::decompositions::lock(conn, key).await?;
    let found = found.ok_or_else(|| DecompositionError::NotFound(key.clone()))?;
    let quotas = store::quotas::list_all(conn, key).await?;
    Ok(Decomposition { quotas, ..found })
}
