//! How far payment by DRG reaches (覆盖进度), and what each payment method pays.

use std::collections::BTreeMap;

use medfund_money::{Exact, Fen, Node, Rate};
use medfund_policy::{KindOfCare, PaymentMethod, Rules};
use medfund_tariff::GroupCode;
use medfund_tariff::indicators::{DECIMALS, Target, coverage};
use medfund_types::{FundLine, FundYear, InstitutionCode};

use super::cited::Cited;
use super::methods::{has_points, has_rate, paying_method};
use super::terms::{PaymentTerm, terms_of};

/// Bills that are alike, of one institution in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikeBills {
    /// The institution.
    pub institution: InstitutionCode,
    /// The fund line.
    pub fund_line: FundLine,
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// The principal diagnosis.
    pub disease: String,
    /// The group; `None`: they were not grouped, or are in none.
    pub group: Option<GroupCode>,
    /// How many there are.
    pub n_bills: i64,
    /// The fund's share charged.
    pub fund: Fen,
}

/// What the bills of a fund year add up to by who pays them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearOfBills {
    /// Institutions with inpatients, each with whether a DRG method pays any of them.
    institutions: BTreeMap<InstitutionCode, bool>,
    /// Groups of the inpatients of institutions that are paid by DRG, each with whether DRG pays any of its cases.
    groups: BTreeMap<GroupCode, bool>,
    /// Inpatients of those institutions, and those of them in a group.
    n_cases: i64,
    n_grouped: i64,
    /// The fund's share of all inpatients, and of those that DRG pays by a weight.
    inpatient: Fen,
    by_drg: Fen,
    /// The fund's share of all care by method.
    by_method: BTreeMap<PaymentMethod, Fen>,
}

/// A share beside what it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its id, as the pack calls it.
    pub id: &'static str,
    /// What is covered, and all that could be.
    pub part: Exact,
    /// All that could be covered.
    pub whole: Exact,
    /// Their share as a tree; `None` where there is nothing to cover.
    pub share: Option<Node>,
    /// The least share that the year asks for.
    pub least: Option<Cited<Rate>>,
    /// Whether it is reached, by the exact share; `None` where nothing is asked for.
    pub is_reached: Option<bool>,
}

/// What a method pays of all care (付费方式占比).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodShare {
    /// The method.
    pub method: PaymentMethod,
    /// The fund's share charged.
    pub fund: Fen,
    /// Its share of all methods', rounded.
    pub share: Exact,
}

/// The series by their ids in a pack, with their terms.
const SERIES: [(&str, &str); 4] = [
    ("institutions", "医疗机构覆盖"),
    ("diseases", "病种覆盖"),
    ("fund", "医保基金覆盖"),
    ("entry_rate", "入组率"),
];

impl YearOfBills {
    /// Adds bills that are alike.
    ///
    /// - `terms`: of their institution's agreement in their month.
    /// - `is_weighed`: whether the tariff weighs their group.
    pub fn add(&mut self, bills: LikeBills, terms: &[PaymentTerm], is_weighed: bool) {
        let own = terms_of(terms, &bills.fund_line, bills.kind_of_care);
        let method = paying_method(&own, &bills.disease);
        *self.by_method.entry(method).or_default() += bills.fund;
        if bills.kind_of_care != KindOfCare::Inpatient {
            return;
        }
        let has_drg = has_points(&own) || has_rate(&own);
        *self.institutions.entry(bills.institution).or_default() |= has_drg;
        self.inpatient += bills.fund;
        if !has_drg {
            return;
        }
        self.n_cases += bills.n_bills;
        let is_paid = is_weighed && matches!(method, PaymentMethod::DrgPoints | PaymentMethod::DrgRate);
        if is_paid {
            self.by_drg += bills.fund;
        }
        if let Some(group) = bills.group {
            self.n_grouped += bills.n_bills;
            *self.groups.entry(group).or_default() |= is_paid;
        }
    }

    /// How far payment by DRG reaches, beside what the year asks for (覆盖进度).
    ///
    /// - institutions: of those that had inpatients, those whose agreement pays inpatients by DRG;
    /// - diseases: of the groups that those institutions had cases in, those whose cases a weight pays;
    /// - fund: of the fund's share of all inpatients, that of the cases which a weight pays;
    /// - `entry_rate`: of the inpatients of institutions paid by DRG, those in a group.
    ///
    /// Source: CX 二(二) (每年进度分别不低于……; 鼓励入组率达到90%以上).
    #[must_use]
    pub fn coverage(&self, least: &BTreeMap<String, Cited<Rate>>) -> Vec<Series> {
        let pairs = [
            marked(self.institutions.values()),
            marked(self.groups.values()),
            [self.by_drg, self.inpatient].map(Exact::from),
            [self.n_grouped, self.n_cases].map(Exact::from),
        ];
        let series = |((id, term), [part, whole]): ((&'static str, &str), [Exact; 2])| {
            let least = least.get(id).cloned();
            let reached =
                |least: &Cited<Rate>| coverage(part.clone(), whole.clone(), Target(least.value)).is_reached;
            let unit = if id == "fund" { "fen" } else { "count" };
            let node = |name: &str, term: &str, value: &Exact| Node::given(name, term, unit, value.clone());
            let share = || {
                let (part, whole) = (node("covered", "已覆盖", &part), node("all", "全部", &whole));
                let share = Node::quotient(&format!("coverage/{id}"), term, "rate", part, whole, DECIMALS);
                share.clause(least.as_ref().map_or("", |least| &least.cite))
            };
            let is_reached = least.as_ref().map(reached);
            Series { id, share: (!whole.is_zero()).then(share), is_reached, least, part, whole }
        };
        SERIES.into_iter().zip(pairs).map(series).collect()
    }

    /// What each method pays of all care, the dearest first.
    #[must_use]
    pub fn methods(&self) -> Vec<MethodShare> {
        let all: Fen = self.by_method.values().copied().sum();
        let share = |fund: Fen| {
            if all == Fen::ZERO {
                Exact::zero()
            } else {
                Exact::from(fund).div_half_up(&all.into(), DECIMALS)
            }
        };
        let of = |(method, fund): (&PaymentMethod, &Fen)| MethodShare {
            method: *method,
            fund: *fund,
            share: share(*fund),
        };
        let mut shares: Vec<MethodShare> = self.by_method.iter().map(of).collect();
        shares.sort_by_key(|one| std::cmp::Reverse(one.fund));
        shares
    }

    /// Whether fee for service pays a smaller share of all care than in another year (按项目付费占比明显下降); `None` if one of
    /// them has no bills.
    ///
    /// Source: CX 一(三), 附件5; PZH 四(三)4.
    #[must_use]
    pub fn has_less_fee_for_service(&self, before: &Self) -> Option<bool> {
        let pair = |year: &Self| {
            let own = year.by_method.get(&PaymentMethod::FeeForService).copied().unwrap_or_default();
            (Exact::from(own), Exact::from(year.by_method.values().copied().sum::<Fen>()))
        };
        let ((now, all_now), (then, all_then)) = (pair(self), pair(before));
        (!all_now.is_zero() && !all_then.is_zero()).then(|| now * all_then < then * all_now)
    }
}

/// How many are marked, and how many there are.
fn marked<'m>(marks: impl ExactSizeIterator<Item = &'m bool>) -> [Exact; 2] {
    let n_all = marks.len();
    let n_marked = marks.filter(|is_marked| **is_marked).count();
    [n_marked, n_all].map(|n| Exact::from(i64::try_from(n).expect("a length fits 63 bits")))
}

/// What a year asks for of each series, by its id: the pack's steps, and its least entry rate.
#[must_use]
pub fn least_coverage(rules: &Rules, fund_year: FundYear) -> BTreeMap<String, Cited<Rate>> {
    let steps = rules.pool.iter().filter_map(|pool| pool.coverage.as_ref()).flat_map(|all| all.iter());
    let mut all: BTreeMap<String, Cited<Rate>> = steps
        .filter_map(|(id, series)| {
            let least = Rate::try_from(series.least(fund_year.get())?).expect("a share of a whole");
            Some((id.to_string(), Cited::new(least, &series.by_year.cite())))
        })
        .collect();
    let limit = rules.indicators.named("entry_rate").and_then(|one| one.limit.as_ref());
    let entry =
        limit.and_then(|limit| Some(Cited::new(Rate::try_from(limit.get().get()).ok()?, &limit.cite())));
    all.extend(entry.map(|entry| ("entry_rate".to_owned(), entry)));
    all
}

#[cfg(test)]
mod tests {
    use medfund_policy::Pack;

    use super::*;
    use crate::domain::terms::{DiseaseStandard, Standards};

    fn least(fund_year: i32) -> BTreeMap<String, Cited<Rate>> {
        let pack = Pack::parse(include_bytes!("../../../../policies/chuxiong-2022.toml")).unwrap();
        least_coverage(pack.rules(&"employee".parse().unwrap()).unwrap(), fund_year.try_into().unwrap())
    }

    fn term(standards: Standards) -> PaymentTerm {
        PaymentTerm { fund_line: "employee".parse().unwrap(), kind_of_care: KindOfCare::Inpatient, standards }
    }

    fn rated() -> Vec<PaymentTerm> {
        let listed = DiseaseStandard {
            disease_code: "K35".into(),
            standard: Fen::from_yuan(6_000),
            covers_whole_stay: false,
            tcm_advantage: false,
        };
        vec![
            term(Standards::ByDisease { diseases: vec![listed] }),
            term(Standards::DrgRate { rate: Fen::new(1) }),
        ]
    }

    fn inpatients(at: usize, disease: &str, group: &str, n_bills: i64, yuan: i64) -> LikeBills {
        LikeBills {
            institution: format!("H532301{at:05}").parse().unwrap(),
            fund_line: "employee".parse().unwrap(),
            kind_of_care: KindOfCare::Inpatient,
            disease: disease.to_owned(),
            group: group.parse().ok(),
            n_bills,
            fund: Fen::from_yuan(yuan),
        }
    }

    /// Five hospitals; the first two are paid by a rate, and appendicitis by a list. They have 200 cases in four groups:
    /// FR15 and ES15 are weighed, AH19 is reviewed, GD25 is paid by the list; 15 cases are in no group.
    fn year() -> YearOfBills {
        let mut year = YearOfBills::default();
        for (bills, is_weighed) in [
            (inpatients(1, "I21", "FR15", 100, 600_000), true),
            (inpatients(1, "K35", "GD25", 20, 120_000), true),
            (inpatients(2, "J18", "ES15", 60, 150_000), true),
            (inpatients(2, "Z94", "AH19", 5, 80_000), false),
            (inpatients(2, "R69", "", 15, 50_000), false),
        ] {
            year.add(bills, &rated(), is_weighed);
        }
        for at in 3..=5 {
            year.add(inpatients(at, "J18", "ES15", 40, 200_000), &[term(Standards::FeeForService)], true);
        }
        year
    }

    fn of<'s>(series: &'s [Series], id: &str) -> (&'s Series, String) {
        let one = series.iter().find(|one| one.id == id).unwrap();
        let share = one.share.as_ref().unwrap();
        assert!(share.re_evaluate().is_ok());
        (one, share.value.to_string())
    }

    /// CX 二(二) “医疗机构全覆盖，每年进度分别不低于40%、30%、30%”: 2 of 5 hospitals are 0.40 and reach 2022; 2023 asks for 0.70.
    #[test]
    fn cx_2_2_two_hospitals_of_five_reach_the_first_year_and_not_the_second() {
        let series = year().coverage(&least(2022));
        let (institutions, share) = of(&series, "institutions");
        assert_eq!((share.as_str(), institutions.is_reached), ("0.4", Some(true)));
        assert_eq!(institutions.share.as_ref().unwrap().clause, "CX 二(二)");
        let asked = [2022, 2023, 2024].map(|fund_year| least(fund_year)["institutions"].value.to_string());
        assert_eq!(asked, ["0.40", "0.70", "1.00"]);
        assert_eq!(of(&year().coverage(&least(2023)), "institutions").0.is_reached, Some(false));
    }

    /// CX 二(二) “病种全覆盖（原则上达到90%），每年进度分别不低于70%、80%、90%”: a weight pays 2 of the 4 groups that the two hospitals
    /// have cases in; the list pays the third, the fourth is reviewed.
    #[test]
    fn cx_2_2_a_disease_is_covered_when_a_weight_pays_it() {
        let series = year().coverage(&least(2022));
        let (diseases, share) = of(&series, "diseases");
        assert_eq!((share.as_str(), diseases.is_reached), ("0.5", Some(false)));
        assert_eq!(diseases.least.as_ref().unwrap().value.to_string(), "0.70");
    }

    /// CX 二(二) “DRG付费医保基金支出占住院统筹医保基金支出……不低于30%、50%、70%”: 750,000.00 of 1,600,000.00 元 are 0.46875, enough for
    /// 2022 and not for 2023.
    #[test]
    fn cx_2_2_the_fund_is_covered_by_what_weights_pay_of_all_inpatients() {
        let series = year().coverage(&least(2022));
        let (fund, share) = of(&series, "fund");
        assert_eq!((share.as_str(), fund.is_reached), ("0.4688", Some(true)));
        assert_eq!(of(&year().coverage(&least(2023)), "fund").0.is_reached, Some(false));
    }

    /// CX 二(二) “鼓励入组率达到90%以上”: 185 of 200 cases are 0.925.
    #[test]
    fn cx_2_2_the_entry_rate_is_of_the_hospitals_paid_by_drg() {
        let series = year().coverage(&least(2022));
        let (entry, share) = of(&series, "entry_rate");
        assert_eq!((share.as_str(), entry.is_reached), ("0.925", Some(true)));
    }

    /// CX 一(三) “按项目付费占比明显下降”: 600,000.00 of 1,600,000.00 元 are paid as charged, 0.375; all of it the year before.
    #[test]
    fn cx_1_3_fee_for_service_pays_less_than_the_year_before() {
        let shares: Vec<(PaymentMethod, String)> =
            year().methods().iter().map(|one| (one.method, one.share.to_string())).collect();
        let expected = [
            (PaymentMethod::DrgRate, "0.55"),
            (PaymentMethod::FeeForService, "0.375"),
            (PaymentMethod::ByDisease, "0.075"),
        ];
        assert_eq!(shares, expected.map(|(method, share)| (method, share.to_owned())));
        let mut before = YearOfBills::default();
        before.add(inpatients(1, "J18", "ES15", 1, 1_000), &[], true);
        assert_eq!(year().has_less_fee_for_service(&before), Some(true));
        assert_eq!(before.has_less_fee_for_service(&year()), Some(false));
        assert_eq!(year().has_less_fee_for_service(&YearOfBills::default()), None);
    }

    #[test]
    fn a_year_without_inpatients_covers_nothing_and_reaches_nothing() {
        let series = YearOfBills::default().coverage(&least(2022));
        assert!(series.iter().all(|one| one.share.is_none() && one.is_reached == Some(false)));
        assert_eq!(year().coverage(&BTreeMap::new())[0].is_reached, None);
    }
}
