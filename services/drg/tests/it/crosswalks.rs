use medfund_grouper::crosswalk::Crosswalk;
use medfund_grouper::read::Files;
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::crosswalk::State;
use medfund_proto::drg::v1::translated_code::Fate;
use tonic::Code;

use crate::support::*;

#[tokio::test]
async fn a_crosswalk_is_submitted_by_one_person_and_published_by_another_and_known_by_its_pairs() {
    let drg = Drg::start().await;
    let submitted = drg.given_pairs(PAIRS).await;
    assert_eq!((submitted.title.as_str(), submitted.state()), ("国临对照医保", State::Submitted));
    assert_eq!([submitted.n_diagnoses, submitted.n_procedures], [3, 1]);
    let (read, _) = Crosswalk::read(&Files::from([("pairs".to_owned(), PAIRS.to_owned())]));
    assert_eq!(submitted.crosswalk_hash, read.hash());

    let request = publish_crosswalk(&submitted.name);
    let published = drg.crosswalks(Role::PolicyChecker).publish_crosswalk(request).await.unwrap();

    let published = published.into_inner().crosswalk.unwrap();
    assert_eq!(published.state(), State::Published);
    assert_ne!(published.maker, published.checker);
    let request = pb::GetCrosswalkRequest { name: submitted.name };
    let found = drg.crosswalks(Role::Public).get_crosswalk(request).await.unwrap().into_inner();
    assert_eq!((sha256(&found.content), found.crosswalk), (submitted.crosswalk_hash, Some(published)));
    assert_eq!(found.content, read.to_text().into_bytes());
}

#[tokio::test]
async fn every_wrong_line_is_told_at_once_and_nothing_is_kept() {
    let drg = Drg::start().await;
    let text = "\u{feff}A01.000 A01.001\n国临编码 医保编码\n\nA01.000\r\nA05.000,47.0100\n\
                A01.000 A01.001\nA01.000\tA01.002\n";
    let mut maker = drg.crosswalks(Role::PolicyMaker);
    let answer = maker.submit_crosswalk(submit_pairs(text)).await.unwrap().into_inner();

    let told = |problems: &[pb::CrosswalkProblem]| -> Vec<(i32, String)> {
        problems.iter().map(|one| (one.line_number, one.text_zh.clone())).collect()
    };
    let expected = [
        (2, "“国临编码”不是编码"),
        (4, "“A01.000”不是一个国临编码和一个医保编码"),
        (5, "A05.000与47.0100不能对照：一个是诊断，另一个是手术操作"),
        (6, "A01.000对照A01.001重复出现"),
    ];
    assert_eq!(told(&answer.problems), expected.map(|(line, text)| (line, text.to_owned())));
    let remark = (7, "A01.000还可对照为A01.002，不唯一，分组时保留原码".to_owned());
    assert_eq!((told(&answer.remarks), answer.crosswalk), (vec![remark], None));
    assert_eq!(drg.count(["crosswalks"]).await, [0]);
}

#[tokio::test]
async fn what_makes_a_code_ambiguous_is_told_and_kept_whatever_the_file_looks_like() {
    let drg = Drg::start().await;
    let content = b"J96.900,J96.100\r\n36.1001\t36.1000\r\nJ96.900 J96.000\r\n".to_vec();
    let request = pb::SubmitCrosswalkRequest { content, ..submit_pairs("") };
    let answer = drg.crosswalks(Role::PolicyMaker).submit_crosswalk(request).await.unwrap().into_inner();
    let remarks: Vec<i32> = answer.remarks.iter().map(|one| one.line_number).collect();
    assert_eq!((answer.problems.len(), remarks), (0, vec![3]));
    let request = pb::GetCrosswalkRequest { name: answer.crosswalk.unwrap().name };
    let kept = drg.crosswalks(Role::Auditor).get_crosswalk(request).await.unwrap().into_inner().content;
    assert_eq!(String::from_utf8(kept).unwrap(), "J96.900 J96.000\nJ96.900 J96.100\n36.1001 36.1000\n");
}

#[tokio::test]
async fn of_each_code_it_is_told_what_became_of_it_and_why() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let crosswalk = drg.given_crosswalk(PAIRS).await.name;
    let codes = ["I21.000x009", "E11.900", "I21.000", "I10.x00", "J96.900", "Z99.900"];
    let mut request = translate(&crosswalk, &scheme, &codes);
    request.procedures = vec!["36.1001".to_owned()];

    let answer = drg.crosswalks(Role::AgencyOfficer).translate_codes(request).await.unwrap().into_inner();

    assert_eq!(answer.scheme, scheme);
    let told = |codes: &[pb::TracedCode]| -> Vec<(Fate, Vec<String>, String, String)> {
        let one = |code: &pb::TracedCode| {
            let translated = code.translated_code.clone().unwrap();
            (translated.fate(), translated.insurance_codes, code.grouping_code.clone(), code.text_zh.clone())
        };
        codes.iter().map(one).collect()
    };
    let of = |fate, to: &[&str], by: &str, text: &str| {
        (fate, to.iter().map(|&to| to.to_owned()).collect::<Vec<_>>(), by.to_owned(), text.to_owned())
    };
    assert_eq!(
        told(&answer.diagnoses),
        [
            of(Fate::Mapped, &["I21.000"], "I21.000", "I21.000x009：对照为 I21.000"),
            of(Fate::Already, &[], "E11.900", "E11.900：国临与医保编码相同，保留原码"),
            of(Fate::Already, &[], "I21.000", "I21.000：在对照表中已是医保编码，保留原码"),
            of(Fate::Already, &[], "I10.x00", "I10.x00：对照表中无此编码，分组方案中有，保留原码"),
            of(
                Fate::Ambiguous,
                &["J96.000", "J96.100"],
                "J96.900",
                "J96.900：可对照为 J96.000、J96.100，不唯一，保留原码"
            ),
            of(Fate::Unknown, &[], "Z99.900", "Z99.900：对照表和分组方案中均无此编码，保留原码"),
        ]
    );
    assert_eq!(
        told(&answer.procedures),
        [of(Fate::Mapped, &["36.1000"], "36.1000", "36.1001：对照为 36.1000")]
    );
}

#[tokio::test]
async fn the_public_finds_no_crosswalk_that_is_not_published() {
    let drg = Drg::start().await;
    let request = pb::GetCrosswalkRequest { name: drg.given_pairs(PAIRS).await.name };
    let mut public = drg.crosswalks(Role::Public);
    refused(public.get_crosswalk(request.clone()).await, Code::NotFound, "CROSSWALK_NOT_FOUND");
    assert!(drg.crosswalks(Role::Auditor).get_crosswalk(request.clone()).await.is_ok());
    let publish = publish_crosswalk(&request.name);
    drg.crosswalks(Role::PolicyChecker).publish_crosswalk(publish).await.unwrap();
    assert!(!public.get_crosswalk(request).await.unwrap().into_inner().content.is_empty());
}

#[tokio::test]
async fn crosswalks_are_listed_page_by_page() {
    let drg = Drg::start().await;
    let first = drg.given_pairs(PAIRS).await;
    let second = drg.given_crosswalk("A01.000 A01.001").await;
    let page = |page_token: String| pb::ListCrosswalksRequest { parent: area(), page_size: 1, page_token };
    let mut client = drg.crosswalks(Role::Auditor);
    let one = client.list_crosswalks(page(String::new())).await.unwrap().into_inner();
    let two = client.list_crosswalks(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!([one.crosswalks, two.crosswalks].concat(), [first, second]);
    assert_eq!(two.next_page_token, "");
}
