//! Months by methods that need more than the number of admissions.

use medfund_proto::agreement::v1 as agreement;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::types::v1::PaymentMethod;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL};

async fn explained(suite: &Suite, amount: &str) -> String {
    let request = pb::ExplainAmountRequest { name: format!("{}/{amount}", statement_name(1, HOSPITAL)) };
    let derivation = suite.auditor().explain_amount(request).await.unwrap().into_inner().derivation;
    derivation.unwrap().root.unwrap().value
}

/// January: a case of the list, 90,000; days 1 to 3 of a stay at 12,000 and 4 to 8 at 10,000; one average quota of
/// 80,000. February: the same stay goes on for 8 days at 10,000.
#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_paid_by_disease_by_bed_day_and_the_rest_by_average_quota() {
    let suite = Suite::open_under(&pack_with_bed_days()).await;
    suite.quotas().await;
    let list = vec![agreement::DiseaseStandard { disease_code: "J18".into(), standard_fen: 90_000 }];
    let days = vec![agreement::BedDayStandard {
        service: "psychiatric".into(),
        disease_code: "F20".into(),
        standard_per_day_fen: 10_000,
    }];
    let terms = vec![
        agreement::PaymentTerm { standard_per_admission_fen: 80_000, ..term(PaymentMethod::AverageQuota) },
        agreement::PaymentTerm { bed_day_standards: days, ..term(PaymentMethod::BedDay) },
        agreement::PaymentTerm { disease_standards: list, ..term(PaymentMethod::ByDisease) },
    ];
    suite.agree(HOSPITAL, terms).await;

    let case = |month, place, disease: &str, admission: &str| pb::BillLine {
        dise_codg: disease.into(),
        mdtrt_id: admission.into(),
        ..bill(HOSPITAL, month, place, 100_000)
    };
    suite.date(2017, 2, 28).await;
    let january = [(1, "J18.900", "A"), (2, "F20.900", "B"), (3, "I10.x00x002", "C")];
    suite.send(HOSPITAL, 1, january.map(|(place, disease, id)| case(1, place, disease, id)).to_vec()).await;
    suite.send(HOSPITAL, 2, vec![case(2, 1, "F20.900", "B")]).await;
    suite.after(2).await;
    suite.start(1).await.unwrap();
    suite.start(2).await.unwrap();

    let [january, february] = [suite.statement(1, HOSPITAL).await, suite.statement(2, HOSPITAL).await];
    assert_eq!((january.method_fen, january.cost_fen), (90_000 + 86_000 + 80_000, 300_000));
    assert_eq!(january.method(), PaymentMethod::Unspecified, "paid by several");
    assert_eq!(february.method_fen, 80_000);
    let told = [explained(&suite, "methodFen").await, explained(&suite, "averageStay").await];
    assert_eq!(told, ["256000", "8"]);
    assert_eq!(explained(&suite, "dailyCostFen").await, "12500");
}

/// The hospital is prepaid 8,400,000 for care that costs 12,000,000 against a quota of 9,000,000; the clinic 2,400,000
/// for care that costs 1,200,000 against 3,000,000.
#[tokio::test(flavor = "multi_thread")]
async fn a_prepaid_total_is_cleared_by_what_the_care_cost_and_the_ledger_agrees() {
    let suite = Suite::open_under(&pack_without_prepayments()).await;
    suite.quotas().await;
    for (code, total_fen) in [(HOSPITAL, 8_400_000), (CLINIC, 2_400_000)] {
        let total = agreement::PaymentTerm { total_fen, ..term(PaymentMethod::TotalPrepayment) };
        suite.agree(code, vec![total]).await;
    }
    for month in 1..=12 {
        suite.month(month, 10, 2).await;
        suite.pay_month(month).await;
    }
    let march = suite.statement(3, HOSPITAL).await;
    assert_eq!(
        (march.payable_fen, march.prepaid_total_fen, march.prepaid_cost_fen),
        (700_000, 700_000, 1_000_000)
    );

    suite.open_clearing(300_000).await;
    let plan = suite.propose().await;
    let cleared = suite.clear(&plan, 3).await;
    suite.pay_orders().await;
    let of = |code: &str| cleared.institutions.iter().find(|one| one.institution_code == code).unwrap();
    let (hospital, clinic) = (of(HOSPITAL), of(CLINIC));
    assert_eq!((hospital.payable_fen, hospital.prepaid_difference_fen), (12_000_000, 3_600_000));
    assert_eq!((hospital.overspend_fen, hospital.overspend_fund_fen), (3_000_000, 300_000));
    // 9,300,000 are due of which 8,400,000 were prepaid.
    assert_eq!((hospital.final_fen, hospital.payment_fen), (9_300_000, 900_000));
    assert_eq!((clinic.payable_fen, clinic.prepaid_difference_fen), (1_200_000, -1_200_000));
    // Of a surplus of 1,800,000 the first 15 % of the quota are kept and half of the rest: 450,000 + 675,000.
    assert_eq!(
        (clinic.surplus_kept_fen, clinic.final_fen, clinic.payment_fen),
        (1_125_000, 2_325_000, -75_000)
    );

    for empty in [
        "payable/employee",
        "quota/2017/employee",
        "overspend/",
        "reserve/",
        "target/",
        "transit/budget/settlement/2017/employee",
    ] {
        assert_eq!(suite.balance(empty).await, 0, "{empty}");
    }
    assert_eq!(suite.balance("bank/employee").await, hospital.final_fen + clinic.final_fen);
}
