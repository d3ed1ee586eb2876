//! Months by methods that need more than the number of admissions.

use medfund_proto::agreement::v1 as agreement;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::types::v1::{KindOfCare, PaymentMethod};

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL};

/// January: a case of the list, 90,000; days 1 to 3 of a stay at 12,000 and 4 to 8 at 10,000; one average quota of
/// 80,000. February: the same stay goes on for 8 days at 10,000.
#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_paid_by_disease_by_bed_day_and_the_rest_by_average_quota() {
    let suite = Suite::open_under(&pack_with_bed_days()).await;
    suite.quotas().await;
    let list = vec![disease("J18", 90_000)];
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
    for (amount, value) in [("methodFen", "256000"), ("averageStay", "8"), ("dailyCostFen", "12500")] {
        let name = format!("{}/{amount}", statement_name(1, HOSPITAL));
        assert_eq!(explained(&suite, &name).await, value);
    }
}

/// A hospital that writes one admission on all of its bills: 150 times 8 days are 1,200 days, 40 periods of 30 days.
#[tokio::test(flavor = "multi_thread")]
async fn one_admission_on_many_bills_is_paid_as_one_stay() {
    let suite = Suite::open().await;
    suite.quotas().await;
    let standards = vec![agreement::PeriodicStandard {
        disease_code: "F20".into(),
        period_days: 30,
        standard_per_period_fen: 60_000,
    }];
    let terms = vec![
        agreement::PaymentTerm { standard_per_admission_fen: 80_000, ..term(PaymentMethod::AverageQuota) },
        agreement::PaymentTerm { periodic_standards: standards, ..term(PaymentMethod::Periodic) },
    ];
    suite.agree(HOSPITAL, terms).await;
    let stay = |place| pb::BillLine {
        dise_codg: "F20.900".into(),
        mdtrt_id: "1".into(),
        ..bill(HOSPITAL, 1, place, 100_000)
    };
    suite.date(2017, 1, 28).await;
    suite.send(HOSPITAL, 1, (1..=150).map(stay).collect()).await;
    suite.after(1).await;
    suite.start(1).await.unwrap();
    assert_eq!(suite.statement(1, HOSPITAL).await.method_fen, 40 * 60_000);
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

/// Every bill costs 10,000.00 in all. J18 at 8,000.00 for the whole stay: of a stay in two bills the patient paid 3,000.00
/// in January and 1,000.00 in February: 5,000.00, then 1,000.00 less. K35 at the fund's 3,000.00: 7,000.00 are more than
/// twice as much, so the case leaves the list and is paid as charged, as a declared one of J18 is.
#[tokio::test(flavor = "multi_thread")]
async fn a_stay_of_two_months_gets_one_whole_standard_and_variants_leave_the_list() {
    let suite = Suite::open_under(&pack_of_lists()).await;
    suite.quotas().await;
    let whole = agreement::DiseaseStandard { covers_whole_stay: true, ..disease("J18", 800_000) };
    let list = agreement::PaymentTerm {
        disease_standards: vec![whole, disease("K35", 300_000)],
        ..term(PaymentMethod::ByDisease)
    };
    suite.agree(HOSPITAL, vec![list]).await;
    let case = |month, place, code: &str, fen| pb::BillLine {
        dise_codg: code.into(),
        ..bill(HOSPITAL, month, place, fen)
    };
    let first = case(1, 1, "J18.900", 700_000);
    let again = pb::BillLine { mdtrt_id: first.mdtrt_id.clone(), ..case(2, 1, "J18.900", 900_000) };
    let declared = pb::BillLine { vari_exit_flag: 1, ..case(1, 3, "J18.100", 600_000) };
    suite.date(2017, 2, 28).await;
    suite.send(HOSPITAL, 1, vec![first, case(1, 2, "K35.800", 700_000), declared]).await;
    suite.send(HOSPITAL, 2, vec![again, case(2, 2, "J18.000", 800_000)]).await;
    suite.after(2).await;
    suite.start(1).await.unwrap();
    suite.start(2).await.unwrap();

    let [january, february] = [suite.statement(1, HOSPITAL).await, suite.statement(2, HOSPITAL).await];
    assert_eq!(january.method_fen, 500_000 + 700_000 + 600_000);
    assert_eq!(february.method_fen, 600_000 - 100_000);
}

/// Jiangmen pays day surgery beside the quota: by the list of the agreement if it has one, as charged otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn care_outside_the_quota_is_paid_by_the_agreement_s_list() {
    let suite = Suite::with_quotas().await;
    let surgery = agreement::PaymentTerm {
        kind_of_care: KindOfCare::DaySurgery.into(),
        disease_standards: vec![disease("H25", 350_000)],
        ..term(PaymentMethod::ByDisease)
    };
    let quota =
        agreement::PaymentTerm { standard_per_admission_fen: 80_000, ..term(PaymentMethod::AverageQuota) };
    suite.agree(HOSPITAL, vec![quota, surgery]).await;
    let of_day = |place, code: &str| pb::BillLine {
        med_type: "28".into(),
        dise_codg: code.into(),
        ..bill(HOSPITAL, 1, place, 400_000)
    };
    suite.date(2017, 1, 28).await;
    suite
        .send(HOSPITAL, 1, vec![of_day(1, "H25.900"), of_day(2, "K40.900"), bill(HOSPITAL, 1, 3, 90_000)])
        .await;
    suite.after(1).await;
    suite.start(1).await.unwrap();

    let january = suite.statement(1, HOSPITAL).await;
    assert_eq!((january.method_fen, january.outside_quota_fen), (80_000, 350_000 + 400_000));
    let name = format!("{}/outsideQuotaFen", statement_name(1, HOSPITAL));
    assert_eq!(explained(&suite, &name).await, "750000");
}

/// The clinic has 60 persons who count 0.9 and 40 who count 1.15 at 1,200.00 a year, and 5 diabetics at 600.00: 123,000.00,
/// so 10,250.00 a month. It referred two patients who cost the fund 7,000.00 and 5,000.00: it bears a tenth. The
/// hospital's periods: 8 days of stay begin two periods of 5 days.
#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_paid_by_its_persons_and_bears_a_share_of_what_it_referred() {
    let suite = Suite::open_under(&pack_of_lists()).await;
    suite.quotas().await;
    let group =
        |from_age, persons, factor: &str| agreement::AgeGroup { from_age, persons, factor: factor.into() };
    let capita = agreement::PaymentTerm {
        standard_per_person_fen: 120_000,
        age_groups: vec![group(0, 60, "0.9"), group(60, 40, "1.15")],
        chronic_standards: vec![agreement::ChronicStandard {
            disease_code: "E11".into(),
            persons: 5,
            standard_per_person_fen: 60_000,
        }],
        ..term(PaymentMethod::PerCapita)
    };
    let periods = agreement::PaymentTerm {
        periodic_standards: vec![agreement::PeriodicStandard {
            disease_code: "F20".into(),
            period_days: 5,
            standard_per_period_fen: 200_000,
        }],
        ..term(PaymentMethod::Periodic)
    };
    suite.agree(CLINIC, vec![capita]).await;
    suite.agree(HOSPITAL, vec![periods]).await;
    let referred = |place, fen| pb::BillLine {
        reflout_medins_no: CLINIC.into(),
        dise_codg: "F20.900".into(),
        ..bill(HOSPITAL, 1, place, fen)
    };
    suite.date(2017, 1, 28).await;
    suite
        .send(HOSPITAL, 1, vec![referred(1, 700_000), referred(2, 500_000), bill(HOSPITAL, 1, 3, 90_000)])
        .await;
    suite.after(1).await;
    suite.start(1).await.unwrap();

    let (hospital, clinic) = (suite.statement(1, HOSPITAL).await, suite.statement(1, CLINIC).await);
    assert_eq!((clinic.method_fen, clinic.referral_fen), (1_025_000 - 120_000, 120_000));
    assert_eq!((hospital.method_fen, hospital.referral_fen), (4 * 200_000 + 90_000, 0));
    let name = format!("{}/referralFen", statement_name(1, CLINIC));
    assert_eq!(explained(&suite, &name).await, "120000");
}
