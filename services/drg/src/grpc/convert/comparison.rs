use medfund_money::Fen;
use medfund_proto::drg::v1 as pb;
use medfund_server::{Context, Violations};
use medfund_tariff::what_if::Setting;
use medfund_types::{FundLine, InstitutionCode};

use super::choice::{choice, crosswalk};
use super::grouping::{all, cases, good_cases};
use super::read;
use super::tariff::what_if::priced_setting;
use crate::app::tariff::what_if::{ReadySetting, WantedSetting, why_not};
use crate::app::{By, Error, Read, WantedBy};
use crate::domain::comparison::{CasePay, InstitutionPay, by_institution, moves};
use crate::domain::tariff::TariffError;

/// By what cases are to be grouped twice.
pub(in crate::grpc) struct Wanted {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) by: WantedBy,
    pub(in crate::grpc) other_by: WantedBy,
    pub(in crate::grpc) money: Option<Money>,
}

/// By what the schemes pay, and whom.
pub(in crate::grpc) struct Money {
    pub(in crate::grpc) settings: [WantedSetting; 2],
    /// Whose each case is, in their order.
    pub(in crate::grpc) whose: Vec<CaseOf>,
}

/// Whose a case is: an institution's, of a person of a fund line, if that is told.
pub(in crate::grpc) type CaseOf = (InstitutionCode, Option<FundLine>);

/// The same, ready to compute with.
pub(in crate::grpc) struct ReadyMoney {
    pub(in crate::grpc) settings: [ReadySetting; 2],
    pub(in crate::grpc) whose: Vec<CaseOf>,
}

pub(in crate::grpc) fn compare_schemes(
    context: &Context,
    request: &pb::CompareSchemesRequest,
) -> Result<Wanted, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let one = choice(&mut bad, context, "scheme_choice", request.scheme_choice.as_ref());
    let other = choice(&mut bad, context, "other_scheme_choice", request.other_scheme_choice.as_ref());
    cases(&mut bad, &request.cases);
    let money = money(&mut bad, context, request);
    let crosswalk = crosswalk(&mut bad, context, &request.crosswalk);
    bad.finish(|| {
        let crosswalk = crosswalk?;
        let by = WantedBy { choice: one?, crosswalk: crosswalk.clone() };
        let other_by = WantedBy { choice: other?, crosswalk };
        Some(Wanted { read: read(context, area?), by, other_by, money: money? })
    })
}

fn money(
    bad: &mut Violations,
    context: &Context,
    request: &pb::CompareSchemesRequest,
) -> Option<Option<Money>> {
    if request.setting.is_none() && request.other_setting.is_none() {
        return Some(None);
    }
    let one = priced_setting(bad, context, "setting", request.setting.as_ref());
    let other = priced_setting(bad, context, "other_setting", request.other_setting.as_ref());
    if request.institution_codes.len() != request.cases.len() {
        bad.add("institution_codes", "must be one for each case");
        return None;
    }
    let codes = &request.institution_codes;
    let institutions = bad.each("institution_codes", codes, |bad, code| bad.take("", code.parse()));
    let lines = fund_lines(bad, request);
    let whose = institutions?.into_iter().zip(lines?).collect();
    Some(Some(Money { settings: [one?, other?], whose }))
}

/// Each case's fund line, if any is told.
fn fund_lines(bad: &mut Violations, request: &pb::CompareSchemesRequest) -> Option<Vec<Option<FundLine>>> {
    if request.fund_lines.is_empty() {
        return Some(vec![None; request.cases.len()]);
    }
    if request.fund_lines.len() != request.cases.len() {
        bad.add("fund_lines", "must be one for each case, or none");
        return None;
    }
    bad.each("fund_lines", &request.fund_lines, |bad, line| bad.take_text("", line, str::parse))
}

/// Groups the cases of a request that was found good by both; an error if what they pay is beyond all measure.
pub(in crate::grpc) fn compared_to_pb(
    one: &By,
    other: &By,
    request: &pb::CompareSchemesRequest,
    money: Option<&ReadyMoney>,
) -> Result<pb::CompareSchemesResponse, Error> {
    let cases = good_cases(&request.cases);
    let (by_one, by_other) = (all(one, &cases, false), all(other, &cases, false));
    let pairs = by_one.iter().zip(&by_other).map(|(a, b)| [a.drg.as_str(), b.drg.as_str()]);
    let moves = moves(pairs.clone()).into_iter();
    let moves =
        moves.map(|one| pb::GroupMove { drg: one.from, other_drg: one.to, n_cases: count(one.n_cases) });
    let moves: Vec<pb::GroupMove> = moves.collect();
    let pays: Vec<CasePay> = match money {
        Some(money) => pairs
            .zip(&money.whose)
            .map(|(groups, whose)| {
                let pay = |side: usize| pay(&money.settings[side].setting(), whose, groups[side]);
                Ok(CasePay { one: pay(0)?, other: pay(1)? })
            })
            .collect::<Result<_, Error>>()?,
        None => vec![CasePay { one: None, other: None }; cases.len()],
    };
    let institution_differences = match money {
        Some(money) => differences(&money.whose, &pays).ok_or(TariffError::BeyondMeasure)?,
        None => Vec::new(),
    };
    let compared = |((a, b), pay): ((pb::GroupedCase, pb::GroupedCase), CasePay)| pb::ComparedCase {
        same: a.drg == b.drg,
        grouped_case: Some(a),
        other_grouped_case: Some(b),
        pay_fen: pay.one.map(Fen::get),
        other_pay_fen: pay.other.map(Fen::get),
        difference_fen: pay.difference().map(Fen::get),
    };
    let compared_cases: Vec<pb::ComparedCase> =
        by_one.into_iter().zip(by_other).zip(pays).map(compared).collect();
    let n_same = count(compared_cases.iter().filter(|case| case.same).count());
    Ok(pb::CompareSchemesResponse { compared_cases, moves, n_same, institution_differences })
}

/// What a case pays by a rate or by standards.
fn pay(setting: &Setting<'_>, (institution, fund_line): &CaseOf, group: &str) -> Result<Option<Fen>, Error> {
    let Ok(group) = group.parse() else { return Ok(None) };
    let worth = setting.worth((institution, fund_line.as_ref()), &group).map_err(why_not)?;
    Ok(worth.map(Fen::new))
}

fn differences(whose: &[CaseOf], pays: &[CasePay]) -> Option<Vec<pb::InstitutionDifference>> {
    let institutions = whose.iter().map(|(institution, _)| institution);
    let sums = by_institution(institutions.zip(pays.iter().copied()))?.into_iter();
    let difference = |(institution, sum): (&InstitutionCode, InstitutionPay)| {
        let ([n_cases, n_other_cases], [pay, other]) = (sum.n_cases, sum.pay);
        pb::InstitutionDifference {
            institution_code: institution.to_string(),
            n_cases,
            n_other_cases,
            pay_fen: pay.get(),
            other_pay_fen: other.get(),
            difference_fen: (other - pay).get(),
        }
    };
    Some(sums.map(difference).collect())
}

fn count(n: usize) -> i32 {
    i32::try_from(n).expect("a message has few cases")
}
