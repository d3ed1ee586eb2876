use medfund_db::Tx;

use super::Error;
use super::year::Year;
use crate::domain::reserve::Reserve;
use crate::store;

/// Writes a reserve with the tree of what is left of it.
pub(super) async fn put_reserve(tx: &mut Tx<'_>, year: &Year, reserve: &Reserve) -> Result<(), Error> {
    let (area, instant) = (tx.area(), tx.instant());
    store::reserves::put(tx.conn(), reserve, instant).await?;
    let tree = year.derivation(reserve.tree(), "reserve/1");
    store::derivations::put(tx.conn(), area, &reserve.key.name("reserves"), None, &tree).await?;
    Ok(())
}
