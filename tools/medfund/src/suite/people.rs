//! The people who act in a fund year.

use medfund_proto::auth::v1::Role;
use medfund_types::{Area, InstitutionCode};

/// Somebody who calls services.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// Who it is: the token's `sub`.
    pub subject: String,
    /// What the person may do.
    pub role: Role,
    /// The area the person acts in.
    pub area: Option<Area>,
    /// The institution the person acts for.
    pub institution: Option<InstitutionCode>,
}

/// The people of an area's bodies: makers and checkers are different people.
#[derive(Clone, Debug)]
pub struct People {
    area: Area,
    /// Writes policy packs.
    pub pack_maker: Person,
    /// Publishes them.
    pub pack_checker: Person,
    /// Advances the fund calendar.
    pub keeper: Person,
    /// Prepares and enters for the agency.
    pub officer: Person,
    /// Checks what the officer prepared.
    pub checker: Person,
    /// Enters the decisions of meetings.
    pub secretary: Person,
    /// Confirms what another secretary entered.
    pub second_secretary: Person,
    /// Balances and approves for the whole area.
    pub city: Person,
    /// Reviews for the finance bureau.
    pub finance: Person,
    /// Reads everything.
    pub auditor: Person,
}

impl People {
    /// The people of `area`.
    #[must_use]
    pub fn of(area: &Area) -> Self {
        let person = |subject: &str, role| Person {
            subject: subject.to_owned(),
            role,
            area: Some(area.clone()),
            institution: None,
        };
        Self {
            area: area.clone(),
            pack_maker: person("policy-maker", Role::PolicyMaker),
            pack_checker: person("policy-checker", Role::PolicyChecker),
            keeper: person("calendar-keeper", Role::CalendarKeeper),
            officer: person("agency-officer", Role::AgencyOfficer),
            checker: person("agency-checker", Role::AgencyChecker),
            secretary: person("meeting-secretary", Role::MeetingSecretary),
            second_secretary: person("meeting-secretary-2", Role::MeetingSecretary),
            city: person("city-agency", Role::CityAgency),
            finance: person("finance-reviewer", Role::FinanceReviewer),
            auditor: person("auditor", Role::Auditor),
        }
    }

    /// The area.
    #[must_use]
    pub fn area(&self) -> &Area {
        &self.area
    }

    /// The clerk of an institution.
    #[must_use]
    pub fn clerk(&self, institution: &InstitutionCode) -> Person {
        Person {
            subject: format!("clerk-{institution}"),
            role: Role::Institution,
            area: Some(self.area.clone()),
            institution: Some(institution.clone()),
        }
    }
}
