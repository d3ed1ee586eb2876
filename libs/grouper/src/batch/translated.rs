use super::{LineCase, codes};
use crate::crosswalk::{Crosswalk, Fate, Translation};
use crate::{Case, Scheme};

/// The crosswalk, if codes are translated, and the scheme that groups them.
type By<'s> = (Option<&'s Crosswalk>, &'s Scheme);

impl LineCase<'_> {
    /// What became of the case's codes, and what `work` makes of the case as grouping goes by it.
    pub(super) fn translated<'s, T>(
        &self,
        (crosswalk, scheme): By<'s>,
        work: impl FnOnce(&Case<'_>) -> T,
    ) -> (Option<Translation<'s>>, T) {
        let [diagnoses, procedures] =
            [self.diagnoses, self.procedures].map(|text| codes(text).collect::<Vec<_>>());
        let case = Case { diagnoses: &diagnoses, procedures: &procedures, ..self.person };
        let Some(crosswalk) = crosswalk else { return (None, work(&case)) };
        let translation = crosswalk.translate(&case, scheme);
        let made = translation.with(&case, work);
        (Some(translation), made)
    }
}

/// The diagnoses of a field as grouping goes by them.
pub(super) fn diagnoses<'c>((crosswalk, scheme): By<'c>, text: &'c str) -> impl Iterator<Item = &'c str> {
    codes(text).map(move |code| crosswalk.map_or(code, |by| by.diagnosis_for(code, scheme).code(code)))
}

/// The procedures of a field as grouping goes by them.
pub(super) fn procedures<'c>((crosswalk, scheme): By<'c>, text: &'c str) -> impl Iterator<Item = &'c str> {
    codes(text).map(move |code| crosswalk.map_or(code, |by| by.procedure_for(code, scheme).code(code)))
}

/// Appends what became of each code that is no 医保 code already, with blanks between.
pub(super) fn write(crosswalk: &Crosswalk, scheme: &Scheme, case: &LineCase<'_>, answers: &mut String) {
    let diagnoses = codes(case.diagnoses).map(|code| (code, crosswalk.diagnosis_for(code, scheme)));
    let procedures = codes(case.procedures).map(|code| (code, crosswalk.procedure_for(code, scheme)));
    let mut between = "";
    for (from, fate) in diagnoses.chain(procedures) {
        let several = match fate {
            Fate::Already(_) => continue,
            Fate::Mapped(to) => to,
            Fate::Ambiguous(several) => &several.join("|"),
            Fate::Unknown => "?",
        };
        answers.extend([between, from, "→", several]);
        between = " ";
    }
}
