use medfund_types::Area;

use crate::violations::FieldProblem;

/// The parts of a resource name that its pattern leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceName<'n, const N: usize> {
    /// The pooling area the resource belongs to.
    pub area: Area,
    /// The other parts, in the pattern's order.
    pub ids: [&'n str; N],
}

/// Parses a resource name by its pattern, e.g. `areas/{area}/reserves/{reserve}`.
///
/// `N` is how many parts the pattern leaves open beside the area. Whether the
/// area is the caller's is not looked at: [`crate::Context::name`] does.
///
/// # Errors
///
/// If the name does not have the pattern's form.
pub fn parse_name<'n, const N: usize>(
    pattern: &str,
    name: &'n str,
) -> Result<ResourceName<'n, N>, FieldProblem> {
    let malformed = || FieldProblem::Malformed(format!("must have the form `{pattern}`"));
    let mut given = name.split('/');
    let mut open = Vec::with_capacity(N + 1);
    for expected in pattern.split('/') {
        let part = given.next().ok_or_else(malformed)?;
        if expected.starts_with('{') {
            open.push(Some(part).filter(|part| !part.is_empty()).ok_or_else(malformed)?);
        } else if part != expected {
            return Err(malformed());
        }
    }
    if given.next().is_some() {
        return Err(malformed());
    }
    let area = open.first().and_then(|area| area.parse().ok()).ok_or_else(malformed)?;
    let ids = open[1..].try_into().expect("the pattern leaves as many parts open as its user says");
    Ok(ResourceName { area, ids })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_its_area_and_ids() {
        let name = parse_name(
            "areas/{area}/fundYears/{year}/reserves/{id}",
            "areas/440700/fundYears/2017/reserves/a",
        );
        assert_eq!(name, Ok(ResourceName { area: "440700".parse().unwrap(), ids: ["2017", "a"] }));
        let parent = parse_name("areas/{area}", "areas/440700");
        assert_eq!(parent, Ok(ResourceName { area: "440700".parse().unwrap(), ids: [] }));
    }

    #[test]
    fn a_name_of_another_form_is_refused() {
        for bad in [
            "",
            "areas/440700",
            "areas/440700/reserves",
            "areas/440700/reserves/",
            "areas/44/reserves/a",
            "areas/440700/budgets/a",
            "areas/440700/reserves/a/b",
            "/areas/440700/reserves/a",
        ] {
            assert!(parse_name::<1>("areas/{area}/reserves/{reserve}", bad).is_err(), "{bad}");
        }
    }
}
