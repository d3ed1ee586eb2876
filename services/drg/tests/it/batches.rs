//! Case files that are grouped as a whole.

use diesel_async::SimpleAsyncConnection;
use medfund_drg::serve;
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::batch::State;
use medfund_proto::drg::v1::batch_error::Level;

use crate::support::*;

const HEADING: &str = "id,sex,age_years,diagnoses,procedures\n";
const ANSWERS: &str = "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded\n";

/// A file of many cases, longer than what is grouped in one transaction.
fn long_file() -> String {
    let cases = (0..150_000).map(|n| match n % 50 {
        0 => format!("{n},1,x,I21.000,\n"),
        1..25 => format!("{n},2,50,N80.000,\n"),
        _ => format!("{n},1,50,I21.000|E11.900,\n"),
    });
    HEADING.to_owned() + &cases.collect::<String>()
}

#[tokio::test]
async fn a_file_is_uploaded_in_parts_and_answered_line_by_line() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file =
        format!("\u{feff}{HEADING}1,男,50,I21.000|E11.900,\r\n2,2,50,N80.000,\r\n3,3,50,I21.000,\r\n4,1\r\n");

    let batch = drg.given_batch(&scheme, file.as_bytes(), 7).await;

    assert_eq!((batch.state(), batch.failure_zh.as_str()), (State::Finished, ""));
    assert_eq!(
        [batch.n_lines, batch.n_cases, batch.n_grouped, batch.n_refused, batch.n_errors],
        [5, 2, 2, 2, 2]
    );
    assert_eq!((batch.n_bytes_answered, batch.scheme.as_str()), (batch.n_bytes, scheme.as_str()));
    let answers = drg.answers(&batch.name, 0).await;
    let expected = format!("{ANSWERS}1,分组成功,MDCF,FR1,FR13,,E11.900\n2,分组成功,MDCN,NR1,NR19,,\n");
    assert_eq!(String::from_utf8(answers.clone()).unwrap(), expected);
    assert_eq!(batch.answers_digest, sha256(&answers));
    let errors = drg.errors(&batch.name).await;
    let told: Vec<_> =
        errors.iter().map(|e| (e.line, e.level(), e.field.as_str(), e.reason.as_str())).collect();
    assert_eq!(
        told,
        [(4, Level::Refused, "sex", "UNREADABLE"), (5, Level::Refused, "age_years", "TOO_FEW_COLUMNS")]
    );
    assert_eq!((errors[0].value.as_str(), errors[0].text_zh.as_str()), ("3", "sex 列的内容无法识别"));
}

#[tokio::test]
async fn of_many_that_are_started_at_once_no_more_are_kept_than_there_is_room_for() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let starts = (0..12).map(|_| {
        let mut hospital = drg.batches_of(HOSPITAL);
        let institution_code = HOSPITAL.to_owned();
        let large =
            pb::StartBatchRequest { n_bytes: 8 << 30, institution_code, ..start_batch(&scheme, b"1") };
        async move { hospital.start_batch(large).await }
    });
    let started = futures::future::join_all(starts).await;
    assert_eq!(started.iter().filter(|started| started.is_ok()).count(), 8, "64 GiB in all");
}

#[tokio::test]
async fn quality_is_checked_if_that_is_asked_for() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,1,50,I21.000|I21.000,\n2,1,50,N80.000,\n");
    let request = pb::StartBatchRequest { check_quality: true, ..start_batch(&scheme, file.as_bytes()) };
    let batch = drg.grouped(request, file.as_bytes(), 1000).await;
    assert_eq!([batch.n_cases, batch.n_grouped, batch.n_blocked], [2, 1, 1]);
    let answers = String::from_utf8(drg.answers(&batch.name, 0).await).unwrap();
    assert!(answers.ends_with("2,质控不通过,0000,00,0000,,\n"), "{answers}");
    let errors = drg.errors(&batch.name).await;
    let told: Vec<_> =
        errors.iter().map(|e| (e.case_id.as_str(), e.level(), e.reason.as_str(), e.index)).collect();
    let expected =
        [("1", Level::Warning, "DUPLICATE_CODE", Some(1)), ("2", Level::Blocking, "SEX_CONFLICT", Some(0))];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_file_in_clinical_codes_is_grouped_through_a_crosswalk_that_is_part_of_the_batch() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let crosswalk = drg.given_crosswalk(PAIRS).await.name;
    let file = format!(
        "{HEADING}1,1,50,I21.000x009|E11.900|J96.900,36.1001\n2,1,50,I21.000,\n3,1,50,I21.000x009|I21.000,\n\
         4,1,50,N80.000,\n"
    );
    let mut batches = Vec::new();
    for (crosswalk, n_bytes) in [(String::new(), 1000), (crosswalk.clone(), 1000), (crosswalk.clone(), 9)] {
        let request = start_batch(&scheme, file.as_bytes());
        let request = pb::StartBatchRequest { crosswalk, check_quality: true, ..request };
        batches.push(drg.grouped(request, file.as_bytes(), n_bytes).await);
    }
    let [plain, translated, sliced] = &batches[..] else { unreachable!("three were grouped") };
    assert_eq!([&plain.crosswalk, &translated.crosswalk], ["", &crosswalk]);
    assert_ne!(plain.answers_digest, translated.answers_digest);
    assert_eq!(sliced.answers_digest, translated.answers_digest);
    assert_eq!([translated.n_grouped, translated.n_blocked], [3, 1]);
    let answers = String::from_utf8(drg.answers(&translated.name, 0).await).unwrap();
    let heading = ANSWERS.trim_end();
    assert_eq!(
        answers,
        format!(
            "{heading},translated\n\
             1,分组成功,MDCF,FC1,FC19,,E11.900,I21.000x009→I21.000 J96.900→J96.000|J96.100 36.1001→36.1000\n\
             2,分组成功,MDCF,FR1,FR15,,,\n\
             3,分组成功,MDCF,FR1,FR15,,,I21.000x009→I21.000\n\
             4,质控不通过,0000,00,0000,,,\n"
        )
    );
    let errors = drg.errors(&translated.name).await;
    let told: Vec<_> = errors.iter().map(|e| (e.line, e.reason.as_str(), e.value.as_str())).collect();
    assert_eq!(
        told,
        [(2, "UNKNOWN_CODE", "J96.900"), (4, "DUPLICATE_CODE", "I21.000"), (5, "SEX_CONFLICT", "N80.000")]
    );
}

#[tokio::test]
async fn the_same_bytes_however_they_came_and_were_encoded_give_the_same_answers() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let utf8 = format!("{HEADING}1,男,50,I21.000,\n");
    let gb18030 = [HEADING.as_bytes(), b"1,\xc4\xd0,50,I21.000,\n"].concat();
    let mut digests = Vec::new();
    for (file, n_bytes) in [(utf8.as_bytes(), 1000), (utf8.as_bytes(), 3), (&gb18030, 5)] {
        digests.push(drg.given_batch(&scheme, file, n_bytes).await.answers_digest);
    }
    assert_eq!(digests, vec![sha256(format!("{ANSWERS}1,分组成功,MDCF,FR1,FR15,,\n").as_bytes()); 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_killed_goes_on_where_it_was() {
    let mut drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = long_file();
    let whole = drg.given_batch(&scheme, file.as_bytes(), 1 << 20).await;
    assert_eq!([whole.n_cases, whole.n_refused, whole.n_errors], [147_000, 3_000, 3_000]);

    let name = drg.given_uploaded(start_batch(&scheme, file.as_bytes()), file.as_bytes(), 1 << 20).await;
    drg.batches(Role::AgencyOfficer).finish_upload(finish_batch(&name)).await.unwrap();
    let mut n_bytes_answered = Vec::new();
    loop {
        let batch = drg.further(&name, n_bytes_answered.last().copied()).await;
        n_bytes_answered.push(batch.n_bytes_answered);
        drg.0.kill().await;
        drg.0.restart(serve).await;
        if batch.state() == State::Finished {
            break;
        }
    }
    assert!(n_bytes_answered.is_sorted(), "{n_bytes_answered:?}");
    let within = |n: &i64| (1..whole.n_bytes).contains(n);
    assert!(n_bytes_answered.iter().any(within), "it never was within the file: {n_bytes_answered:?}");
    let resumed = drg.batch(&name).await;
    assert_eq!(
        (resumed.answers_digest, resumed.n_errors, resumed.n_answer_bytes),
        (whole.answers_digest, whole.n_errors, whole.n_answer_bytes)
    );
    let some = drg.answers(&name, whole.n_answer_bytes - 10).await;
    assert_eq!(
        some,
        drg.answers(&whole.name, 0).await[usize::try_from(whole.n_answer_bytes - 10).unwrap()..]
    );
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_and_what_is_sent_again_changes_nothing() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,1,50,I21.000,\n");
    let request = start_batch(&scheme, file.as_bytes());
    let batch =
        drg.batches(Role::AgencyOfficer).start_batch(request).await.unwrap().into_inner().batch.unwrap();
    let part = |from: usize, to: usize| part(&batch.name, from, &file.as_bytes()[from..to]);
    let sent = drg.upload(vec![part(0, 10), part(10, 20)]).await.unwrap().into_inner().batch.unwrap();
    assert_eq!(sent.next_offset, 20);
    let sent = drg.upload(vec![part(10, 20), part(5, 30), part(30, file.len())]).await.unwrap();
    assert_eq!(sent.into_inner().batch.unwrap().next_offset, i64::try_from(file.len()).unwrap());
    drg.batches(Role::AgencyOfficer).finish_upload(finish_batch(&batch.name)).await.unwrap();
    assert_eq!(drg.settled(&batch.name).await.n_grouped, 1);
}

#[tokio::test]
async fn what_is_grouped_is_deleted_from_the_file_and_what_is_cancelled_or_over_altogether() {
    let mut drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,1,50,I21.000,\n2,1,x,,\n");
    let tables = ["batch_parts", "batch_answers", "batch_errors"];
    let batch = drg.given_batch(&scheme, file.as_bytes(), 20).await;
    assert_eq!(drg.count(tables).await, [0, 1, 1]);

    let mut officer = drg.batches(Role::AgencyOfficer);
    let cancelled = officer.cancel_batch(cancel(&batch.name)).await.unwrap().into_inner().batch.unwrap();
    assert_eq!(cancelled.state(), State::Cancelled);
    assert_eq!(drg.count(tables).await, [0, 0, 0]);

    let finished = drg.given_batch(&scheme, file.as_bytes(), 20).await;
    let begun = start_batch(&scheme, file.as_bytes());
    let begun = drg.given_uploaded(begun, file.as_bytes(), 20).await;
    assert_eq!(drg.count(tables).await, [4, 1, 1]);
    drg.0.kill().await;
    let past = "UPDATE batches SET update_time = update_time - interval '31 days', \
                expire_time = expire_time - interval '31 days'";
    drg.0.database().raw_admin().await.batch_execute(past).await.unwrap();
    drg.0.restart(serve).await;
    for name in [&finished.name, &begun] {
        drg.until(name, State::Expired).await;
    }
    assert_eq!(drg.count(tables).await, [0, 0, 0]);
    assert_eq!(drg.batch(&batch.name).await.state(), State::Cancelled);
}

#[tokio::test]
async fn a_file_that_is_no_case_list_fails_in_words() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let batch = drg.given_batch(&scheme, b"id,sex,diagnoses\n1,1,I21.000\n", 100).await;
    assert_eq!(
        (batch.state(), batch.failure_zh.as_str()),
        (State::Failed, "表头缺少列：age_years、procedures")
    );
    assert_eq!(drg.answers(&batch.name, 0).await, b"");
    assert_eq!(drg.count(["batch_parts"]).await, [0]);
}

#[tokio::test]
async fn a_batch_that_cannot_be_grouped_is_given_up_and_holds_up_no_other() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,1,50,I21.000,\n");
    let poisoned = drg.given_uploaded(start_batch(&scheme, file.as_bytes()), file.as_bytes(), 20).await;
    let damage = "UPDATE batches SET answers_hasher = 'x'";
    drg.0.database().raw_admin().await.batch_execute(damage).await.unwrap();
    drg.batches(Role::AgencyOfficer).finish_upload(finish_batch(&poisoned)).await.unwrap();

    let good = drg.given_batch(&scheme, file.as_bytes(), 20).await;
    let given_up = drg.settled(&poisoned).await;

    assert_eq!((good.state(), good.n_grouped), (State::Finished, 1));
    assert_eq!(given_up.state(), State::Failed);
    assert_eq!(given_up.failure_zh, "第 1 行起的内容多次处理失败，请联系系统管理员");
    assert_eq!(drg.count(["batch_parts"]).await, [0]);
}

/// Makes 64 batches of a batch, as many as are worked on in turn, that no statement of the service can change.
async fn given_stuck(drg: &Drg, batch: &str, changes: &str) {
    let id = batch.rsplit('/').next().unwrap();
    let stuck = format!(
        "CREATE FUNCTION stick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$; \
         CREATE TRIGGER stuck BEFORE UPDATE ON batches FOR EACH ROW WHEN (OLD.maker = 'stuck') \
         EXECUTE FUNCTION stick(); \
         INSERT INTO batches SELECT copy.* FROM batches, generate_series(1, 64) AS n, \
         jsonb_populate_record(batches, jsonb_build_object('batch_id', md5(n::text)::uuid, 'maker', 'stuck', {changes})) \
         AS copy WHERE batches.batch_id = '{id}'"
    );
    drg.0.database().raw_admin().await.batch_execute(&stuck).await.unwrap();
}

#[tokio::test]
async fn older_batches_that_get_no_further_hold_up_no_other() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,1,50,I21.000,\n");
    let begun = drg.given_uploaded(start_batch(&scheme, file.as_bytes()), file.as_bytes(), 20).await;
    let older = "'state', 'grouping', 'create_time', '2000-01-01', 'update_time', '2099-01-01'";
    given_stuck(&drg, &begun, older).await;

    let batch = drg.given_batch(&scheme, file.as_bytes(), 20).await;

    assert_eq!((batch.state(), batch.n_grouped), (State::Finished, 1));
}

#[tokio::test]
async fn batches_that_cannot_be_deleted_stop_no_others_end() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,1,50,I21.000,\n");
    let batch = drg.given_batch(&scheme, file.as_bytes(), 20).await;
    given_stuck(&drg, &batch.name, "'update_time', '2000-01-01', 'expire_time', '2000-01-31'").await;
    let past = "UPDATE batches SET update_time = update_time - interval '31 days', \
                expire_time = expire_time - interval '31 days' WHERE maker <> 'stuck'";
    drg.0.database().raw_admin().await.batch_execute(past).await.unwrap();
    drg.until(&batch.name, State::Expired).await;
}

#[tokio::test]
async fn a_nul_is_told_by_its_line_and_holds_up_no_other() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,\0,50,I21.000,\n\0,2,50,I21.000|I21.000,\n3,1,50,I21.000,\n");
    let request = pb::StartBatchRequest { check_quality: true, ..start_batch(&scheme, file.as_bytes()) };
    let batch = drg.grouped(request, file.as_bytes(), 1000).await;
    assert_eq!((batch.state(), batch.n_cases, batch.n_refused), (State::Finished, 1, 2));
    let errors = drg.errors(&batch.name).await;
    let told: Vec<_> = errors.iter().map(|e| (e.line, e.reason.as_str())).collect();
    assert_eq!(told, [(2, "NOT_TEXT"), (3, "NOT_TEXT")]);
    let heading = b"id,sex,age_years,diagnoses,procedures,no\0te\n";
    assert_eq!(drg.given_batch(&scheme, heading, 1000).await.state(), State::Failed);
}

#[tokio::test]
async fn batches_are_listed_page_by_page_and_an_institution_sees_its_own() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let agencys = start_batch(&scheme, b"x");
    drg.batches(Role::AgencyOfficer).start_batch(agencys).await.unwrap();
    let own = pb::StartBatchRequest { institution_code: HOSPITAL.to_owned(), ..start_batch(&scheme, b"y") };
    let own = drg.batches_of(HOSPITAL).start_batch(own).await.unwrap().into_inner().batch.unwrap();

    let list = pb::ListBatchesRequest { parent: area(), page_size: 1, page_token: String::new() };
    let one = drg.batches(Role::Auditor).list_batches(list.clone()).await.unwrap().into_inner();
    let next = pb::ListBatchesRequest { page_token: one.next_page_token, ..list.clone() };
    let two = drg.batches(Role::Auditor).list_batches(next).await.unwrap().into_inner();
    assert_eq!((one.batches[0].institution_code.as_str(), &two.batches[0]), ("", &own));
    assert_eq!(two.next_page_token, "");
    assert_eq!(drg.batches_of(HOSPITAL).list_batches(list).await.unwrap().into_inner().batches, [own]);
}

#[tokio::test]
async fn answers_of_a_batch_that_is_deleted_meanwhile_do_not_end_as_if_they_were_whole() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let file = format!("{HEADING}1,1,50,I21.000,\n");
    let batch = drg.given_batch(&scheme, file.as_bytes(), 100).await;
    let mut raw = drg.0.database().raw_admin().await;
    raw.batch_execute("BEGIN; LOCK TABLE batch_answers").await.unwrap();
    let request = pb::GetBatchAnswersRequest { name: batch.name.clone(), offset: 0 };
    let mut parts = drg.batches(Role::Auditor).get_batch_answers(request).await.unwrap().into_inner();
    let delete = "UPDATE batches SET state = 'cancelled'; DELETE FROM batch_answers; COMMIT";
    raw.batch_execute(delete).await.unwrap();

    let end = loop {
        match parts.message().await {
            Ok(Some(_)) => {}
            end => break end,
        }
    };

    refused(end.map(tonic::Response::new), tonic::Code::FailedPrecondition, "BATCH_DELETED");
    let errors = pb::ListBatchErrorsRequest { parent: batch.name, ..Default::default() };
    let errors = drg.batches(Role::Auditor).list_batch_errors(errors).await;
    refused(errors, tonic::Code::FailedPrecondition, "BATCH_DELETED");
}
