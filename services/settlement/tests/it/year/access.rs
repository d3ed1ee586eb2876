use medfund_proto::auth::v1::Role;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use tonic::Code;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL, new_id, reason};

#[tokio::test(flavor = "multi_thread")]
async fn others_see_and_change_nothing() {
    let suite = Suite::with_quotas().await;
    suite.officer().pay_working_capital(working_capital()).await.unwrap();
    suite.month(1, 2, 1).await;

    // Another area.
    let mut elsewhere = SettlementServiceClient::new(suite.service.as_role_in("440800", Role::AgencyOfficer));
    let get = |name: String| pb::GetStatementRequest { name };
    let status = elsewhere.get_statement(get(statement_name(1, HOSPITAL))).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned()));
    let status = elsewhere.start_month_settlement(start(2)).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let status = elsewhere.propose_clearing(propose(true)).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);

    // Another institution.
    let mut clinic = suite.institution(CLINIC);
    let status = clinic.get_statement(get(statement_name(1, HOSPITAL))).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::NotFound, "STATEMENT_NOT_FOUND".to_owned()));
    let confirm = pb::ConfirmStatementRequest {
        name: statement_name(1, HOSPITAL),
        etag: "\"1\"".into(),
        request_id: new_id(),
    };
    let status = clinic.confirm_statement(confirm).await.unwrap_err();
    assert_eq!(reason(&status), "STATEMENT_NOT_FOUND");
    let list = pb::ListPrepaymentsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    let own = clinic.list_prepayments(list).await.unwrap().into_inner().prepayments;
    assert_eq!(own.iter().map(|one| one.institution_code.as_str()).collect::<Vec<_>>(), [CLINIC]);
    let explain = pb::ExplainAmountRequest { name: format!("{}/payableFen", statement_name(1, HOSPITAL)) };
    let status = clinic.explain_amount(explain.clone()).await.unwrap_err();
    assert_eq!(reason(&status), "AMOUNT_NOT_FOUND");
    let tree =
        suite.institution(HOSPITAL).explain_amount(explain).await.unwrap().into_inner().derivation.unwrap();
    assert_eq!((tree.policy_pack.as_str(), tree.root.unwrap().value.as_str()), ("jiangmen-2016", "160000"));

    // Another role.
    let status = suite.auditor().start_month_settlement(start(2)).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    let status = suite.institution(HOSPITAL).create_payment_orders(orders_of(1)).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
}

fn orders_of(month: i32) -> pb::CreatePaymentOrdersRequest {
    pb::CreatePaymentOrdersRequest {
        parent: PARENT.into(),
        settlement_month: month_of(month),
        request_id: new_id(),
    }
}
