use std::path::PathBuf;
use std::str::FromStr;

use medfund_grouper::Scheme;
use medfund_grouper::batch::Encoding;
use medfund_grouper::crosswalk::Crosswalk;

use super::crosswalk;
use super::input::CaseList;
use crate::schemes;

/// What cases are grouped by.
#[derive(Debug, clap::Args)]
pub(super) struct ByArgs {
    /// The compiled scheme. Without it the reference scheme, for demonstration, not for payment.
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// The cases are in clinical codes (国临): this table, a clinical and a 医保 code a line, translates
    /// them first. May be given twice, for diagnoses and for procedures.
    #[arg(long, value_name = "FILE")]
    crosswalk: Vec<PathBuf>,
}

/// What a case list holds.
const CASE_LIST: &str = "\
The cases (.csv, .xlsx, .parquet): a heading, and a case a line. A column is headed by its name or a term, in any order;
others are ignored, and named on standard error. Values of one column are separated by `|`, the principal code first.

  every list has
    id               病例号, 病案号, 结算ID, setl_id
    sex              性别, gend: 1 男, 2 女
    age_years        年龄, age
    diagnoses        诊断编码
    procedures       手术操作编码
  what groups may ask for
    age_days         不足一周岁的年龄, nwb_age: under one year
    birth_weight_g   新生儿出生体重, nwb_bir_wt: of a newborn
    stay_days        住院天数, 实际住院天数, ipt_days; else the days of admission and discharge tell
  what `check` looks at, and `compare` tells apart
    admission_date   入院日期, 开始日期, begndate: 2024-03-01 or 20240301
    discharge_date   出院日期, 结束日期, enddate
    discharge        离院方式, dscg_way: 1 to 5 or 9, 5 died
    procedure_dates  手术操作日期
    total_cost_yuan  医疗总费用, 医疗费总额, medfee_sumamt
    costs_yuan       分项费用
    fixmedins_code   定点医药机构编号";

/// A case list and what to group it by.
#[derive(Debug, clap::Args)]
pub(super) struct CasesArgs {
    #[command(flatten)]
    pub(super) by: ByArgs,
    /// The cases (.csv, .xlsx, .parquet): id, sex, age_years, diagnoses, procedures, and what else `--help` shows; codes
    /// separated by `|`.
    #[arg(long = "in", value_name = "FILE", long_help = CASE_LIST)]
    pub(super) cases: PathBuf,
    /// How the text of the cases is written; else their beginning tells.
    #[arg(long)]
    encoding: Option<Encoding>,
}

/// Reads a whole number.
pub(super) fn whole<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("`{text}` is no whole number in its bounds, like 1000"))
}

impl ByArgs {
    /// The scheme; that it is the reference scheme is said on standard error.
    pub(super) fn scheme(&self) -> anyhow::Result<Scheme> {
        if let Some(path) = &self.scheme {
            return schemes::load(path);
        }
        eprintln!(
            "by the reference scheme, for demonstration and not for payment; --scheme names another (see \
             `medfund drg compile`)"
        );
        Ok(schemes::reference())
    }

    pub(super) fn crosswalk(&self) -> anyhow::Result<Option<Crosswalk>> {
        crosswalk::read(&self.crosswalk)
    }

    /// The crosswalk to the codes of a scheme; one whose columns are swapped is refused.
    pub(super) fn crosswalk_to(&self, scheme: &Scheme) -> anyhow::Result<Option<Crosswalk>> {
        let crosswalk = self.crosswalk()?;
        crosswalk.as_ref().map_or(Ok(()), |crosswalk| crosswalk::expect_in_order(crosswalk, scheme))?;
        Ok(crosswalk)
    }
}

impl CasesArgs {
    pub(super) fn open(&self) -> anyhow::Result<CaseList> {
        CaseList::open(&self.cases, self.encoding)
    }
}

#[cfg(test)]
mod tests {
    use medfund_grouper::batch::Columns;

    use super::*;

    #[test]
    fn the_help_names_every_column_of_a_case_list_with_its_terms_and_whether_each_list_has_it() {
        let (required, optional) = CASE_LIST.split_once("what groups may ask for").unwrap();
        for column in Columns::known() {
            let part = if column.is_required { required } else { optional };
            let line = part.lines().find(|line| line.split_whitespace().next() == Some(column.name));
            let line = line.unwrap_or_else(|| panic!("{} is missing", column.name));
            assert!(line.contains(&column.terms.join(", ")), "{line}");
        }
    }
}
