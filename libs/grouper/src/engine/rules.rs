use super::mdc::{NEWBORN_DAYS, YEAR_DAYS};
use super::severity::severity;
use super::{Holds, Interned, Watch};
use crate::case::Field;
use crate::scheme::{Anchor, Mdc, NO_LIST, Rule, Scheme, Test};

/// What looking through an MDC's rules came to.
pub(super) enum Found {
    /// The first rule that holds.
    Rule(u16),
    /// A rule stands first whose test has no data.
    NeedsData(Field),
    /// No surgical rule holds, and the principal procedure is an operation.
    Ambiguous,
    /// No rule holds.
    Nothing,
}

/// The first of the MDC's rules that holds, in the published order.
///
/// Looks only at rules that the principal diagnosis or the principal procedure
/// leads to, and at the few that neither does. A case whose principal procedure
/// is an operation never falls into a medical group: if no surgical one takes
/// it, the operation does not belong to the diagnosis (歧义).
pub(super) fn first_match<W: Watch>(scheme: &Scheme, mdc: &Mdc, case: &Interned<'_>, watch: &mut W) -> Found {
    let by_diagnosis = scheme.diagnoses[case.principal as usize].rules.of(&scheme.diagnosis_rules);
    let by_procedure = match case.principal_procedure {
        Some(procedure) => scheme.procedures[procedure as usize].rules.of(&scheme.procedure_rules),
        None => &[],
    };
    let range = mdc.first_rule..mdc.end_rule;
    let mut candidates = [within(by_diagnosis, &range), within(by_procedure, &range), &mdc.unanchored];
    let operation = case.principal_procedure.is_some_and(|p| scheme.procedures[p as usize].operation);
    while let Some(number) = next(&mut candidates) {
        let rule = &scheme.rules[usize::from(number)];
        if operation && !scheme.adrgs[usize::from(rule.adrg)].is_surgical() {
            continue;
        }
        let (holds, failed) = holds(scheme, rule, case);
        watch.rule(number, holds, failed);
        match holds {
            Holds::Yes => return Found::Rule(number),
            Holds::Unknown(field) => return Found::NeedsData(field),
            Holds::No => {}
        }
    }
    if operation { Found::Ambiguous } else { Found::Nothing }
}

/// Takes the lowest number that stands first in any of the lists.
fn next(lists: &mut [&[u16]; 3]) -> Option<u16> {
    let lowest = lists.iter().filter_map(|list| list.first()).min().copied()?;
    for list in lists {
        if list.first() == Some(&lowest) {
            *list = &list[1..];
        }
    }
    Some(lowest)
}

/// The ascending rules that lie in the range.
fn within<'t>(rules: &'t [u16], range: &std::ops::Range<u16>) -> &'t [u16] {
    let start = rules.iter().take_while(|&&rule| rule < range.start).count();
    let len = rules[start..].iter().take_while(|&&rule| rule < range.end).count();
    &rules[start..start + len]
}

/// Whether all tests of the rule hold, and else the number of the first that does not.
fn holds(scheme: &Scheme, rule: &Rule, case: &Interned<'_>) -> (Holds, Option<usize>) {
    debug_assert!(match rule.anchor {
        Anchor::PrincipalDiagnosis(list) => diagnosis_in(scheme, case.principal, list),
        Anchor::PrincipalProcedure(list) =>
            case.principal_procedure.is_some_and(|p| procedure_in(scheme, p, list)),
        Anchor::None => true,
    });
    all_hold(scheme, &rule.tests, case)
}

/// Whether all tests hold, and else the number of the first that does not.
pub(super) fn all_hold(scheme: &Scheme, tests: &[Test], case: &Interned<'_>) -> (Holds, Option<usize>) {
    let mut all = (Holds::Yes, None);
    for (i, test) in tests.iter().enumerate() {
        match test_holds(scheme, *test, case) {
            Holds::Yes => {}
            Holds::No => return (Holds::No, Some(i)),
            Holds::Unknown(field) if all.1.is_none() => all = (Holds::Unknown(field), Some(i)),
            Holds::Unknown(_) => {}
        }
    }
    all
}

fn test_holds(scheme: &Scheme, test: Test, case: &Interned<'_>) -> Holds {
    let of_age =
        |is: fn(u32) -> bool| case.facts.days_old.map_or_else(Holds::Unknown, |days| is(days).into());
    match test {
        Test::PrincipalDiagnosis(list) => diagnosis_in(scheme, case.principal, list).into(),
        Test::AnyDiagnosis(list) => case.diagnoses.iter().any(|&d| diagnosis_in(scheme, d, list)).into(),
        Test::OtherDiagnosis(list) => {
            case.diagnoses[1..].iter().any(|&d| diagnosis_in(scheme, d, list)).into()
        }
        Test::PrincipalProcedure(list) => {
            case.principal_procedure.is_some_and(|p| procedure_in(scheme, p, list)).into()
        }
        Test::AnyProcedure(list) => case.procedures.iter().any(|&p| procedure_in(scheme, p, list)).into(),
        Test::DistinctProcedures(lists) => distinct(scheme, &lists, case.procedures, &mut [0; 4], 0).into(),
        Test::OperationOutside(list) => {
            let outside =
                |&p: &u32| scheme.procedures[p as usize].operation && !procedure_in(scheme, p, list);
            case.procedures.iter().any(outside).into()
        }
        Test::SomeOperation => case.operated.into(),
        Test::NoOperation => (!case.operated).into(),
        Test::NewbornDiagnosis => {
            let mdc = scheme.mdcs.iter().position(|mdc| mdc.entry == crate::scheme::Entry::NewbornByAge);
            mdc.is_some_and(|mdc| scheme.diagnoses[case.principal as usize].mdcs & (1 << mdc) != 0).into()
        }
        Test::Newborn => of_age(|days| days <= NEWBORN_DAYS),
        Test::Infant => of_age(|days| days > NEWBORN_DAYS && days < YEAR_DAYS),
        Test::AgeYears(from, to) => match case.facts.years_old {
            Ok(years) => (from..=to).contains(&years).into(),
            Err(field) => Holds::Unknown(field),
        },
        Test::AgeDays(from, to) => match case.facts.days_old {
            Ok(days) => (from..=to).contains(&days).into(),
            Err(field) => Holds::Unknown(field),
        },
        Test::StayDays(from, to) => match case.facts.stay_days {
            Some(days) => (from..=to).contains(&days).into(),
            None => Holds::Unknown(Field::StayDays),
        },
        Test::OfSex(wanted) => match case.facts.sex {
            Some(sex) => (sex == wanted).into(),
            None => Holds::Unknown(Field::Sex),
        },
        Test::Severity(any_of) => any_of[severity(scheme, case) as usize].into(),
        Test::BirthWeight(from, below) => match case.facts.birth_weight_g {
            Some(grams) => (from..below).contains(&grams).into(),
            None => Holds::Unknown(Field::BirthWeight),
        },
    }
}

/// Whether each list is met by a procedure of its own: list `n` by the one at place `taken[n]`.
fn distinct(scheme: &Scheme, lists: &[u16; 4], procedures: &[u32], taken: &mut [usize; 4], n: usize) -> bool {
    let Some(&list) = lists.get(n).filter(|&&list| list != NO_LIST) else { return true };
    procedures.iter().enumerate().any(|(place, &procedure)| {
        taken[n] = place;
        !taken[..n].contains(&place)
            && procedure_in(scheme, procedure, list)
            && distinct(scheme, lists, procedures, taken, n + 1)
    })
}

fn diagnosis_in(scheme: &Scheme, diagnosis: u32, list: u16) -> bool {
    scheme.diagnoses[diagnosis as usize].lists.of(&scheme.diagnosis_lists).contains(&list)
}

fn procedure_in(scheme: &Scheme, procedure: u32, list: u16) -> bool {
    scheme.procedures[procedure as usize].lists.of(&scheme.procedure_lists).contains(&list)
}
