use chrono::{DateTime, NaiveDate, Utc};
use medfund_money::Fen;
use medfund_types::{Area, FundYear};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::budget::Budget;
use super::decomposition::Decomposition;
use super::final_account::FinalAccount;
use super::structure::{BudgetRegime, Structure};
use super::target::{Deduction, Target};

/// What a disclosure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisclosureKind {
    /// An approved budget (预算公开).
    Budget,
    /// A decided target.
    Target,
    /// A decided structure with its pools.
    Structure,
    /// A decided decomposition.
    Decomposition,
    /// A final account (决算公开).
    FinalAccount,
}

/// Something the fund publishes (信息公开).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The area.
    pub area: Area,
    /// Its id.
    pub id: Uuid,
    /// The resource it shows.
    pub subject: String,
    /// What it shows.
    pub kind: DisclosureKind,
    /// The fund year.
    pub fund_year: FundYear,
    /// Its lines, in order.
    pub lines: Vec<DisclosureLine>,
    /// The business date.
    pub publish_date: NaiveDate,
    /// When it was published.
    pub create_time: DateTime<Utc>,
}

/// One line of a disclosure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureLine {
    /// Its name.
    pub name: String,
    /// The Chinese term.
    pub term: String,
    /// The amount.
    pub amount: Fen,
}

fn line(name: &str, term: &str, amount: Fen) -> DisclosureLine {
    DisclosureLine { name: name.to_owned(), term: term.to_owned(), amount }
}

fn deduction_lines(deductions: &[Deduction]) -> impl Iterator<Item = DisclosureLine> {
    deductions
        .iter()
        .map(|deduction| line(&format!("deduction_{}", deduction.id), "总额控制扣除项", deduction.amount))
}

impl Budget {
    /// What is published of an approved budget.
    #[must_use]
    pub fn disclosed(&self) -> Vec<DisclosureLine> {
        vec![
            line("income_fen", "基金收入预算", self.income),
            line("expenditure_fen", "基金支出预算", self.expenditure),
        ]
    }
}

impl Target {
    /// What is published of a decided target.
    #[must_use]
    pub fn disclosed(&self) -> Vec<DisclosureLine> {
        let mut lines = vec![line("budget_fen", "基金支出预算", self.budget)];
        lines.extend(deduction_lines(&self.deductions));
        lines.push(line("reserve_fen", "预留控制指标", self.reserve));
        lines.push(line("adjustment_fen", "风险与物价调整", self.adjustment));
        lines.push(line("target_fen", "年度总额控制目标", self.target));
        lines
    }
}

impl Structure {
    /// What is published of a decided structure.
    #[must_use]
    pub fn disclosed(&self) -> Vec<DisclosureLine> {
        let mut lines = vec![line("target_fen", "年度总额控制目标", self.target)];
        for budget in &self.cares {
            lines.push(line(&format!("care_{}", budget.care), budget.care.term(), budget.amount));
            if let BudgetRegime::Pool(pool) = budget.state {
                lines.push(line(&format!("pool_{}", budget.care), "区域总额池", pool.amount));
                lines.push(line(&format!("pool_adjustment_{}", budget.care), "调剂金", pool.adjustment));
            }
        }
        lines
    }
}

impl Decomposition {
    /// What is published of a decided decomposition.
    #[must_use]
    pub fn disclosed(&self) -> Vec<DisclosureLine> {
        let mut lines = vec![line("target_fen", "年度总额控制目标", self.target)];
        lines.extend(
            self.quotas.iter().map(|quota| {
                line(&format!("quota_{}", quota.key.institution), "年度总额控制指标", quota.quota)
            }),
        );
        lines
    }
}

impl FinalAccount {
    /// What is published of a final account.
    #[must_use]
    pub fn disclosed(&self) -> Vec<DisclosureLine> {
        let mut lines = vec![
            line("income_fen", "基金收入", self.income),
            line("backstop_fen", "赤字兜底补贴", self.backstop),
        ];
        lines.extend(deduction_lines(&self.deductions));
        lines.push(line("settled_fen", "医疗机构年度清算额", self.settled));
        lines.extend(
            self.pools
                .iter()
                .map(|pool| line(&format!("settled_{}", pool.care), "区域总额池清算额", pool.settled)),
        );
        lines.push(line("primary_care_fen", "基层考核分配额", self.primary_care));
        lines.push(line("expenditure_fen", "基金支出", self.expenditure));
        lines.push(line("surplus_fen", "当期结余", self.surplus));
        lines
    }
}
