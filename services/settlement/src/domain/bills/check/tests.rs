use proptest::prelude::*;

use super::*;
use crate::domain::bills::tests::{codes, given, line};

fn check(lines: Vec<BillLine>) -> CheckedChunk {
    let institution = "H44070300001".parse().unwrap();
    let month = "2017-01".parse().unwrap();
    let (codes, schemes) = (codes(), InForce::default());
    check_chunk(
        lines,
        1,
        LineRules { institution: &institution, month, codes: &codes, grouped: &[], schemes: &schemes },
    )
}

fn faults(line: BillLine) -> Vec<(&'static str, &'static str)> {
    check(vec![line]).faults.iter().map(|f| (f.field.name(), f.fault.reason())).collect()
}

fn outpatient() -> BillLine {
    BillLine {
        med_type: "11".to_owned(),
        ipt_days: 0,
        dscg_way: String::new(),
        dise_codg: String::new(),
        begndate: given(2017, 1, 12),
        enddate: given(2017, 1, 12),
        ..line()
    }
}

#[test]
fn a_good_line_becomes_a_bill_of_its_fund_line_and_kind_of_care() {
    let checked = check(vec![line()]);

    assert_eq!(checked.faults, []);
    assert_eq!(checked.bills.len(), 1);
    assert_eq!(checked.bills[0].fund_line.as_str(), "employee");
    assert_eq!(checked.bills[0].kind_of_care, KindOfCare::Inpatient);
    assert_eq!(checked.bills[0].line, line());
}

#[test]
fn an_outpatient_needs_neither_diagnosis_nor_days() {
    assert_eq!(faults(outpatient()), []);
}

#[test]
fn a_home_sickbed_has_days_and_no_discharge() {
    let sickbed = BillLine { med_type: "25".to_owned(), dscg_way: String::new(), ..line() };
    assert_eq!(faults(sickbed.clone()), []);
    assert_eq!(faults(BillLine { ipt_days: 7, ..sickbed }), [("ipt_days", "DAYS_DISAGREE")]);
}

#[test]
fn a_stay_that_ends_the_day_it_began_is_one_day() {
    let stay = BillLine { enddate: given(2017, 1, 3), ipt_days: 1, ..line() };
    assert_eq!(faults(stay.clone()), []);
    assert_eq!(faults(BillLine { ipt_days: 0, ..stay }), [("ipt_days", "DAYS_DISAGREE")]);
}

#[test]
fn every_bad_field_is_told_at_once() {
    let bad = BillLine {
        setl_id: String::new(),
        mdtrt_id: "a b".to_owned(),
        psn_no: "x".repeat(31),
        insutype: "999".to_owned(),
        fixmedins_code: "H44070300002".to_owned(),
        begndate: Day::Missing,
        setl_time: given(2017, 2, 1),
        dscg_way: "7".to_owned(),
        dise_codg: "高血压".to_owned(),
        hifp_pay_fen: -1,
        refd_setl_flag: 1,
        ..line()
    };
    assert_eq!(
        faults(bad),
        [
            ("setl_id", "REQUIRED"),
            ("mdtrt_id", "MALFORMED"),
            ("psn_no", "TOO_LONG"),
            ("insutype", "UNKNOWN_CODE"),
            ("fixmedins_code", "OTHER_INSTITUTION"),
            ("begndate", "REQUIRED"),
            ("setl_time", "OTHER_MONTH"),
            ("dise_codg", "MALFORMED"),
            ("dscg_way", "UNKNOWN_CODE"),
            ("hifp_pay", "NEGATIVE"),
            ("refd_setl_flag", "REFUNDED"),
        ]
    );
}

#[test]
fn an_empty_line_names_every_required_field() {
    let expected = BILL_FIELDS.iter().filter(|f| f.is_required() && **f != BillField::MedfeeSumamt);
    let told: Vec<_> = faults(BillLine::default());
    for field in expected {
        assert!(told.contains(&(field.name(), "REQUIRED")), "{}", field.name());
    }
}

use crate::domain::bills::BILL_FIELDS;

#[test]
fn no_other_procedure_takes_the_place_of_a_missing_principal_one() {
    let procedures =
        BillLine { oprn_oprt_code: String::new(), oth_oprn_oprt_code: vec!["36.0601".to_owned()], ..line() };
    assert_eq!(faults(procedures), [("oprn_oprt_code", "REQUIRED")]);
}

#[test]
fn rules_between_fields_name_the_field_that_breaks_them() {
    let cases = [
        (BillLine { medfee_sumamt_fen: 1_000_001, ..line() }, ("medfee_sumamt", "AMOUNTS_DISAGREE")),
        (BillLine { fulamt_ownpay_amt_fen: 100_001, ..line() }, ("inscp_scp_amt", "EXCEEDS_TOTAL")),
        (BillLine { inscp_scp_amt_fen: 699_999, ..line() }, ("hifp_pay", "EXCEEDS_SCOPE")),
        (BillLine { setl_time: given(2017, 1, 10), ..line() }, ("setl_time", "DATES_DISORDERED")),
        (BillLine { enddate: given(2017, 1, 2), ..line() }, ("enddate", "DATES_DISORDERED")),
        (BillLine { ipt_days: 9, ..line() }, ("ipt_days", "DAYS_DISAGREE")),
        (BillLine { ipt_days: -1, ..line() }, ("ipt_days", "NEGATIVE")),
        (BillLine { acct_pay_fen: AMOUNT_LIMIT_FEN, ..line() }, ("acct_pay", "TOO_LARGE")),
        (BillLine { acct_pay_fen: i64::MAX, ..line() }, ("acct_pay", "TOO_LARGE")),
        (BillLine { psn_no: "11010519491231002X".to_owned(), ..line() }, ("psn_no", "IDENTITY_NUMBER")),
        (BillLine { dscg_way: String::new(), ..line() }, ("dscg_way", "REQUIRED")),
        (BillLine { dise_codg: String::new(), ..line() }, ("dise_codg", "REQUIRED")),
        (BillLine { oprn_oprt_code: "96.x.".to_owned(), ..line() }, ("oprn_oprt_code", "MALFORMED")),
        (BillLine { dise_name: "名".repeat(101), ..line() }, ("dise_name", "TOO_LONG")),
        (BillLine { dise_name: "a\nb".to_owned(), ..line() }, ("dise_name", "MALFORMED")),
        (BillLine { enddate: Day::Malformed, ..line() }, ("enddate", "MALFORMED")),
        (BillLine { refd_setl_flag: 2, ..line() }, ("refd_setl_flag", "MALFORMED")),
        (BillLine { vari_exit_flag: 2, ..line() }, ("vari_exit_flag", "MALFORMED")),
        (BillLine { reflout_medins_no: "三院".to_owned(), ..line() }, ("reflout_medins_no", "MALFORMED")),
        (
            BillLine { reflout_medins_no: line().fixmedins_code, ..line() },
            ("reflout_medins_no", "OWN_INSTITUTION"),
        ),
        (BillLine { ipt_days: 1, ..outpatient() }, ("ipt_days", "NOT_APPLICABLE")),
        (BillLine { dscg_way: "1".to_owned(), ..outpatient() }, ("dscg_way", "NOT_APPLICABLE")),
    ];
    for (bad, expected) in cases {
        assert_eq!(faults(bad), [expected]);
    }
}

#[test]
fn the_second_of_two_lines_with_one_id_is_refused() {
    let checked = check(vec![line(), BillLine { setl_id: "b".to_owned(), ..line() }, line()]);

    assert_eq!(checked.bills.len(), 2);
    assert_eq!(checked.faults.len(), 1);
    assert_eq!(checked.faults[0].line_number, 3);
    assert_eq!(checked.faults[0].fault, Fault::DuplicateInFile(1));
    assert_eq!(checked.faults[0].message(), "结算ID与第1行重复");
}

#[test]
fn a_message_tells_the_numbers_in_yuan() {
    let checked = check(vec![BillLine { medfee_sumamt_fen: 1_000_001, ..line() }]);
    assert_eq!(checked.faults[0].message(), "医疗费总额不等于各方支付之和10000.00元");
}

fn any_line() -> impl Strategy<Value = BillLine> {
    let codes =
        ("[a-z]{0,2}", prop_oneof![Just("310"), Just("9")], prop_oneof![Just("21"), Just("11"), Just("")]);
    let amounts = prop::array::uniform8(prop_oneof![0..3_i64, any::<i64>()]);
    let days = (any::<i32>(), 1..28_u32, 1..28_u32, 1..28_u32);
    (codes, amounts, days).prop_map(|((setl_id, insutype, med_type), fen, (ipt_days, from, to, settled))| {
        BillLine {
            setl_id,
            insutype: insutype.to_owned(),
            med_type: med_type.to_owned(),
            begndate: given(2017, 1, from),
            enddate: given(2017, 1, to),
            setl_time: given(2017, 1, settled),
            ipt_days,
            medfee_sumamt_fen: fen[0],
            fulamt_ownpay_amt_fen: fen[1],
            inscp_scp_amt_fen: fen[2],
            hifp_pay_fen: fen[3],
            oth_pay_fen: fen[4],
            hosp_part_amt_fen: fen[5],
            acct_pay_fen: fen[6],
            psn_cash_pay_fen: fen[7],
            ..line()
        }
    })
}

proptest! {
    #[test]
    fn every_line_is_either_a_bill_or_told_why_not(lines in prop::collection::vec(any_line(), 0..40)) {
        let n_lines = lines.len();

        let checked = check(lines);

        let mut refused: Vec<i64> = checked.faults.iter().map(|f| f.line_number).collect();
        refused.dedup();
        prop_assert_eq!(checked.bills.len() + refused.len(), n_lines);
        for bill in &checked.bills {
            prop_assert!(!refused.contains(&bill.line_number));
        }
    }

    #[test]
    fn bills_of_a_chunk_add_up_and_have_different_ids(lines in prop::collection::vec(any_line(), 0..40)) {
        let checked = check(lines);

        let ids: std::collections::BTreeSet<_> = checked.bills.iter().map(|b| &b.line.setl_id).collect();
        prop_assert_eq!(ids.len(), checked.bills.len());
        for Bill { line: l, .. } in &checked.bills {
            let parts = l.hifp_pay_fen + l.oth_pay_fen + l.hosp_part_amt_fen + l.acct_pay_fen + l.psn_cash_pay_fen;
            prop_assert_eq!(parts, l.medfee_sumamt_fen);
            prop_assert!(l.hifp_pay_fen <= l.inscp_scp_amt_fen);
        }
    }

    #[test]
    fn no_line_makes_the_check_panic(
        texts in prop::array::uniform12(".{0,40}"), fen in prop::array::uniform8(any::<i64>()),
        days in any::<i32>(), flag in any::<i32>(),
    ) {
        let [setl_id, mdtrt_id, psn_no, insutype, med_type, fixmedins_code, dscg_way, dise_codg, dise_name,
            oprn_oprt_code, _, _] = texts;
        let wild = BillLine {
            setl_id, mdtrt_id, psn_no, insutype, fixmedins_code, dscg_way, dise_codg, dise_name, oprn_oprt_code,
            med_type: if days % 2 == 0 { med_type } else { "21".to_owned() },
            ipt_days: days,
            medfee_sumamt_fen: fen[0], fulamt_ownpay_amt_fen: fen[1], inscp_scp_amt_fen: fen[2],
            hifp_pay_fen: fen[3], oth_pay_fen: fen[4], hosp_part_amt_fen: fen[5], acct_pay_fen: fen[6],
            psn_cash_pay_fen: fen[7], refd_setl_flag: flag,
            ..line()
        };
        let checked = check(vec![wild]);
        for fault in &checked.faults {
            prop_assert!(!fault.message().is_empty() && fault.setl_id.chars().count() <= 30);
        }
    }
}
