use std::fmt;

use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

/// What every budget is kept by: one fund line of one district in one fund year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BudgetKey {
    /// The pooling area.
    pub area: Area,
    /// The fund year.
    pub fund_year: FundYear,
    /// The fund line.
    pub fund_line: FundLine,
    /// The district.
    pub district: District,
}

impl BudgetKey {
    /// Reads the last part of a resource name, `{fund_year}-{fund_line}-{district}`.
    #[must_use]
    pub fn from_id(area: Area, id: &str) -> Option<Self> {
        let mut parts = id.split('-');
        let fund_year = fund_year(parts.next()?)?;
        let fund_line = parts.next()?.parse().ok()?;
        let district = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Self { area, fund_year, fund_line, district })
    }

    /// The resource name in `collection`, e.g. `areas/440700/targets/2017-employee-440703`.
    #[must_use]
    pub fn name(&self, collection: &str) -> String {
        format!("areas/{}/{collection}/{self}", self.area)
    }

    /// The key of an institution in the same fund year and fund line.
    #[must_use]
    pub fn institution(&self, institution: &InstitutionCode) -> InstitutionKey {
        InstitutionKey {
            area: self.area.clone(),
            fund_year: self.fund_year,
            fund_line: self.fund_line.clone(),
            institution: institution.clone(),
        }
    }
}

impl fmt::Display for BudgetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.fund_year, self.fund_line, self.district)
    }
}

/// What an institution's figures are kept by: one fund line in one fund year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InstitutionKey {
    /// The pooling area.
    pub area: Area,
    /// The fund year.
    pub fund_year: FundYear,
    /// The fund line.
    pub fund_line: FundLine,
    /// The institution.
    pub institution: InstitutionCode,
}

impl InstitutionKey {
    /// Reads the last part of a resource name, `{fund_year}-{fund_line}-{institution_code}`.
    #[must_use]
    pub fn from_id(area: Area, id: &str) -> Option<Self> {
        let mut parts = id.split('-');
        let fund_year = fund_year(parts.next()?)?;
        let fund_line = parts.next()?.parse().ok()?;
        let institution = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Self { area, fund_year, fund_line, institution })
    }

    /// The resource name in `collection`, e.g. `areas/440700/quotas/2017-employee-H44070300001`.
    #[must_use]
    pub fn name(&self, collection: &str) -> String {
        format!("areas/{}/{collection}/{self}", self.area)
    }

    /// The key of the district's budget that the institution's figures belong to.
    #[must_use]
    pub fn in_district(&self, district: &District) -> BudgetKey {
        BudgetKey {
            area: self.area.clone(),
            fund_year: self.fund_year,
            fund_line: self.fund_line.clone(),
            district: district.clone(),
        }
    }
}

impl fmt::Display for InstitutionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.fund_year, self.fund_line, self.institution)
    }
}

/// Reads a fund year in its written form.
#[must_use]
pub fn fund_year(text: &str) -> Option<FundYear> {
    let year = FundYear::try_from(text.parse::<i32>().ok()?).ok()?;
    (year.to_string() == text).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_name() {
        let area: Area = "440700".parse().unwrap();
        let key = BudgetKey::from_id(area.clone(), "2017-employee-440703").unwrap();
        assert_eq!(key.name("targets"), "areas/440700/targets/2017-employee-440703");
        let institution = InstitutionKey::from_id(area, "2017-employee-H44070300001").unwrap();
        assert_eq!(key.institution(&institution.institution), institution);
        assert_eq!(institution.in_district(&key.district), key);
    }

    #[test]
    fn only_the_written_form_of_a_key_is_taken() {
        let area: Area = "440700".parse().unwrap();
        for bad in [
            "",
            "2017",
            "2017-employee",
            "02017-employee-440703",
            "2017-Employee-440703",
            "2017-employee-44070",
            "2017-employee-440703-x",
            "+2017-employee-440703",
        ] {
            assert_eq!(BudgetKey::from_id(area.clone(), bad), None, "{bad}");
        }
        assert_eq!(InstitutionKey::from_id(area, "2017-employee-440703"), None);
    }
}
