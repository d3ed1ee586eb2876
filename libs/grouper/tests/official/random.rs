//! The fast grouper against the slow one over random cases; `MEDFUND_RANDOM_CASES`
//! says how many for each scheme (10,000 if it says nothing).

use medfund_grouper::{Case, Grouper, Outcome, Sex};

use crate::slow::{SlowCase, SlowGrouper, code_lists};
use crate::tables::official;

/// A small generator of its own, so that a seed gives the same cases for ever.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((x ^ (x >> 31)) % (n as u64)).unwrap()
    }

    fn pick<'t>(&mut self, from: &'t [String]) -> &'t str {
        &from[self.below(from.len())]
    }
}

type Lists = Vec<Vec<String>>;

/// Lists to draw from, so that rules of every form are met often.
struct Decks {
    diagnoses: Vec<String>,
    procedures: Vec<String>,
    /// For each rule, its lists of diagnoses and of procedures.
    rules: Vec<(Lists, Lists)>,
}

impl Decks {
    fn of(version: &str) -> Self {
        let (diagnoses, procedures) = code_lists();
        let source = &official(version).source;
        let sorted = |codes: &std::collections::BTreeSet<String>| codes.iter().cloned().collect::<Vec<_>>();
        let of_rule = |rule: &medfund_grouper::source::RuleSource| {
            (
                rule.tests.iter().filter_map(|test| test.diagnoses()).map(sorted).collect(),
                rule.tests.iter().filter_map(|test| test.procedures()).map(sorted).collect(),
            )
        };
        Self { diagnoses, procedures, rules: source.rules.iter().map(of_rule).collect() }
    }

    fn draw<'d>(&'d self, draw: &mut Draw) -> SlowCase<'d> {
        let mut diagnoses = Vec::new();
        let mut procedures = Vec::new();
        let (of_diagnoses, of_procedures) = &self.rules[draw.below(self.rules.len())];
        if draw.below(10) < 8 {
            diagnoses.extend(of_diagnoses.iter().map(|list| draw.pick(list)));
            procedures.extend(of_procedures.iter().map(|list| draw.pick(list)));
        }
        if diagnoses.is_empty() && draw.below(20) > 0 {
            diagnoses.push(draw.pick(&self.diagnoses));
        }
        for _ in 0..draw.below(5) {
            diagnoses.push(draw.pick(&self.diagnoses));
        }
        for _ in 0..draw.below(3).saturating_sub(1) {
            let (_, lists) = &self.rules[draw.below(self.rules.len())];
            procedures.push(draw.pick(lists.first().unwrap_or(&self.procedures)));
        }
        if draw.below(4) == 0 && procedures.len() > 1 {
            procedures.reverse();
        }
        let days = match draw.below(6) {
            0 => draw.below(29),
            1 => draw.below(366),
            _ => draw.below(36_000),
        };
        SlowCase {
            sex: 1 + u8::try_from(draw.below(2)).unwrap(),
            days: u32::try_from(days).unwrap(),
            grams: (draw.below(8) > 0).then(|| u32::try_from(600 + draw.below(3000)).unwrap()),
            diagnoses,
            procedures,
        }
    }
}

pub(crate) fn fast(grouper: &mut Grouper<'_>, case: &SlowCase<'_>) -> String {
    let answer = grouper.group(&Case {
        sex: Some(if case.sex == 1 { Sex::Male } else { Sex::Female }),
        age_years: Some(u16::try_from(case.days / 365).unwrap()),
        age_days: Some(case.days),
        birth_weight_g: case.grams.map(|grams| u16::try_from(grams).unwrap()),
        stay_days: None,
        diagnoses: &case.diagnoses,
        procedures: &case.procedures,
    });
    match answer.outcome {
        Outcome::NeedsData(_) => "needs birth weight".to_owned(),
        Outcome::Grouped | Outcome::Ambiguous | Outcome::NotGrouped | Outcome::InvalidCode => {
            answer.code(grouper.scheme()).into_owned()
        }
    }
}

fn agree(version: &str) {
    let wanted = std::env::var("MEDFUND_RANDOM_CASES").map_or(10_000, |n| n.parse().unwrap());
    let (slow, decks) = (SlowGrouper::read(version), Decks::of(version));
    let mut grouper = Grouper::new(&official(version).scheme);
    let mut draw = Draw(20_260_101);
    let mut n_grouped = 0;
    for n in 0..wanted {
        let case = decks.draw(&mut draw);
        let (ours, theirs) = (fast(&mut grouper, &case), slow.group(&case));
        n_grouped += usize::from(ours.len() == 4 && ours != "0000");
        assert_eq!(
            ours, theirs,
            "{version}, case {n}: sex {}, {} days, {:?} g, {:?}, {:?}",
            case.sex, case.days, case.grams, case.diagnoses, case.procedures
        );
    }
    println!("{version}: {wanted} cases agree, {n_grouped} of them in a DRG");
    assert!(n_grouped * 3 > wanted, "many random cases must be groupable");
}

#[test]
fn the_slow_grouper_of_1_0_agrees() {
    agree("1.0");
}

#[test]
fn the_slow_grouper_of_1_0_revised_agrees() {
    agree("1.0-revised");
}

#[test]
fn the_slow_grouper_of_1_1_agrees() {
    agree("1.1");
}

#[test]
fn the_slow_grouper_of_1_1_beijing_agrees() {
    agree("1.1-beijing");
}

#[test]
fn the_slow_grouper_of_2_0_agrees() {
    agree("2.0");
}
