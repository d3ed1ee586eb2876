use medfund_proto::drg::v1 as pb;
use medfund_server::convert::date;
use medfund_server::{Context, Violations};

use super::scheme_name;
use crate::app::schemes::Choice;

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
