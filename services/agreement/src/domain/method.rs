use medfund_policy::PaymentMethod;
use medfund_types::{Area, District, FundYear};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::decision::{Decision, DecisionMismatch, Wanted};
use super::rules::MethodRules;

/// How a district pays inpatient care (住院医疗费用结算方式) from a fund year on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InpatientMethod {
    /// The pooling area.
    pub area: Area,
    /// The district.
    pub district: District,
    /// The first fund year it holds for.
    pub from_fund_year: FundYear,
    /// The payment method.
    pub method: PaymentMethod,
    /// The last fund year of its lock.
    pub locked_through: FundYear,
    /// The decision.
    pub decision: Uuid,
}

/// Why a district's method is not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// The fund year has no such district.
    #[error("the fund year has no district {district}")]
    UnknownDistrict {
        /// The district.
        district: District,
    },
    /// This service has not heard of the decision.
    #[error("the decision has not been heard of")]
    DecisionUnknown,
    /// The pack names no body that decides it.
    #[error("the pack does not say who decides {matter}")]
    NobodyDecides {
        /// The matter.
        matter: String,
    },
    /// The decision does not allow it.
    #[error(transparent)]
    DecisionMismatch(#[from] DecisionMismatch),
    /// The pack does not allow the method for inpatient care.
    #[error("{method} is not allowed for inpatient care")]
    NotAllowed {
        /// The method.
        method: PaymentMethod,
    },
    /// The present method is locked.
    #[error("{method} holds from {from} and is locked through {locked_through}")]
    Locked {
        /// The present method.
        method: PaymentMethod,
        /// Its first fund year.
        from: FundYear,
        /// The last fund year of its lock.
        locked_through: FundYear,
    },
}

/// A method that a district wants to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The pooling area.
    pub area: Area,
    /// The district.
    pub district: District,
    /// The first fund year.
    pub from_fund_year: FundYear,
    /// The method.
    pub method: PaymentMethod,
}

/// Sets a district's inpatient method, as decided.
///
/// The method holds and is locked for the pack's number of fund years, the
/// first included; one that holds is not replaced before its lock is over.
///
/// - `present`: the method with the latest first fund year, if the district has one.
///
/// # Errors
///
/// [`MethodError::NotAllowed`], then [`MethodError::Locked`], then
/// [`MethodError::NobodyDecides`], then [`MethodError::DecisionMismatch`].
///
/// Source: JM 四(三)1.
pub fn set(
    choice: Choice,
    present: Option<&InpatientMethod>,
    decision: &Decision,
    rules: &MethodRules,
) -> Result<InpatientMethod, MethodError> {
    if !rules.allowed.contains(&choice.method) {
        return Err(MethodError::NotAllowed { method: choice.method });
    }
    if let Some(present) = present
        && choice.from_fund_year <= present.locked_through
    {
        return Err(MethodError::Locked {
            method: present.method,
            from: present.from_fund_year,
            locked_through: present.locked_through,
        });
    }
    let nobody = || MethodError::NobodyDecides { matter: rules.matter.clone() };
    let body = rules.deciding_body.as_deref().ok_or_else(nobody)?;
    let subject = format!(
        "areas/{}/districts/{}/inpatientMethods/{}",
        choice.area, choice.district, choice.from_fund_year
    );
    decision.allows(&Wanted {
        body,
        matter: &rules.matter,
        district: &choice.district,
        fund_year: choice.from_fund_year,
        subject: &subject,
    })?;
    let Choice { area, district, from_fund_year, method } = choice;
    let last = from_fund_year.get() + rules.lock_years.max(1) - 1;
    let locked_through = FundYear::try_from(last).unwrap_or(from_fund_year);
    Ok(InpatientMethod { area, district, from_fund_year, method, locked_through, decision: decision.id })
}

/// The method that holds in a fund year.
#[must_use]
pub fn holding_in(methods: &[InpatientMethod], fund_year: FundYear) -> Option<&InpatientMethod> {
    methods.iter().filter(|m| m.from_fund_year <= fund_year).max_by_key(|m| m.from_fund_year)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::decision::tests::approval;
    use super::*;

    fn rules(lock_years: i32) -> MethodRules {
        MethodRules {
            allowed: vec![PaymentMethod::AverageQuota, PaymentMethod::ByDisease],
            lock_years,
            deciding_body: Some("joint_meeting".into()),
            matter: "inpatient_method".into(),
        }
    }

    fn year(year: i32) -> FundYear {
        year.try_into().unwrap()
    }

    fn choice(method: PaymentMethod, from: i32) -> Choice {
        let [area, district] = ["440700", "440703"];
        let (area, district) = (area.parse().unwrap(), district.parse().unwrap());
        Choice { area, district, from_fund_year: year(from), method }
    }

    fn decided(from: i32) -> Decision {
        Decision { fund_year: year(from), ..approval() }
    }

    #[test]
    fn a_method_is_kept_two_years_and_changed_in_the_third() {
        let first = set(choice(PaymentMethod::AverageQuota, 2017), None, &decided(2017), &rules(2)).unwrap();
        assert_eq!(first.locked_through, year(2018));

        let early =
            set(choice(PaymentMethod::ByDisease, 2018), Some(&first), &decided(2018), &rules(2)).unwrap_err();
        let locked = MethodError::Locked {
            method: PaymentMethod::AverageQuota,
            from: year(2017),
            locked_through: year(2018),
        };
        assert_eq!(early, locked);

        let third =
            set(choice(PaymentMethod::ByDisease, 2019), Some(&first), &decided(2019), &rules(2)).unwrap();
        let methods = [first, third];
        assert_eq!(holding_in(&methods, year(2018)).unwrap().method, PaymentMethod::AverageQuota);
        assert_eq!(holding_in(&methods, year(2020)).unwrap().method, PaymentMethod::ByDisease);
        assert_eq!(holding_in(&methods, year(2016)), None);
    }

    #[test]
    fn a_method_that_the_pack_does_not_name_is_refused() {
        let refused = set(choice(PaymentMethod::DrgPoints, 2017), None, &decided(2017), &rules(2));
        assert_eq!(refused, Err(MethodError::NotAllowed { method: PaymentMethod::DrgPoints }));
    }

    proptest! {
        #[test]
        fn every_method_holds_for_all_its_locked_years(
            lock_years in 1..6_i32,
            wishes in prop::collection::vec((2010..2040_i32, any::<bool>()), 1..20),
        ) {
            let mut methods: Vec<InpatientMethod> = vec![];
            for (from, by_disease) in wishes {
                let method = if by_disease { PaymentMethod::ByDisease } else { PaymentMethod::AverageQuota };
                let present = methods.iter().max_by_key(|m| m.from_fund_year).cloned();
                if let Ok(set) = set(choice(method, from), present.as_ref(), &decided(from), &rules(lock_years)) {
                    methods.push(set);
                }
            }
            for method in &methods {
                for n in 0..lock_years {
                    let held = holding_in(&methods, year(method.from_fund_year.get() + n)).unwrap();
                    prop_assert_eq!(held, method);
                }
            }
        }
    }
}
