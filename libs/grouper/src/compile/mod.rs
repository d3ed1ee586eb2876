mod check;
mod groups;
mod index;
mod lists;
mod shape;
mod tables;

use crate::code_names::CodeNames;
use crate::codes::CodeTable;
use crate::scheme::{Diagnosis, Drg, Procedure, Scheme};
use crate::source::{Anomaly, MdcSource, Source};
use lists::Lists;
pub(crate) use lists::{all_diagnoses, all_procedures, named_diagnoses, named_procedures};

/// Compiles a scheme's tables, checking as it goes.
///
/// What cannot be kept is left out and told: a rule of an ADRG that has no
/// MDC, a DRG without an ADRG, a code that stands in no code list.
///
/// # Panics
///
/// Never: what a scheme cannot hold is left out first.
#[must_use]
pub fn compile(source: &Source) -> (Scheme, Vec<Anomaly>) {
    let (source, mut anomalies) = shape::shaped(source);
    let source = &*source;
    anomalies.extend(check::check(source));
    let mdcs = ordered_mdcs(source);
    let lists = Lists::of(source);
    let diagnosis_codes = CodeTable::new(lists::all_diagnoses(source), source.by_category);
    let procedure_codes = CodeTable::new(lists::all_procedures(source), source.by_category);

    let mut scheme = Scheme {
        name: source.name.clone(),
        choices: source.choices.clone(),
        mdcs: mdcs.iter().map(|mdc| groups::mdc(mdc)).collect(),
        adrgs: Vec::new(),
        drgs: source.drgs.iter().map(|d| Drg { code: d.code.clone(), name: d.name.clone() }).collect(),
        rules: Vec::new(),
        diagnoses: vec![Diagnosis::default(); diagnosis_codes.len()],
        procedures: vec![Procedure::default(); procedure_codes.len()],
        diagnosis_names: CodeNames::of(&diagnosis_codes, &source.code_names),
        procedure_names: CodeNames::of(&procedure_codes, &source.code_names),
        diagnosis_codes,
        procedure_codes,
        diagnosis_rules: Vec::new(),
        diagnosis_lists: Vec::new(),
        procedure_rules: Vec::new(),
        procedure_lists: Vec::new(),
        exclusion_names: source.exclusion_names.clone().into_iter().collect(),
        items: Vec::new(),
    };
    groups::add_adrgs(&mut scheme, source, &mut anomalies);
    groups::add_rules(&mut scheme, source, &lists, &mut anomalies);
    groups::add_divisions(&mut scheme, source, &lists, &mut anomalies);
    index::weigh_diagnoses(&mut scheme, source, &mdcs);
    index::weigh_procedures(&mut scheme, source);
    index::index(&mut scheme, &lists);
    anomalies.sort();
    (scheme, anomalies)
}

/// The MDCs in the order they are tried.
fn ordered_mdcs(source: &Source) -> Vec<&MdcSource> {
    let mut mdcs: Vec<&MdcSource> = source.mdcs.iter().collect();
    let rank = |mdc: &&MdcSource| {
        mdc.code.get(3..).and_then(|letter| source.choices.mdc_order.find(letter)).unwrap_or(usize::MAX)
    };
    mdcs.sort_by_key(rank);
    mdcs
}
