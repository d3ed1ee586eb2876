use medfund_server::{ErrorReason, Reason};

use crate::app::bills::BillError;
use crate::domain::upload::UploadError;

impl Reason for BillError {
    const DOMAIN: &'static str = "settlement.medfund";

    fn reason(&self) -> ErrorReason {
        match self {
            Self::Upload(error) => upload_reason(error),
            Self::TooManyStreams => {
                ErrorReason::resource_exhausted("TOO_MANY_UPLOADS", "同时上传的文件过多，请稍后重试")
            }
            Self::Pack(_) => ErrorReason::internal(),
            Self::Database(error) => ErrorReason::from(error),
        }
    }
}

fn upload_reason(error: &UploadError) -> ErrorReason {
    match error {
        UploadError::NotFound => ErrorReason::not_found("UPLOAD_NOT_FOUND", "上传任务不存在"),
        UploadError::InstitutionUnknown(institution) => {
            ErrorReason::failed_precondition("INSTITUTION_UNKNOWN", "该机构不是本统筹区的定点医药机构")
                .with("institution_code", institution)
        }
        UploadError::Exists => ErrorReason::already_exists("UPLOAD_EXISTS", "请求编号已用于其他文件的上传"),
        UploadError::NotOpen => ErrorReason::failed_precondition("UPLOAD_NOT_OPEN", "上传任务已结束"),
        UploadError::Differs { n_lines } => {
            ErrorReason::failed_precondition("UPLOAD_DIFFERS", "同一文件的行数与首次申报不一致")
                .with("n_lines", n_lines)
        }
        UploadError::Gap { next_line, first_line } => {
            ErrorReason::failed_precondition("UPLOAD_GAP", "上传的行不连续，请从下一行续传")
                .with("next_line", next_line)
                .with("first_line", first_line)
        }
        UploadError::TooLong { n_lines } => {
            ErrorReason::failed_precondition("UPLOAD_TOO_LONG", "上传的行数超过申报的行数")
                .with("n_lines", n_lines)
        }
        UploadError::TooSmall(least) => {
            ErrorReason::failed_precondition("UPLOAD_PART_TOO_SMALL", "非末块的行数过少")
                .with("least_lines", least)
        }
        UploadError::Incomplete { next_line, n_lines } => {
            ErrorReason::failed_precondition("UPLOAD_INCOMPLETE", "文件尚未传完")
                .with("next_line", next_line)
                .with("n_lines", n_lines)
        }
        UploadError::MonthClosed(month) => {
            ErrorReason::failed_precondition("MONTH_CLOSED", "该机构当月已结算")
                .with("settlement_month", month)
        }
        UploadError::MonthInFuture { month, business_date } => {
            ErrorReason::failed_precondition("MONTH_IN_FUTURE", "基金日历尚未到达该月")
                .with("settlement_month", month)
                .with("business_date", business_date)
        }
        UploadError::CalendarNotOpen => {
            ErrorReason::failed_precondition("CALENDAR_NOT_OPEN", "统筹区的基金日历尚未启用")
        }
        UploadError::FundYearNotOpen(fund_year) => {
            ErrorReason::failed_precondition("FUND_YEAR_NOT_OPEN", "该基金年度尚未启用")
                .with("fund_year", fund_year)
        }
        UploadError::BillNotFound => ErrorReason::not_found("BILL_NOT_FOUND", "结算单不存在"),
        UploadError::BillAlreadyWithdrawn => {
            ErrorReason::failed_precondition("BILL_ALREADY_WITHDRAWN", "结算单已撤回")
        }
    }
}
