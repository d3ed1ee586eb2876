//! Inpatient care that shares a pool by points: bills, months, instalments and the clearing.

use medfund_proto::agreement::v1 as agreement;
use medfund_proto::budget::v1 as budget;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::case_points::Kind;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::AREA;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL, begin, chunks, errors, finish, send};

/// January to December: ten stays of 100 points in the hospital, five in the clinic, 3,000.00 yuan of each borne by the
/// patient. A month's budget is 7,200,000 of the pool: with 4,500,000 of the patients 7,800 a point of 1,500.
#[tokio::test(flavor = "multi_thread")]
async fn a_pool_is_paid_ahead_by_month_and_cleared_to_the_fen_and_the_ledger_agrees() {
    let suite = Suite::with_pool().await;
    let ahead =
        suite.officer().pay_instalment(instalment("year_start")).await.unwrap().into_inner().prepayments;
    // A tenth of the pool, by what was settled last year: as much with both.
    assert_eq!(ahead.iter().map(|one| one.amount_fen).collect::<Vec<_>>(), [6_000_000, 6_000_000]);
    assert!(ahead[0].name.ends_with("-01"), "{}", ahead[0].name);
    suite.officer().pay_instalment(instalment("mid_year")).await.unwrap();
    suite.pay_orders().await;
    for month in 1..=12 {
        suite.date(2017, month, 28).await;
        suite.send(HOSPITAL, month, (1..=10).map(|n| stay(HOSPITAL, month, n)).collect()).await;
        suite.send(CLINIC, month, (1..=5).map(|n| stay(CLINIC, month, n)).collect()).await;
        suite.after(month).await;
        suite.start(month).await.unwrap();
        suite.pay_month(month).await;
    }
    let march = suite.statement(3, HOSPITAL).await;
    assert_eq!((march.payable_fen, march.pool_fen, march.order_fen), (0, 4_800_000, 4_800_000));
    assert_eq!(suite.statement(3, CLINIC).await.pool_fen, 2_400_000);
    let own = &march.pools[0];
    assert_eq!((own.points.as_str(), own.personal_fen, own.cases.unwrap().normal), ("1000", 3_000_000, 10));
    let name = format!("{}/poolFen", statement_name(3, HOSPITAL));
    let tree = suite.auditor().explain_amount(pb::ExplainAmountRequest { name }).await.unwrap().into_inner();
    assert_eq!(tree.derivation.unwrap().root.unwrap().value, "4800000");

    suite.open_pool_clearing().await;
    let plan = suite.propose().await;
    let cleared = suite.clear_by("human_resources", &plan, 7).await;
    suite.pay_orders().await;

    // 120,000,000 + 6,000,000 + 54,000,000 of the patients by 18,000 points: 10,000 fen each.
    let pool = &cleared.pools[0];
    assert_eq!((pool.shared_fen, pool.points.as_str()), (180_000_000, "18000"));
    assert_eq!((pool.returned_fen, pool.adjustment_returned_fen, pool.cases.unwrap().normal), (0, 0, 180));
    let of = |code: &str| cleared.institutions.iter().find(|one| one.institution_code == code).unwrap();
    let (hospital, clinic) = (of(HOSPITAL), of(CLINIC));
    assert_eq!((hospital.final_fen, hospital.instalments_fen), (84_000_000, 12_000_000));
    assert_eq!((hospital.pools[0].paid_fen, hospital.payment_fen), (57_600_000, 14_400_000));
    assert_eq!((clinic.final_fen, clinic.payment_fen), (42_000_000, 1_200_000));
    let name = format!("{}/institutions/{HOSPITAL}/poolFen", clearing_name());
    let tree = suite.auditor().explain_amount(pb::ExplainAmountRequest { name }).await.unwrap().into_inner();
    assert_eq!(tree.derivation.unwrap().root.unwrap().value, "84000000");

    let accounts = suite.accounts().await;
    for empty in ["payable/", "quota/", "overspend/", "working_capital/", "pool/", "pool_adjustment/"] {
        let left: Vec<_> =
            accounts.iter().filter(|one| one.account.starts_with(empty) && one.balance_fen != 0).collect();
        assert!(left.is_empty(), "{left:?}");
    }
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
    assert_eq!(suite.balance("bank/employee").await, POOL_FEN + ADJUSTMENT_FEN);
    assert_eq!(suite.balance("clearing/2017/employee").await, -(POOL_FEN + ADJUSTMENT_FEN));
}

/// The cases of 2017 that the caller may see.
async fn points_of_cases(client: &mut Client) -> Vec<pb::CasePoints> {
    let mut stream = client.export_case_points(case_points(2017)).await.unwrap().into_inner();
    let mut all = Vec::new();
    while let Some(message) = stream.message().await.unwrap() {
        all.extend(message.cases);
    }
    all
}

/// A month of one case of each kind, and a refusal that the pool's months and the clearing bear.
#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_case_counts_and_what_is_refused_goes_back_to_the_fund() {
    let suite = Suite::with_pool().await;
    let refusal = agreement::RefusalConfirmed {
        inspection: format!("areas/{AREA}/inspections/1"),
        fund_year: 2017,
        fund_line: LINE.into(),
        institution_code: CLINIC.into(),
        settlement_month: month_of(1),
        sample_violating_fen: 100_000,
        sampling_rate: "1".into(),
        refused_fen: 100_000,
    };
    suite.agreement.emit(AREA, &refusal).await;
    suite.date(2017, 1, 28).await;
    let cases = vec![
        // 100, 400 of a bypass, 200 with diabetes.
        stay(HOSPITAL, 1, 1),
        pb::BillLine { oprn_oprt_code: "36.1000".into(), ..stay_of(HOSPITAL, 1, 2, 40_000) },
        pb::BillLine { oth_dise_codg: vec!["E11.900".into()], ..stay_of(HOSPITAL, 1, 3, 20_000) },
        // 30 of 3,000 yuan; 100 + 1 × 100 of 40,000; 50 of a stay that was broken off at 5,000.
        stay_of(HOSPITAL, 1, 4, 3_000),
        stay_of(HOSPITAL, 1, 5, 40_000),
        pb::BillLine { dscg_way: "4".into(), ..stay_of(HOSPITAL, 1, 6, 5_000) },
        // In no group: 60 of 6,000.
        pb::BillLine { dise_codg: "I10.x00".into(), ..stay_of(HOSPITAL, 1, 7, 6_000) },
        // Back on the day of the discharge: 50 of the first stay, 100 of the second.
        pb::BillLine { psn_no: "PX".into(), ..stay(HOSPITAL, 1, 8) },
        pb::BillLine {
            psn_no: "PX".into(),
            begndate: Some(medfund_proto::google::r#type::Date { year: 2017, month: 1, day: 11 }),
            ipt_days: 1,
            ..stay(HOSPITAL, 1, 9)
        },
    ];
    let mut cases = cases;
    cases[8].enddate = Some(medfund_proto::google::r#type::Date { year: 2017, month: 1, day: 12 });
    suite.send(HOSPITAL, 1, cases).await;
    suite.send(CLINIC, 1, vec![stay(CLINIC, 1, 1)]).await;
    let bill = format!("{PARENT}/institutions/{HOSPITAL}/bills/S0100003");
    let bill = suite.bills_of(HOSPITAL).get_bill(pb::GetBillRequest { name: bill }).await.unwrap();
    let bill = bill.into_inner().bill.unwrap();
    assert_eq!((bill.drg.as_str(), bill.drg_outcome.as_str()), ("FR13", "grouped"));
    suite.months_from(1).await;

    let january = suite.statement(1, HOSPITAL).await;
    let own = &january.pools[0];
    assert_eq!(own.points, "1190", "100 + 400 + 200 + 30 + 200 + 50 + 60 + 50 + 100");
    let counts = own.cases.unwrap();
    assert_eq!((counts.normal, counts.low, counts.high), (5, 1, 1));
    assert_eq!((counts.incomplete, counts.ungrouped, counts.reviewed), (1, 1, 0));
    for (bill, points) in [("S0100001", "100"), ("S0100004", "30"), ("S0100007", "60"), ("S0100008", "50")] {
        let name = format!("{PARENT}/institutions/{HOSPITAL}/bills/{bill}/points");
        let explain = pb::ExplainAmountRequest { name };
        let tree = suite.institution(HOSPITAL).explain_amount(explain.clone()).await.unwrap().into_inner();
        assert_eq!(tree.derivation.unwrap().root.unwrap().value, points, "{bill}");
        let other = suite.institution(CLINIC).explain_amount(explain).await.unwrap_err();
        assert_eq!(other.code(), tonic::Code::NotFound);
    }
    let told = points_of_cases(&mut suite.institution(HOSPITAL)).await;
    let points: Vec<&str> = told.iter().map(|one| one.points.as_str()).collect();
    assert_eq!(points, ["100", "400", "200", "30", "200", "50", "60", "50", "100"]);
    let made = |one: &pb::CasePoints| (one.drg_weight.clone(), one.drg_points.clone(), one.drg_mean_fen);
    assert_eq!(made(&told[1]), ("4".to_owned(), "400".to_owned(), 4_000_000));
    assert_eq!(made(&told[6]), (String::new(), String::new(), 0));
    assert_eq!((told[6].kind(), told[6].drg.as_str()), (Kind::Ungrouped, "0000"));
    assert_eq!((told[7].kind(), told[7].kept_rate.as_str()), (Kind::Normal, "0.50"));
    assert_eq!(points_of_cases(&mut suite.auditor()).await.len(), 10, "the clinic's too");
    let clinic = suite.statement(1, CLINIC).await;
    assert_eq!(clinic.pools[0].refused_fen, 100_000);

    suite.open_pool_clearing().await;
    let plan = suite.propose().await;
    assert_eq!(plan.pools[0].returned_fen, 100_000, "what was refused");
    let finals: i64 = plan.institutions.iter().map(|one| one.final_fen).sum();
    assert_eq!(finals, POOL_FEN + ADJUSTMENT_FEN - 100_000);
    suite.clear_by("human_resources", &plan, 8).await;
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
    assert_eq!(suite.balance("pool/").await, 0);
}

/// A listed disease is paid its standard, a stay in a hospital without points as charged; neither has points. A listed
/// case that left its pathway has them again.
#[tokio::test(flavor = "multi_thread")]
async fn what_other_methods_pay_of_a_pool_s_care_stands_beside_points() {
    let suite = Suite::with_pool().await;
    let listed = vec![disease("N80", 500_000), disease("I21", 700_000)];
    let list = agreement::PaymentTerm { disease_standards: listed, ..term(PaymentMethod::ByDisease) };
    let again = |terms| agreement::AgreementSigned { version: 3, terms, ..signed(HOSPITAL) };
    suite.agreement.emit(AREA, &again(vec![term(PaymentMethod::DrgPoints), list])).await;
    suite.agree(CLINIC, vec![term(PaymentMethod::FeeForService)]).await;
    suite.date(2017, 1, 28).await;
    let listed = pb::BillLine { dise_codg: "N80.000".into(), gend: "2".into(), ..stay(HOSPITAL, 1, 2) };
    let variant = pb::BillLine { vari_exit_flag: 1, ..stay(HOSPITAL, 1, 1) };
    let variant_name = format!("{PARENT}/institutions/{HOSPITAL}/bills/{}/points", variant.setl_id);
    suite.send(HOSPITAL, 1, vec![variant, listed]).await;
    suite.send(CLINIC, 1, vec![stay(CLINIC, 1, 1)]).await;
    suite.after(1).await;
    suite.start(1).await.unwrap();

    let (hospital, clinic) = (suite.statement(1, HOSPITAL).await, suite.statement(1, CLINIC).await);
    assert_eq!((hospital.pools[0].points.as_str(), hospital.outside_quota_fen), ("100", 500_000));
    assert_eq!(hospital.pool_fen, 7_200_000, "all of the month's budget");
    assert_eq!(explained(&suite, &variant_name).await, "100");
    let outside = format!("{}/outsideQuotaFen", statement_name(1, HOSPITAL));
    assert_eq!(explained(&suite, &outside).await, "500000");
    assert_eq!((clinic.pools.len(), clinic.pool_fen, clinic.outside_quota_fen), (0, 0, 700_000));
}

/// A weight of 1 at a rate of 8,000.00 yuan, less the 3,000.00 that the patient paid where the standard covers them; what
/// is in no group by its cost, here that of a mean case.
#[tokio::test(flavor = "multi_thread")]
async fn a_rate_pays_weights_out_of_the_pool_and_points_share_the_rest() {
    let suite = Suite::with_pool().await;
    let rate = agreement::PaymentTerm { rate_fen: 800_000, ..term(PaymentMethod::DrgRate) };
    let again = agreement::AgreementSigned { version: 3, terms: vec![rate], ..signed(CLINIC) };
    suite.agreement.emit(AREA, &again).await;
    suite.date(2017, 1, 28).await;
    suite.send(HOSPITAL, 1, vec![stay(HOSPITAL, 1, 1)]).await;
    let ungrouped = pb::BillLine { dise_codg: "I10.x00".into(), ..stay(CLINIC, 1, 2) };
    suite.send(CLINIC, 1, vec![stay(CLINIC, 1, 1), ungrouped]).await;
    suite.months_from(1).await;
    let clinic = suite.statement(1, CLINIC).await;
    assert_eq!((clinic.pool_fen, clinic.outside_quota_fen), (500_000 + 500_000, 0));
    let counts = clinic.pools[0].cases.unwrap();
    assert_eq!((clinic.pools[0].points.as_str(), counts.normal, counts.ungrouped), ("0", 1, 1));

    suite.open_pool_clearing().await;
    let plan = suite.propose().await;
    let finals: Vec<i64> = plan.institutions.iter().map(|one| one.final_fen).collect();
    assert_eq!(finals, [POOL_FEN + ADJUSTMENT_FEN - 1_000_000, 1_000_000]);
    suite.clear_by("human_resources", &plan, 9).await;
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
}

/// The same under a quota, where the pack says of no standard that it covers what patients pay.
#[tokio::test(flavor = "multi_thread")]
async fn a_rate_pays_weights_under_a_quota() {
    let suite = Suite::with_quotas().await;
    suite.adopt_scheme().await;
    suite.adopt_tariff().await;
    let rate = agreement::PaymentTerm { rate_fen: 650_000, ..term(PaymentMethod::DrgRate) };
    suite.agree(HOSPITAL, vec![rate]).await;
    suite.date(2017, 1, 28).await;
    suite.send(HOSPITAL, 1, vec![stay(HOSPITAL, 1, 1), stay(HOSPITAL, 1, 2)]).await;
    suite.after(1).await;
    suite.start(1).await.unwrap();
    let january = suite.statement(1, HOSPITAL).await;
    assert_eq!((january.method(), january.method_fen), (PaymentMethod::DrgRate, 1_300_000));
}

/// A revision changes what later months share, and only the change passes.
#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_is_revised_hands_over_the_change_alone() {
    let suite = Suite::with_pool().await;
    let revised = budget::PoolApproved {
        revision: 2,
        amount_fen: POOL_FEN - 20_000_000,
        change_fen: -20_000_000,
        ..pool(2017, LINE)
    };
    suite.approve_pool(&revised).await;
    assert_eq!(suite.balance("pool/2017/employee/440703/inpatient").await, 100_000_000);
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, -100_000_000);
}

pub(crate) type Spoil = fn(&mut pb::BillLine);

/// What is done to a good stay, the field that is told, the reason.
pub(crate) const BAD: &[(Spoil, &str, &str)] = &[
    (|l| l.gend.clear(), "gend", "REQUIRED"),
    (|l| l.gend = "9".into(), "gend", "UNKNOWN_CODE"),
    (|l| l.age = None, "age", "REQUIRED"),
    (|l| l.age = Some(-1), "age", "NEGATIVE"),
    (|l| l.age = Some(201), "age", "TOO_LARGE"),
    (|l| l.age = Some(140), "age", "IMPLAUSIBLE_AGE"),
    (|l| l.age = Some(0), "nwb_age", "REQUIRED"),
    (|l| l.nwb_age = Some(366), "nwb_age", "TOO_LARGE"),
    (|l| l.nwb_bir_wt = Some(10_000), "nwb_bir_wt", "TOO_LARGE"),
    (|l| l.dise_codg = "Z99.999".into(), "dise_codg", "UNKNOWN_CODE"),
    (|l| l.dise_codg = "N80.000".into(), "dise_codg", "SEX_CONFLICT"),
    (|l| l.dise_codg = "R52.900".into(), "dise_codg", "GREY_CODE"),
    (|l| l.dise_codg = "W19.900".into(), "dise_codg", "NEVER_PRINCIPAL"),
    (|l| l.nwb_age = Some(10), "nwb_age", "AGES_DISAGREE"),
    (|l| l.nwb_bir_wt = Some(50), "nwb_bir_wt", "IMPLAUSIBLE_BIRTH_WEIGHT"),
    (|l| l.oth_dise_codg = vec!["糖尿病".into()], "oth_dise_codg", "MALFORMED"),
    (|l| l.oth_dise_codg = vec!["E11.900".into(); 100], "oth_dise_codg", "TOO_MANY"),
    (|l| l.oth_oprn_oprt_code = vec!["x".into()], "oth_oprn_oprt_code", "MALFORMED"),
    (
        |l| {
            l.begndate = Some(medfund_proto::google::r#type::Date { year: 2016, month: 12, day: 22 });
            l.enddate = Some(medfund_proto::google::r#type::Date { year: 2016, month: 12, day: 30 });
        },
        "enddate",
        "NO_SCHEME_IN_FORCE",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_that_cannot_be_grouped_is_refused_with_its_field_and_the_reason() {
    let suite = Suite::with_pool().await;
    suite.date(2017, 1, 28).await;
    let spoilt = |(place, (spoil, ..)): (i64, &(Spoil, &str, &str))| {
        let mut line = stay(HOSPITAL, 1, place);
        spoil(&mut line);
        line
    };
    let lines: Vec<pb::BillLine> = (1..).zip(BAD).map(spoilt).collect();
    let mut client = suite.bills_of(HOSPITAL);
    let upload = begin(&mut client, &lines).await.unwrap();
    send(&mut client, chunks(&upload, &lines, 4)).await.unwrap();
    let upload = finish(&mut client, &upload.name).await.unwrap();
    assert_eq!(upload.n_accepted, 0);
    let told = errors(&mut client, &upload.name).await;
    for (line, (_, field, reason)) in (1..).zip(BAD) {
        let expected = (line, (*field).to_owned(), (*reason).to_owned());
        assert!(told.contains(&expected), "{expected:?} is not told: {told:#?}");
    }
}
