use medfund_proto::auth::v1::Role;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::Refusals;

use crate::bills::common::HOSPITAL;
use crate::year::support::*;

pub(super) const RPCS: [&str; 8] = [
    "CreatePaymentOrders",
    "ApprovePaymentOrders",
    "ExportPaymentOrders",
    "RecordPaymentResults",
    "ListPaymentTimeliness",
    "ExplainLatePayment",
    "GetAppropriationReport",
    "GetDrgCoverage",
];

#[tokio::test(flavor = "multi_thread")]
async fn payment_orders_are_refused_for_every_documented_reason() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    without_days(&mut refusals).await;
    let suite = Suite::with_quotas().await;
    let (mut officer, mut checker) = (suite.officer(), suite.checker());

    refuse!(refusals, officer.create_payment_orders(create(1)), FailedPrecondition / "MONTH_NOT_SETTLED");
    refuse!(refusals, checker.export_payment_orders(export()), FailedPrecondition / "NOTHING_TO_EXPORT");
    let names = ordered(&suite).await;
    refuse!(
        refusals,
        officer.explain_late_payment(explain_late(&names[0])),
        FailedPrecondition / "PAYMENT_NOT_LATE"
    );
    let unknown = [format!("{PARENT}/paymentOrders/none")];
    refuse!(
        refusals,
        officer.explain_late_payment(explain_late(&unknown[0])),
        NotFound / "PAYMENT_ORDER_NOT_FOUND"
    );
    refuse!(
        refusals,
        checker.approve_payment_orders(approve(&unknown)),
        NotFound / "PAYMENT_ORDER_NOT_FOUND"
    );
    refuse!(
        refusals,
        officer.record_payment_results(results(&unknown)),
        NotFound / "PAYMENT_ORDER_NOT_FOUND"
    );
    refuse!(
        refusals,
        officer.record_payment_results(results(&names)),
        FailedPrecondition / "PAYMENT_ORDER_STATE"
    );
    // One person in both roles.
    let both = suite.service.as_person(Role::AgencyOfficer.as_str_name(), Role::AgencyChecker);
    let mut both = Client::new(both);
    refuse!(refusals, both.approve_payment_orders(approve(&names)), PermissionDenied / "MAKER_IS_CHECKER");
    checker.approve_payment_orders(approve(&names)).await.unwrap();
    refuse!(
        refusals,
        checker.approve_payment_orders(approve(&names)),
        FailedPrecondition / "PAYMENT_ORDER_STATE"
    );
    checker.export_payment_orders(export()).await.unwrap();
    officer.record_payment_results(results(&names)).await.unwrap();
    let mut differs = results(&names);
    differs.results[0].bank_reference = "another".into();
    refuse!(refusals, officer.record_payment_results(differs), FailedPrecondition / "PAYMENT_RESULT_DIFFERS");
    let mut later = results(&names);
    later.results[0].value_date = Some(Date { year: 2018, month: 1, day: 9 });
    refuse!(refusals, officer.record_payment_results(later), FailedPrecondition / "PAYMENT_RESULT_DIFFERS");

    println!("{} refusals of payment orders are as documented", refusals.all_provoked());
}

/// January is settled and the hospital's statement ordered.
async fn without_days(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let mut officer = suite.officer();
    let (list, report) = (timeliness(), appropriations(3));
    refuse!(refusals, officer.list_payment_timeliness(list), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(refusals, officer.get_appropriation_report(report), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(refusals, officer.get_drg_coverage(coverage(2017)), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    suite.open_year(2017, &pack_of_months()).await;
    let (list, report) = (timeliness(), appropriations(3));
    refuse!(refusals, officer.list_payment_timeliness(list), FailedPrecondition / "CALENDAR_NOT_OPEN");
    refuse!(refusals, officer.get_appropriation_report(report), FailedPrecondition / "CALENDAR_NOT_OPEN");
}

async fn ordered(suite: &Suite) -> Vec<String> {
    suite.month(1, 2, 0).await;
    let name = statement_name(1, HOSPITAL);
    suite.institution(HOSPITAL).confirm_statement(confirm(&name, "\"1\"")).await.unwrap();
    let orders = suite.officer().create_payment_orders(create(1)).await.unwrap().into_inner();
    orders.payment_orders.into_iter().map(|order| order.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_order_goes_out_again_and_its_first_failure_told_again_does_not_fail_it_twice() {
    let suite = Suite::with_quotas().await;
    let names = ordered(&suite).await;
    let (mut officer, mut checker) = (suite.officer(), suite.checker());
    checker.approve_payment_orders(approve(&names)).await.unwrap();
    let file = checker.export_payment_orders(export()).await.unwrap().into_inner();
    assert_eq!((file.n_orders, file.amount_fen), (1, 160_000));
    let failed = || {
        let mut failed = results(&names);
        (failed.results[0].paid, failed.results[0].failure) = (false, "户名不符".into());
        failed.results[0].bank_reference = "R-1".into();
        failed
    };
    officer.record_payment_results(failed()).await.unwrap();
    checker.export_payment_orders(export()).await.unwrap();

    let told_again = officer.record_payment_results(failed()).await.unwrap().into_inner().payment_orders;
    assert_eq!(told_again[0].state(), pb::payment_order::State::Exported);
    officer.record_payment_results(results(&names)).await.unwrap();
    officer.record_payment_results(results(&names)).await.unwrap();

    assert_eq!(suite.balance("bank/employee").await, 160_000);
}
