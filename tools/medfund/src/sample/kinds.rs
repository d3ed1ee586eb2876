//! The kinds of institutions that a sample district has.

use medfund_policy::KindOfCare;

use super::diseases::{CHRONIC, CLINIC, Disease, GENERAL, MATERNITY, PSYCHIATRIC};

/// The usual figures of a kind of care.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    /// Its part in the cost of an institution, beside the parts of the others.
    pub(super) part: i64,
    /// Mean total cost of an admission or visit.
    pub(super) mean_cost_yuan: i64,
    /// The fund's share of the total cost, in thousandths.
    pub(super) fund_share_per_mille: i64,
}

/// A kind of institution and its usual figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// The name after the district's.
    pub(super) title: &'static str,
    pub(super) level: i32,
    pub(super) class: &'static str,
    pub(super) primary: bool,
    pub(super) n_beds: i64,
    /// Mean total cost of an admission.
    pub(super) mean_cost_yuan: i64,
    /// Mean days of a stay.
    pub(super) mean_days: i64,
    /// The fund's share of the total cost, in thousandths, for the first fund line.
    pub(super) fund_share_per_mille: i64,
    /// Admissions of a year and fund line in a small district.
    pub(super) n_admissions: i64,
}

impl Kind {
    /// The kind of the institution called `name`.
    pub(super) fn of(name: &str) -> &'static Self {
        KINDS.iter().find(|kind| name.ends_with(kind.title)).expect("a sample's institution is of a kind")
    }

    /// Whether its patients stay for weeks.
    pub(super) fn has_long_stays(&self) -> bool {
        self.title == "康宁医院"
    }

    /// What it treats people for.
    pub(super) fn diseases(&self, care: KindOfCare) -> &'static [Disease] {
        match (care, self.title) {
            (KindOfCare::Inpatient, "康宁医院") => &PSYCHIATRIC,
            (KindOfCare::Inpatient, "妇幼保健院") => &MATERNITY,
            (KindOfCare::Inpatient, _) => &GENERAL,
            (KindOfCare::SpecialOutpatient, _) => &CHRONIC,
            _ => &CLINIC,
        }
    }

    /// What a kind of care usually is to a fund line.
    ///
    /// The later fund lines of a pack bear a little less than the first, as residents' insurance does.
    pub(super) fn usual(&self, care: KindOfCare, place_of_line: usize) -> Usual {
        let less = if place_of_line == 0 { 0 } else { 120 };
        let (part, mean_cost_yuan, share) = match care {
            KindOfCare::Inpatient => (78, self.mean_cost_yuan, self.fund_share_per_mille),
            KindOfCare::SpecialOutpatient => (12, 800, 750),
            KindOfCare::GeneralOutpatient
            | KindOfCare::DaySurgery
            | KindOfCare::HomeSickbed
            | KindOfCare::Pharmacy => (10, 600, 620),
        };
        Usual { part, mean_cost_yuan, fund_share_per_mille: share - less }
    }
}

const fn kind(
    title: &'static str,
    (level, class, primary): (i32, &'static str, bool),
    n_beds: i64,
    (mean_cost_yuan, mean_days): (i64, i64),
    fund_share_per_mille: i64,
    n_admissions: i64,
) -> Kind {
    Kind {
        title,
        level,
        class,
        primary,
        n_beds,
        mean_cost_yuan,
        mean_days,
        fund_share_per_mille,
        n_admissions,
    }
}

/// Every level and class, primary institutions among them.
pub(super) const KINDS: [Kind; 12] = [
    kind("人民医院", (3, "general", false), 1_200, (9_000, 9), 700, 420),
    kind("中医院", (3, "tcm", false), 700, (7_800, 10), 710, 230),
    kind("第二人民医院", (2, "general", false), 450, (5_600, 8), 760, 250),
    kind("骨科医院", (2, "specialised", false), 220, (6_900, 11), 750, 110),
    kind("妇幼保健院", (2, "maternity_and_child", false), 260, (4_500, 6), 760, 140),
    kind("康宁医院", (2, "specialised", false), 300, (7_600, 28), 770, 60),
    kind("同济医院", (1, "general", false), 90, (3_200, 7), 820, 90),
    kind("城南社区卫生服务中心", (0, "general", true), 40, (2_200, 7), 870, 80),
    kind("北街社区卫生服务中心", (1, "general", true), 30, (2_000, 6), 870, 60),
    kind("河口镇卫生院", (1, "general", true), 60, (1_900, 7), 880, 110),
    kind("石桥镇中心卫生院", (1, "general", true), 80, (2_300, 8), 870, 120),
    kind("西岭镇卫生院", (1, "tcm", true), 35, (1_700, 7), 880, 70),
];

/// The names of districts, for as many as a sample has.
pub(super) const DISTRICT_NAMES: [&str; 20] = [
    "东江区",
    "新河区",
    "平山县",
    "台安县",
    "开阳县",
    "鹤城县",
    "恩平镇区",
    "南浦区",
    "白沙县",
    "临川县",
    "云岭县",
    "长乐县",
    "石门县",
    "清溪县",
    "永和区",
    "安定县",
    "高桥县",
    "金湾区",
    "望海县",
    "双流县",
];
