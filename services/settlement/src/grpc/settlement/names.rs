use medfund_server::{Context, FieldProblem};
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};

use crate::app::explain::Amount;
use crate::domain::accounts::Pot;
use crate::grpc::scope;

type Name<T> = Result<(Area, T), FieldProblem>;

fn malformed(pattern: &str) -> FieldProblem {
    FieldProblem::Malformed(format!("must have the form `{pattern}`"))
}

/// Reads a name of one collection: the id as it stands.
pub(super) fn id(context: &Context, collection: &str, name: &str) -> Name<String> {
    let pattern = format!("areas/{{area}}/{collection}/{{id}}");
    let name = context.name::<1>(&pattern, name)?;
    Ok((name.area, name.ids[0].to_owned()))
}

/// Reads the name of a month's run.
pub(super) fn month(context: &Context, name: &str) -> Name<SettlementMonth> {
    let (area, id) = id(context, "monthSettlements", name)?;
    Ok((area, id.parse().map_err(|_| malformed("areas/{area}/monthSettlements/{year}-{month}"))?))
}

/// Reads the name of a fund year's coverage.
pub(super) fn coverage(context: &Context, name: &str) -> Name<FundYear> {
    let (area, id) = id(context, "drgCoverages", name)?;
    Ok((area, fund_year(&id).ok_or_else(|| malformed("areas/{area}/drgCoverages/{fund_year}"))?))
}

/// Reads the name of a clearing.
pub(super) fn clearing(context: &Context, name: &str) -> Name<Pot> {
    let (area, id) = id(context, "clearings", name)?;
    Ok((area, pot(&id).ok_or_else(|| malformed(CLEARING))?))
}

const CLEARING: &str = "areas/{area}/clearings/{fund_year}-{fund_line}-{district}";

/// Four digits: a sign or a zero more would be a second name for the same year.
fn fund_year(text: &str) -> Option<FundYear> {
    let year = FundYear::try_from(text.parse::<i32>().ok()?).ok()?;
    (year.to_string() == text).then_some(year)
}

fn pot(id: &str) -> Option<Pot> {
    let mut parts = id.splitn(3, '-');
    Some(Pot {
        fund_year: fund_year(parts.next()?)?,
        fund_line: parts.next()?.parse::<FundLine>().ok()?,
        district: parts.next()?.parse::<District>().ok()?,
    })
}

/// Reads the name of an amount.
pub(super) fn amount(context: &Context, name: &str) -> Name<Amount> {
    let bad = || malformed("areas/{area}/{collection}/{id}/{amount}");
    let mut parts: Vec<&str> = name.split('/').collect();
    let amount = parts.pop().filter(|amount| !amount.is_empty()).ok_or_else(bad)?.to_owned();
    let resource = parts.join("/");
    let year = |id: &str| -> Result<FundYear, FieldProblem> {
        id.split('-').next().and_then(fund_year).ok_or_else(bad)
    };
    match parts.get(2).copied() {
        Some("statements") => {
            let (area, id) = id(context, "statements", &resource)?;
            Ok((area, Amount::Statement { id, amount }))
        }
        Some("prepayments") if amount == "amountFen" => {
            let (area, id) = id(context, "prepayments", &resource)?;
            Ok((area, Amount::Prepayment { fund_year: year(&id)?, id }))
        }
        Some("deposits") => {
            let (area, id) = id(context, "deposits", &resource)?;
            Ok((area, Amount::Deposit { fund_year: year(&id)?, id, amount }))
        }
        Some("clearings") => {
            let pattern = "areas/{area}/clearings/{clearing}/institutions/{institution}";
            let name = context.name::<2>(pattern, &resource)?;
            let pot = pot(name.ids[0]).ok_or_else(|| malformed(CLEARING))?;
            let code: InstitutionCode = name.ids[1].parse().map_err(FieldProblem::from)?;
            Ok((name.area, Amount::Clearing { pot, institution: code, amount }))
        }
        Some("institutions") if amount == "points" => {
            let (area, institution, setl_id) = scope::bill(context, &resource)?;
            Ok((area, Amount::Case { institution, setl_id }))
        }
        Some(_) | None => Err(bad()),
    }
}
