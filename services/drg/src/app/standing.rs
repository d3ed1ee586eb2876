use chrono::FixedOffset;
use medfund_db::Tx;

use super::Error;
use crate::domain::adoption::{Adopted, Adoption, Fit, Kind, Standing};
use crate::domain::tariff::TariffError;
use crate::store;

/// How far clocks in China are before those of UTC, all the year.
const CHINA: FixedOffset = FixedOffset::east_opt(8 * 3_600).expect("a day is longer");

/// What an adoption has to fit.
pub(super) async fn standing(tx: &mut Tx<'_>, adoption: &Adoption) -> Result<Standing, Error> {
    let (area, date) = (tx.area().clone(), adoption.effective_date);
    let fit = match &adoption.adopted {
        Adopted::Scheme(scheme) => {
            let other_tariff = store::adoptions::latest_of_other_scheme(tx.conn(), &area, scheme).await?;
            Fit::Scheme { other_tariff }
        }
        Adopted::Tariff(id) => {
            let tariff = store::tariffs::find(tx.conn(), &area, *id).await?.ok_or(TariffError::NotFound)?;
            let in_force = store::adoptions::in_force(tx.conn(), &area, Kind::Scheme, date).await?;
            let in_force = in_force.and_then(|adoption| adoption.adopted.scheme().cloned());
            Fit::Tariff { scheme: tariff.scheme, fund_year: tariff.fund_year, in_force }
        }
    };
    let latest = store::adoptions::latest(tx.conn(), &area, adoption.adopted.kind()).await?;
    let today = tx.instant().with_timezone(&CHINA).date_naive();
    Ok(Standing { latest, today, fit })
}
