use medfund_proto::agreement::v1 as agreement;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{AREA, Refusals};

use crate::bills::common::{CLINIC, HOSPITAL};
use crate::year::support::*;

pub(super) const RPCS: [&str; 6] = [
    "PayAdvance",
    "PayWorkingCapital",
    "PayCleanRecordCapital",
    "PayMonthAhead",
    "PayInstalment",
    "ListDeposits",
];

#[tokio::test(flavor = "multi_thread")]
async fn prepayments_and_deposits_are_refused_for_every_documented_reason() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);

    let suite = Suite::deaf().await;
    no_year(&suite, &mut refusals).await;
    drop(suite);
    let suite = Suite::open().await;
    no_such_prepayment(&suite, &mut refusals).await;
    advances(&suite, &mut refusals).await;
    working_capitals(&suite, &mut refusals).await;
    clean_records(&suite, &mut refusals).await;
    cleared(&suite, &mut refusals).await;
    drop(suite);
    Box::pin(months_ahead(&mut refusals)).await;
    Box::pin(instalments(&mut refusals)).await;

    println!("{} refusals of prepayments are as documented", refusals.all_provoked());
}

async fn no_year(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = suite.officer();
    refuse!(refusals, officer.pay_advance(advance(1)), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(
        refusals,
        officer.pay_working_capital(working_capital()),
        FailedPrecondition / "FUND_YEAR_NOT_OPEN"
    );
    let record = clean_record();
    refuse!(refusals, officer.pay_clean_record_capital(record), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    let list = pb::ListDepositsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    refuse!(refusals, officer.list_deposits(list), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
}

async fn no_such_prepayment(suite: &Suite, refusals: &mut Refusals) {
    suite.open_next_year().await;
    let mut officer = suite.officer();
    let next = pb::PayAdvanceRequest { fund_year: 2018, ..advance(1) };
    refuse!(refusals, officer.pay_advance(next), FailedPrecondition / "NO_SUCH_PREPAYMENT");
    let next = pb::PayWorkingCapitalRequest { fund_year: 2018, ..working_capital() };
    refuse!(refusals, officer.pay_working_capital(next), FailedPrecondition / "NO_SUCH_PREPAYMENT");
    let next = pb::PayCleanRecordCapitalRequest { fund_year: 2018, ..clean_record() };
    refuse!(refusals, officer.pay_clean_record_capital(next), FailedPrecondition / "NO_SUCH_PREPAYMENT");
}

async fn advances(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = suite.officer();
    refuse!(refusals, officer.pay_month_ahead(month_ahead(1)), FailedPrecondition / "NO_SUCH_PREPAYMENT");
    refuse!(refusals, officer.pay_advance(advance(3)), FailedPrecondition / "ADVANCE_MONTHS_OUT_OF_RANGE");
    let elsewhere = pb::PayAdvanceRequest { district: "440704".into(), ..advance(1) };
    refuse!(refusals, officer.pay_advance(elsewhere), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    let resident = pb::PayAdvanceRequest { fund_line: "resident".into(), ..advance(1) };
    refuse!(refusals, officer.pay_advance(resident), FailedPrecondition / "HISTORY_UNKNOWN");
    officer.pay_advance(advance(1)).await.unwrap();
    refuse!(refusals, officer.pay_advance(advance(1)), AlreadyExists / "PREPAYMENT_EXISTS");
}

async fn working_capitals(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = suite.officer();
    refuse!(refusals, officer.pay_working_capital(working_capital()), FailedPrecondition / "QUOTA_UNKNOWN");
    suite.quotas().await;
    let resident = pb::PayAdvanceRequest { fund_line: "resident".into(), ..advance(1) };
    refuse!(refusals, officer.pay_advance(resident), FailedPrecondition / "QUOTA_KNOWN");
    refuse!(
        refusals,
        officer.pay_clean_record_capital(clean_record()),
        FailedPrecondition / "WORKING_CAPITAL_UNPAID"
    );
    let exported = suite.export_orders().await;
    let under_way = working_capital();
    refuse!(refusals, officer.pay_working_capital(under_way), FailedPrecondition / "PREPAYMENT_UNDER_WAY");
    officer.record_payment_results(results(&exported)).await.unwrap();
    officer.pay_working_capital(working_capital()).await.unwrap();
    refuse!(refusals, officer.pay_working_capital(working_capital()), AlreadyExists / "PREPAYMENT_EXISTS");
}

async fn clean_records(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = suite.officer();
    let unknown = clean_record();
    refuse!(refusals, officer.pay_clean_record_capital(unknown), FailedPrecondition / "CLEAN_RECORD_UNKNOWN");
    for code in [HOSPITAL, CLINIC] {
        let confirmed =
            agreement::CleanRecordConfirmed { fund_year: 2017, institution_code: code.into(), clean: true };
        suite.agreement.emit(AREA, &confirmed).await;
    }
    suite.heard().await;
    officer.pay_clean_record_capital(clean_record()).await.unwrap();
    refuse!(refusals, officer.pay_clean_record_capital(clean_record()), AlreadyExists / "PREPAYMENT_EXISTS");
}

async fn months_ahead(refusals: &mut Refusals) {
    let suite = Suite::with_quotas_under(&pack_of_months()).await;
    let mut officer = suite.officer();
    let elsewhere = pb::PayMonthAheadRequest { district: "440704".into(), ..month_ahead(1) };
    refuse!(refusals, officer.pay_month_ahead(elsewhere), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    let next_year = medfund_proto::google::r#type::Date { year: 2018, month: 1, day: 0 };
    let next_year = pb::PayMonthAheadRequest { settlement_month: Some(next_year), ..month_ahead(1) };
    refuse!(refusals, officer.pay_month_ahead(next_year), FailedPrecondition / "MONTH_NOT_IN_YEAR");
    let resident = pb::PayMonthAheadRequest { fund_line: "resident".into(), ..month_ahead(1) };
    refuse!(refusals, officer.pay_month_ahead(resident), FailedPrecondition / "HISTORY_UNKNOWN");
    officer.pay_month_ahead(month_ahead(1)).await.unwrap();
    refuse!(refusals, officer.pay_month_ahead(month_ahead(1)), AlreadyExists / "PREPAYMENT_EXISTS");
    suite.month(1, 0, 0).await;
    let resident = pb::PayMonthAheadRequest { fund_line: "resident".into(), ..month_ahead(1) };
    refuse!(refusals, officer.pay_month_ahead(resident), FailedPrecondition / "MONTH_STARTED");
}

async fn instalments(refusals: &mut Refusals) {
    let suite = Suite::without_pool().await;
    suite.open_next_year().await;
    let mut officer = suite.officer();
    let start = || instalment("year_start");
    let elsewhere = pb::PayInstalmentRequest { district: "440704".into(), ..start() };
    refuse!(refusals, officer.pay_instalment(elsewhere), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    let of_quotas = pb::PayInstalmentRequest { fund_year: 2018, ..start() };
    refuse!(refusals, officer.pay_instalment(of_quotas), FailedPrecondition / "WRONG_REGIME");
    refuse!(
        refusals,
        officer.pay_instalment(instalment("spring")),
        FailedPrecondition / "NO_SUCH_PREPAYMENT"
    );
    refuse!(refusals, officer.pay_instalment(start()), FailedPrecondition / "POOL_UNKNOWN");
    suite.approve_pool(&pool(2017, LINE)).await;
    suite.approve_pool(&pool(2017, "resident")).await;
    let resident = pb::PayInstalmentRequest { fund_line: "resident".into(), ..start() };
    refuse!(refusals, officer.pay_instalment(resident), FailedPrecondition / "HISTORY_UNKNOWN");
    officer.pay_instalment(start()).await.unwrap();
    refuse!(refusals, officer.pay_instalment(start()), AlreadyExists / "PREPAYMENT_EXISTS");
    suite.empty_months().await;
    suite.open_pool_clearing().await;
    let plan = suite.propose().await;
    suite.clear_by("human_resources", &plan, 3).await;
    let late = instalment("mid_year");
    refuse!(refusals, officer.pay_instalment(late), FailedPrecondition / "YEAR_CLEARED");
}

async fn cleared(suite: &Suite, refusals: &mut Refusals) {
    suite.empty_months().await;
    suite.open_clearing(0).await;
    let plan = suite.propose().await;
    suite.clear(&plan, 3).await;
    let mut officer = suite.officer();
    refuse!(refusals, officer.pay_advance(advance(1)), FailedPrecondition / "YEAR_CLEARED");
    refuse!(refusals, officer.pay_working_capital(working_capital()), FailedPrecondition / "YEAR_CLEARED");
    refuse!(refusals, officer.pay_clean_record_capital(clean_record()), FailedPrecondition / "YEAR_CLEARED");
    refuse!(refusals, officer.pay_month_ahead(month_ahead(1)), FailedPrecondition / "YEAR_CLEARED");
}
