//! Draws a year of bills.

use chrono::{Days, NaiveDate};
use medfund_policy::KindOfCare;
use medfund_types::{FundLine, InstitutionCode, SettlementMonth};

use super::diseases::{COMPANIONS, Disease, OUTPATIENT};
use super::draw::{Draw, per_mille, scaled};
use super::generate::SEASON;
use super::kinds::Kind;
use super::people;
use super::region::{CarePlan, Institution, Region};

/// One inpatient in so many was referred.
const REFERRED_ONE_IN: usize = 40;

/// A bill by the field names of the national settlement list (医保基金结算清单), amounts in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the national list, in its words")]
pub struct SampleBill {
    pub setl_id: String,
    pub mdtrt_id: String,
    pub psn_no: String,
    pub insutype: String,
    pub med_type: String,
    pub fixmedins_code: InstitutionCode,
    pub begndate: NaiveDate,
    pub enddate: NaiveDate,
    pub setl_date: NaiveDate,
    pub ipt_days: i64,
    pub dise_codg: &'static str,
    pub dise_name: &'static str,
    pub oprn_oprt_code: &'static str,
    pub medfee_sumamt_fen: i64,
    pub fulamt_ownpay_amt_fen: i64,
    pub inscp_scp_amt_fen: i64,
    pub hifp_pay_fen: i64,
    pub acct_pay_fen: i64,
    pub psn_cash_pay_fen: i64,
    /// The institution that referred the patient.
    pub reflout_medins_no: Option<InstitutionCode>,
    /// Who the patient of a case is that points pay.
    pub patient: Option<Patient>,
    /// The fund share that should not have been charged; 0 for an honest bill. No part of an upload.
    pub violating_fen: i64,
    /// The kind of violation by its place among the pack's. No part of an upload.
    pub violation: usize,
}

/// What a case's group depends on beside its diagnosis and operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// Whether the patient is a woman.
    pub is_female: bool,
    /// In whole years.
    pub age: i32,
    /// Other diagnoses, ICD-10 医保版.
    pub companions: Vec<&'static str>,
    /// How the patient left (离院方式), national code.
    pub dscg_way: &'static str,
}

impl SampleBill {
    /// The month it belongs to.
    #[must_use]
    pub fn month(&self) -> SettlementMonth {
        SettlementMonth::of(self.setl_date)
    }
}

impl Region {
    /// The year's bills of an institution for a fund line, in the order of their settlement.
    #[must_use]
    pub fn bills(&self, institution: &InstitutionCode, line: &FundLine) -> Vec<SampleBill> {
        let Some(owner) = self.institutions.iter().find(|i| i.code == *institution) else {
            return Vec::new();
        };
        let plans = self.care.iter().filter(|c| c.institution == *institution && c.fund_line == *line);
        numbered(plans.flat_map(|plan| Drawing::new(self, plan, owner).bills()).collect())
    }

    /// `n_bills` of one month, divided among the institutions as their care is; none of them is a violation.
    ///
    /// - Gives each institution's bills when they are asked for, by fund line and in the order of their settlement.
    pub fn month(
        &self,
        month: SettlementMonth,
        n_bills: i64,
    ) -> impl Iterator<Item = (InstitutionCode, Vec<SampleBill>)> {
        let plans = self.plans_of_month(n_bills);
        self.institutions.iter().map(move |owner| {
            let draw = |plan: &CarePlan| {
                let mut drawing = Drawing::new(self, plan, owner);
                drawing.season =
                    std::array::from_fn(|i| i64::from(u32::try_from(i + 1) == Ok(month.month())));
                drawing.bills()
            };
            let own: Vec<&CarePlan> = plans.iter().filter(|plan| plan.institution == owner.code).collect();
            let of_lines = own.chunk_by(|one, next| one.fund_line == next.fund_line);
            let bills = of_lines.flat_map(|plans| numbered(plans.iter().copied().flat_map(draw).collect()));
            (owner.code.clone(), bills.collect())
        })
    }

    /// What each institution does in a month that has `n_bills`.
    fn plans_of_month(&self, n_bills: i64) -> Vec<CarePlan> {
        let care = |plan: &CarePlan| plan.n_admissions + plan.n_visits;
        let whole: i64 = self.care.iter().map(care).sum();
        let mut passed = 0;
        let of_month = |plan: &CarePlan| {
            let before = scaled(n_bills, passed, whole);
            passed += care(plan);
            let n_here = scaled(n_bills, passed, whole) - before;
            let n_admissions = scaled(plan.n_admissions, n_here, care(plan));
            CarePlan {
                n_admissions,
                n_visits: n_here - n_admissions,
                cost_fen: scaled(plan.cost_fen, n_admissions, plan.n_admissions),
                violates: None,
                by_quarter: None,
                ..plan.clone()
            }
        };
        self.care.iter().map(of_month).collect()
    }
}

struct Drawing<'a> {
    draw: Draw,
    region: &'a Region,
    plan: &'a CarePlan,
    owner: &'a Institution,
    diseases: &'static [Disease],
    weights: Vec<i64>,
    season: [i64; 12],
    mean_days: i64,
}

impl<'a> Drawing<'a> {
    fn new(region: &'a Region, plan: &'a CarePlan, owner: &'a Institution) -> Self {
        let kind = Kind::of(&owner.name);
        let diseases = kind.diseases(plan.care);
        let mut season = SEASON;
        season[plan.last_month..].fill(0);
        let mut part = format!("bills/{}/{}", plan.institution, plan.fund_line);
        if plan.care != KindOfCare::Inpatient {
            part = format!("{part}/{}", plan.care);
        }
        Self {
            draw: Draw::new(region.seed, &part),
            region,
            plan,
            owner,
            diseases,
            weights: diseases.iter().map(|d| d.weight).collect(),
            season,
            mean_days: kind.mean_days,
        }
    }

    /// All that the plan has.
    fn bills(mut self) -> Vec<SampleBill> {
        let plan = self.plan;
        let mut bills: Vec<SampleBill> = (0..plan.n_admissions).map(|n| self.admission(n)).collect();
        fit(&mut bills, plan);
        if plan.pooled {
            self.admit_patients(&mut bills);
        }
        if plan.care == KindOfCare::Inpatient && !self.owner.primary {
            self.refer_patients(&mut bills);
        }
        if plan.violates.is_some() {
            self.violate(&mut bills);
        }
        bills.extend((0..plan.n_visits).map(|_| self.visit()));
        bills
    }

    /// Says of one patient in so many that a primary institution of the district referred them.
    fn refer_patients(&self, bills: &mut [SampleBill]) {
        let is_of_district = |one: &&Institution| one.primary && one.district == self.owner.district;
        let Some(team) = self.region.institutions.iter().find(is_of_district) else { return };
        if self.region.shares_referrals {
            for bill in bills.iter_mut().step_by(REFERRED_ONE_IN) {
                bill.reflout_medins_no = Some(team.code.clone());
            }
        }
    }

    /// Says of each case who the patient is; a stream of its own, so that the bills stay as they are without it.
    fn admit_patients(&self, bills: &mut [SampleBill]) {
        let mut draw = Draw::new(
            self.region.seed,
            &format!("patients/{}/{}", self.plan.institution, self.plan.fund_line),
        );
        for bill in bills {
            bill.patient = Some(patient(&mut draw, bill.dise_codg));
        }
    }

    fn person(&mut self) -> String {
        let k = self.draw.between(1, self.plan.n_persons);
        people::number(self.region.seed, &self.owner.district, &self.plan.fund_line, k)
    }

    /// The month of the `n`-th admission: where inspectors find the first, in the quarters as planned.
    fn admission_month(&mut self, n: i64) -> SettlementMonth {
        let mut season = self.season;
        match (self.plan.violates, self.plan.by_quarter) {
            (Some(month), _) if n == 0 => return month,
            (_, Some((first, _))) if n < first => season[9..].fill(0),
            (_, Some(_)) => season[..9].fill(0),
            (_, None) => {}
        }
        self.month(&season)
    }

    fn month(&mut self, season: &[i64; 12]) -> SettlementMonth {
        let month = u32::try_from(self.draw.by_weight(season) + 1).expect("a month");
        SettlementMonth::from_ym(self.region.fund_year.get(), month).expect("a month of a fund year")
    }

    fn day_of(&mut self, month: SettlementMonth) -> NaiveDate {
        let last = i64::from(chrono::Datelike::day(&month.last_day()));
        month.first_day() + Days::new(self.draw.between(0, last - 1).unsigned_abs())
    }

    /// A bill that meets the quota, its cost right beside the others of its institution; [`fit`] gives it its size.
    fn admission(&mut self, n: i64) -> SampleBill {
        let place = self.draw.by_weight(&self.weights);
        let disease = &self.diseases[place];
        let usual = per_mille(disease.days_per_mille * self.mean_days, 400 + self.draw.around_one() * 3 / 5);
        let is_inpatient = self.plan.care == KindOfCare::Inpatient;
        let days = ((usual + 500) / 1_000).max(i64::from(is_inpatient));
        let mut relative = per_mille(disease.cost_per_mille, 350 + self.draw.around_one() * 13 / 20);
        if self.draw.happens(15) {
            relative *= self.draw.between(3, 7);
        }
        let month = self.admission_month(n);
        let setl_date = self.day_of(month);
        let own_per_mille = self.draw.between(30, 160);
        let acct_per_mille = self.draw.between(0, 300);
        self.bill(Drawn {
            med_type: self.plan.med_type.clone(),
            setl_date,
            days,
            disease: (disease.code, disease.name, disease.operation),
            medfee_fen: relative * 1_000,
            parts: (own_per_mille, acct_per_mille),
        })
    }

    /// An outpatient bill, paid beside the quota.
    fn visit(&mut self) -> SampleBill {
        let (code, name) = OUTPATIENT[self.draw.place(OUTPATIENT.len())];
        let place = self.draw.place(self.region.outpatient_med_types.len());
        let season = self.season;
        let month = self.month(&season);
        let setl_date = self.day_of(month);
        let medfee_fen = self.draw.between(4_500, 42_000);
        let parts = (self.draw.between(0, 100), self.draw.between(200, 900));
        self.bill(Drawn {
            med_type: self.region.outpatient_med_types[place].clone(),
            setl_date,
            days: 0,
            disease: (code, name, ""),
            medfee_fen,
            parts,
        })
    }

    fn bill(&mut self, drawn: Drawn) -> SampleBill {
        let (own_per_mille, acct_per_mille) = drawn.parts;
        let mut bill = SampleBill {
            setl_id: String::new(),
            mdtrt_id: String::new(),
            psn_no: self.person(),
            insutype: self.plan.insutype.clone(),
            med_type: drawn.med_type,
            fixmedins_code: self.plan.institution.clone(),
            begndate: drawn.setl_date - Days::new(drawn.days.unsigned_abs()),
            enddate: drawn.setl_date,
            setl_date: drawn.setl_date,
            ipt_days: drawn.days,
            dise_codg: drawn.disease.0,
            dise_name: drawn.disease.1,
            oprn_oprt_code: drawn.disease.2,
            medfee_sumamt_fen: 0,
            fulamt_ownpay_amt_fen: own_per_mille,
            inscp_scp_amt_fen: 0,
            hifp_pay_fen: 0,
            acct_pay_fen: acct_per_mille,
            psn_cash_pay_fen: 0,
            reflout_medins_no: None,
            patient: None,
            violating_fen: 0,
            violation: 0,
        };
        split(&mut bill, drawn.medfee_fen, self.plan.fund_share_per_mille, (own_per_mille, acct_per_mille));
        bill
    }

    /// Plants what an inspection looks for: repeated charges, and stays split in two.
    fn violate(&mut self, bills: &mut Vec<SampleBill>) {
        let mut halves = Vec::new();
        for (i, bill) in bills.iter_mut().enumerate() {
            if i == 0 || self.draw.happens(60) {
                let extra = per_mille(bill.hifp_pay_fen, self.draw.between(80, 250));
                bill.medfee_sumamt_fen += extra;
                bill.inscp_scp_amt_fen += extra;
                bill.hifp_pay_fen += extra;
                bill.violating_fen = extra;
                bill.violation = self.region.violation_kinds.len() / 2;
            } else if bill.ipt_days >= 8 && self.draw.happens(40) {
                halves.push(split_stay(bill));
            }
        }
        bills.extend(halves);
    }
}

/// The bills of a fund line in the order of their settlement, each with an id of its own.
fn numbered(mut bills: Vec<SampleBill>) -> Vec<SampleBill> {
    bills.sort_by(|a, b| {
        (a.setl_date, &a.psn_no, a.medfee_sumamt_fen).cmp(&(b.setl_date, &b.psn_no, b.medfee_sumamt_fen))
    });
    for (i, bill) in bills.iter_mut().enumerate() {
        bill.setl_id = format!("S{}{}{:06}", bill.insutype, bill.setl_date.format("%Y%m"), i + 1);
        bill.mdtrt_id = format!("V{}{:08}", bill.insutype, i + 1);
    }
    bills
}

/// Discharged by the physician.
pub(crate) const DISCHARGED: &str = "1";

/// Moved to another hospital, left against advice.
const LEFT_EARLY: [&str; 2] = ["2", "4"];

/// A patient who may have a disease, with what grown-ups often have beside it.
fn patient(draw: &mut Draw, disease: &str) -> Patient {
    let of_childbirth = disease.starts_with("O8");
    let of_women = of_childbirth || disease.starts_with("D25");
    let is_female = draw.happens(500) || of_women;
    let age = if of_childbirth { draw.between(20, 41) } else { draw.between(18, 88) };
    let n_companions = if of_childbirth { 0 } else { draw.place(4) };
    let mut companions = Vec::new();
    for _ in 0..n_companions {
        let companion = COMPANIONS[draw.place(COMPANIONS.len())];
        if companion != disease && !companions.contains(&companion) {
            companions.push(companion);
        }
    }
    let dscg_way = if draw.happens(15) { LEFT_EARLY[draw.place(LEFT_EARLY.len())] } else { DISCHARGED };
    Patient { is_female, age: i32::try_from(age).expect("an age is small"), companions, dscg_way }
}

struct Drawn {
    med_type: String,
    setl_date: NaiveDate,
    days: i64,
    disease: (&'static str, &'static str, &'static str),
    medfee_fen: i64,
    parts: (i64, i64),
}

/// Divides a total among fund, personal account and cash: what is paid adds up to the fen.
fn split(bill: &mut SampleBill, medfee_fen: i64, fund_per_mille: i64, (own, account): (i64, i64)) {
    bill.medfee_sumamt_fen = medfee_fen;
    bill.fulamt_ownpay_amt_fen = per_mille(medfee_fen, own);
    bill.inscp_scp_amt_fen = medfee_fen - bill.fulamt_ownpay_amt_fen;
    bill.hifp_pay_fen = per_mille(medfee_fen, fund_per_mille).min(bill.inscp_scp_amt_fen);
    bill.acct_pay_fen = per_mille(medfee_fen - bill.hifp_pay_fen, account);
    bill.psn_cash_pay_fen = medfee_fen - bill.hifp_pay_fen - bill.acct_pay_fen;
}

/// Scales admissions so that the fund's share of them comes to what the plan says.
fn fit(bills: &mut [SampleBill], plan: &CarePlan) {
    let drawn: i64 = bills.iter().map(|b| b.hifp_pay_fen).sum();
    for bill in bills {
        let part = |fen: i64| scaled(fen, 1_000, bill.medfee_sumamt_fen.max(1));
        let own = part(bill.fulamt_ownpay_amt_fen);
        let account = scaled(bill.acct_pay_fen, 1_000, (bill.medfee_sumamt_fen - bill.hifp_pay_fen).max(1));
        let medfee_fen = scaled(bill.medfee_sumamt_fen, plan.cost_fen, drawn.max(1));
        split(bill, medfee_fen, plan.fund_share_per_mille, (own, account));
    }
}

/// Makes two admissions of one: the patient leaves and is back on the same day.
fn split_stay(bill: &mut SampleBill) -> SampleBill {
    let mut second = bill.clone();
    let half_way = bill.begndate + Days::new(bill.ipt_days.unsigned_abs() / 2);
    // The first half is settled in the same month, so that no bill leaves the fund year.
    let half_way = half_way.max(bill.month().first_day());
    bill.enddate = half_way;
    bill.setl_date = half_way;
    second.begndate = half_way;
    let first = |fen: i64| fen / 2;
    for (mine, other) in [
        (&mut bill.hifp_pay_fen, &mut second.hifp_pay_fen),
        (&mut bill.acct_pay_fen, &mut second.acct_pay_fen),
        (&mut bill.psn_cash_pay_fen, &mut second.psn_cash_pay_fen),
        (&mut bill.fulamt_ownpay_amt_fen, &mut second.fulamt_ownpay_amt_fen),
    ] {
        *other = *mine - first(*mine);
        *mine = first(*mine);
    }
    for part in [bill, &mut second] {
        part.ipt_days = (part.enddate - part.begndate).num_days().max(1);
        part.medfee_sumamt_fen = part.hifp_pay_fen + part.acct_pay_fen + part.psn_cash_pay_fen;
        part.fulamt_ownpay_amt_fen =
            part.fulamt_ownpay_amt_fen.min(part.medfee_sumamt_fen - part.hifp_pay_fen);
        part.inscp_scp_amt_fen = part.medfee_sumamt_fen - part.fulamt_ownpay_amt_fen;
    }
    second.violating_fen = second.hifp_pay_fen;
    second
}
