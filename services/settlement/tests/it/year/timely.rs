//! When payments were due, and when they were made.

use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use pb::payment_timeliness::Punctuality;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL};

#[tokio::test(flavor = "multi_thread")]
async fn a_late_payment_is_listed_with_its_reason_and_reported() {
    let suite = Suite::with_quotas().await;
    suite.month(1, 2, 1).await;
    for code in [HOSPITAL, CLINIC] {
        let name = statement_name(1, code);
        suite.institution(code).confirm_statement(confirm(&name, "\"1\"")).await.unwrap();
    }
    suite.officer().create_payment_orders(create(1)).await.unwrap();
    let names = suite.export_orders().await;
    let paid = |name: &String, month, day| {
        let mut paid = results(std::slice::from_ref(name));
        paid.results[0].value_date = Some(Date { year: 2017, month, day });
        paid
    };
    // Thirty working days after 31 January 2017: the festival ends on 2 February, Saturday the 4th is worked.
    let due = Some(Date { year: 2017, month: 3, day: 15 });
    let mut officer = suite.officer();
    officer.record_payment_results(paid(&names[0], 3, 15)).await.unwrap();
    suite.date(2017, 3, 16).await;
    let listed = officer.list_payment_timeliness(timeliness()).await.unwrap().into_inner().payments;
    assert!(listed.iter().all(|one| one.due_date == due));
    let stands: Vec<Punctuality> = listed.iter().map(pb::PaymentTimeliness::punctuality).collect();
    assert_eq!(stands, [Punctuality::InTime, Punctuality::Overdue]);

    officer.record_payment_results(paid(&names[1], 3, 21)).await.unwrap();
    let late = officer.explain_late_payment(explain_late(&names[1])).await.unwrap().into_inner();
    let late = late.payment.unwrap();

    assert_eq!((late.punctuality(), late.days_late), (Punctuality::Late, 4));
    assert_eq!(late.late_reason, "收款账户信息不符，更正后拨付");
    let report = officer.get_appropriation_report(appropriations(3)).await.unwrap().into_inner();
    let report = report.report.unwrap();
    assert_eq!((report.n_due, report.due_fen), (2, 160_000 + 80_000));
    assert_eq!((report.n_in_time, report.n_late, report.n_unpaid), (1, 1, 0));
    assert_eq!((report.late_fen, report.n_unexplained), (late.amount_fen, 0));
    let own = suite.institution(CLINIC).list_payment_timeliness(timeliness()).await.unwrap().into_inner();
    assert_eq!(own.payments.len(), 1);
}
