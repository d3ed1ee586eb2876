use std::collections::HashSet;

use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::institution::State;
use medfund_proto::agreement::v1::institution_change;
use medfund_server::convert::{date, date_to_pb, split_page, uuid};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, District, InstitutionCode};
use uuid::Uuid;

use super::{MAX_ID, MAX_TEXT, call, page, read, text};
use crate::app::Read;
use crate::app::admit_institution::AdmitInstitution;
use crate::app::confirm_institution_change::ConfirmInstitutionChange;
use crate::app::create_institution::CreateInstitution;
use crate::app::evaluate_institution::EvaluateInstitution;
use crate::app::propose_institution_change::ProposeInstitutionChange;
use crate::domain::institution::{Change, ChangeKind, Institution, Member, Profile, Standing};
use crate::domain::two_persons::TwoPersons;
use crate::store::Page;

const INSTITUTION: &str = "areas/{area}/institutions/{institution_code}";
const CHANGE: &str = "areas/{area}/institutions/{institution_code}/changes/{change}";
const MAX_MEMBERS: usize = 200;
const MAX_SIGNERS: usize = 20;

pub(super) fn institution_name(
    context: &Context,
    name: &str,
) -> Result<(Area, InstitutionCode), FieldProblem> {
    let name = context.name::<1>(INSTITUTION, name)?;
    let code = name.ids[0].parse()?;
    context.owns_institution(&code)?;
    Ok((name.area, code))
}

fn change_name(context: &Context, name: &str) -> Result<(Area, InstitutionCode, Uuid), FieldProblem> {
    let name = context.name::<2>(CHANGE, name)?;
    Ok((name.area, name.ids[0].parse()?, uuid(name.ids[1])?))
}

fn profile(bad: &mut Violations, profile: Option<pb::InstitutionProfile>) -> Option<Profile> {
    let profile = bad.require("profile", profile)?;
    bad.within("profile", |bad| {
        let display_name = bad.take("display_name", text(profile.display_name, MAX_TEXT));
        let district = bad.take("district", profile.district.parse::<District>());
        let level = i16::try_from(profile.level).ok().filter(|level| (0..=3).contains(level));
        let level = bad.take("level", level.ok_or("must be 0 to 3"));
        let class = bad.take("institution_class", text(profile.institution_class, MAX_ID));
        let members = members(bad, profile.members);
        if profile.authorised_signers.len() > MAX_SIGNERS {
            bad.add("authorised_signers", format!("must be at most {MAX_SIGNERS}"));
        }
        let signers = bad.each("authorised_signers", profile.authorised_signers, |bad, signer| {
            bad.take("", text(signer, MAX_TEXT))
        });
        Some(Profile {
            display_name: display_name?,
            district: district?,
            level: level?,
            institution_class: class?,
            primary: profile.primary,
            city_direct: profile.city_direct,
            members: members?,
            authorised_signers: signers?,
        })
    })
}

fn members(bad: &mut Violations, members: Vec<pb::InstitutionMember>) -> Option<Vec<Member>> {
    if members.len() > MAX_MEMBERS {
        bad.add("members", format!("must be at most {MAX_MEMBERS}"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("members", members, |bad, member| {
        let member_code = bad.take("member_code", text(member.member_code, MAX_ID));
        let display_name = bad.take("display_name", text(member.display_name, MAX_TEXT));
        let district = bad.take("district", member.district.parse::<District>());
        let member_code = member_code?;
        if !seen.insert(member_code.clone()) {
            bad.add("member_code", "must not be given twice");
            return None;
        }
        Some(Member { member_code, display_name: display_name?, district: district? })
    })
}

pub(in crate::grpc) fn create_institution(
    context: &Context,
    request: pb::CreateInstitutionRequest,
) -> Result<CreateInstitution, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let code = bad.take("institution_code", request.institution_code.parse::<InstitutionCode>());
    let profile = profile(&mut bad, request.profile);
    let call = call(&mut bad, context, area.as_ref(), &request.request_id);
    bad.finish(|| {
        let institution = Institution::applying(area?, code?, profile?);
        Some(CreateInstitution { call: call?, institution })
    })
}

pub(in crate::grpc) fn evaluate_institution(
    context: &Context,
    request: pb::EvaluateInstitutionRequest,
) -> Result<EvaluateInstitution, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", institution_name(context, &request.name));
    let reference = bad.take("reference", text(request.reference, MAX_TEXT));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| {
        let (code, passed) = (name?.1, request.passed);
        Some(EvaluateInstitution { call: call?, code, passed, reference: reference? })
    })
}

pub(in crate::grpc) fn admit_institution(
    context: &Context,
    request: &pb::AdmitInstitutionRequest,
) -> Result<AdmitInstitution, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", institution_name(context, &request.name));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| Some(AdmitInstitution { call: call?, code: name?.1 }))
}

pub(in crate::grpc) fn propose_institution_change(
    context: &Context,
    request: pb::ProposeInstitutionChangeRequest,
) -> Result<ProposeInstitutionChange, Violations> {
    use institution_change::Kind;
    let mut bad = Violations::default();
    let name = bad.take("name", change_name(context, &request.name));
    let given = Kind::try_from(request.kind).unwrap_or_default();
    if given != Kind::Suspend && request.suspended_through_date.is_some() {
        bad.add("suspended_through_date", "must be unset unless the agreement is to be suspended");
    }
    if given != Kind::Profile && request.profile.is_some() {
        bad.add("profile", "must be unset unless the profile is to change");
    }
    let kind = match given {
        Kind::Suspend => {
            let through = bad.take("suspended_through_date", date(request.suspended_through_date));
            through.map(|through| ChangeKind::Suspend { through })
        }
        Kind::Resume => Some(ChangeKind::Resume),
        Kind::Exit => Some(ChangeKind::Exit),
        Kind::Profile => profile(&mut bad, request.profile).map(|p| ChangeKind::Profile(Box::new(p))),
        Kind::Unspecified => {
            bad.add("kind", "must be a known kind of change");
            None
        }
    };
    let reason = bad.take("reason", text(request.reason, MAX_TEXT));
    let call = call(&mut bad, context, name.as_ref().map(|(area, ..)| area), &request.request_id);
    bad.finish(|| {
        let (area, code, id) = name?;
        let persons = TwoPersons::made_by(&context.caller().subject);
        let change = Change { area, id, code, kind: kind?, reason: reason?, persons };
        Some(ProposeInstitutionChange { call: call?, change })
    })
}

pub(in crate::grpc) fn confirm_institution_change(
    context: &Context,
    request: &pb::ConfirmInstitutionChangeRequest,
) -> Result<ConfirmInstitutionChange, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", change_name(context, &request.name));
    let call = call(&mut bad, context, name.as_ref().map(|(area, ..)| area), &request.request_id);
    bad.finish(|| {
        let (_, code, id) = name?;
        Some(ConfirmInstitutionChange { call: call?, code, id })
    })
}

pub(in crate::grpc) fn get_institution(
    context: &Context,
    name: &str,
) -> Result<(Read, InstitutionCode), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", institution_name(context, name));
    bad.finish(|| name.map(|(area, code)| (read(context, area), code)))
}

pub(in crate::grpc) fn list_institutions(
    context: &Context,
    request: &pb::ListInstitutionsRequest,
) -> Result<(Read, Option<District>, Page<String>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let district = bad.take_text("district", &request.district, str::parse::<District>);
    let bound_to = [request.parent.as_str(), &request.district];
    let page = page(&mut bad, &bound_to, request.page_size, &request.page_token);
    bad.finish(|| Some((read(context, area?), district?, page?)))
}

pub(in crate::grpc) fn institutions_to_pb(
    institutions: Vec<Institution>,
    size: usize,
    request: &pb::ListInstitutionsRequest,
) -> pb::ListInstitutionsResponse {
    let bound_to = [request.parent.as_str(), &request.district];
    let key = |institution: &Institution| institution.code.to_string();
    let (institutions, next_page_token) = split_page(institutions, size, key, &bound_to);
    let institutions = institutions.iter().map(institution_to_pb).collect();
    pb::ListInstitutionsResponse { institutions, next_page_token }
}

pub(in crate::grpc) fn list_institution_changes(
    context: &Context,
    request: &pb::ListInstitutionChangesRequest,
) -> Result<(Read, InstitutionCode, Page<Uuid>), Violations> {
    let mut bad = Violations::default();
    let parent = bad.take("parent", institution_name(context, &request.parent));
    let page = page(&mut bad, &[&request.parent], request.page_size, &request.page_token);
    bad.finish(|| {
        let (area, code) = parent?;
        Some((read(context, area), code, page?))
    })
}

pub(in crate::grpc) fn institution_changes_to_pb(
    changes: Vec<Change>,
    size: usize,
    request: &pb::ListInstitutionChangesRequest,
) -> pb::ListInstitutionChangesResponse {
    let (changes, next_page_token) = split_page(changes, size, |change| change.id, &[&request.parent]);
    pb::ListInstitutionChangesResponse {
        changes: changes.iter().map(change_to_pb).collect(),
        next_page_token,
    }
}

pub(in crate::grpc) fn institution_to_pb(institution: &Institution) -> pb::Institution {
    let state = match institution.standing {
        Standing::Applied => State::Applied,
        Standing::Evaluated => State::Evaluated,
        Standing::Rejected => State::Rejected,
        Standing::Admitted => State::Admitted,
        Standing::Suspended { .. } => State::Suspended,
        Standing::Exited => State::Exited,
    };
    let evaluator = institution.evaluation.as_ref().map(|evaluation| evaluation.evaluator.clone());
    pb::Institution {
        name: format!("areas/{}/institutions/{}", institution.area, institution.code),
        institution_code: institution.code.to_string(),
        profile: Some(profile_to_pb(&institution.profile)),
        state: state.into(),
        suspended_through_date: institution.standing.suspended_through().map(date_to_pb),
        evaluator: evaluator.unwrap_or_default(),
        admitter: institution.admitter.clone().unwrap_or_default(),
    }
}

fn profile_to_pb(profile: &Profile) -> pb::InstitutionProfile {
    let member = |member: &Member| pb::InstitutionMember {
        member_code: member.member_code.clone(),
        display_name: member.display_name.clone(),
        district: member.district.to_string(),
    };
    pb::InstitutionProfile {
        display_name: profile.display_name.clone(),
        district: profile.district.to_string(),
        level: profile.level.into(),
        institution_class: profile.institution_class.clone(),
        primary: profile.primary,
        city_direct: profile.city_direct,
        members: profile.members.iter().map(member).collect(),
        authorised_signers: profile.authorised_signers.clone(),
    }
}

pub(in crate::grpc) fn change_to_pb(change: &Change) -> pb::InstitutionChange {
    use institution_change::{Kind, State};
    let (kind, through, profile) = match &change.kind {
        ChangeKind::Suspend { through } => (Kind::Suspend, Some(date_to_pb(*through)), None),
        ChangeKind::Resume => (Kind::Resume, None, None),
        ChangeKind::Exit => (Kind::Exit, None, None),
        ChangeKind::Profile(profile) => (Kind::Profile, None, Some(profile_to_pb(profile))),
    };
    let state = if change.persons.is_confirmed() { State::Confirmed } else { State::Proposed };
    pb::InstitutionChange {
        name: format!("areas/{}/institutions/{}/changes/{}", change.area, change.code, change.id),
        kind: kind.into(),
        suspended_through_date: through,
        profile,
        reason: change.reason.clone(),
        state: state.into(),
        maker: change.persons.maker.clone(),
        checker: change.persons.checker.clone().unwrap_or_default(),
    }
}
