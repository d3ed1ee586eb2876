//! Months paid ahead, and a deposit that is withheld in the year.

use medfund_proto::settlement::v1 as pb;
use medfund_testkit::AREA;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL};

fn of<'a>(clearing: &'a pb::Clearing, code: &str) -> &'a pb::InstitutionClearing {
    clearing.institutions.iter().find(|one| one.institution_code == code).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn months_are_paid_ahead_by_grade_set_off_in_turn_and_settled_at_the_years_end() {
    let suite = Suite::with_quotas_under(&pack_of_months()).await;
    suite.date(2017, 1, 2).await;
    let paid = suite.officer().pay_month_ahead(month_ahead(1)).await.unwrap().into_inner().prepayments;
    // 120,000.00 settled last year: 10,000.00 a month, 90 % of it for grade A, 70 % without a grade.
    let told: Vec<(&str, i64)> = paid.iter().map(|one| (one.name.as_str(), one.amount_fen)).collect();
    let name = |code| format!("{PARENT}/prepayments/2017-monthly-{LINE}-{code}-01");
    assert_eq!(told, [(name(HOSPITAL).as_str(), 900_000), (name(CLINIC).as_str(), 700_000)]);
    suite.pay_orders().await;

    // Ten admissions at 800.00 are less than what was paid ahead: January pays nothing.
    suite.month(1, 10, 10).await;
    let january = suite.statement(1, HOSPITAL).await;
    assert_eq!((january.payable_fen, january.kept_back_fen, january.order_fen), (800_000, 800_000, 0));
    // February's share and what January left are set off together.
    suite.officer().pay_month_ahead(month_ahead(2)).await.unwrap();
    suite.pay_orders().await;
    suite.month(2, 20, 0).await;
    let february = suite.statement(2, HOSPITAL).await;
    assert_eq!((february.kept_back_fen, february.order_fen), (1_000_000, 600_000));
    // The clinic's January was 800,000, and 700,000 of it were paid ahead.
    let clinic = suite.statement(1, CLINIC).await;
    assert_eq!((clinic.kept_back_fen, clinic.order_fen), (700_000, 100_000));
    suite.months_from(3).await;
    suite.open_clearing(0).await;
    for code in [HOSPITAL, CLINIC] {
        suite.agreement.emit(AREA, &review(code, "a")).await;
    }
    suite.heard().await;
    let plan = suite.propose().await;

    // February's 700,000 met no bill of the clinic.
    assert_eq!((of(&plan, CLINIC).monthly_left_fen, of(&plan, HOSPITAL).monthly_left_fen), (700_000, 0));
    assert_eq!(of(&plan, CLINIC).order_fen, of(&plan, CLINIC).payment_fen - 700_000);
    suite.clear(&plan, 2).await;
    suite.pay_orders().await;
    assert_eq!(suite.balance("working_capital/").await, 0);
    assert_eq!(suite.balance(&format!("transit/budget/settlement/2017/{LINE}")).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withheld_deposit_is_paid_out_by_its_own_clearing_less_what_the_review_forfeits() {
    let suite = Suite::with_quotas_under(&pack_of_months()).await;
    suite.month(1, 10, 10).await;
    suite.months_from(2).await;
    suite.open_clearing(0).await;
    suite.agreement.emit(AREA, &review(HOSPITAL, "c")).await;
    suite.agreement.emit(AREA, &review(CLINIC, "a")).await;
    suite.heard().await;

    let plan = suite.propose().await;

    // 5 % of 800,000 is the base, grade C forfeits half of it.
    let hospital = of(&plan, HOSPITAL);
    assert_eq!(hospital.deposit_forfeited_fen, 20_000);
    assert_eq!(hospital.order_fen, hospital.payment_fen - 20_000);
    assert_eq!(of(&plan, CLINIC).deposit_forfeited_fen, 0);
    suite.clear(&plan, 2).await;
    let list = pb::ListDepositsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    let deposits = suite.institution(HOSPITAL).list_deposits(list).await.unwrap().into_inner().deposits;
    let employee = deposits.iter().find(|one| one.fund_line == LINE).unwrap();
    assert!(employee.withheld && employee.due_month.is_none());
    assert_eq!((employee.forfeited_fen, employee.taken_fen), (20_000, 20_000));
    assert_eq!(suite.balance(&format!("deposit/2017/{LINE}")).await, 20_000);
}
