//! Asks a suite for rows of tables.

use anyhow::Context;
use medfund_proto::agreement::v1::ListInstitutionsRequest;
use medfund_proto::agreement::v1::institution_service_client::InstitutionServiceClient;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::budget::v1::calendar_service_client::CalendarServiceClient;
use medfund_proto::budget::v1::{GetFundYearRequest, ListHistoriesRequest};
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1::bill_service_client::BillServiceClient;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::settlement::v1::{
    Bill, BillLine as PbLine, CasePoints, ExportBillsRequest, ExportCasePointsRequest, ListStatementsRequest,
    SpecialCase, Statement,
};
use medfund_settlement::domain::bills::{BillLine, Day};
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};

use crate::suite::{Person, Service, Session, rpc};
use crate::tables::{
    BillRow, CasePointsRow, GroupRow, HistoryRow, InstitutionRow, SpecialCaseRow, StatementRow,
};

/// Every institution of the area.
pub(crate) async fn institutions(
    session: &Session,
    reader: &Person,
    area: &Area,
) -> anyhow::Result<Vec<InstitutionRow>> {
    let (mut rows, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListInstitutionsRequest {
            parent: format!("areas/{area}"),
            district: String::new(),
            page_size: 500,
            page_token,
        };
        let page =
            rpc!(session, reader, Agreement InstitutionServiceClient list_institutions, request).await?;
        for institution in page.institutions {
            let profile = institution.profile.context("an institution has a profile")?;
            rows.push(InstitutionRow {
                code: institution.institution_code.parse()?,
                name: profile.display_name,
                district: profile.district.parse()?,
                level: profile.level,
                class: profile.institution_class,
                primary: profile.primary,
            });
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(rows);
        }
    }
}

/// The recorded last years of every institution.
pub(super) async fn histories(
    session: &Session,
    reader: &Person,
    area: &Area,
    fund_year: FundYear,
    lines: &[String],
) -> anyhow::Result<Vec<HistoryRow>> {
    let mut rows = Vec::new();
    let request = GetFundYearRequest { name: format!("areas/{area}/fundYears/{fund_year}") };
    let opened = rpc!(session, reader, Budget CalendarServiceClient get_fund_year, request).await?;
    for district in opened.fund_year.unwrap_or_default().districts {
        for line in lines {
            let mut page_token = String::new();
            loop {
                let request = ListHistoriesRequest {
                    parent: format!("areas/{area}/decompositions/{fund_year}-{line}-{district}"),
                    page_size: 500,
                    page_token,
                };
                let page = rpc!(session, reader, Budget BudgetServiceClient list_histories, request).await?;
                for history in page.histories {
                    let code = history.name.rsplit('-').next().unwrap_or_default().parse()?;
                    let [far, before, last] = history.history_fen[..] else { continue };
                    rows.push(HistoryRow {
                        code,
                        fund_line: line.parse()?,
                        cost_fen: [far, before, last],
                        last_year_settled_fen: history.last_year_settled_fen,
                    });
                }
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    break;
                }
            }
        }
    }
    Ok(rows)
}

/// The bills of a month that count, of the area or of one institution.
pub(crate) async fn bills(
    session: &Session,
    reader: &Person,
    area: &Area,
    institution: Option<&InstitutionCode>,
    month: SettlementMonth,
) -> anyhow::Result<Vec<Bill>> {
    let parent = match institution {
        Some(code) => format!("areas/{area}/institutions/{code}"),
        None => format!("areas/{area}"),
    };
    let settlement_month = Some(Date { year: month.year(), month: i32::try_from(month.month())?, day: 0 });
    let request = session.signed(reader, ExportBillsRequest { parent, settlement_month })?;
    let mut client =
        BillServiceClient::new(session.channel(Service::Settlement)).max_decoding_message_size(64 << 20);
    let mut stream = client.export_bills(request).await?.into_inner();
    let mut bills = Vec::new();
    while let Some(chunk) = stream.message().await? {
        bills.extend(chunk.bills.into_iter().filter(|bill| bill.withdraw_time.is_none()));
    }
    Ok(bills)
}

/// The group of a bill; `None` if neither a pool nor a DRG rate pays it.
pub(crate) fn group_row(bill: &Bill) -> anyhow::Result<Option<GroupRow>> {
    if bill.drg.is_empty() {
        return Ok(None);
    }
    let (code, setl_id) = bill_ids(&bill.name)?;
    Ok(Some(GroupRow { code, setl_id, drg: bill.drg.clone() }))
}

/// The cases that points pay in a fund year.
pub(crate) async fn case_points(
    session: &Session,
    reader: &Person,
    area: &Area,
    fund_year: FundYear,
) -> anyhow::Result<Vec<CasePointsRow>> {
    let request = ExportCasePointsRequest { parent: format!("areas/{area}"), fund_year: fund_year.get() };
    let request = session.signed(reader, request)?;
    let mut client = SettlementServiceClient::new(session.channel(Service::Settlement));
    let mut stream = client.export_case_points(request).await?.into_inner();
    let mut rows = Vec::new();
    while let Some(chunk) = stream.message().await? {
        for case in chunk.cases {
            rows.push(case_points_row(case)?);
        }
    }
    Ok(rows)
}

/// A special case as a table holds it.
pub(crate) fn special_case_row(case: &SpecialCase) -> anyhow::Result<SpecialCaseRow> {
    let date = case.settlement_month.unwrap_or_default();
    let month = SettlementMonth::from_ym(date.year, u32::try_from(date.month)?);
    let (code, setl_id) = bill_ids(&case.bill)?;
    let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(SpecialCaseRow {
        code,
        setl_id,
        fund_line: case.fund_line.parse()?,
        month: month.context("a special case has a month")?,
        medfee_sumamt_fen: case.medfee_sumamt_fen,
        state: case.state().as_str_name().trim_start_matches("STATE_").to_lowercase(),
        seed: case.seed.clone(),
        experts: case.experts.iter().map(|one| id(&one.expert)).collect(),
        reviewed_cost_fen: case.reviewed_cost_fen,
    })
}

/// The institution and settlement id in a bill's name.
fn bill_ids(name: &str) -> anyhow::Result<(InstitutionCode, String)> {
    let mut ids = name.split('/').skip(3).step_by(2);
    let (code, setl_id) = ids.next().zip(ids.next()).context("a bill's name has two ids")?;
    Ok((code.parse()?, setl_id.to_owned()))
}

fn case_points_row(case: CasePoints) -> anyhow::Result<CasePointsRow> {
    let word = |name: &str, prefix: &str| name.trim_start_matches(prefix).to_lowercase();
    let kind = word(case.kind().as_str_name(), "KIND_");
    let kind_of_care = word(case.kind_of_care().as_str_name(), "KIND_OF_CARE_");
    let (code, setl_id) = bill_ids(&case.bill)?;
    Ok(CasePointsRow {
        code,
        setl_id,
        fund_line: case.fund_line.parse()?,
        kind_of_care,
        drg: case.drg,
        kind,
        medfee_sumamt_fen: case.medfee_sumamt_fen,
        drg_weight: case.drg_weight,
        drg_points: case.drg_points,
        drg_mean_fen: case.drg_mean_fen,
        coefficient: case.coefficient,
        kept_rate: case.kept_rate,
        points: case.points,
    })
}

/// The statements of a year, or of one month of it.
pub(super) async fn statements(
    session: &Session,
    reader: &Person,
    area: &Area,
    fund_year: FundYear,
    month: Option<SettlementMonth>,
) -> anyhow::Result<Vec<StatementRow>> {
    let settlement_month = match month {
        Some(month) => Some(Date { year: month.year(), month: i32::try_from(month.month())?, day: 0 }),
        None => None,
    };
    let (mut rows, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListStatementsRequest {
            parent: format!("areas/{area}"),
            fund_year: fund_year.get(),
            settlement_month,
            page_size: 500,
            page_token,
        };
        let page = rpc!(session, reader, Settlement SettlementServiceClient list_statements, request).await?;
        for statement in &page.statements {
            rows.push(statement_row(statement)?);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(rows);
        }
    }
}

/// A statement as a table holds it.
pub(crate) fn statement_row(statement: &Statement) -> anyhow::Result<StatementRow> {
    let date = statement.settlement_month.unwrap_or_default();
    let month = SettlementMonth::from_ym(date.year, u32::try_from(date.month)?);
    Ok(StatementRow {
        month: month.context("a statement has a month")?,
        fund_line: statement.fund_line.parse()?,
        code: statement.institution_code.parse()?,
        n_admissions: statement.n_admissions,
        n_persons: statement.n_persons,
        days: statement.days,
        amounts_fen: [
            statement.cost_fen,
            statement.method_fen,
            statement.refused_fen,
            statement.payable_fen,
            statement.paid_fen,
            statement.deferred_fen,
            statement.outside_quota_fen,
            statement.deposit_forfeited_fen,
            statement.kept_back_fen,
            statement.order_fen,
        ],
    })
}

/// A line of the wire as a table holds it.
pub(crate) fn bill_row(line: PbLine) -> BillRow {
    BillRow(BillLine {
        setl_id: line.setl_id,
        mdtrt_id: line.mdtrt_id,
        psn_no: line.psn_no,
        insutype: line.insutype,
        med_type: line.med_type,
        fixmedins_code: line.fixmedins_code,
        begndate: day(line.begndate),
        enddate: day(line.enddate),
        setl_time: day(line.setl_time),
        ipt_days: line.ipt_days,
        dscg_way: line.dscg_way,
        dise_codg: line.dise_codg,
        dise_name: line.dise_name,
        oprn_oprt_code: line.oprn_oprt_code,
        medfee_sumamt_fen: line.medfee_sumamt_fen,
        fulamt_ownpay_amt_fen: line.fulamt_ownpay_amt_fen,
        inscp_scp_amt_fen: line.inscp_scp_amt_fen,
        hifp_pay_fen: line.hifp_pay_fen,
        oth_pay_fen: line.oth_pay_fen,
        hosp_part_amt_fen: line.hosp_part_amt_fen,
        acct_pay_fen: line.acct_pay_fen,
        psn_cash_pay_fen: line.psn_cash_pay_fen,
        refd_setl_flag: line.refd_setl_flag,
        gend: line.gend,
        age: line.age,
        nwb_age: line.nwb_age,
        nwb_bir_wt: line.nwb_bir_wt,
        oth_dise_codg: line.oth_dise_codg,
        oth_oprn_oprt_code: line.oth_oprn_oprt_code,
        reflout_medins_no: line.reflout_medins_no,
        vari_exit_flag: line.vari_exit_flag,
    })
}

fn day(date: Option<Date>) -> Day {
    let Some(date) = date else { return Day::Missing };
    let part = |number: i32| u32::try_from(number).unwrap_or_default();
    chrono::NaiveDate::from_ymd_opt(date.year, part(date.month), part(date.day))
        .map_or(Day::Malformed, Day::Given)
}

/// A line of a table as the wire holds it.
pub(super) fn wire(BillRow(line): &BillRow) -> PbLine {
    let date = |day: Day| match day {
        Day::Given(date) => crate::year::day(date),
        Day::Missing | Day::Malformed => None,
    };
    PbLine {
        setl_id: line.setl_id.clone(),
        mdtrt_id: line.mdtrt_id.clone(),
        psn_no: line.psn_no.clone(),
        insutype: line.insutype.clone(),
        med_type: line.med_type.clone(),
        fixmedins_code: line.fixmedins_code.clone(),
        begndate: date(line.begndate),
        enddate: date(line.enddate),
        setl_time: date(line.setl_time),
        ipt_days: line.ipt_days,
        dscg_way: line.dscg_way.clone(),
        dise_codg: line.dise_codg.clone(),
        dise_name: line.dise_name.clone(),
        oprn_oprt_code: line.oprn_oprt_code.clone(),
        medfee_sumamt_fen: line.medfee_sumamt_fen,
        fulamt_ownpay_amt_fen: line.fulamt_ownpay_amt_fen,
        inscp_scp_amt_fen: line.inscp_scp_amt_fen,
        hifp_pay_fen: line.hifp_pay_fen,
        oth_pay_fen: line.oth_pay_fen,
        hosp_part_amt_fen: line.hosp_part_amt_fen,
        acct_pay_fen: line.acct_pay_fen,
        psn_cash_pay_fen: line.psn_cash_pay_fen,
        refd_setl_flag: line.refd_setl_flag,
        gend: line.gend.clone(),
        age: line.age,
        nwb_age: line.nwb_age,
        nwb_bir_wt: line.nwb_bir_wt,
        oth_dise_codg: line.oth_dise_codg.clone(),
        oth_oprn_oprt_code: line.oth_oprn_oprt_code.clone(),
        reflout_medins_no: line.reflout_medins_no.clone(),
        vari_exit_flag: line.vari_exit_flag,
    }
}
