//! The formulas of settlement worked by hand, clause by clause, with the rates of the Jiangmen pack.
//!
//! A comment quotes the clause, then the sum as a clerk would write it. Amounts are in fen unless yuan is said.

use medfund_money::{Fen, Rate};
use medfund_policy::{Pack, Rules};

use super::clearing::{ClearedInstitution, ClearingPlan, InstitutionYear, plan};
use super::methods::{MethodRules, Prepaid, Volume, pay};
use super::rules::{clearing, forfeited_rate, fourth_quarter};
use super::{
    Cited, PaymentTerm, Refusal, Standards, YearSoFar, advance, count_advance, deposit_base,
    deposit_forfeited, fourth_quarter_rate, settle, working_capital, year_payable,
};

fn pack() -> Pack {
    Pack::parse(include_bytes!("../../../../policies/jiangmen-2016.toml")).unwrap()
}

fn with_rules<T>(work: impl FnOnce(&Rules) -> T) -> T {
    work(pack().rules(&"employee".parse().unwrap()).unwrap())
}

fn fen(fen: i64) -> Fen {
    Fen::new(fen)
}

/// 四(三)3 “新年度总额控制指标确定前可按上年度结算的月平均额预支1至2个月”: last year 1,000,000.00 元; two months are
/// 1,000,000.00 × 2 ÷ 12 = 166,666.67 元.
///
/// “每年初按……年度总额控制指标的8%预拨周转金”: of a quota of 1,234,567.89 元, × 8 % = 98,765.4312 → 98,765.43 元. The
/// advance has paid all of it and 67,901.24 元 are left.
///
/// “8%的标准加拨一次性预拨付周转金”: the same again; 67,901.24 count, so 30,864.19 元 are ordered.
#[test]
fn jm_4_3_3_advance_working_capital_and_clean_record() {
    with_rules(|rules| {
        let prepayment = &rules.prepayment;
        let months = Cited::new(2, &prepayment.advance.as_ref().unwrap().months.cite());
        let advanced = advance(Fen::from_yuan(1_000_000), &months).amount();
        assert_eq!(advanced, fen(16_666_667));
        let capital = |rate: &Cited<Rate>| working_capital("x", "", fen(123_456_789), rate).amount();
        let first = capital(&(&prepayment.working_capital.as_ref().unwrap().rate).into());
        let more = capital(&(&prepayment.clean_record.as_ref().unwrap().rate).into());
        assert_eq!((first, more), (fen(9_876_543), fen(9_876_543)));
        let (counted, left) = count_advance(first, advanced);
        assert_eq!((counted, left), (fen(9_876_543), fen(6_790_124)));
        let (counted, left) = count_advance(more, left);
        assert_eq!((more - counted, left), (fen(3_086_419), Fen::ZERO));
    });
}

/// 四(五) “按抽查比例放大后予以拒付”: an inspection found 1,234.50 元 in 30 of 100 records, so 1,234.50 ÷ 0.3 = 4,115.00 元
/// are refused. A month worth 3,000.00 元 bears 3,000.00 and is paid nothing; the next bears the other 1,115.00.
#[test]
fn jm_4_5_what_a_month_cannot_bear_is_refused_in_the_next() {
    let month = |so_far, refusals: &[Refusal]| {
        let volume = Volume { cost: Fen::from_yuan(3_000), ..Volume::default() };
        let as_charged = PaymentTerm {
            fund_line: "employee".parse().unwrap(),
            kind_of_care: medfund_policy::KindOfCare::Inpatient,
            standards: Standards::FeeForService,
        };
        let method = pay(&[&as_charged], &volume, 1, &MethodRules::default()).unwrap().node;
        settle(method, refusals, so_far, None, 1)
    };
    let refusal = Refusal { inspection: "areas/440700/inspections/1".to_owned(), refused: fen(411_500) };
    let first = month(YearSoFar::default(), &[refusal]);
    assert_eq!((first.refused.taken.amount(), first.paid), (Fen::from_yuan(3_000), Fen::ZERO));
    let so_far = YearSoFar { refusal_carried: first.refused.carried, ..YearSoFar::default() };
    let second = month(so_far, &[]);
    assert_eq!((second.refused.taken.amount(), second.paid), (Fen::from_yuan(1_115), Fen::from_yuan(1_885)));
}

fn year(code: u32, standard_yuan: i64, payable_yuan: i64) -> InstitutionYear {
    let payable = Fen::from_yuan(payable_yuan);
    InstitutionYear {
        code: format!("H4407030000{code}").parse().unwrap(),
        standard: Fen::from_yuan(standard_yuan),
        cost: payable,
        months: vec![payable],
        prepaid: Prepaid::default(),
        paid: payable,
        working_capital: Fen::ZERO,
        clean_record: Fen::ZERO,
        advance_left: Fen::ZERO,
        monthly_left: Fen::ZERO,
        refusal_carried: Fen::ZERO,
        refusals: Vec::new(),
        deposit_due: Fen::ZERO,
        deductions: Vec::new(),
        instalments: Fen::ZERO,
        pools: Vec::new(),
    }
}

fn cleared(reserve_yuan: i64, years: &[InstitutionYear]) -> ClearingPlan {
    with_rules(|rules| plan(years, &clearing(rules), Fen::from_yuan(reserve_yuan)).unwrap())
}

fn only(plan: &ClearingPlan) -> &ClearedInstitution {
    assert_eq!(plan.institutions.len(), 1);
    &plan.institutions[0]
}

/// 四(三)4 “结余留用”: quota 1,000,000 元, payable 700,000. Down to 85 % of the quota, 150,000, all is kept; of the
/// 150,000 below that, half: 150,000 + 75,000 = 225,000. The year comes to 925,000, 75,000 go back.
#[test]
fn jm_4_3_4_a_surplus_is_kept_by_tiers() {
    let plan = cleared(0, &[year(1, 1_000_000, 700_000)]);
    let one = only(&plan);
    assert_eq!(one.measured.surplus_kept.amount(), Fen::from_yuan(225_000));
    assert_eq!(
        (one.final_amount.amount(), plan.quota_returned),
        (Fen::from_yuan(925_000), Fen::from_yuan(75_000))
    );
}

/// 四(三)4 “超支分担”: quota 1,000,000 元, payable 1,120,000. To 105 %: 50,000 × 70 % = 35,000; to 110 %: 50,000 × 50 % =
/// 25,000; above it nothing. The fund bears 60,000, the hospital the other 60,000: the year comes to 1,060,000.
///
/// 四(二)1 “用于……年度结算超支情况下的补偿”: with only 45,000 in the reserve, shared with a second hospital whose
/// 1,030,000 would cost the fund 30,000 × 70 % = 21,000: 45,000 × 60 ÷ 81 = 33,333.33 and 45,000 × 21 ÷ 81 = 11,666.67.
#[test]
fn jm_4_3_4_overspend_is_shared_by_tiers_within_the_reserve() {
    let plan = cleared(1_000_000, &[year(1, 1_000_000, 1_120_000)]);
    let one = only(&plan);
    assert_eq!(one.overspend_fund.amount(), Fen::from_yuan(60_000));
    assert_eq!(one.overspend_borne.amount(), Fen::from_yuan(60_000));
    assert_eq!(one.final_amount.amount(), Fen::from_yuan(1_060_000));

    let plan = cleared(45_000, &[year(1, 1_000_000, 1_120_000), year(2, 1_000_000, 1_030_000)]);
    let borne: Vec<Fen> = plan.institutions.iter().map(|one| one.overspend_fund.amount()).collect();
    assert_eq!(borne, [fen(3_333_333), fen(1_166_667)]);
    assert_eq!((plan.reserve_used, plan.reserve_returned), (Fen::from_yuan(45_000), Fen::ZERO));
}

/// 四(六) “第四季度的就诊人次不得超出或低于前三季度均数的15%”: 300, 270 and 330 give a mean of 300, so 255 to 345 are
/// within. 346 costs the pack's rate.
///
/// 四(四) “扣减金额在年度清算时一并扣减”: with 1 % for it, of a payable of 900,000 元: 9,000. Of the quota of 900,000 nothing is
/// left over, so the year comes to 891,000.
#[test]
fn jm_4_6_an_uneven_fourth_quarter_and_jm_4_4_its_deduction() {
    with_rules(|rules| {
        let (rule, _) = fourth_quarter(rules).unwrap();
        let rate = |visits| fourth_quarter_rate([300, 270, 330, visits], &rule).to_string();
        assert_eq!([rate(345), rate(346), rate(255), rate(254)], ["0", "0.01", "0", "0.01"]);
    });
    let mut uneven = year(1, 900_000, 900_000);
    let rate = Cited::new("0.01".parse().unwrap(), "四(六)");
    uneven.deductions = vec![("fourth_quarter".to_owned(), rate)];
    let plan = cleared(0, &[uneven]);
    assert_eq!(only(&plan).deductions.amount(), Fen::from_yuan(9_000));
    assert_eq!(only(&plan).final_amount.amount(), Fen::from_yuan(891_000));
}

/// 四(五) at the clearing: 20,000 元 that December could not bear and 4,115 confirmed after it are deducted:
/// 900,000 − 24,115 = 875,885. 四(三)3 and 4: 80,000 of working capital and 790,000 by the months were paid, so 5,885
/// remain; 3,000 of a deposit forfeited for the year before are taken of them, and the bank is told 2,885.
#[test]
fn jm_4_5_and_4_3_3_what_no_month_settled_comes_to_the_clearing() {
    let mut left = year(1, 900_000, 900_000);
    left.refusal_carried = Fen::from_yuan(20_000);
    left.refusals =
        vec![Refusal { inspection: "areas/440700/inspections/2".to_owned(), refused: Fen::from_yuan(4_115) }];
    (left.working_capital, left.paid) = (Fen::from_yuan(80_000), Fen::from_yuan(790_000));
    left.deposit_due = Fen::from_yuan(3_000);
    let plan = cleared(0, &[left]);
    let one = only(&plan);
    assert_eq!(one.deductions.amount(), Fen::from_yuan(24_115));
    assert_eq!(one.final_amount.amount(), Fen::from_yuan(875_885));
    assert_eq!((one.payment.amount(), one.order.amount()), (Fen::from_yuan(5_885), Fen::from_yuan(2_885)));
}

/// 四(三)3 “责任保证金按……全年基金应支付总额5%计算”: twelve months of 102,880.58 元 are 1,234,566.96; × 5 % = 61,728.348 →
/// 61,728.35. “与……分级评审结果挂钩”: A forfeits nothing, B 20 % = 12,345.67, C 50 % = 30,864.175 → 30,864.18, D all.
#[test]
fn jm_4_3_3_deposit_and_grades() {
    with_rules(|rules| {
        let deposit = rules.deposit.as_ref().unwrap();
        let base = deposit_base(
            year_payable(&[fen(10_288_058); 12], Prepaid::default()),
            &(&deposit.base_rate).into(),
        );
        assert_eq!(base.amount(), fen(6_172_835));
        let forfeited = ["a", "b", "c", "d"].map(|grade| {
            let rate = forfeited_rate(deposit, grade).unwrap();
            deposit_forfeited(base.clone(), &rate).amount()
        });
        assert_eq!(forfeited, [Fen::ZERO, fen(1_234_567), fen(3_086_418), fen(6_172_835)]);
    });
}
