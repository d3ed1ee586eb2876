//! Decisions of the bodies that the pack names.

use chrono::NaiveDate;
use medfund_proto::budget::v1::decision_service_client::DecisionServiceClient;
use medfund_proto::budget::v1::{ConfirmDecisionRequest, RecordDecisionRequest};
use medfund_types::District;

use super::Year;
use super::names::day;
use crate::suite::{Person, rpc};

/// What is put before a body.
pub(super) struct Motion<'a> {
    /// The matter's id in the pack.
    pub(super) matter: &'a str,
    /// The district, unless it concerns the whole area.
    pub(super) district: Option<&'a District>,
    /// The resource, or nothing.
    pub(super) subject: &'a str,
    /// The step's name, unique in the year.
    pub(super) step: &'a str,
    /// The day of the meeting.
    pub(super) date: NaiveDate,
}

impl Year<'_> {
    /// Has the body that the pack names decide: one person enters the record, another confirms it.
    ///
    /// Returns the decision's name. Other services have heard of it when [`Year::heard`] returns.
    pub(super) async fn decide(&self, motion: Motion<'_>) -> anyhow::Result<String> {
        let body = self.pack.deciding_body(motion.matter)?;
        let (recorder, confirmer) = self.record_keepers(body.is_meeting);
        let name = self.names.one("decisions", &self.id(&format!("{}/decision", motion.step)));
        let request = RecordDecisionRequest {
            name: name.clone(),
            body: body.id,
            matter: motion.matter.to_owned(),
            district: motion.district.map(ToString::to_string).unwrap_or_default(),
            fund_year: self.region.fund_year.get(),
            subject: motion.subject.to_owned(),
            approved: true,
            meeting_date: day(motion.date),
            n_votes_for: i32::try_from(body.members.len())?,
            members_present: body.members,
            n_votes_against: 0,
            n_abstentions: 0,
            minutes_reference: format!("minutes/{}/{}", self.region.fund_year, motion.step),
            request_id: self.id(&format!("{}/decision/record", motion.step)),
        };
        rpc!(self.session, recorder, Budget DecisionServiceClient record_decision, request).await?;
        let request = ConfirmDecisionRequest {
            name: name.clone(),
            request_id: self.id(&format!("{}/decision/confirm", motion.step)),
        };
        rpc!(self.session, confirmer, Budget DecisionServiceClient confirm_decision, request).await?;
        Ok(name)
    }

    /// Who enters and who confirms a body's decisions: two secretaries of a meeting, else two officers.
    fn record_keepers(&self, is_meeting: bool) -> (&Person, &Person) {
        if is_meeting {
            (&self.people.secretary, &self.people.second_secretary)
        } else {
            (&self.people.officer, &self.people.checker)
        }
    }
}
