//! Clinical codes to 医保 codes. The pairs are made up.

use medfund_grouper::Case;
use medfund_grouper::batch::{Batch, Columns};
use medfund_grouper::crosswalk::{Crosswalk, Fate, Known};
use medfund_grouper::quality::Kind;
use medfund_grouper::read::Files;
use proptest::prelude::*;

use crate::small::scheme;

fn read(text: &str) -> (Crosswalk, Vec<(usize, String)>) {
    let files = Files::from([("pairs".to_owned(), text.to_owned())]);
    let (crosswalk, problems) = Crosswalk::read(&files);
    (crosswalk, problems.into_iter().map(|problem| (problem.line, problem.fault.to_string())).collect())
}

/// `I21.000x009` becomes `I21.000`, `E11.900` stays, `J96.900` may become two, `36.10` becomes `36.1000`.
fn crosswalk() -> Crosswalk {
    read(
        "I21.000x009 I21.000\nE11.900 E11.900\nJ96.900 J96.000\nJ96.900 J96.100\n36.1001\t36.1000\n\
         C34.900M81400/3,C34.900\n",
    )
    .0
}

#[test]
fn only_what_makes_a_code_ambiguous_is_kept_although_it_is_told() {
    let files = Files::from([("pairs".to_owned(), "A01.000 A01.001\nA01.000 A01.002\nA01\n".to_owned())]);
    let (crosswalk, problems) = Crosswalk::read(&files);
    let told: Vec<_> =
        problems.iter().map(|one| (one.line, one.fault.leaves_out(), one.fault.zh())).collect();
    assert_eq!(
        told,
        [
            (2, false, "A01.000还可对照为A01.002，不唯一，分组时保留原码".to_owned()),
            (3, true, "“A01”不是一个国临编码和一个医保编码".to_owned())
        ]
    );
    assert_eq!(crosswalk.to_text(), "A01.000 A01.001\nA01.000 A01.002\n");
}

#[test]
fn a_code_is_mapped_stays_or_is_ambiguous_or_unknown() {
    let crosswalk = crosswalk();
    assert_eq!(crosswalk.counts(), [4, 1]);
    for (code, fate) in [
        ("I21.000x009", Fate::Mapped("I21.000")),
        ("C34.900M81400/3", Fate::Mapped("C34.900")),
        ("E11.900", Fate::Already(Known::SameInBoth)),
        ("I21.000", Fate::Already(Known::ByTable)),
        ("J96.900", Fate::Ambiguous(&["J96.000".to_owned(), "J96.100".to_owned()])),
        ("Z99.900", Fate::Unknown),
        ("36.1001", Fate::Unknown),
    ] {
        assert_eq!(crosswalk.diagnosis(code), fate, "{code}");
    }
    assert_eq!(crosswalk.procedure("36.1001"), Fate::Mapped("36.1000"));
}

#[test]
fn a_code_is_mapped_once_although_what_it_becomes_is_a_clinical_code_too() {
    let (crosswalk, problems) = read("A01.000 A02.000\nA02.000 A03.000\n");
    assert_eq!(problems, []);
    assert_eq!(crosswalk.diagnosis("A01.000"), Fate::Mapped("A02.000"));
    assert_eq!(crosswalk.diagnosis("A02.000"), Fate::Mapped("A03.000"));
    assert_eq!(crosswalk.diagnosis("A03.000"), Fate::Already(Known::ByTable));
}

#[test]
fn what_cannot_be_read_is_told_by_line_and_the_rest_is_kept() {
    let (crosswalk, problems) = read(
        "\u{feff}国临编码 医保编码\nA01.000 A01.001\n\nA01.000\nA01.000 A01.001 伤寒\nA01.0伤 A01.001\n\
         A01.000 A01.001\nA01.000 A01.002\nA05.000 47.0100\nC34.900M81400/33 C34.900\n",
    );
    let problems: Vec<(usize, &str)> = problems.iter().map(|(line, what)| (*line, what.as_str())).collect();
    assert_eq!(
        problems,
        [
            (1, "国临编码 is no code"),
            (4, "not two codes: A01.000"),
            (5, "not two codes: A01.000 A01.001 伤寒"),
            (6, "A01.0伤 is no code"),
            (7, "A01.000 A01.001 stands twice"),
            (8, "A01.000 is ambiguous and will stay as it is: it may become A01.002 too"),
            (9, "A05.000 cannot become 47.0100: one is a diagnosis, the other a procedure"),
            (10, "C34.900M81400/33 is no code"),
        ]
    );
    assert_eq!(crosswalk.counts(), [1, 0]);
}

#[test]
fn a_code_may_become_a_hundred_others_and_no_more() {
    let lines = (100..=200).map(|n| format!("A01.000 B02.{n}\n")).collect::<String>();
    let (crosswalk, problems) = read(&lines);
    assert_eq!((problems.len(), problems[98].0, problems[99].0), (100, 100, 101));
    assert_eq!(problems[99].1, "A01.000 may become too many codes for B02.200 to be one more");
    assert_eq!(crosswalk.to_text().lines().count(), 100);
}

#[test]
fn the_hash_is_that_of_the_pairs_in_order_and_not_of_the_files() {
    let [one, other, changed] = [
        "A01.000 A01.001\n36.1001 36.1000\n",
        "36.1001,36.1000\r\n\r\nA01.000\tA01.001",
        "A01.000 A01.002\n",
    ]
    .map(|text| read(text).0);
    assert_eq!(one.to_text(), "A01.000 A01.001\n36.1001 36.1000\n");
    assert_eq!(one.hash(), other.hash());
    assert_ne!(one.hash(), changed.hash());
    // printf 'A01.000 A01.001\n36.1001 36.1000\n' | sha256sum
    assert_eq!(one.hash(), "cd1100522c6cbafc5af1f466aba47acf314e37d1d64c99b65465c8035d3eeb60");
}

const HEADING: &str = "id,sex,age_years,diagnoses,procedures";

#[test]
fn a_lines_codes_are_translated_before_they_are_grouped_and_the_answer_says_so() {
    let crosswalk = crosswalk();
    let columns = Columns::of_heading(HEADING).unwrap();
    let mut batch = Batch::new(scheme(), columns).translating(Some(&crosswalk));
    let mut answers = batch.heading().to_owned();
    for line in ["1,1,50,I21.000x009|E11.900|J96.900,36.1001", "2,1,50,I21.000,", "3,1,50,Z99.900|I10.x00,"] {
        batch.group_line(line, &mut answers).unwrap();
    }
    batch.refuse("4", &mut answers);
    assert_eq!(
        answers,
        "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded,translated\n\
         1,分组成功,MDCF,FC1,FC19,,E11.900,I21.000x009→I21.000 J96.900→J96.000|J96.100 36.1001→36.1000\n\
         2,分组成功,MDCF,FR1,FR15,,,\n\
         3,编码无效,0000,00,0000,,,Z99.900→?\n\
         4,质控不通过,0000,00,0000,,,\n"
    );
}

#[test]
fn of_each_code_it_is_said_why_it_stays_or_what_it_becomes() {
    let crosswalk = crosswalk();
    let diagnoses = ["E11.900", "I21.000", "I10.x00", "J96.900"];
    let case = Case { diagnoses: &diagnoses, ..Case::default() };
    let told =
        crosswalk.translate(&case, scheme()).diagnoses.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            "E11.900：国临与医保编码相同，保留原码",
            "I21.000：在对照表中已是医保编码，保留原码",
            "I10.x00：对照表中无此编码，分组方案中有，保留原码",
            "J96.900：可对照为 J96.000、J96.100，不唯一，保留原码",
        ]
    );
}

#[test]
fn an_explanation_and_a_check_go_by_the_translated_codes_and_tell_them() {
    let crosswalk = crosswalk();
    let columns = Columns::of_heading(HEADING).unwrap();
    let mut batch = Batch::new(scheme(), columns).translating(Some(&crosswalk));
    let explained = batch.explain_line("1,1,50,I21.000x009|J96.900|Z99.900,").unwrap();
    assert_eq!(explained.explanation.answer.code(scheme()), "FR15");
    assert_eq!(
        explained.translation.unwrap().to_string(),
        "编码对照 I21.000x009：对照为 I21.000\n\
         编码对照 J96.900：可对照为 J96.000、J96.100，不唯一，保留原码\n\
         编码对照 Z99.900：对照表和分组方案中均无此编码，保留原码\n"
    );
    let checked = batch.check_line("1,1,50,I21.000x009|I21.000,").unwrap();
    let found: Vec<_> =
        checked.findings.iter().map(|finding| (finding.kind, finding.value.as_str())).collect();
    assert_eq!(found, [(Kind::DuplicateCode, "I21.000")]);
    assert_eq!(checked.translation.unwrap().diagnoses[0].from, "I21.000x009");
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_without_a_problem(
        pairs in prop::collection::btree_set(("[A-C]0[0-9]\\.000", "[A-C]0[0-9]\\.100"), 0..60)
    ) {
        let text: String = pairs.iter().rev().map(|(from, to)| format!("{from} {to}\n")).collect();
        let (crosswalk, _) = read(&text);
        let (again, problems) = read(&crosswalk.to_text());
        prop_assert!(problems.iter().all(|(_, what)| what.contains("ambiguous")), "{problems:?}");
        prop_assert_eq!(again.to_text(), crosswalk.to_text());
        for (from, to) in &pairs {
            let several = pairs.iter().filter(|(other, _)| other == from).count();
            match crosswalk.diagnosis(from) {
                Fate::Mapped(mapped) => prop_assert!(several == 1 && mapped == to),
                Fate::Ambiguous(all) => prop_assert!(several == all.len() && all.contains(to)),
                fate @ (Fate::Already(_) | Fate::Unknown) => prop_assert!(false, "{from}: {fate:?}"),
            }
        }
    }

    #[test]
    fn no_text_makes_it_fail(text in "[A-C0-9. x/+*,\t\n\u{4e00}]{0,200}") {
        let _ = read(&text);
    }
}

#[test]
fn columns_that_are_swapped_are_told_by_a_scheme_that_knows_codes_and_not_by_one_of_categories() {
    assert_eq!(crosswalk().swapped_for(scheme()), None);
    let swapped = read("I21.000 I21.000x009\nE11.900 E11.900\n36.1000 36.1001\nX99.900 J96.000\n").0;
    let told = swapped.swapped_for(scheme()).unwrap();
    assert_eq!((told.n_lost, told.n_found), (1, 0));
    // The diagnoses alone would not show it.
    assert_eq!(told.first, ["36.1000".to_owned(), "36.1001".to_owned()]);
    assert_eq!(swapped.swapped_for(crate::reference_scheme::scheme()), None);
}
