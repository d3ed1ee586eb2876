//! The points of cases, made again from their bills and what stands beside them.

use diesel_async::AsyncPgConnection;
use medfund_money::Derivation;
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, FundYear, InstitutionCode};

use super::pooled::{counted, rules_of, year_cases};
use super::{Error, Read, Settlement};
use crate::domain::pool::{CountedCase, DrgCase};
use crate::store;

/// A case that points pay.
#[derive(Clone, Debug)]
pub(crate) struct PaidCase {
    pub(crate) fund_line: FundLine,
    pub(crate) kind_of_care: KindOfCare,
    pub(crate) case: DrgCase,
    pub(crate) counted: CountedCase,
}

impl Settlement {
    /// The cases that points pay in a fund year, of one institution or of all, by institution and settlement id.
    ///
    /// For one institution a stay is cut by readmissions to its own alone, which is all that it may look at.
    pub(crate) async fn case_points(
        &self,
        read: Read,
        fund_year: FundYear,
        only: Option<InstitutionCode>,
    ) -> Result<Vec<PaidCase>, Error> {
        let (this, Read { caller, area }) = (self.clone(), read);
        let key = area.clone();
        self.reader
            .run(&caller, &key, move |conn| {
                Box::pin(async move {
                    let year = this.packs.year(conn, &area, fund_year).await?;
                    let mut all = Vec::new();
                    for ((fund_line, kind_of_care), cases) in
                        year_cases(conn, &area, &year, only.as_ref()).await?
                    {
                        let rules = rules_of(&year, &fund_line)?;
                        let counted = counted(&this, conn, &area, (&fund_line, &cases), &rules).await?;
                        let paid = |(case, counted)| PaidCase {
                            fund_line: fund_line.clone(),
                            kind_of_care,
                            case,
                            counted,
                        };
                        all.extend(cases.into_iter().zip(counted).map(paid));
                    }
                    let key = |one: &PaidCase| (one.case.institution.clone(), one.case.setl_id.clone());
                    all.sort_by_cached_key(key);
                    Ok(all)
                })
            })
            .await
    }

    /// The tree of a case's points by all bills of the year that are known; `None` if no point pays it.
    ///
    /// A stay is cut by readmissions to its own institution alone, which is all that an institution may look at.
    pub(super) async fn explain_case(
        &self,
        read: Read,
        institution: InstitutionCode,
        setl_id: String,
    ) -> Result<Option<Derivation>, Error> {
        let (this, Read { caller, area }) = (self.clone(), read);
        let key = area.clone();
        self.reader
            .run(&caller, &key, move |conn| {
                Box::pin(async move { explain(&this, conn, &area, &institution, &setl_id).await })
            })
            .await
    }
}

async fn explain(
    this: &Settlement,
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    setl_id: &str,
) -> Result<Option<Derivation>, Error> {
    let bill = store::bills::find(conn, area, institution, setl_id).await?;
    let Some(bill) = bill.filter(|bill| bill.group.is_some()) else { return Ok(None) };
    let fund_year = FundYear::try_from(bill.month.year()).expect("a bill's month has an open fund year");
    let year = this.packs.year(conn, area, fund_year).await?;
    let mut cases = year_cases(conn, area, &year, Some(institution)).await?;
    let own = cases.remove(&(bill.fund_line.clone(), bill.kind_of_care)).unwrap_or_default();
    let of_person: Vec<DrgCase> = own.into_iter().filter(|case| case.person == bill.line.psn_no).collect();
    let Some(place) = of_person.iter().position(|case| case.setl_id == setl_id) else { return Ok(None) };
    let rules = rules_of(&year, &bill.fund_line)?;
    let made =
        counted(this, conn, area, (&bill.fund_line, &of_person), &rules).await?.swap_remove(place).made;
    let (id, hash) = (year.pack.id(), year.pack.hash().to_string());
    Ok(Some(made.derivation.under(id, &hash, "case_points/1")))
}
