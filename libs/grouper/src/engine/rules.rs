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
        Test::DistinctProcedures(lists) => distinct(scheme, &lists, case.procedures).into(),
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

/// Whether each list is met by a procedure of its own.
///
/// Of each list's procedures four are enough: the three others take no more than three of them.
fn distinct(scheme: &Scheme, lists: &[u16; 4], procedures: &[u32]) -> bool {
    let n_lists = lists.iter().take_while(|&&list| list != NO_LIST).count();
    if procedures.len() < n_lists {
        return false;
    }
    let mut met: [Places; 4] = Default::default();
    for (place, &procedure) in procedures.iter().enumerate() {
        for (own, &list) in met.iter_mut().zip(&lists[..n_lists]) {
            if own.n < own.places.len() && procedure_in(scheme, procedure, list) {
                own.places[own.n] = place;
                own.n += 1;
            }
        }
    }
    each_its_own(&met[..n_lists], &mut [0; 4], 0)
}

/// Where procedures stand that meet a list.
#[derive(Default)]
struct Places {
    places: [usize; 4],
    n: usize,
}

/// Whether each of `met` from the `n`th on can have a place that no other has: the one before it have those `taken`.
fn each_its_own(met: &[Places], taken: &mut [usize; 4], n: usize) -> bool {
    let Some(own) = met.get(n) else { return true };
    own.places[..own.n].iter().any(|place| {
        taken[n] = *place;
        !taken[..n].contains(place) && each_its_own(met, taken, n + 1)
    })
}

fn diagnosis_in(scheme: &Scheme, diagnosis: u32, list: u16) -> bool {
    scheme.diagnoses[diagnosis as usize].lists.of(&scheme.diagnosis_lists).contains(&list)
}

fn procedure_in(scheme: &Scheme, procedure: u32, list: u16) -> bool {
    scheme.procedures[procedure as usize].lists.of(&scheme.procedure_lists).contains(&list)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::read::read_scheme;
    use crate::{Case, Grouper, Outcome, Scheme, compile};

    /// FB1 wants a procedure of each of four lists.
    fn scheme() -> Scheme {
        let rules = "MDCF 循环\nFB1 四手术 / 9\n任一手术: 35.1; 35.2\n任一手术: 35.2; 35.3\n任一手术: 35.1; 35.3\n\
                     任一手术: 35.1; 35.4\nFR1 心梗 / 9\n主要诊断: I21\n";
        let files = [("MDCF.txt", rules), ("COMPLICATIONS.txt", "")];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        compile(&read_scheme("four", &files).0).0
    }

    fn is_in_fb1(grouper: &mut Grouper<'_>, procedures: &[&str]) -> bool {
        let case = Case { age_years: Some(50), diagnoses: &["I21.0"], procedures, ..Case::default() };
        grouper.group(&case).outcome == Outcome::Grouped
    }

    /// Tries every order of the procedures.
    fn in_some_order(procedures: &[&str], lists: &[[&str; 2]]) -> bool {
        let Some((list, others)) = lists.split_first() else { return true };
        procedures.iter().enumerate().any(|(place, procedure)| {
            let rest = [&procedures[..place], &procedures[place + 1..]].concat();
            list.contains(procedure) && in_some_order(&rest, others)
        })
    }

    proptest! {
        #[test]
        fn each_list_has_a_procedure_of_its_own(
            procedures in prop::collection::vec(prop::sample::select(vec!["35.1", "35.2", "35.3", "35.4"]), 1..9)
        ) {
            let lists = [["35.1", "35.2"], ["35.2", "35.3"], ["35.1", "35.3"], ["35.1", "35.4"]];
            let scheme = scheme();
            let found = is_in_fb1(&mut Grouper::new(&scheme), &procedures);
            prop_assert_eq!(found, in_some_order(&procedures, &lists), "{:?}", procedures);
        }
    }

    #[test]
    fn a_case_of_ever_so_many_procedures_is_grouped() {
        let scheme = scheme();
        let mut grouper = Grouper::new(&scheme);
        let mut procedures = vec!["35.2"; 100_000];
        assert!(!is_in_fb1(&mut grouper, &procedures));
        procedures.extend(["35.3", "35.4"]);
        assert!(is_in_fb1(&mut grouper, &procedures));
    }
}
