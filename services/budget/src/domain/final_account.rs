use chrono::NaiveDate;
use medfund_money::{Exact, Fen, Node};
use medfund_policy::KindOfCare;
use medfund_types::{District, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::budget::{SurplusHealth, SurplusRange, surplus_health, surplus_rate};
use super::key::BudgetKey;
use super::target::Deduction;

/// The final account (决算) of a fund line in a district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalAccount {
    /// The fund year, fund line and district.
    pub key: BudgetKey,
    /// The income with any back-stop subsidy.
    pub income: Fen,
    /// The district's deficit back-stop subsidy (赤字兜底补贴).
    pub backstop: Fen,
    /// What was spent beside total control, in the pack's order.
    pub deductions: Vec<Deduction>,
    /// What the institutions received for the year.
    pub settled: Fen,
    /// What was allotted to the district for primary care.
    pub primary_care: Fen,
    /// All that was spent.
    pub expenditure: Fen,
    /// Income less expenditure.
    pub surplus: Fen,
    /// The surplus rate.
    pub surplus_rate: Exact,
    /// How it stands to the healthy range.
    pub surplus_health: SurplusHealth,
    /// The institutions' final indicators (决算指标), by code.
    pub institutions: Vec<InstitutionFinal>,
    /// The pools, in the pack's order.
    pub pools: Vec<PoolFinal>,
    /// The business date.
    pub close_date: NaiveDate,
}

/// One institution's final indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionFinal {
    /// The institution.
    pub institution: InstitutionCode,
    /// Its quota after adjustments.
    pub adjusted_quota: Fen,
    /// The sum of the year's payable.
    pub payable: Fen,
    /// What it receives for the year.
    pub settled: Fen,
    /// What of it are its shares of pools.
    #[serde(default)]
    pub pooled: Fen,
}

/// One pool's final account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolFinal {
    /// The kind of care.
    pub care: KindOfCare,
    /// What the months and the clearing had to share.
    pub amount: Fen,
    /// What was kept to adjust it.
    pub adjustment: Fen,
    /// What the institutions received of both.
    pub settled: Fen,
}

/// What is closed.
#[derive(Clone, Debug)]
pub struct YearFigures {
    /// The income with any back-stop subsidy.
    pub income: Fen,
    /// The back-stop subsidy.
    pub backstop: Fen,
    /// Part of the income that is left out of the surplus rate.
    pub risk_fund: Fen,
    /// What was spent beside total control, in the pack's order.
    pub deductions: Vec<Deduction>,
    /// What the institutions received for the year.
    pub settled: Fen,
    /// What was allotted for primary care.
    pub primary_care: Fen,
    /// The institutions' final indicators.
    pub institutions: Vec<InstitutionFinal>,
    /// The pools.
    pub pools: Vec<PoolFinal>,
}

/// Why a final account is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FinalAccountError {
    /// It is not closed.
    #[error("the final account {0} is not closed")]
    NotFound(BudgetKey),
    /// It is closed.
    #[error("the final account {0} is closed already")]
    Exists(BudgetKey),
    /// The clearing is not approved.
    #[error("the clearing of {0} is not approved")]
    ClearingNotApproved(District),
    /// The reserve for primary care was not allotted.
    #[error("the reserve for primary care was not allotted")]
    PrimaryCareNotAllotted,
}

impl FinalAccount {
    /// Adds up a year and rates its surplus.
    ///
    /// Source: LC 三(三), PZH 二(一), JM 四(二)1, 五(一)3.
    #[must_use]
    pub fn close(
        key: BudgetKey,
        figures: YearFigures,
        range: Option<&SurplusRange>,
        close_date: NaiveDate,
    ) -> (Self, Node) {
        let tree = tree(&figures);
        let expenditure = tree.find("expenditure_fen").expect("the tree subtracts the expenditure").amount();
        let rate = surplus_rate(figures.income, expenditure, figures.risk_fund);
        let account = Self {
            key,
            income: figures.income,
            backstop: figures.backstop,
            deductions: figures.deductions,
            settled: figures.settled,
            primary_care: figures.primary_care,
            expenditure,
            surplus: tree.amount(),
            surplus_health: surplus_health(&rate, range),
            surplus_rate: rate,
            institutions: figures.institutions,
            pools: figures.pools,
            close_date,
        };
        (account, tree)
    }
}

fn tree(figures: &YearFigures) -> Node {
    let mut spent: Vec<Node> = figures
        .deductions
        .iter()
        .map(|deduction| Node::fen(&deduction.id, "总额控制外支出", deduction.amount))
        .collect();
    spent.push(Node::fen("settled_fen", "医疗机构年度清算额", figures.settled));
    spent.push(Node::fen("primary_care_fen", "基层考核分配额", figures.primary_care));
    Node::difference(
        "surplus_fen",
        "当期结余",
        "fen",
        vec![
            Node::fen("income_fen", "基金收入", figures.income),
            Node::sum("expenditure_fen", "基金支出", "fen", spent),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_added_up_and_its_surplus_rated() {
        let figures = YearFigures {
            income: Fen::new(1_000),
            backstop: Fen::ZERO,
            risk_fund: Fen::new(20),
            deductions: vec![Deduction { id: "other".to_owned(), amount: Fen::new(100) }],
            settled: Fen::new(700),
            primary_care: Fen::new(50),
            institutions: vec![],
            pools: vec![],
        };
        let range = SurplusRange { target: "0.10".parse().unwrap(), tolerance: "0.03".parse().unwrap() };
        let key = BudgetKey::from_id("440700".parse().unwrap(), "2017-employee-440703").unwrap();
        let (account, tree) = FinalAccount::close(key, figures, Some(&range), NaiveDate::MIN);
        assert_eq!((account.expenditure, account.surplus), (Fen::new(850), Fen::new(150)));
        assert_eq!(account.surplus_rate.to_string(), "0.13");
        assert_eq!(account.surplus_health, SurplusHealth::Healthy);
        assert_eq!(tree.re_evaluate().unwrap(), account.surplus.into());
    }
}
