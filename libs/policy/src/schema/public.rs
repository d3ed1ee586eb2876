use super::Unit;
use crate::read::{BodyId, Day, Days, MonthDay, Months, Param, Quantity, Yearly, section};

section! {
    /// What is published (公开通报).
    pub struct Disclosure {
        /// What it is about.
        name: Param<String> = "名称",
        /// How many months lie between two.
        every_months: Param<Months> = "周期（月）",
        /// Who publishes it.
        by: Param<BodyId> = "公布单位",
        /// Whether everybody may read it.
        to_the_public: Param<bool> = "向社会公布",
        /// The figures, by indicator or in words.
        figures: Option<Param<Vec<String>>> = "内容",
    }
}

section! {
    /// A time limit (时限).
    pub struct Deadline {
        /// What must be done.
        name: Param<String> = "事项",
        /// Who must do it.
        by: Param<BodyId> = "责任单位",
        /// How many days after what it follows on.
        days: Option<Param<Days>> = "天数",
        /// The day of every year.
        yearly: Option<Param<MonthDay>> = "每年期限",
        /// The day, once.
        on: Option<Param<Day>> = "期限",
        /// How many months lie between two times.
        every_months: Option<Param<Months>> = "周期（月）",
    }
    check |spot| {
        if let (Some(days), Some(yearly), Some(on), Some(every)) = (&days, &yearly, &on, &every_months) {
            let n_said = [days.is_some(), yearly.is_some(), on.is_some(), every.is_some()];
            match n_said.into_iter().filter(|said| *said).count() {
                0 => spot.wrong("names no time: one of `days`, `yearly`, `on` and `every_months`"),
                1 => {}
                _ => spot.wrong("names more than one of `days`, `yearly`, `on` and `every_months`"),
            }
        }
    }
}

section! {
    /// A figure to be reached (目标).
    pub struct Goal {
        /// What is to be reached.
        name: Param<String> = "名称",
        /// What it is measured in.
        unit: Param<Unit> = "单位",
        /// The least value, by year.
        by_year: Option<Param<Yearly<Quantity>>> = "年度目标",
        /// The least value, without a date.
        at_least: Option<Param<Quantity>> = "目标值",
    }
    check |spot| {
        if let (Some(None), Some(None)) = (&by_year, &at_least) {
            spot.wrong("names no value: `by_year` or `at_least`");
        }
    }
}
