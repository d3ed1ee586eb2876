use std::collections::BTreeSet;

use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1::BillLine;

use super::common::*;
use crate::year::pooled;

type Spoil = fn(&mut BillLine);

/// What is done to a good line, the field that is told, the reason.
const BAD: &[(Spoil, &str, &str)] = &[
    (|l| l.setl_id.clear(), "setl_id", "REQUIRED"),
    (|l| l.setl_id = "a b".into(), "setl_id", "MALFORMED"),
    (|l| l.setl_id = "结算".into(), "setl_id", "MALFORMED"),
    (|l| l.setl_id = "1".repeat(31), "setl_id", "TOO_LONG"),
    (|l| l.mdtrt_id.clear(), "mdtrt_id", "REQUIRED"),
    (|l| l.mdtrt_id = "a\0".into(), "mdtrt_id", "MALFORMED"),
    (|l| l.mdtrt_id = "m".repeat(31), "mdtrt_id", "TOO_LONG"),
    (|l| l.psn_no.clear(), "psn_no", "REQUIRED"),
    (|l| l.psn_no = "王五".into(), "psn_no", "MALFORMED"),
    (|l| l.psn_no = "9".repeat(31), "psn_no", "TOO_LONG"),
    (|l| l.psn_no = "11010519491231002X".into(), "psn_no", "IDENTITY_NUMBER"),
    (|l| l.insutype.clear(), "insutype", "REQUIRED"),
    (|l| l.insutype = "999".into(), "insutype", "UNKNOWN_CODE"),
    (|l| l.med_type.clear(), "med_type", "REQUIRED"),
    (|l| l.med_type = "99".into(), "med_type", "UNKNOWN_CODE"),
    (|l| l.fixmedins_code.clear(), "fixmedins_code", "REQUIRED"),
    (|l| l.fixmedins_code = CLINIC.into(), "fixmedins_code", "OTHER_INSTITUTION"),
    (|l| l.reflout_medins_no = HOSPITAL.into(), "reflout_medins_no", "OWN_INSTITUTION"),
    (|l| l.reflout_medins_no = "三院".into(), "reflout_medins_no", "MALFORMED"),
    (|l| l.begndate = None, "begndate", "REQUIRED"),
    (|l| l.begndate = day(2017, 2, 29), "begndate", "MALFORMED"),
    (|l| l.enddate = None, "enddate", "REQUIRED"),
    (|l| l.enddate = day(2017, 1, 0), "enddate", "MALFORMED"),
    (|l| l.enddate = day(2017, 1, 2), "enddate", "DATES_DISORDERED"),
    (|l| l.setl_time = None, "setl_time", "REQUIRED"),
    (|l| l.setl_time = Some(Date::default()), "setl_time", "MALFORMED"),
    (|l| l.setl_time = day(2017, 1, 10), "setl_time", "DATES_DISORDERED"),
    (|l| l.setl_time = day(2017, 2, 1), "setl_time", "OTHER_MONTH"),
    (|l| l.ipt_days = 9, "ipt_days", "DAYS_DISAGREE"),
    (|l| l.ipt_days = -1, "ipt_days", "NEGATIVE"),
    (
        |l| {
            l.med_type = "11".into();
            l.dscg_way.clear();
        },
        "ipt_days",
        "NOT_APPLICABLE",
    ),
    (|l| l.dscg_way.clear(), "dscg_way", "REQUIRED"),
    (|l| l.dscg_way = "6".into(), "dscg_way", "UNKNOWN_CODE"),
    (
        |l| {
            l.med_type = "11".into();
            l.ipt_days = 0;
        },
        "dscg_way",
        "NOT_APPLICABLE",
    ),
    (|l| l.dise_codg.clear(), "dise_codg", "REQUIRED"),
    (|l| l.dise_codg = "10.I".into(), "dise_codg", "MALFORMED"),
    (|l| l.dise_name = "病".repeat(101), "dise_name", "TOO_LONG"),
    (|l| l.dise_name = "a\tb".into(), "dise_name", "MALFORMED"),
    (|l| l.oprn_oprt_code = "x6.08".into(), "oprn_oprt_code", "MALFORMED"),
    (|l| l.medfee_sumamt_fen += 1, "medfee_sumamt", "AMOUNTS_DISAGREE"),
    (|l| l.medfee_sumamt_fen = -1, "medfee_sumamt", "NEGATIVE"),
    (|l| l.medfee_sumamt_fen = 1_000_000_000_000, "medfee_sumamt", "TOO_LARGE"),
    (|l| l.fulamt_ownpay_amt_fen = -1, "fulamt_ownpay_amt", "NEGATIVE"),
    (|l| l.inscp_scp_amt_fen = -1, "inscp_scp_amt", "NEGATIVE"),
    (|l| l.inscp_scp_amt_fen = 950_001, "inscp_scp_amt", "EXCEEDS_TOTAL"),
    (|l| l.inscp_scp_amt_fen = 1, "hifp_pay", "EXCEEDS_SCOPE"),
    (|l| l.hifp_pay_fen = i64::MIN, "hifp_pay", "NEGATIVE"),
    (|l| l.oth_pay_fen = -1, "oth_pay", "NEGATIVE"),
    (|l| l.hosp_part_amt_fen = i64::MAX, "hosp_part_amt", "TOO_LARGE"),
    (|l| l.acct_pay_fen = -1, "acct_pay", "NEGATIVE"),
    (|l| l.psn_cash_pay_fen = -1, "psn_cash_pay", "NEGATIVE"),
    (|l| l.refd_setl_flag = 1, "refd_setl_flag", "REFUNDED"),
    (|l| l.refd_setl_flag = 2, "refd_setl_flag", "MALFORMED"),
    (|l| l.vari_exit_flag = -1, "vari_exit_flag", "MALFORMED"),
];

fn bad_line(n: i64, spoil: Spoil) -> BillLine {
    let mut bad = line(n);
    spoil(&mut bad);
    bad
}

#[tokio::test]
async fn every_bad_line_is_answered_with_its_line_its_field_and_the_reason() {
    let service = start().await;
    let mut client = hospital(&service);
    let file: Vec<BillLine> = (1..).zip(BAD).map(|(n, (spoil, ..))| bad_line(n, *spoil)).collect();

    let sent = upload(&mut client, &file).await.unwrap();

    let expected: Vec<_> = (1..)
        .zip(BAD)
        .map(|(n, (_, field, reason))| (n, (*field).to_owned(), (*reason).to_owned()))
        .collect();
    assert_eq!(errors(&mut client, &sent.name).await, expected);
    assert_eq!((sent.n_accepted, sent.n_refused), (0, i64::try_from(BAD.len()).unwrap()));
    assert_eq!(count(&service, "bills").await, 0);
}

/// What a line is refused for because of other lines; tried in `uploads` and `months`.
const OF_OTHER_LINES: [&str; 3] = ["DUPLICATE_IN_FILE", "BILL_DIFFERS", "BILL_WITHDRAWN"];

#[test]
fn every_documented_reason_of_a_line_is_in_the_table() {
    let proto = include_str!("../../../../../proto/medfund/settlement/v1/bill_service.proto");
    let (_, list) = proto.split_once("with the field they name:").unwrap();
    let (list, _) = list.split_once("service BillService").unwrap();
    let documented: BTreeSet<&str> = list
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.chars().all(|c| c.is_ascii_uppercase() || c == '_') && *word != "UploadError")
        .collect();
    let of_grouped = pooled::BAD.iter().map(|(.., reason)| *reason);
    let tried: BTreeSet<&str> =
        BAD.iter().map(|(.., reason)| *reason).chain(of_grouped).chain(OF_OTHER_LINES).collect();
    assert_eq!(tried, documented);
}

#[tokio::test]
async fn a_file_with_one_bad_line_is_taken_but_for_that_line() {
    let service = start().await;
    let mut client = hospital(&service);
    for (n, (spoil, field, reason)) in (0..).zip(BAD) {
        let first = n * 3 + 1;
        let file = [line(first), bad_line(first + 1, *spoil), line(first + 2)];

        let sent = upload(&mut client, &file).await.unwrap();

        assert_eq!((sent.n_accepted, sent.n_refused, sent.n_errors), (2, 1, 1), "{field} {reason}");
        let expected = vec![(2, (*field).to_owned(), (*reason).to_owned())];
        assert_eq!(errors(&mut client, &sent.name).await, expected);
    }
    assert_eq!(count(&service, "bills").await, i64::try_from(BAD.len()).unwrap() * 2);
    println!("{} bad files are told their line, field and reason", BAD.len());
    assert!(BAD.len() >= 40);
}

#[tokio::test]
async fn an_error_tells_the_numbers_in_chinese() {
    let service = start().await;
    let mut client = hospital(&service);
    let sent = upload(&mut client, &[bad_line(1, |l| l.medfee_sumamt_fen += 1)]).await.unwrap();

    let request = medfund_proto::settlement::v1::ListUploadErrorsRequest {
        parent: sent.name,
        page_size: 1,
        page_token: String::new(),
    };
    let page = client.list_upload_errors(request).await.unwrap().into_inner();

    assert_eq!(page.errors[0].message, "医疗费总额不等于各方支付之和10000.00元");
    assert_eq!(page.errors[0].setl_id, "S0000001");
}

#[tokio::test]
async fn errors_of_a_hopeless_file_are_counted_and_the_first_ones_kept() {
    let service = start().await;
    let mut client = hospital(&service);
    let file: Vec<BillLine> = (0..2_500).map(|_| BillLine::default()).collect();
    let started = begin(&mut client, &file).await.unwrap();

    let sent = send(&mut client, chunks(&started, &file, 500)).await.unwrap();

    let n_each = sent.n_errors / 2_500;
    assert!(n_each > 8 && sent.n_errors == n_each * 2_500);
    assert_eq!(sent.n_refused, 2_500);
    assert_eq!(count(&service, "upload_errors").await, sent.n_errors.min(20_000));
}
