//! Whose bills and cases a request is about.

use medfund_server::{Context, FieldProblem};
use medfund_types::{Area, InstitutionCode};

const INSTITUTION_NAME: &str = "areas/{area}/institutions/{institution}";
const BILL_NAME: &str = "areas/{area}/institutions/{institution}/bills/{setl_id}";

/// Reads an institution's code, which must be the caller's own if the caller is one.
pub(super) fn own_institution(context: &Context, code: &str) -> Result<InstitutionCode, FieldProblem> {
    let institution: InstitutionCode = code.parse()?;
    context.owns_institution(&institution)?;
    Ok(institution)
}

/// Reads the name of an institution.
pub(super) fn institution(context: &Context, name: &str) -> Result<(Area, InstitutionCode), FieldProblem> {
    let name = context.name::<1>(INSTITUTION_NAME, name)?;
    let institution = own_institution(context, name.ids[0])?;
    Ok((name.area, institution))
}

/// Reads the name of an area or of one institution of it; an institution that names its area means itself.
pub(super) fn area_or_institution(
    context: &Context,
    parent: &str,
) -> Result<(Area, Option<InstitutionCode>), FieldProblem> {
    if parent.contains("/institutions/") {
        institution(context, parent).map(|(area, institution)| (area, Some(institution)))
    } else {
        context.area(parent).map(|area| (area, context.caller().institution.clone()))
    }
}

/// Reads the name of a bill.
pub(super) fn bill(context: &Context, name: &str) -> Result<(Area, InstitutionCode, String), FieldProblem> {
    let name = context.name::<2>(BILL_NAME, name)?;
    let institution = own_institution(context, name.ids[0])?;
    Ok((name.area, institution, name.ids[1].to_owned()))
}
