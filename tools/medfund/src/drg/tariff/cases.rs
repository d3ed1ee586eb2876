//! A list of cases with what they cost.

use std::path::Path;

use medfund_grouper::batch::codes;
use medfund_grouper::{Case, Grouper, Scheme, Sex};
use medfund_money::{Fen, PositiveFen};
use medfund_tariff::GroupCode;
use medfund_tariff::history::{CaseCosts, CostedCase, Costs, Totals};
use medfund_types::{FundLine, InstitutionCode};

use crate::drg::refused::Refused;
use crate::tables::{self, Cell, Column, Content, Record, Row};

/// What to do where cases have no group.
const NO_SCHEME: &str = "name a scheme to group by with --scheme";

/// A case of a list: grouped already, or with what it is grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CaseRow {
    institution: Option<InstitutionCode>,
    fund_line: Option<FundLine>,
    group: Option<GroupCode>,
    list: CodeList,
    cost: PositiveFen,
    fund_paid: Fen,
    n_days: u32,
    discharge: String,
}

/// What a case is grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CodeList {
    sex: Option<Sex>,
    age_years: Option<u16>,
    age_days: Option<u32>,
    birth_weight_g: Option<u16>,
    diagnoses: String,
    procedures: String,
}

impl Record for CaseRow {
    const KIND: &'static str = "costed-cases";

    fn columns() -> Vec<Column> {
        vec![
            Column::optional("fixmedins_code", "定点医药机构编号", Content::Code),
            Column::optional("fund_line", "险种", Content::Text),
            Column::optional("drg", "DRG编码", Content::Code),
            Column::required("total_cost_yuan", "医疗总费用", Content::Amount),
            Column::optional("fund_paid_yuan", "统筹基金支付", Content::Amount),
            Column::optional("stay_days", "住院天数", Content::Count),
            Column::optional("discharge", "离院方式", Content::Text),
            Column::optional("sex", "性别", Content::Text),
            Column::optional("age_years", "年龄", Content::Count),
            Column::optional("age_days", "不足一周岁的年龄", Content::Count),
            Column::optional("birth_weight_g", "新生儿出生体重", Content::Count),
            Column::optional("diagnoses", "诊断编码", Content::Code),
            Column::optional("procedures", "手术操作编码", Content::Code),
        ]
    }

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let institution = optional(row, "fixmedins_code");
        let fund_line = optional(row, "fund_line");
        let group = optional(row, "drg");
        let cost = row.fen("total_cost_yuan").and_then(|fen| {
            PositiveFen::try_from(fen).map_err(|error| row.wrong("total_cost_yuan", error.to_string())).ok()
        });
        let fund_paid = row.fen("fund_paid_yuan").filter(|&paid| {
            let can_be = paid >= 0 && cost.is_none_or(|cost| paid <= cost.get().get());
            if !can_be {
                row.wrong("fund_paid_yuan", "must be from 0 to the total cost".to_owned());
            }
            can_be
        });
        let n_days = row.whole("stay_days").map(Option::unwrap_or_default);
        let discharge = row.text("discharge");
        let sex = row.text("sex").and_then(|text| match text.as_str() {
            "1" | "男" => Some(Some(Sex::Male)),
            "2" | "女" => Some(Some(Sex::Female)),
            "" | "0" | "9" => Some(None),
            other => {
                row.wrong("sex", format!("`{other}` is none of 1 男, 2 女, 0, 9"));
                None
            }
        });
        let (age_years, age_days) = (row.whole("age_years"), row.whole("age_days"));
        let birth_weight_g = row.whole("birth_weight_g");
        let [diagnoses, procedures] = ["diagnoses", "procedures"].map(|name| row.text(name));
        Some(Self {
            institution: institution?,
            fund_line: fund_line?,
            group: group?,
            list: CodeList {
                sex: sex?,
                age_years: age_years?,
                age_days: age_days?,
                birth_weight_g: birth_weight_g?,
                diagnoses: diagnoses?,
                procedures: procedures?,
            },
            cost: cost?,
            fund_paid: Fen::new(fund_paid?),
            n_days: n_days?,
            discharge: discharge?,
        })
    }

    fn cells(&self) -> Vec<Cell> {
        let number = |number: Option<u32>| number.map_or(Cell::Empty, |number| Cell::count(number.into()));
        let CodeList { sex, age_years, age_days, birth_weight_g, diagnoses, procedures } = &self.list;
        vec![
            Cell::text(self.institution.as_ref().map_or("", InstitutionCode::as_str)),
            Cell::text(self.fund_line.as_ref().map_or("", FundLine::as_str)),
            Cell::text(self.group.as_ref().map_or("", GroupCode::as_str)),
            Cell::yuan(self.cost.get().get()),
            Cell::yuan(self.fund_paid.get()),
            Cell::count(self.n_days.into()),
            Cell::text(self.discharge.as_str()),
            Cell::text(sex.map_or("", |sex| if sex == Sex::Male { "1" } else { "2" })),
            number(age_years.map(u32::from)),
            number(*age_days),
            number(birth_weight_g.map(u32::from)),
            Cell::text(diagnoses.as_str()),
            Cell::text(procedures.as_str()),
        ]
    }
}

/// What stands in a column, if anything does.
fn optional<T: std::str::FromStr<Err: std::fmt::Display>>(
    row: &mut Row<'_>,
    name: &str,
) -> Option<Option<T>> {
    if row.text(name)?.is_empty() { Some(None) } else { row.parsed(name).map(Some) }
}

impl CaseRow {
    /// The case with its group: the list's own, or what `grouper` gives; the group of a list that has none is refused.
    fn costed(&self, grouper: Option<&mut Grouper<'_>>) -> anyhow::Result<(Option<CostedCase>, GroupCode)> {
        let group = match (&self.group, grouper) {
            (Some(group), _) => group.clone(),
            (None, Some(grouper)) => self.list.group(self.n_days, grouper)?,
            (None, None) => anyhow::bail!("the case has no group (drg, DRG编码): {NO_SCHEME}"),
        };
        let case = self.institution.clone().map(|institution| CostedCase {
            institution,
            fund_line: self.fund_line.clone(),
            group: group.clone(),
            cost: self.cost,
            fund_paid: self.fund_paid,
            n_days: self.n_days,
            has_died: ["5", "死亡"].contains(&self.discharge.as_str()),
        });
        Ok((case, group))
    }
}

impl CodeList {
    fn group(&self, n_days: u32, grouper: &mut Grouper<'_>) -> anyhow::Result<GroupCode> {
        let [diagnoses, procedures] =
            [&self.diagnoses, &self.procedures].map(|text| codes(text.trim()).collect::<Vec<&str>>());
        let answer = grouper.group(&Case {
            sex: self.sex,
            age_years: self.age_years,
            age_days: self.age_days,
            birth_weight_g: self.birth_weight_g,
            stay_days: u16::try_from(n_days).ok().filter(|&days| days > 0),
            diagnoses: &diagnoses,
            procedures: &procedures,
        });
        Ok(answer.code(grouper.scheme()).parse()?)
    }
}

/// What a list of cases came to.
#[derive(Debug, Default)]
pub(in crate::drg) struct Cases {
    /// The cost of each case in a group.
    pub(super) costs: Costs,
    /// All cases that name an institution.
    pub(in crate::drg) totals: Totals,
    /// What each of them cost.
    pub(super) case_costs: CaseCosts,
    pub(super) n_cases: u64,
    /// Cases that name no institution.
    n_without_institution: u64,
    /// Cases in no group or ambiguous.
    pub(super) n_ungrouped: u64,
    /// Lines that are no case.
    pub(in crate::drg) n_bad: usize,
}

impl Cases {
    /// Refuses a list in which some case names no institution.
    pub(in crate::drg) fn of_institutions(self) -> anyhow::Result<Self> {
        anyhow::ensure!(
            self.n_without_institution == 0,
            "{} cases name no institution (fixmedins_code, 定点医药机构编号)",
            self.n_without_institution
        );
        Ok(self)
    }
}

/// Reads a list, held in memory, and groups what is not grouped; tells lines that are no case and leaves them out.
///
/// Cases in no group and ambiguous ones have no cost unless `ungrouped` says so.
pub(in crate::drg) fn read(path: &Path, scheme: Option<&Scheme>, ungrouped: bool) -> anyhow::Result<Cases> {
    let list = tables::read::<CaseRow>(path)?.with_columns(path)?;
    let is_grouped = list.rows.is_empty() || list.rows.iter().any(|(_, row)| row.group.is_some());
    anyhow::ensure!(
        is_grouped || scheme.is_some(),
        "{}: no case has a group (drg, DRG编码): {NO_SCHEME}",
        path.display()
    );
    let mut grouper = scheme.map(Grouper::new);
    let mut refused = Refused::of(path.display().to_string());
    let mut tell = |line: usize, reason: &str| {
        if let Some(told) = refused.add(line as u64, reason) {
            eprintln!("{told}");
        }
    };
    let mut costed = Vec::new();
    for (line, row) in &list.rows {
        match row.costed(grouper.as_mut()) {
            Ok((case, group)) => costed.push((case, group, row.cost)),
            Err(error) => tell(*line, &error.to_string()),
        }
    }
    let mut lines: Vec<usize> = Vec::new();
    for fault in &list.faults {
        if lines.last() != Some(&fault.line) {
            lines.push(fault.line);
            tell(fault.line, &format!("{} {}", fault.field, fault.reason));
        }
    }
    let mut cases = Cases { n_bad: refused.n_lines, ..Cases::default() };
    for (case, group, cost) in costed {
        cases.n_cases += 1;
        cases.n_ungrouped += u64::from(!group.is_grouped());
        if ungrouped || group.is_grouped() {
            cases.costs.add(&group, cost);
        }
        match case {
            Some(case) => {
                cases.totals.add(&case);
                cases.case_costs.add(&case);
            }
            None => cases.n_without_institution += 1,
        }
    }
    if let Some(others) = refused.others() {
        eprintln!("{others}");
    }
    match refused.nothing_done("counted", cases.n_cases) {
        Some(nothing) => Err(anyhow::anyhow!(nothing)),
        None => Ok(cases),
    }
}
