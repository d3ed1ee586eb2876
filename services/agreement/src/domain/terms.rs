use std::collections::BTreeMap;

use medfund_money::{Coefficient, PositiveFen};
use medfund_policy::{KindOfCare, PaymentMethod};
use medfund_types::{District, FundLine};
use serde::{Deserialize, Serialize};

/// How one kind of care is paid under an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The fund line.
    pub fund_line: FundLine,
    /// The kind of care.
    pub care: KindOfCare,
    /// The method with what it needs.
    pub standards: Standards,
}

/// A payment method with the standards that it needs, and no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standards {
    /// Average quota (平均定额).
    AverageQuota {
        /// The fund's standard for an admission.
        per_admission: PositiveFen,
    },
    /// By disease (按病种).
    ByDisease {
        /// The standards by principal diagnosis.
        diseases: Vec<DiseaseStandard>,
    },
    /// Per capita (按人头).
    PerCapita {
        /// The fund's standard for a person and year.
        per_person: PositiveFen,
        /// The persons assigned.
        #[serde(alias = "persons")]
        assigned: Assigned,
        /// The chronic patients in care, beside them.
        #[serde(default)]
        chronic: Vec<ChronicStandard>,
    },
    /// Daily cap (按日限额).
    DailyCap {
        /// The fund's limit for a day of stay.
        per_day: PositiveFen,
    },
    /// By service unit (按服务单元).
    ServiceUnit {
        /// What is counted.
        unit: ServiceUnit,
        /// The fund's standard for a unit.
        per_unit: PositiveFen,
    },
    /// Total prepayment (总额预付).
    TotalPrepayment {
        /// The year's total.
        total: PositiveFen,
    },
    /// By bed-day (按床日).
    BedDay {
        /// The standards by service and principal diagnosis.
        services: Vec<BedDayStandard>,
    },
    /// Periodic standards (周期性标准).
    Periodic {
        /// The standards by principal diagnosis.
        diseases: Vec<PeriodicStandard>,
    },
    /// By DRG rate (按疾病诊断相关分组费率).
    DrgRate {
        /// What a weight of 1 pays.
        rate: PositiveFen,
    },
    /// A method whose standards are not an agreement's.
    Elsewhere(PaymentMethod),
}

/// What a service unit counts (服务单元).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceUnit {
    /// An admission of an inpatient, a visit of others (人次).
    Visit,
    /// A day of stay (床日).
    Day,
}

/// The fund's standard for a day of stay in one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BedDayStandard {
    /// The service's id in the pack.
    pub service: String,
    /// The principal diagnosis, ICD-10 医保版; `None`: every case that no other standard names.
    pub disease_code: Option<String>,
    /// The mean standard for a day.
    pub per_day: PositiveFen,
}

/// The standard for one disease (病种定额).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiseaseStandard {
    /// The principal diagnosis, ICD-10 医保版.
    pub disease_code: String,
    /// The standard for a case: the fund's part, or all cost.
    pub standard: PositiveFen,
    /// Whether it covers all cost from admission to discharge.
    #[serde(default)]
    pub covers_whole_stay: bool,
    /// Whether TCM treats the disease best (中医优势病种).
    #[serde(default)]
    pub tcm_advantage: bool,
}

/// The persons assigned (签约人数).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Assigned {
    /// How many they are.
    Persons(i64),
    /// By age, youngest first.
    ByAge(Vec<AgeGroup>),
}

/// Persons assigned of an age (年龄结构).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeGroup {
    /// The least age in whole years.
    pub from_age: i32,
    /// How many they are.
    pub persons: i64,
    /// What one of them counts.
    pub factor: Coefficient,
}

/// The fund's yearly standard for the patients of a chronic disease who are in care (慢性病管理).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChronicStandard {
    /// The disease, ICD-10 医保版.
    pub disease_code: String,
    /// The patients in care.
    pub persons: i64,
    /// For a patient and year.
    pub per_person: PositiveFen,
}

/// The fund's standard for a period of stay of one disease (周期性标准).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodicStandard {
    /// The principal diagnosis, ICD-10 医保版.
    pub disease_code: String,
    /// The days of a period.
    pub period_days: i32,
    /// For a period.
    pub per_period: PositiveFen,
}

impl Standards {
    /// The payment method.
    #[must_use]
    pub fn method(&self) -> PaymentMethod {
        match self {
            Self::AverageQuota { .. } => PaymentMethod::AverageQuota,
            Self::ByDisease { .. } => PaymentMethod::ByDisease,
            Self::PerCapita { .. } => PaymentMethod::PerCapita,
            Self::DailyCap { .. } => PaymentMethod::DailyCap,
            Self::ServiceUnit { .. } => PaymentMethod::ServiceUnit,
            Self::TotalPrepayment { .. } => PaymentMethod::TotalPrepayment,
            Self::BedDay { .. } => PaymentMethod::BedDay,
            Self::Periodic { .. } => PaymentMethod::Periodic,
            Self::DrgRate { .. } => PaymentMethod::DrgRate,
            Self::Elsewhere(method) => *method,
        }
    }

    /// The keys of the pack that must offer what these standards are.
    fn needs(&self) -> Vec<&'static str> {
        let (mut whole_stay, mut tcm, mut chronic_care) = (false, false, false);
        if let Self::ByDisease { diseases } = self {
            whole_stay = diseases.iter().any(|one| one.covers_whole_stay);
            tcm = diseases.iter().any(|one| one.tcm_advantage);
        }
        if let Self::PerCapita { chronic, .. } = self {
            chronic_care = !chronic.is_empty();
        }
        let all = [(whole_stay, WHOLE_STAY), (tcm, TCM_FACTOR), (chronic_care, CHRONIC_CARE)];
        all.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, key)| key).collect()
    }
}

/// The pack's key for standards that cover all cost of a stay.
pub const WHOLE_STAY: &str = "payment.by_disease.covers_whole_stay";
/// The pack's key for TCM advantage diseases.
pub const TCM_FACTOR: &str = "payment.by_disease.tcm_factor";
/// The pack's key for standards of chronic patients in care.
pub const CHRONIC_CARE: &str = "payment.per_capita.with_chronic_care";

/// What the pack allows for one kind of care of a fund line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareRule {
    /// The methods that an agreement may choose from.
    pub allowed: Vec<PaymentMethod>,
    /// Whether a district chooses one of them for all its institutions.
    pub by_district: bool,
    /// The services that a bed-day standard may be agreed for.
    pub bed_day_services: Vec<String>,
    /// Whether the diseases of some are settled by periodic standards, whatever the district chose.
    pub is_periodic: bool,
    /// What the pack offers of standards that not every pack does, by its keys.
    pub offered: Vec<&'static str>,
}

impl CareRule {
    fn allows(&self, method: PaymentMethod) -> bool {
        if method == PaymentMethod::Periodic { self.is_periodic } else { self.allowed.contains(&method) }
    }
}

/// What the pack allows, by fund line and kind of care.
pub type CareRules = BTreeMap<FundLine, BTreeMap<KindOfCare, CareRule>>;

/// Why terms cannot be agreed on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// The pack has no such fund line.
    #[error("the pack has no fund line {fund_line}")]
    UnknownFundLine {
        /// The fund line.
        fund_line: FundLine,
    },
    /// The pack does not allow the method for the kind of care.
    #[error("{method} is not allowed for {care}")]
    MethodNotAllowed {
        /// The kind of care.
        care: KindOfCare,
        /// The method.
        method: PaymentMethod,
    },
    /// The pack has no such bed-day service.
    #[error("the pack has no bed-day service {service}")]
    UnknownService {
        /// The service's id.
        service: String,
    },
    /// The pack does not offer such a standard.
    #[error("the pack's {key} does not offer such a standard")]
    NotOffered {
        /// The pack's key.
        key: &'static str,
    },
    /// The district has not decided its inpatient method.
    #[error("district {district} has no inpatient method")]
    Undecided {
        /// The district.
        district: District,
    },
    /// The district pays by another method.
    #[error("the district pays by {district_method}, not by {method}")]
    NotTheDistricts {
        /// The term's method.
        method: PaymentMethod,
        /// The district's.
        district_method: PaymentMethod,
    },
}

/// Checks terms against the pack and against the district's inpatient method.
///
/// # Errors
///
/// The first term's [`TermError`], its variants in their order.
///
/// Source: JM 四(三)1, 四(六).
pub fn check(
    terms: &[Term],
    rules: &CareRules,
    district: &District,
    district_method: Option<PaymentMethod>,
) -> Result<(), TermError> {
    for term in terms {
        let (care, method) = (term.care, term.standards.method());
        let fund_line = &term.fund_line;
        let of_line = rules
            .get(fund_line)
            .ok_or_else(|| TermError::UnknownFundLine { fund_line: fund_line.clone() })?;
        let rule = of_line.get(&care).filter(|rule| rule.allows(method));
        let rule = rule.ok_or(TermError::MethodNotAllowed { care, method })?;
        check_services(term, rule)?;
        if let Some(key) = term.standards.needs().into_iter().find(|key| !rule.offered.contains(key)) {
            return Err(TermError::NotOffered { key });
        }
        if rule.by_district && method != PaymentMethod::Periodic {
            let chosen =
                district_method.ok_or_else(|| TermError::Undecided { district: district.clone() })?;
            if chosen != method {
                return Err(TermError::NotTheDistricts { method, district_method: chosen });
            }
        }
    }
    Ok(())
}

fn check_services(term: &Term, rule: &CareRule) -> Result<(), TermError> {
    let Standards::BedDay { services } = &term.standards else { return Ok(()) };
    match services.iter().find(|one| !rule.bed_day_services.contains(&one.service)) {
        Some(unknown) => Err(TermError::UnknownService { service: unknown.service.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn rules() -> CareRules {
        let inpatient = CareRule {
            allowed: vec![PaymentMethod::AverageQuota, PaymentMethod::DailyCap],
            by_district: true,
            bed_day_services: Vec::new(),
            is_periodic: true,
            offered: vec![WHOLE_STAY],
        };
        let outpatient = CareRule {
            allowed: vec![PaymentMethod::FeeForService],
            by_district: false,
            bed_day_services: Vec::new(),
            is_periodic: false,
            offered: vec![CHRONIC_CARE],
        };
        let home = CareRule {
            allowed: vec![PaymentMethod::BedDay],
            by_district: false,
            bed_day_services: vec!["hospice".to_owned()],
            is_periodic: false,
            offered: vec![TCM_FACTOR],
        };
        let cares = BTreeMap::from([
            (KindOfCare::Inpatient, inpatient),
            (KindOfCare::GeneralOutpatient, outpatient),
            (KindOfCare::HomeSickbed, home),
        ]);
        BTreeMap::from([("employee".parse().unwrap(), cares)])
    }

    pub(crate) fn average_quota(fen: i64) -> Term {
        Term {
            fund_line: "employee".parse().unwrap(),
            care: KindOfCare::Inpatient,
            standards: Standards::AverageQuota { per_admission: fen.try_into().unwrap() },
        }
    }

    fn checked(term: Term, district_method: Option<PaymentMethod>) -> Result<(), TermError> {
        check(&[term], &rules(), &"440703".parse().unwrap(), district_method)
    }

    #[test]
    fn inpatient_care_is_paid_as_the_district_pays_it() {
        let term = average_quota(500_000);
        assert_eq!(checked(term.clone(), Some(PaymentMethod::AverageQuota)), Ok(()));
        assert_eq!(
            checked(term.clone(), None),
            Err(TermError::Undecided { district: "440703".parse().unwrap() })
        );
        assert_eq!(
            checked(term, Some(PaymentMethod::DailyCap)),
            Err(TermError::NotTheDistricts {
                method: PaymentMethod::AverageQuota,
                district_method: PaymentMethod::DailyCap
            })
        );
    }

    #[test]
    fn what_the_pack_does_not_name_is_not_agreed_on() {
        let elsewhere = |method| Term { standards: Standards::Elsewhere(method), ..average_quota(1) };
        let refused = checked(elsewhere(PaymentMethod::BedDay), None);
        let expected =
            TermError::MethodNotAllowed { care: KindOfCare::Inpatient, method: PaymentMethod::BedDay };
        assert_eq!(refused, Err(expected));

        let nrcms: FundLine = "nrcms".parse().unwrap();
        let refused = checked(Term { fund_line: nrcms.clone(), ..average_quota(1) }, None);
        assert_eq!(refused, Err(TermError::UnknownFundLine { fund_line: nrcms }));
    }

    #[test]
    fn a_bed_day_standard_is_of_a_service_that_the_pack_knows() {
        let term = |service: &str| Term {
            care: KindOfCare::HomeSickbed,
            standards: Standards::BedDay {
                services: vec![BedDayStandard {
                    service: service.to_owned(),
                    disease_code: None,
                    per_day: 12_000.try_into().unwrap(),
                }],
            },
            ..average_quota(1)
        };
        assert_eq!(checked(term("hospice"), None), Ok(()));
        let unknown = TermError::UnknownService { service: "luck".to_owned() };
        assert_eq!(checked(term("luck"), None), Err(unknown));
    }

    #[test]
    fn a_standard_is_agreed_on_where_the_pack_offers_such_and_its_key_is_told_elsewhere() {
        let mut rules = rules();
        let allow = |rules: &mut CareRules, care, method| {
            rules.get_mut(&"employee".parse().unwrap()).unwrap().get_mut(&care).unwrap().allowed.push(method);
        };
        let cares = [KindOfCare::Inpatient, KindOfCare::GeneralOutpatient, KindOfCare::HomeSickbed];
        for care in cares {
            allow(&mut rules, care, PaymentMethod::ByDisease);
            allow(&mut rules, care, PaymentMethod::PerCapita);
        }
        let disease = |covers_whole_stay, tcm_advantage| Standards::ByDisease {
            diseases: vec![DiseaseStandard {
                disease_code: "J18".to_owned(),
                standard: 1.try_into().unwrap(),
                covers_whole_stay,
                tcm_advantage,
            }],
        };
        let chronic =
            ChronicStandard { disease_code: "E11".to_owned(), persons: 1, per_person: 1.try_into().unwrap() };
        let capita = Standards::PerCapita {
            per_person: 1.try_into().unwrap(),
            assigned: Assigned::Persons(1),
            chronic: vec![chronic],
        };
        let offered = [disease(true, false), capita, disease(false, true)];
        for (standards, key) in offered.into_iter().zip([WHOLE_STAY, CHRONIC_CARE, TCM_FACTOR]) {
            let answers = cares.map(|care| {
                let term = Term { care, standards: standards.clone(), ..average_quota(1) };
                let method = Some(standards.method());
                check(&[term], &rules, &"440703".parse().unwrap(), method)
            });
            assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{key}");
            assert!(answers.iter().all(|a| a.is_ok() || *a == Err(TermError::NotOffered { key })));
        }
    }

    #[test]
    fn what_was_agreed_on_before_persons_had_ages_is_read_as_it_was() {
        let kept = r#"{"per_capita": {"per_person": 100, "persons": 12}}"#;
        let capita = Standards::PerCapita {
            per_person: 100.try_into().unwrap(),
            assigned: Assigned::Persons(12),
            chronic: Vec::new(),
        };
        assert_eq!(serde_json::from_str::<Standards>(kept).unwrap(), capita);
    }

    #[test]
    fn periodic_standards_stand_beside_what_the_district_chose_where_the_pack_names_them() {
        let term = |care| Term {
            care,
            standards: Standards::Periodic {
                diseases: vec![PeriodicStandard {
                    disease_code: "F20".to_owned(),
                    period_days: 30,
                    per_period: 600_000.try_into().unwrap(),
                }],
            },
            ..average_quota(1)
        };
        assert_eq!(checked(term(KindOfCare::Inpatient), Some(PaymentMethod::DailyCap)), Ok(()));
        let (care, method) = (KindOfCare::HomeSickbed, PaymentMethod::Periodic);
        assert_eq!(checked(term(care), None), Err(TermError::MethodNotAllowed { care, method }));
    }

    #[test]
    fn a_districts_method_binds_no_other_care() {
        let outpatient = Term {
            care: KindOfCare::GeneralOutpatient,
            standards: Standards::Elsewhere(PaymentMethod::FeeForService),
            ..average_quota(1)
        };
        assert_eq!(checked(outpatient, Some(PaymentMethod::DailyCap)), Ok(()));
    }
}
