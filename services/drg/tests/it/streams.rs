use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::grouped_case::Outcome;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use tonic_types::StatusExt;

use crate::support::*;

#[tokio::test]
async fn each_batch_is_answered_in_order_while_the_stream_goes_on() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let mut client = drg.grouping(Role::AgencyOfficer);
    // The call is answered before its first message is sent.
    let mut answers = client.group_stream(ReceiverStream::new(receiver)).await.unwrap().into_inner();

    sender.send(opening(by(&scheme))).await.unwrap();
    let opened = answers.message().await.unwrap().unwrap();
    assert_eq!((opened.scheme.as_str(), opened.grouped_cases.len()), (scheme.as_str(), 0));
    for n in 0..3_usize {
        let cases = vec![man(&format!("{n}a"), &["I21.000"]), man(&format!("{n}b"), &["I21.000", "E11.900"])];
        sender.send(batch(cases)).await.unwrap();
        let answer = answers.message().await.unwrap().unwrap();
        let groups: Vec<_> =
            answer.grouped_cases.iter().map(|one| (one.id.clone(), one.drg.as_str())).collect();
        assert_eq!(groups, [(format!("{n}a"), "FR15"), (format!("{n}b"), "FR13")]);
    }
    drop(sender);
    assert_eq!(answers.message().await.unwrap(), None);
}

#[tokio::test]
async fn a_stream_gives_what_single_calls_give() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let diagnoses =
        [&["I21.000"][..], &["I10.x00"], &["I21.000", "E11.900"], &["Q00.000"], &["N80.000"], &[]];
    let cases: Vec<pb::Case> =
        diagnoses.iter().enumerate().map(|(i, codes)| man(&format!("{i}"), codes)).collect();
    let mut single = Vec::new();
    for case in cases.clone() {
        let answer = drg.grouping(Role::AgencyOfficer).group(group(&scheme, case)).await.unwrap();
        single.push(answer.into_inner().grouped_case.unwrap());
    }
    let messages = vec![opening(by(&scheme)), batch(cases)];
    let answers = stream(drg.grouping(Role::AgencyOfficer), messages).await.unwrap().into_inner();
    assert_eq!(answers[1].grouped_cases, single);
}

#[tokio::test]
async fn a_message_of_as_many_cases_as_may_be_is_answered_in_their_order() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let codes = |n: usize| if n.is_multiple_of(3) { &["I21.000", "E11.900"][..] } else { &["I21.000"] };
    let cases = (0..2_000).map(|n| man(&n.to_string(), codes(n))).collect();
    let answers = stream(drg.grouping(Role::AgencyOfficer), vec![opening(by(&scheme)), batch(cases)]).await;
    let grouped = &answers.unwrap().into_inner()[1].grouped_cases;
    let expected: Vec<(String, &str)> =
        (0..2_000).map(|n| (n.to_string(), if n % 3 == 0 { "FR13" } else { "FR15" })).collect();
    let told: Vec<(String, &str)> = grouped.iter().map(|one| (one.id.clone(), one.drg.as_str())).collect();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_stream_checks_lists_if_its_opening_asks_for_that() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut first = opening(by(&scheme));
    first.opening.as_mut().unwrap().check_quality = true;
    let messages = vec![first, batch(vec![man("1", &["I21.000"]), man("2", &["N80.000"])])];
    let answers = stream(drg.grouping(Role::AgencyOfficer), messages).await.unwrap().into_inner();
    let outcomes: Vec<Outcome> = answers[1].grouped_cases.iter().map(pb::GroupedCase::outcome).collect();
    assert_eq!(outcomes, [Outcome::Grouped, Outcome::Blocked]);
}

#[tokio::test]
async fn a_stream_is_translated_if_its_opening_names_a_crosswalk() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut first = opening(by(&scheme));
    first.opening.as_mut().unwrap().crosswalk = drg.given_crosswalk(PAIRS).await.name;
    let cases = vec![man("1", &["I21.000x009"]), man("2", &["I21.000", "Z99.900"])];
    let messages = vec![first, batch(cases)];
    let answers = stream(drg.grouping(Role::AgencyOfficer), messages).await.unwrap().into_inner();
    let told: Vec<_> = answers[1]
        .grouped_cases
        .iter()
        .map(|case| (case.drg.as_str(), translated(&case.translated_codes)))
        .collect();
    let expected = ["I21.000x009→I21.000", "Z99.900→?"].map(|one| ("FR15", vec![one.to_owned()]));
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_malformed_case_ends_the_stream_after_the_answers_before_it() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let bad = batch(vec![man("2", &["I21.000"]), man("", &["I21.000"])]);
    let messages = vec![opening(by(&scheme)), batch(vec![man("1", &["I21.000"])]), bad];
    let mut client = drg.grouping(Role::AgencyOfficer);
    let mut answers = client.group_stream(futures::stream::iter(messages)).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    assert_eq!(answers.message().await.unwrap().unwrap().grouped_cases.len(), 1);
    let status = answers.message().await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    assert_eq!(details.bad_request().unwrap().field_violations[0].field, "cases[1].id");
}
