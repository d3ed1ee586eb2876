use medfund_money::{Fen, Node, Rate, Tiers};
use medfund_types::InstitutionCode;

use crate::domain::cited::Cited;
use crate::domain::deposit::year_payable;
use crate::domain::methods::Prepaid;
use crate::domain::pool::PoolShare;
use crate::domain::refusal::Refusal;

/// An institution's year as the clearing looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionYear {
    /// Its national code.
    pub code: InstitutionCode,
    /// The adjusted quota: the clearing's standard.
    pub standard: Fen,
    /// The fund's share of all bills of the year that meet the quota.
    pub cost: Fen,
    /// The payable of each month.
    pub months: Vec<Fen>,
    /// What the months have of prepaid totals.
    pub prepaid: Prepaid,
    /// What the months paid.
    pub paid: Fen,
    /// Working capital that the bank paid ahead.
    pub working_capital: Fen,
    /// More of it for a clean record.
    pub clean_record: Fen,
    /// An advance that neither working capital absorbed nor a month kept back.
    pub advance_left: Fen,
    /// Of months paid ahead, what no month set off.
    pub monthly_left: Fen,
    /// Refused, but more than the last month could bear.
    pub refusal_carried: Fen,
    /// Confirmed after the last month was settled.
    pub refusals: Vec<Refusal>,
    /// Forfeited deposits: of earlier years what the months could not bear, of this year one that was withheld.
    pub deposit_due: Fen,
    /// What missed indicators and the fourth quarter cost, each with its name.
    pub deductions: Vec<(String, Cited<Rate>)>,
    /// Instalments by the budget's progress that the bank paid ahead.
    pub instalments: Fen,
    /// Its shares of pools, by kind of care.
    pub pools: Vec<PoolShare>,
}

/// A year measured against its standard, before overspend is shared among institutions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The adjusted quota.
    pub standard: Node,
    /// The year's payable.
    pub payable: Node,
    /// What is left of the standard.
    pub surplus: Node,
    /// What the institution keeps of it.
    pub surplus_kept: Node,
    /// What the payable exceeds the standard by.
    pub overspend: Node,
    /// What the fund would bear of it with reserve enough.
    pub wanted: Node,
}

/// Measures a year against its standard.
///
/// - `surplus`: what is kept of a surplus, by bands of the standard.
/// - `overspend`: what the fund bears of an overspend, by bands of the standard.
///
/// Source: JM 四(三)4.
pub fn measure(year: &InstitutionYear, surplus: &Cited<Tiers>, overspend: &Cited<Tiers>) -> Measured {
    let standard = Node::fen("standard_fen", "年度总额控制指标（调整后）", year.standard);
    let payable = year_payable(&year.months, year.prepaid).named("payable_fen", "全年基金应支付总额");
    let zero = || Node::fen("none_fen", "零", Fen::ZERO);
    let positive = |name: &str, term: &str, first: &Node, second: &Node| {
        let difference = Node::difference(name, term, "fen", vec![first.clone(), second.clone()]);
        Node::max(name, term, "fen", vec![difference, zero()])
    };
    let left = positive("surplus_fen", "结余", &standard, &payable);
    let over = positive("overspend_fen", "超支", &payable, &standard);
    let surplus_kept =
        surplus.value.derive("surplus_kept_fen", "结余留用", &left, &standard).clause(&surplus.cite);
    let wanted = overspend
        .value
        .derive("overspend_wanted_fen", "超支应分担", &over, &standard)
        .clause(&overspend.cite);
    Measured { standard, payable, surplus: left, surplus_kept, overspend: over, wanted }
}
