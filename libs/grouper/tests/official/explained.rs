//! A trace reads like an explanation.

use medfund_grouper::{Case, Grouper, Sex};

use crate::tables::official;

#[test]
fn a_trace_names_rules_complications_and_what_would_change_the_group() {
    let mut grouper = Grouper::new(&official("1.1").scheme);
    let explanation = grouper.explain(&Case {
        sex: Some(Sex::Male),
        age_years: Some(37),
        age_days: None,
        birth_weight_g: None,
        stay_days: None,
        diagnoses: &["T81.700x405", "S06.800x012", "Z99.999"],
        procedures: &[],
    });
    let text = explanation.to_string();
    println!("{text}");
    assert!(text.starts_with("分组成功：FW11"), "{text}");
    for part in
        ["不认识的编码，未参与分组：Z99.999", "进入 MDCF", "计为 MCC", "如果没有计入的 MCC（S06.800x012）"]
    {
        assert!(text.contains(part), "{part} is missing from\n{text}");
    }
}

/// 1.1 sends a normal delivery (O80) to OR1 by its outcome (Z37) as principal diagnosis, which may only stand beside another.
#[test]
fn what_only_a_forbidden_principal_diagnosis_would_reach_is_told() {
    let mut grouper = Grouper::new(&official("1.1").scheme);
    let explanation = grouper.explain(&Case {
        sex: Some(Sex::Female),
        age_years: Some(28),
        age_days: None,
        birth_weight_g: None,
        stay_days: None,
        diagnoses: &["O80.000"],
        procedures: &[],
    });
    let text = explanation.to_string();
    let line = text.lines().find(|line| line.contains("换主要诊断可入")).unwrap_or_else(|| panic!("{text}"));
    assert!(line.contains("OR1 阴道分娩（Z37") && line.contains("但按质控只能作其他诊断"), "{line}");
}
