use medfund_db::DbError;
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_proto::settlement::v1 as pb;
use medfund_settlement::store::bill_months::{self, OpenUpload};
use medfund_settlement::store::bill_totals;
use medfund_testkit::{AREA, TestService};
use medfund_types::{Area, InstitutionCode, SettlementMonth};
use tonic::Code;

use super::common::*;

fn area() -> Area {
    AREA.parse().unwrap()
}

fn month() -> SettlementMonth {
    "2017-01".parse().unwrap()
}

fn institutions() -> Vec<InstitutionCode> {
    [CLINIC, HOSPITAL].map(|code| code.parse().unwrap()).to_vec()
}

/// Closes January for the institutions, as its settlement does; `Err` has what keeps it open.
async fn close(service: &TestService) -> Result<(), Vec<String>> {
    #[derive(Debug)]
    enum Refused {
        Open(Vec<OpenUpload>),
        Database(DbError),
    }
    impl From<DbError> for Refused {
        fn from(error: DbError) -> Self {
            Self::Database(error)
        }
    }
    let writer = service.database().connect().await.writer();
    let closed = writer.run(officers_call(), |tx| {
        Box::pin(async move {
            let instant = tx.instant();
            let open = bill_months::close(tx.conn(), &area(), month(), &institutions(), instant).await;
            let open = open.map_err(DbError::from)?;
            if open.is_empty() { Ok(()) } else { Err(Refused::Open(open)) }
        })
    });
    closed.await.map_err(|refused| match refused {
        Refused::Open(open) => open.iter().map(|u| format!("areas/{AREA}/uploads/{}", u.upload_id)).collect(),
        Refused::Database(error) => panic!("{error}"),
    })
}

fn withdraw(setl_id: &str) -> pb::WithdrawBillRequest {
    pb::WithdrawBillRequest {
        name: format!("areas/{AREA}/institutions/{HOSPITAL}/bills/{setl_id}"),
        reason: "误传".to_owned(),
        request_id: new_id(),
    }
}

#[tokio::test]
async fn a_closed_month_takes_no_bills_and_gives_none_back() {
    let service = start().await;
    let mut client = hospital(&service);
    let given_up = begin(&mut client, &lines(4)).await.unwrap();
    upload(&mut client, &lines(3)).await.unwrap();
    assert_eq!(close(&service).await, Err(vec![given_up.name.clone()]));
    let request = pb::AbandonUploadRequest { name: given_up.name, request_id: new_id() };
    client.abandon_upload(request).await.unwrap();
    assert_eq!(close(&service).await, Ok(()));

    let new_file = begin(&mut client, &lines(2)).await.unwrap_err();
    let old_file = begin(&mut client, &lines(4)).await.unwrap_err();
    let withdrawn = client.withdraw_bill(withdraw("S0000001")).await.unwrap_err();

    for refused in [new_file, old_file, withdrawn] {
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "MONTH_CLOSED"));
        assert_eq!(metadata(&refused, "settlement_month"), "2017-01");
    }
    // A file that was finished is there as it was.
    assert_eq!(begin(&mut client, &lines(3)).await.unwrap().n_accepted, 3);
}

#[tokio::test]
async fn a_chunk_for_a_month_that_was_closed_under_it_is_refused() {
    let service = start().await;
    let mut client = hospital(&service);
    let upload = begin(&mut client, &lines(4)).await.unwrap();
    let sql = "UPDATE bill_months SET close_time = now()";
    diesel_async::RunQueryDsl::execute(diesel::sql_query(sql), &mut service.database().raw_admin().await)
        .await
        .unwrap();

    let refused = send(&mut client, vec![chunk(&upload.name, 1, &lines(4))]).await.unwrap_err();

    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "MONTH_CLOSED"));
    assert_eq!(count(&service, "bills").await, 0);
}

#[tokio::test]
async fn a_withdrawn_bill_counts_no_more_and_its_id_is_not_used_again() {
    let service = start().await;
    let mut client = hospital(&service);
    upload(&mut client, &lines(3)).await.unwrap();

    let bill = client.withdraw_bill(withdraw("S0000002")).await.unwrap().into_inner().bill.unwrap();

    assert!(bill.withdraw_time.is_some() && bill.withdraw_reason == "误传");
    let again = client.withdraw_bill(withdraw("S0000002")).await.unwrap_err();
    assert_eq!((again.code(), reason(&again).as_str()), (Code::FailedPrecondition, "BILL_ALREADY_WITHDRAWN"));
    let second = upload(&mut client, &lines(4)).await.unwrap();
    assert_eq!((second.n_accepted, second.n_already_there, second.n_refused), (1, 2, 1));
    let expected = vec![(2, "setl_id".to_owned(), "BILL_WITHDRAWN".to_owned())];
    assert_eq!(errors(&mut client, &second.name).await, expected);
    assert_eq!(totals(&service).await.iter().map(|t| t.n_bills).sum::<i64>(), 3);
}

async fn totals(service: &TestService) -> Vec<bill_totals::BillTotals> {
    let reader = service.database().connect().await.reader();
    let work = reader.run(&officers_call().caller, &area(), |conn| {
        Box::pin(async move {
            Ok::<_, DbError>(bill_totals::totals(conn, &area(), month(), month(), &institutions()).await?)
        })
    });
    work.await.unwrap()
}

#[tokio::test]
async fn a_months_totals_are_those_of_its_bills() {
    let service = start().await;
    let mut client = hospital(&service);
    upload(&mut client, &lines(9)).await.unwrap();

    let totals = totals(&service).await;

    // Every third of the nine bills is a resident's; two neighbours share a person.
    let [employee, resident] = totals.as_slice() else { panic!("{totals:?}") };
    assert_eq!((employee.fund_line.as_str(), resident.fund_line.as_str()), ("employee", "resident"));
    assert_eq!((employee.kind_of_care, employee.n_bills, employee.n_days), (KindOfCare::Inpatient, 6, 48));
    assert_eq!((employee.n_persons, resident.n_persons), (5, 3));
    assert_eq!(employee.fund_share, Fen::new(6 * 700_000 + 1 + 2 + 4 + 5 + 7 + 8));
    assert_eq!((resident.n_bills, resident.total), (3, Fen::new(3_000_000)));
}

#[tokio::test]
async fn visits_add_up_by_month() {
    let service = start().await;
    let mut client = hospital(&service);
    let mut file = lines(6);
    file[0].dise_codg = "J18.900".to_owned();
    file[1].med_type = "11".to_owned();
    (file[1].ipt_days, file[1].dscg_way) = (0, String::new());
    upload(&mut client, &file).await.unwrap();
    let reader = service.database().connect().await.reader();
    let work = reader.run(&officers_call().caller, &area(), |conn| {
        Box::pin(async move {
            let visits = bill_totals::visits(conn, &area(), month(), month().next(), &institutions()).await?;
            Ok::<_, DbError>(visits)
        })
    });
    let visits = work.await.unwrap();

    assert_eq!(visits.iter().map(|v| v.n_bills).collect::<Vec<_>>(), [1, 3, 2]);
}
