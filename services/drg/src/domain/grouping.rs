use chrono::NaiveDate;
use medfund_grouper::crosswalk::{Crosswalk, Translation};
use medfund_grouper::quality::{self, Discharge, Finding, FrontPage, Given};
use medfund_grouper::{Answer, Case, Explanation, Grouper, Scheme, Severity, Sex, stay_days};
use medfund_money::Fen;

/// A discharge's list as a caller sent it.
#[derive(Clone, Debug, Default)]
pub struct ListedCase<'a> {
    /// The caller's id of it.
    pub id: &'a str,
    /// The sex, if known.
    pub sex: Option<Sex>,
    /// The age in whole years.
    pub age_years: Option<u16>,
    /// The age in days.
    pub age_days: Option<u32>,
    /// The birth weight in grams.
    pub birth_weight_g: Option<u16>,
    /// Diagnoses, the principal one first.
    pub diagnoses: Vec<&'a str>,
    /// Procedures, the principal one first.
    pub procedures: Vec<&'a str>,
    /// What quality rules look at beside that.
    pub details: Option<Details>,
}

/// What quality rules look at beside what grouping does; `None` and no parts: missing.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// The day of admission.
    pub admission_date: Option<NaiveDate>,
    /// The day of discharge.
    pub discharge_date: Option<NaiveDate>,
    /// How the patient left.
    pub discharge: Option<Discharge>,
    /// The procedures' days.
    pub procedure_dates: Vec<Option<NaiveDate>>,
    /// The total cost.
    pub total_cost: Option<Fen>,
    /// Its parts.
    pub parts: Vec<Fen>,
}

/// What became of a case.
#[derive(Debug)]
pub struct Grouped<'s> {
    /// Its group; `None`: a finding keeps it from being grouped.
    pub answer: Option<Answer>,
    /// The other diagnoses that count as major complications.
    pub mcc: Vec<&'s str>,
    /// Those that count as complications.
    pub cc: Vec<&'s str>,
    /// What is wrong with its list, if that was asked for.
    pub findings: Vec<Finding>,
}

impl Details {
    fn stay_days(&self) -> Option<u16> {
        stay_days(self.admission_date?, self.discharge_date?)
    }
}

impl ListedCase<'_> {
    fn case(&self) -> Case<'_> {
        Case {
            sex: self.sex,
            age_years: self.age_years,
            age_days: self.age_days,
            birth_weight_g: self.birth_weight_g,
            stay_days: self.details.as_ref().and_then(Details::stay_days),
            diagnoses: &self.diagnoses,
            procedures: &self.procedures,
        }
    }

    /// What a crosswalk makes of its codes, and what `work` makes of the case as grouping goes by it.
    ///
    /// - `crosswalk`: `None`: its codes stay as they are.
    pub fn translated<'w, T>(
        &self,
        crosswalk: Option<&'w Crosswalk>,
        scheme: &Scheme,
        work: impl FnOnce(&ListedCase<'_>) -> T,
    ) -> (Option<Translation<'w>>, T) {
        let Some(crosswalk) = crosswalk else { return (None, work(self)) };
        let translation = crosswalk.translate(&self.case(), scheme);
        let made = translation.with(&self.case(), |case| {
            let [diagnoses, procedures] = [case.diagnoses, case.procedures].map(<[_]>::to_vec);
            work(&ListedCase { diagnoses, procedures, ..self.clone() })
        });
        (Some(translation), made)
    }

    /// What is wrong with the list.
    #[must_use]
    pub fn check(&self, scheme: &Scheme) -> Vec<Finding> {
        let mut page = FrontPage { id: self.id, case: self.case(), ..FrontPage::default() };
        if let Some(details) = &self.details {
            page.admission_date = given(details.admission_date);
            page.discharge_date = given(details.discharge_date);
            page.discharge = given(details.discharge);
            page.procedure_dates = Given::Is(&details.procedure_dates);
            page.total_cost = given(details.total_cost);
            page.costs = given(Some(details.parts.as_slice()).filter(|parts| !parts.is_empty()));
        }
        quality::check(&page, scheme)
    }
}

fn given<T>(value: Option<T>) -> Given<T> {
    value.map_or(Given::Empty, Given::Is)
}

/// Groups a case.
///
/// - `check_quality`: look at its list first; a blocking finding keeps it from being grouped.
pub fn group<'s>(grouper: &mut Grouper<'s>, case: &ListedCase<'_>, check_quality: bool) -> Grouped<'s> {
    let findings = if check_quality { case.check(grouper.scheme()) } else { Vec::new() };
    if quality::blocks(&findings) {
        return Grouped { answer: None, mcc: Vec::new(), cc: Vec::new(), findings };
    }
    let answer = grouper.group(&case.case());
    let counted = |severity| grouper.counted(severity).collect();
    let (mcc, cc) = (counted(Severity::Mcc), counted(Severity::Cc));
    Grouped { answer: Some(answer), mcc, cc, findings }
}

/// Why a case falls where it does.
pub fn explain<'g>(grouper: &'g mut Grouper<'_>, case: &ListedCase<'_>) -> Explanation<'g> {
    grouper.explain(&case.case())
}

#[cfg(test)]
mod tests {
    use medfund_grouper::read::{Files, add_additions, read_scheme};
    use medfund_grouper::{Field, Outcome, compile};

    use super::*;

    fn scheme() -> Scheme {
        let files = |files: &[(&str, &str)]| -> Files {
            files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let tables = files(&[
            ("MDCF.txt", "MDCF 循环\nFR1 心梗 / 9\n主要诊断: I21\n"),
            ("COMPLICATIONS.txt", "排除表 1\n主要诊断: I21\n"),
        ]);
        let (mut source, told) = read_scheme("small", &tables);
        assert_eq!(told, []);
        let told = add_additions(
            &mut source,
            &files(&[("region.txt", "细分 FR14 心梗，7至14天\n住院天数: 7-14\n")]),
        );
        assert_eq!(told, []);
        compile(&source).0
    }

    #[test]
    fn days_of_stay_are_counted_from_the_lists_two_days_and_never_guessed() {
        let scheme = scheme();
        let mut grouper = Grouper::new(&scheme);
        let mut group = |admission: Option<u32>, discharge: Option<u32>| {
            let day = |day: u32| NaiveDate::from_ymd_opt(2024, 3, day).unwrap();
            let details = Details {
                admission_date: admission.map(day),
                discharge_date: discharge.map(day),
                ..Details::default()
            };
            let case =
                ListedCase { diagnoses: vec!["I21.000"], details: Some(details), ..ListedCase::default() };
            let answer = group(&mut grouper, &case, false).answer.unwrap();
            (answer.outcome, answer.code(&scheme).into_owned())
        };
        assert_eq!(group(Some(1), Some(8)), (Outcome::Grouped, "FR14".to_owned()));
        assert_eq!(group(Some(1), Some(7)), (Outcome::Grouped, "FR19".to_owned()));
        assert_eq!(group(Some(1), None), (Outcome::NeedsData(Field::StayDays), "0000".to_owned()));
    }
}
