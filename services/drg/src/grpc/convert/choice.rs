use medfund_proto::drg::v1 as pb;
use medfund_server::convert::date;
use medfund_server::{Context, FieldProblem, Violations};

use super::{crosswalk_name, scheme_name};
use crate::app::WantedBy;
use crate::app::schemes::Choice;
use crate::domain::crosswalk::CrosswalkHash;

/// Takes the choice of a scheme.
pub(super) fn choice(
    bad: &mut Violations,
    context: &Context,
    field: &str,
    given: Option<&pb::SchemeChoice>,
) -> Option<Choice> {
    use pb::scheme_choice::Choice as Pb;
    let given = bad.require(field, given)?;
    bad.within(field, |bad| match &given.choice {
        Some(Pb::Scheme(name)) => {
            bad.take("scheme", scheme_name(context, name)).map(|(_, hash)| Choice::Scheme(hash))
        }
        Some(Pb::Date(day)) => bad.take("date", date(Some(*day))).map(Choice::InForceOn),
        None => {
            bad.add("choice", "must be a scheme or a day");
            None
        }
    })
}

/// Takes the crosswalk, which may be none.
pub(super) fn crosswalk(
    bad: &mut Violations,
    context: &Context,
    name: &str,
) -> Option<Option<CrosswalkHash>> {
    bad.take_text("crosswalk", name, |name| Ok::<_, FieldProblem>(crosswalk_name(context, name)?.1))
}

/// Takes what cases are to be grouped by.
pub(super) fn by(
    bad: &mut Violations,
    context: &Context,
    scheme: Option<&pb::SchemeChoice>,
    crosswalk_name: &str,
) -> Option<WantedBy> {
    let choice = choice(bad, context, "scheme_choice", scheme);
    let crosswalk = crosswalk(bad, context, crosswalk_name);
    Some(WantedBy { choice: choice?, crosswalk: crosswalk? })
}
