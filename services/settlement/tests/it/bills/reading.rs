use std::collections::BTreeSet;

use medfund_proto::auth::v1::Role;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::bill_service_client::BillServiceClient;
use medfund_proto::types::v1::KindOfCare;
use medfund_testkit::AREA;
use tonic::Code;

use super::common::*;

fn page(page_size: i32, page_token: &str) -> pb::ListBillsRequest {
    pb::ListBillsRequest {
        parent: format!("areas/{AREA}/institutions/{HOSPITAL}"),
        settlement_month: january(),
        page_size,
        page_token: page_token.to_owned(),
    }
}

#[tokio::test]
async fn a_bill_is_read_as_it_was_sent() {
    let service = start().await;
    let mut client = hospital(&service);
    let sent = upload(&mut client, &lines(3)).await.unwrap();

    let name = format!("areas/{AREA}/institutions/{HOSPITAL}/bills/S0000003");
    let request = pb::GetBillRequest { name: name.clone() };
    let bill = client.get_bill(request).await.unwrap().into_inner().bill.unwrap();

    assert_eq!(
        (bill.name.as_str(), bill.upload.as_str(), bill.line_number),
        (name.as_str(), sent.name.as_str(), 3)
    );
    assert_eq!(bill.kind_of_care(), KindOfCare::Inpatient);
    assert_eq!((bill.fund_line.as_str(), bill.settlement_month), ("resident", january()));
    assert_eq!((bill.line, bill.withdraw_time), (Some(line(3)), None));
}

#[tokio::test]
async fn pages_of_bills_follow_each_other_to_the_end() {
    let service = start().await;
    let mut client = hospital(&service);
    upload(&mut client, &lines(7)).await.unwrap();

    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let answer = client.list_bills(page(3, &token)).await.unwrap().into_inner();
        assert!(answer.bills.len() <= 3);
        seen.extend(answer.bills.into_iter().map(|bill| bill.line.unwrap().setl_id));
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, (1..=7).map(|n| format!("S{n:07}")).collect::<Vec<_>>());

    let first = client.list_bills(page(3, "")).await.unwrap().into_inner();
    let of_another_month =
        pb::ListBillsRequest { settlement_month: day(2017, 2, 0), ..page(3, &first.next_page_token) };
    let refused = client.list_bills(of_another_month).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "BAD_REQUEST"));
}

#[tokio::test]
async fn an_export_holds_every_bill_once_across_institutions_and_messages() {
    let service = start().await;
    upload(&mut hospital(&service), &lines(5)).await.unwrap();
    let mut clinic = BillServiceClient::new(service.as_institution(CLINIC));
    let clinics: Vec<_> =
        (1..=2_100).map(|n| pb::BillLine { fixmedins_code: CLINIC.to_owned(), ..line(n) }).collect();
    let request = pb::StartUploadRequest { institution_code: CLINIC.to_owned(), ..start_request(&clinics) };
    let started = clinic.start_upload(request).await.unwrap().into_inner().upload.unwrap();
    send(&mut clinic, chunks(&started, &clinics, 2_000)).await.unwrap();

    let all = export(&mut officer(&service), &format!("areas/{AREA}")).await;
    assert_eq!(all.len(), 2_105);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 2_105);
    assert!(all.is_sorted());
    let one = export(&mut officer(&service), &format!("areas/{AREA}/institutions/{HOSPITAL}")).await;
    assert_eq!(one.len(), 5);
    let own = export(&mut hospital(&service), &format!("areas/{AREA}")).await;
    assert_eq!(own, one);
    let mut auditor = BillServiceClient::new(service.as_role(Role::Auditor));
    assert_eq!(export(&mut auditor, &format!("areas/{AREA}/institutions/H99999999")).await.len(), 0);
}

async fn export(client: &mut Client, parent: &str) -> Vec<String> {
    let request = pb::ExportBillsRequest { parent: parent.to_owned(), settlement_month: january() };
    let mut stream = client.export_bills(request).await.unwrap().into_inner();
    let mut names = Vec::new();
    while let Some(answer) = stream.message().await.unwrap() {
        assert!((1..=1_000).contains(&answer.bills.len()));
        names.extend(answer.bills.into_iter().map(|bill| bill.name));
    }
    names
}
