use diesel::sql_types::Text;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::historical_case::Grouping;
use medfund_proto::drg::v1::history::State;
use medfund_testkit::AREA;

use super::words::*;
use crate::support::*;

#[tokio::test]
async fn a_history_goes_on_where_its_stream_broke_off() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let cases = year();
    let mut officer = drg.histories(Role::AgencyOfficer);
    let request = start_history(&scheme, cases.len());
    let started = officer.start_history(request.clone()).await.unwrap().into_inner().history.unwrap();

    let (one, two) = (chunk(&started.name, 1, &cases[..4]), chunk(&started.name, 5, &cases[4..7]));
    upload(drg.histories(Role::AgencyOfficer), vec![one.clone(), two]).await.unwrap();
    let again = pb::StartHistoryRequest { request_id: id(), ..request };
    let resumed = officer.start_history(again).await.unwrap().into_inner().history.unwrap();
    assert_eq!((resumed.name.as_str(), resumed.next_line), (started.name.as_str(), 8));
    // The first chunk once more, and one that begins in what is there already.
    let rest = chunk(&started.name, 3, &cases[2..]);
    let all = upload(drg.histories(Role::AgencyOfficer), vec![one, rest]).await.unwrap().into_inner();
    let finished = officer.finish_history(finish(&started.name)).await.unwrap().into_inner().history.unwrap();

    assert_eq!(all.history.unwrap().next_line, 18);
    assert_eq!((finished.state(), finished.n_accepted, finished.n_refused), (State::Finished, 17, 0));
    assert_eq!(finished.total_cost_fen, 10_580_000);
    let found = officer.get_history(pb::GetHistoryRequest { name: started.name }).await.unwrap();
    assert_eq!(found.into_inner().history, Some(finished));
}

#[tokio::test]
async fn however_a_history_is_cut_its_content_has_one_digest() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let whole = drg.given_history(&scheme, &year()).await;
    let mut officer = drg.histories(Role::AgencyOfficer);
    let started = officer.start_history(start_history(&scheme, 17)).await.unwrap().into_inner();
    let name = started.history.unwrap().name;
    let chunks =
        year().iter().zip(1..).map(|(case, line)| chunk(&name, line, std::slice::from_ref(case))).collect();
    upload(officer.clone(), chunks).await.unwrap();
    let cut = officer.finish_history(finish(&name)).await.unwrap().into_inner().history.unwrap();
    assert_eq!((cut.content_digest.len(), &cut.content_digest), (64, &whole.content_digest));
    assert_ne!(cut.file_digest, whole.file_digest);
}

#[tokio::test]
async fn a_wrong_line_is_refused_alone_and_everything_wrong_with_it_is_told() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut cases = vec![costed(HOSPITAL, "FR13", 1); 4];
    cases[1] = pb::HistoricalCase { fund_paid_fen: 5, ..pb::HistoricalCase::default() };
    cases[2].grouping = Some(Grouping::Drg("XX99".to_owned()));
    cases[2].fund_paid_fen = 101;
    cases[2].fund_line = "职工".to_owned();
    cases[3].grouping = Some(Grouping::DrgCase(pb::Case { sex: 9, ..man("", &["I21.000"]) }));
    let history = drg.given_history(&scheme, &cases).await;
    assert_eq!((history.n_accepted, history.n_refused), (1, 3));

    let mut auditor = drg.histories(Role::Auditor);
    let page =
        |page_token| pb::ListHistoryErrorsRequest { parent: history.name.clone(), page_size: 5, page_token };
    let one = auditor.list_history_errors(page(String::new())).await.unwrap().into_inner();
    let two = auditor.list_history_errors(page(one.next_page_token)).await.unwrap().into_inner();

    let errors = [one.errors, two.errors].concat();
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.line_number, error.field.as_str(), error.reason.as_str(), error.text_zh.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2, "id", "MISSING", "必填项为空"),
            (2, "institution_code", "MISSING", "必填项为空"),
            (2, "grouping", "MISSING", "必填项为空"),
            (2, "total_cost_fen", "OUT_OF_RANGE", "须为1至1000000000000"),
            (2, "stay_days", "OUT_OF_RANGE", "须为1至3650"),
            (3, "drg", "UNKNOWN_GROUP", "历史数据的分组方案中没有该病组"),
            (3, "fund_paid_fen", "FUND_ABOVE_COST", "统筹基金支付大于总费用"),
            (3, "fund_line", "UNREADABLE", "内容不符合要求"),
            (4, "drg_case.sex", "UNREADABLE", "内容不符合要求"),
        ]
    );
    assert_eq!(two.next_page_token, "");
}

#[derive(diesel::QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    drg: String,
}

#[tokio::test]
async fn cases_are_grouped_as_they_come_and_no_institution_sees_them() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut operated = man("3", &["I10.x00"]);
    operated.procedures = vec!["36.1000".to_owned()];
    let listed = [man("1", &["I21.000", "E11.900"]), man("", &["I21.000"]), operated, man("4", &["Q00.000"])];
    let case = |case: pb::Case| pb::HistoricalCase {
        grouping: Some(Grouping::DrgCase(case)),
        ..costed(HOSPITAL, "", 1)
    };
    drg.given_history(&scheme, &listed.map(case)).await;

    let mut raw = drg.0.database().raw().await;
    for (institution, expected) in [("*", vec!["FR13", "FR15", "FQY", "0000"]), (HOSPITAL, vec![])] {
        let set = format!(
            "SELECT set_config('medfund.area', '{AREA}', false), set_config('medfund.institution', '{institution}', false)"
        );
        raw.batch_execute(&set).await.unwrap();
        let select = diesel::sql_query("SELECT drg FROM history_cases ORDER BY line_number");
        let kept: Vec<Kept> = select.load(&mut raw).await.unwrap();
        let kept: Vec<&str> = kept.iter().map(|kept| kept.drg.as_str()).collect();
        assert_eq!(kept, expected, "{institution}");
    }
}

#[tokio::test]
async fn a_chunk_sent_again_is_answered_as_the_history_stands() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let (mut officer, cases) = (drg.histories(Role::AgencyOfficer), year());
    let started = officer.start_history(start_history(&scheme, cases.len())).await.unwrap().into_inner();
    let name = started.history.unwrap().name;
    let first = chunk(&name, 1, &cases[..4]);
    upload(officer.clone(), vec![first.clone(), chunk(&name, 5, &cases[4..9])]).await.unwrap();
    let again = upload(officer.clone(), vec![first]).await.unwrap().into_inner();
    assert_eq!(again.history.unwrap().next_line, 10);
}

#[tokio::test]
async fn a_history_that_is_given_up_leaves_nothing_and_its_file_may_come_anew() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut officer = drg.histories(Role::AgencyOfficer);
    let wrong = start_history(&scheme, 3);
    let started = officer.start_history(wrong.clone()).await.unwrap().into_inner().history.unwrap();
    let cases = [costed(HOSPITAL, "FR13", 1), costed(HOSPITAL, "XX99", 1)];
    upload(officer.clone(), vec![chunk(&started.name, 1, &cases)]).await.unwrap();
    let tables = ["history_cases", "history_errors", "history_case_ids"];
    assert_eq!(drg.count(tables).await, [1, 1, 1]);

    let cancelled = officer.cancel_history(cancel_history(&started.name)).await.unwrap().into_inner();

    assert_eq!(cancelled.history.unwrap().state(), State::Cancelled);
    assert_eq!(drg.count(tables).await, [0, 0, 0]);
    let right = pb::StartHistoryRequest { n_lines: 2, request_id: id(), ..wrong };
    let anew = officer.start_history(right).await.unwrap().into_inner().history.unwrap();
    assert_ne!(anew.name, started.name);
    upload(officer.clone(), vec![chunk(&anew.name, 1, &cases)]).await.unwrap();
    officer.finish_history(finish(&anew.name)).await.unwrap();
    assert_eq!(drg.count(tables).await, [1, 1, 0]);
}

#[tokio::test]
async fn an_id_that_stands_twice_is_refused_wherever_it_stands() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let case = costed(HOSPITAL, "FR13", 1);
    let cases = [case.clone(), case.clone(), costed(CLINIC, "FR13", 1), case];
    let mut officer = drg.histories(Role::AgencyOfficer);
    let started = officer.start_history(start_history(&scheme, 4)).await.unwrap().into_inner();
    let name = started.history.unwrap().name;
    let chunks = vec![chunk(&name, 1, &cases[..2]), chunk(&name, 3, &cases[2..])];
    let taken = upload(officer.clone(), chunks).await.unwrap().into_inner().history.unwrap();
    assert_eq!((taken.n_accepted, taken.n_refused), (2, 2));
    let list = pb::ListHistoryErrorsRequest { parent: name, ..Default::default() };
    let errors = officer.list_history_errors(list).await.unwrap().into_inner().errors;
    let told: Vec<_> = errors.iter().map(|e| (e.line_number, e.field.as_str(), e.reason.as_str())).collect();
    assert_eq!(told, [(2, "id", "REPEATED_ID"), (4, "id", "REPEATED_ID")]);
}

#[tokio::test]
async fn histories_are_listed_page_by_page() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let first = drg.given_history(&scheme, &year()[..1]).await;
    let second = drg.given_history(&scheme, &year()[..2]).await;
    let page = |page_token| pb::ListHistoriesRequest { parent: area(), page_size: 1, page_token };
    let mut auditor = drg.histories(Role::Auditor);
    let one = auditor.list_histories(page(String::new())).await.unwrap().into_inner();
    let two = auditor.list_histories(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!([one.histories, two.histories].concat(), [first, second]);
    assert_eq!(two.next_page_token, "");
}
