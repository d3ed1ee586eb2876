use std::fs;
use std::path::PathBuf;

use rust_xlsxwriter::Workbook;

use super::{
    BillRow, CasePointsRow, ExpertRow, GroupRow, HistoryRow, InstitutionRow, RowFault, SpecialCaseRow,
    StatementRow, read, write, write_faults,
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn institution() -> InstitutionRow {
    InstitutionRow {
        code: "H44070300001".parse().unwrap(),
        name: "蓬江人民医院, 东院".to_owned(),
        district: "440703".parse().unwrap(),
        level: 3,
        class: "general".to_owned(),
        primary: false,
    }
}

fn statement() -> StatementRow {
    StatementRow {
        month: "2017-01".parse().unwrap(),
        fund_line: "employee".parse().unwrap(),
        code: "H44070300001".parse().unwrap(),
        n_admissions: 12,
        n_persons: 11,
        days: 96,
        amounts_fen: [1, 20, 300, 4_000, 50_000, 600_000, -7_000_000, 80_000_000, 900_000_000, 0],
    }
}

fn case_points() -> CasePointsRow {
    CasePointsRow {
        code: "H44070300001".parse().unwrap(),
        setl_id: "S310201801000001".to_owned(),
        fund_line: "employee".parse().unwrap(),
        kind_of_care: "inpatient".to_owned(),
        drg: "0000".to_owned(),
        kind: "ungrouped".to_owned(),
        medfee_sumamt_fen: 1_234_567,
        drg_weight: String::new(),
        drg_points: String::new(),
        drg_mean_fen: 0,
        coefficient: "1".to_owned(),
        kept_rate: "0.50".to_owned(),
        points: "43.21".to_owned(),
    }
}

fn special_case() -> SpecialCaseRow {
    SpecialCaseRow {
        code: "H44070300001".parse().unwrap(),
        setl_id: "S310201801000001".to_owned(),
        fund_line: "employee".parse().unwrap(),
        month: "2018-01".parse().unwrap(),
        medfee_sumamt_fen: 9_000_000,
        state: "granted".to_owned(),
        seed: "018f6b1e-7c5a-7000-8000-000000000001".to_owned(),
        experts: ["expert-02", "expert-01"].map(str::to_owned).to_vec(),
        reviewed_cost_fen: 8_000_000,
    }
}

const BILLS: &str = "结算ID,mdtrt_id,psn_no,insutype,med_type,fixmedins_code,begndate,enddate,setl_time,ipt_days,\
dise_codg,dise_name,medfee_sumamt,inscp_scp_amt,hifp_pay,psn_cash_pay,hospital_own_column\n\
S1,V1,0001,310,21,H44070300001,2017-01-02,2017-01-09,2017/1/9 10:20:30,7,J18.900,肺炎,9000.00,8500,6300.50,2699.5,x\n\
S2,V2,0002,310,21,H44070300001,2017-01-02,2017-01-09,2017-01-09,seven,J18.900,肺炎,9000.001,8500,6300.5,2699.5,y\n";

#[test]
fn what_is_written_is_read_again_from_csv_and_from_excel() {
    let folder = folder();
    for name in ["table.csv", "table.xlsx"] {
        let path = folder.path().join(name);
        write(&path, [institution()]).unwrap();
        let checked = read::<InstitutionRow>(&path).unwrap();
        assert_eq!((checked.faults, checked.rows), (vec![], vec![(2, institution())]), "{name}");
        write(&path, [statement()]).unwrap();
        let checked = read::<StatementRow>(&path).unwrap();
        assert_eq!((checked.faults, checked.rows), (vec![], vec![(2, statement())]), "{name}");
        write(&path, [special_case()]).unwrap();
        let checked = read::<SpecialCaseRow>(&path).unwrap();
        assert_eq!((checked.faults, checked.rows), (vec![], vec![(2, special_case())]), "{name}");
        let expert = ExpertRow { expert: "expert-01".to_owned(), code: String::new() };
        write(&path, [expert.clone()]).unwrap();
        let checked = read::<ExpertRow>(&path).unwrap();
        assert_eq!((checked.faults, checked.rows), (vec![], vec![(2, expert)]), "{name}");
        let group = GroupRow {
            code: institution().code,
            setl_id: "S310201801000001".to_owned(),
            drg: "FQY".to_owned(),
        };
        write(&path, [group.clone()]).unwrap();
        let checked = read::<GroupRow>(&path).unwrap();
        assert_eq!((checked.faults, checked.rows), (vec![], vec![(2, group)]), "{name}");
        write(&path, [case_points()]).unwrap();
        let checked = read::<CasePointsRow>(&path).unwrap();
        assert_eq!((checked.faults, checked.rows), (vec![], vec![(2, case_points())]), "{name}");
    }
}

#[test]
fn a_hospitals_own_export_goes_in_as_it_is() {
    let folder = folder();
    let path = folder.path().join("bills.csv");
    let (gb18030, ..) = encoding_rs::GB18030.encode(BILLS);
    for bytes in
        [BILLS.as_bytes().to_vec(), [b"\xef\xbb\xbf", BILLS.as_bytes()].concat(), gb18030.into_owned()]
    {
        fs::write(&path, bytes).unwrap();
        let checked = read::<BillRow>(&path).unwrap();
        assert_eq!(checked.rows.len(), 1);
        let (line, BillRow(bill)) = &checked.rows[0];
        assert_eq!((*line, bill.psn_no.as_str(), bill.dise_name.as_str()), (2, "0001", "肺炎"));
        assert_eq!(
            (bill.medfee_sumamt_fen, bill.hifp_pay_fen, bill.psn_cash_pay_fen),
            (900_000, 630_050, 269_950)
        );
        let told: Vec<_> = checked.faults.iter().map(|fault| (fault.line, fault.field.as_str())).collect();
        assert_eq!(told, [(3, "ipt_days"), (3, "medfee_sumamt")]);
        assert_eq!(checked.faults[0].row[0], "S2");
    }
}

#[test]
fn a_missing_column_and_a_file_in_utf_16_are_told() {
    let folder = folder();
    let path = folder.path().join("history.csv");
    fs::write(&path, "fixmedins_code,fund_line,cost_year_3,cost_year_2\nH44070300001,employee,1,2\n")
        .unwrap();
    let faults = read::<HistoryRow>(&path).unwrap().faults;
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["cost_year_1", "last_year_settled"]);
    fs::write(&path, b"\xff\xfea\0").unwrap();
    let refused = read::<HistoryRow>(&path).unwrap_err();
    assert!(format!("{refused:#}").contains("UTF-16"));
}

#[test]
fn a_code_that_a_workbook_made_a_number_is_refused() {
    let folder = folder();
    let path = folder.path().join("institutions.xlsx");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (place, heading) in (0..).zip(["fixmedins_code", "fixmedins_name", "district", "level", "class"]) {
        sheet.write_string(0, place, heading).unwrap();
    }
    sheet.write_string(1, 0, "H44070300001").unwrap();
    sheet.write_string(1, 1, "人民医院").unwrap();
    sheet.write_number(1, 2, 440_703).unwrap();
    sheet.write_number(1, 3, 3).unwrap();
    sheet.write_string(1, 4, "general").unwrap();
    workbook.save(&path).unwrap();
    let faults = read::<InstitutionRow>(&path).unwrap().faults;
    assert_eq!((faults.len(), faults[0].line, faults[0].field.as_str()), (1, 2, "district"));
}

#[test]
fn faults_go_back_with_line_field_reason_and_the_original_row() {
    let folder = folder();
    let heading = ["a".to_owned(), "b".to_owned()];
    let fault = RowFault {
        line: 7,
        field: "b".to_owned(),
        reason: "is missing".to_owned(),
        row: vec!["001".to_owned()],
    };
    let csv: PathBuf = folder.path().join("faults.csv");
    write_faults(&csv, &heading, std::slice::from_ref(&fault)).unwrap();
    assert_eq!(fs::read_to_string(&csv).unwrap(), "line,field,reason,a,b\n7,b,is missing,001\n");
    let workbook = folder.path().join("faults.xlsx");
    write_faults(&workbook, &heading, &[fault]).unwrap();
    assert!(workbook.metadata().unwrap().len() > 1_000);
}
