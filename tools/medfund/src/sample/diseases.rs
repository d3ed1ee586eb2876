//! Principal diagnoses of a sample's bills.

/// A disease by its ICD-10 医保版 code and how it compares with the mean.
pub(super) struct Disease {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Cost beside the institution's mean, in thousandths.
    pub(super) cost_per_mille: i64,
    /// Days beside the institution's mean, in thousandths.
    pub(super) days_per_mille: i64,
    /// How often it comes.
    pub(super) weight: i64,
    /// The operation (ICD-9-CM-3 医保版) that usually goes with it; empty for none.
    pub(super) operation: &'static str,
}

const fn disease(
    (code, name): (&'static str, &'static str),
    cost_per_mille: i64,
    days_per_mille: i64,
    weight: i64,
    operation: &'static str,
) -> Disease {
    Disease { code, name, cost_per_mille, days_per_mille, weight, operation }
}

/// What people are admitted to a general hospital for.
pub(super) const GENERAL: [Disease; 20] = [
    disease(("J18.900", "肺炎"), 850, 950, 90, ""),
    disease(("J44.100", "慢性阻塞性肺病伴急性加重"), 1_000, 1_100, 80, ""),
    disease(("I63.900", "脑梗死"), 1_150, 1_200, 85, ""),
    disease(("I10.x00x002", "高血压"), 600, 800, 70, ""),
    disease(("I25.103", "冠状动脉粥样硬化性心脏病"), 1_050, 950, 60, ""),
    disease(("I50.900", "心力衰竭"), 1_100, 1_050, 35, ""),
    disease(("E11.900", "2型糖尿病"), 800, 1_000, 65, ""),
    disease(("K35.800x001", "急性阑尾炎"), 1_050, 700, 35, "47.0100"),
    disease(("K80.100x001", "胆囊结石伴胆囊炎"), 1_400, 850, 35, "51.2300"),
    disease(("K40.901", "腹股沟疝"), 1_000, 600, 25, "53.0001"),
    disease(("K29.500", "慢性胃炎"), 550, 700, 40, ""),
    disease(("N20.100", "输尿管结石"), 1_050, 650, 25, "56.0x00x005"),
    disease(("M51.202", "腰椎间盘突出"), 750, 1_050, 50, ""),
    disease(("S72.000", "股骨颈骨折"), 2_600, 1_700, 15, "81.5100"),
    disease(("S52.501", "桡骨下端骨折"), 1_250, 850, 20, "79.3201"),
    disease(("O80.000", "头位顺产"), 550, 450, 40, "73.5900x002"),
    disease(("O82.000", "选择性剖宫产"), 950, 650, 25, "74.1x01"),
    disease(("C34.900x001", "肺恶性肿瘤"), 1_700, 1_250, 30, ""),
    disease(("H25.900", "老年性白内障"), 750, 350, 30, "13.4100x001"),
    disease(("A09.004", "感染性腹泻"), 450, 550, 30, ""),
];

/// What patients have beside what they came for.
pub(super) const COMPANIONS: [&str; 8] =
    ["I10.x00x002", "E11.900", "D64.900", "E87.600", "I48.900x004", "N18.902", "J96.000", "A41.900"];

/// What people come to an outpatient clinic for.
pub(super) const OUTPATIENT: [(&str, &str); 5] = [
    ("J06.900", "急性上呼吸道感染"),
    ("I10.x00x002", "高血压"),
    ("E11.900", "2型糖尿病"),
    ("K29.500", "慢性胃炎"),
    ("M54.500", "下背痛"),
];

/// What people come to an outpatient clinic for where it meets the quota.
pub(super) const CLINIC: [Disease; 5] = [
    disease(("J06.900", "急性上呼吸道感染"), 550, 0, 80, ""),
    disease(("I10.x00x002", "高血压"), 1_200, 0, 90, ""),
    disease(("E11.900", "2型糖尿病"), 1_450, 0, 60, ""),
    disease(("K29.500", "慢性胃炎"), 850, 0, 50, ""),
    disease(("M54.500", "下背痛"), 800, 0, 40, ""),
];

/// The diseases whose outpatient care a fund pays like inpatient care (门诊大病).
pub(super) const CHRONIC: [Disease; 5] = [
    disease(("N18.902", "慢性肾衰竭"), 1_900, 0, 40, ""),
    disease(("C34.900x001", "肺恶性肿瘤"), 1_600, 0, 30, ""),
    disease(("E11.900", "2型糖尿病"), 650, 0, 90, ""),
    disease(("I50.900", "心力衰竭"), 800, 0, 50, ""),
    disease(("F20.900", "精神分裂症"), 600, 0, 40, ""),
];

/// What people are admitted to a psychiatric hospital for.
pub(super) const PSYCHIATRIC: [Disease; 4] = [
    disease(("F20.900", "精神分裂症"), 1_100, 1_200, 40, ""),
    disease(("F31.900", "双相情感障碍"), 1_000, 1_000, 20, ""),
    disease(("F32.900", "抑郁发作"), 850, 800, 30, ""),
    disease(("F10.200", "酒精依赖综合征"), 800, 750, 10, ""),
];

/// What women and children are admitted for.
pub(super) const MATERNITY: [Disease; 5] = [
    disease(("O80.000", "头位顺产"), 800, 800, 40, "73.5900x002"),
    disease(("O82.000", "选择性剖宫产"), 1_350, 1_150, 30, "74.1x01"),
    disease(("J18.900", "肺炎"), 900, 1_050, 30, ""),
    disease(("D25.900", "子宫平滑肌瘤"), 1_500, 1_200, 12, "68.2901"),
    disease(("A09.004", "感染性腹泻"), 600, 800, 20, ""),
];

/// The mean of the diseases' costs by how often they come.
pub(super) fn mean_cost_per_mille(diseases: &[Disease]) -> i64 {
    let sum: i64 = diseases.iter().map(|d| d.cost_per_mille * d.weight).sum();
    sum / diseases.iter().map(|d| d.weight).sum::<i64>()
}
