use chrono::NaiveDate;
use medfund_money::Fen;

use super::{BILL_FIELDS, BillField, BillLine, Day, Fault};

/// A field of a file's row that is not what its column holds.
pub type TextFault = (BillField, Fault);

/// Reads a row of a file, one text per field in the order of [`BILL_FIELDS`].
///
/// Blanks around a text do not count. An empty amount, count or optional text
/// is as good as none. Codes have `|` between them. An amount is in yuan with at most two decimals; a day is
/// `2017-01-31`, `2017/1/31` or `20170131`, and a time of day after it is left out.
///
/// - Returns the line, and what could not be read. Rules between fields are the
///   service's to check.
///
/// # Panics
///
/// If there are fewer texts than fields.
#[must_use]
pub fn line_from_text(row: &[&str]) -> (BillLine, Vec<TextFault>) {
    assert!(row.len() >= BILL_FIELDS.len(), "a text for every field");
    let mut line = BillLine::default();
    let mut faults = Vec::new();
    for (field, text) in BILL_FIELDS.into_iter().zip(row) {
        let text = text.trim();
        if let Err(fault) = set(&mut line, field, text) {
            faults.push((field, fault));
        }
    }
    (line, faults)
}

fn set(line: &mut BillLine, field: BillField, text: &str) -> Result<(), Fault> {
    if text.is_empty() && field.is_required() {
        return Err(Fault::Required);
    }
    match field {
        BillField::SetlId => text.clone_into(&mut line.setl_id),
        BillField::MdtrtId => text.clone_into(&mut line.mdtrt_id),
        BillField::PsnNo => text.clone_into(&mut line.psn_no),
        BillField::Insutype => text.clone_into(&mut line.insutype),
        BillField::MedType => text.clone_into(&mut line.med_type),
        BillField::FixmedinsCode => text.clone_into(&mut line.fixmedins_code),
        BillField::Begndate => line.begndate = day(text)?,
        BillField::Enddate => line.enddate = day(text)?,
        BillField::SetlTime => line.setl_time = day(text)?,
        BillField::IptDays => line.ipt_days = count(text)?,
        BillField::DscgWay => text.clone_into(&mut line.dscg_way),
        BillField::DiseCodg => text.clone_into(&mut line.dise_codg),
        BillField::DiseName => text.clone_into(&mut line.dise_name),
        BillField::OprnOprtCode => text.clone_into(&mut line.oprn_oprt_code),
        BillField::MedfeeSumamt => line.medfee_sumamt_fen = fen(text)?,
        BillField::FulamtOwnpayAmt => line.fulamt_ownpay_amt_fen = fen(text)?,
        BillField::InscpScpAmt => line.inscp_scp_amt_fen = fen(text)?,
        BillField::HifpPay => line.hifp_pay_fen = fen(text)?,
        BillField::OthPay => line.oth_pay_fen = fen(text)?,
        BillField::HospPartAmt => line.hosp_part_amt_fen = fen(text)?,
        BillField::AcctPay => line.acct_pay_fen = fen(text)?,
        BillField::PsnCashPay => line.psn_cash_pay_fen = fen(text)?,
        BillField::RefdSetlFlag => line.refd_setl_flag = count(text)?,
        BillField::Gend => text.clone_into(&mut line.gend),
        BillField::Age => line.age = optional_count(text)?,
        BillField::NwbAge => line.nwb_age = optional_count(text)?,
        BillField::NwbBirWt => line.nwb_bir_wt = optional_count(text)?,
        BillField::OthDiseCodg => line.oth_dise_codg = codes(text),
        BillField::OthOprnOprtCode => line.oth_oprn_oprt_code = codes(text),
        BillField::RefloutMedinsNo => text.clone_into(&mut line.reflout_medins_no),
        BillField::VariExitFlag => line.vari_exit_flag = count(text)?,
    }
    Ok(())
}

/// The texts of a line, in the order of [`BILL_FIELDS`]: what [`line_from_text`] reads.
#[must_use]
pub fn line_to_text(line: &BillLine) -> [String; BILL_FIELDS.len()] {
    BILL_FIELDS.map(|field| match field {
        BillField::SetlId => line.setl_id.clone(),
        BillField::MdtrtId => line.mdtrt_id.clone(),
        BillField::PsnNo => line.psn_no.clone(),
        BillField::Insutype => line.insutype.clone(),
        BillField::MedType => line.med_type.clone(),
        BillField::FixmedinsCode => line.fixmedins_code.clone(),
        BillField::Begndate => day_text(line.begndate),
        BillField::Enddate => day_text(line.enddate),
        BillField::SetlTime => day_text(line.setl_time),
        BillField::IptDays => line.ipt_days.to_string(),
        BillField::DscgWay => line.dscg_way.clone(),
        BillField::DiseCodg => line.dise_codg.clone(),
        BillField::DiseName => line.dise_name.clone(),
        BillField::OprnOprtCode => line.oprn_oprt_code.clone(),
        BillField::MedfeeSumamt => yuan(line.medfee_sumamt_fen),
        BillField::FulamtOwnpayAmt => yuan(line.fulamt_ownpay_amt_fen),
        BillField::InscpScpAmt => yuan(line.inscp_scp_amt_fen),
        BillField::HifpPay => yuan(line.hifp_pay_fen),
        BillField::OthPay => yuan(line.oth_pay_fen),
        BillField::HospPartAmt => yuan(line.hosp_part_amt_fen),
        BillField::AcctPay => yuan(line.acct_pay_fen),
        BillField::PsnCashPay => yuan(line.psn_cash_pay_fen),
        BillField::RefdSetlFlag => line.refd_setl_flag.to_string(),
        BillField::Gend => line.gend.clone(),
        BillField::Age => optional_text(line.age),
        BillField::NwbAge => optional_text(line.nwb_age),
        BillField::NwbBirWt => optional_text(line.nwb_bir_wt),
        BillField::OthDiseCodg => join_codes(&line.oth_dise_codg),
        BillField::OthOprnOprtCode => join_codes(&line.oth_oprn_oprt_code),
        BillField::RefloutMedinsNo => line.reflout_medins_no.clone(),
        BillField::VariExitFlag => line.vari_exit_flag.to_string(),
    })
}

fn day_text(day: Day) -> String {
    match day {
        Day::Given(date) => date.to_string(),
        Day::Missing | Day::Malformed => String::new(),
    }
}

fn day(text: &str) -> Result<Day, Fault> {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(date, form).ok())
        .filter(|date| (1900..=2199).contains(&chrono::Datelike::year(date)))
        .map(Day::Given)
        .ok_or(Fault::Malformed("日期，如2017-01-31"))
}

fn count(text: &str) -> Result<i32, Fault> {
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| Fault::Malformed("整数")) }
}

fn optional_count(text: &str) -> Result<Option<i32>, Fault> {
    if text.is_empty() { Ok(None) } else { count(text).map(Some) }
}

fn optional_text(count: Option<i32>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

/// What stands between the codes of a field, as in a case list.
const BETWEEN_CODES: char = '|';

/// The codes of one text.
pub(crate) fn codes(text: &str) -> Vec<String> {
    let codes = text.split(BETWEEN_CODES).map(str::trim);
    codes.filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

/// Codes as one text, which [`codes`] reads.
pub(crate) fn join_codes(codes: &[String]) -> String {
    codes.join("|")
}

fn fen(text: &str) -> Result<i64, Fault> {
    if text.is_empty() {
        return Ok(0);
    }
    Fen::parse_yuan(text).map(Fen::get).map_err(|_| Fault::Malformed("以元为单位、至多两位小数的金额"))
}

fn yuan(fen: i64) -> String {
    Fen::new(fen).to_yuan()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bills::Content;
    use crate::domain::bills::tests::line;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_yuan_with_at_most_two_decimals() {
        assert_eq!(fen("12"), Ok(1200));
        assert_eq!(fen("12.3"), Ok(1230));
        assert_eq!(fen("0.05"), Ok(5));
        assert_eq!(fen("-1.00"), Ok(-100));
        assert_eq!(fen(""), Ok(0));
        for bad in ["1.234", "1,000.00", "1e3", "壹", "1.-5", "--1", "99999999999999999999"] {
            assert!(matches!(fen(bad), Err(Fault::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn a_day_may_have_a_time_of_day() {
        let expected = Ok(Day::Given(NaiveDate::from_ymd_opt(2017, 1, 31).unwrap()));
        for text in ["2017-01-31", "2017/1/31", "20170131", "2017-01-31 10:22:33", "2017-01-31T10:22:33"] {
            assert_eq!(day(text), expected, "{text}");
        }
        for bad in ["2017-02-29", "31.01.2017", "0017-01-31", "2017", "42766"] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_unreadable_field_of_a_row_is_told_at_once() {
        let mut row = line_to_text(&line());
        for field in [BillField::Begndate, BillField::IptDays, BillField::HifpPay] {
            "?".clone_into(&mut row[field as usize]);
        }
        row[BillField::SetlId as usize].clear();

        let (_, faults) = line_from_text(&row.each_ref().map(String::as_str));

        let fields: Vec<_> = faults.iter().map(|(field, fault)| (field.name(), fault.reason())).collect();
        let malformed = ["begndate", "ipt_days", "hifp_pay"].map(|name| (name, "MALFORMED"));
        assert_eq!(fields, [&[("setl_id", "REQUIRED")], malformed.as_slice()].concat());
    }

    #[test]
    fn codes_stay_codes() {
        for field in BILL_FIELDS.iter().filter(|f| f.name().ends_with("_id") || f.name().ends_with("code")) {
            assert_eq!(field.content(), Content::Code);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(fen in -1_000_000_000_000_000_i64..1_000_000_000_000_000, days in 0..9999_i32) {
            let line = BillLine { medfee_sumamt_fen: fen, ipt_days: days, ..line() };

            let row = line_to_text(&line);

            prop_assert_eq!(line_from_text(&row.each_ref().map(String::as_str)), (line, Vec::new()));
        }
    }
}
