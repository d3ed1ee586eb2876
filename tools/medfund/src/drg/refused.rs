/// How many bad lines are told one by one.
pub(super) const N_TOLD: usize = 20;

/// How many reasons are told again where no line is a case.
const N_FIRST: usize = 3;

/// Lines of a case list that are no case.
#[derive(Debug, Default)]
pub(super) struct Refused {
    name: String,
    first: Vec<String>,
    pub(super) n_lines: usize,
}

impl Refused {
    /// Of the list with that name, none yet.
    pub(super) fn of(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Counts a line; gives what is to be said of it, if it is one of those that are told one by one.
    pub(super) fn add(&mut self, line: u64, reason: &str) -> Option<String> {
        self.n_lines += 1;
        let told = || format!("{}:{line}: {reason}", self.name);
        if self.n_lines <= N_FIRST {
            self.first.push(told());
        }
        (self.n_lines <= N_TOLD).then(told)
    }

    /// What is to be said of the lines that are not told one by one.
    pub(super) fn others(&self) -> Option<String> {
        let n_others = self.n_lines.checked_sub(N_TOLD).filter(|n| *n > 0)?;
        Some(format!("{}: {n_others} more lines like these", self.name))
    }

    /// What is to be said where no line is a case: that nothing was `done`, and the first reasons.
    pub(super) fn nothing_done(&self, done: &str, n_cases: u64) -> Option<String> {
        match (n_cases, self.n_lines) {
            (1.., _) => None,
            (0, 0) => Some(format!("nothing is {done}: {} has a heading and no case", self.name)),
            (0, n) => {
                let first: String = self.first.iter().map(|told| format!("\n  {told}")).collect();
                let more = if n > N_FIRST { "\n  …" } else { "" };
                let lines = if n == 1 {
                    "its one line is no case".into()
                } else {
                    format!("none of its {n} lines is a case")
                };
                Some(format!("nothing is {done} of {}: {lines}, for{first}{more}", self.name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_lines_are_told_one_by_one_and_the_rest_by_their_number() {
        let mut refused = Refused::of("cases.csv");
        let told: Vec<Option<String>> = (2..24).map(|line| refused.add(line, "no")).collect();
        assert_eq!(told[0].as_deref(), Some("cases.csv:2: no"));
        assert_eq!(told.iter().filter(|told| told.is_some()).count(), 20);
        assert_eq!(refused.others().as_deref(), Some("cases.csv: 2 more lines like these"));
    }

    #[test]
    fn a_list_without_a_case_says_that_nothing_is_done_and_why() {
        let mut refused = Refused::of("cases.csv");
        let said = |refused: &Refused| refused.nothing_done("grouped", 0).unwrap();
        assert_eq!(said(&refused), "nothing is grouped: cases.csv has a heading and no case");
        refused.add(2, "no sex");
        assert_eq!(
            said(&refused),
            "nothing is grouped of cases.csv: its one line is no case, for\n  cases.csv:2: no sex"
        );
        for line in 3..6 {
            refused.add(line, "no age");
        }
        assert_eq!(
            said(&refused),
            "nothing is grouped of cases.csv: none of its 4 lines is a case, for\n  cases.csv:2: no sex\n  \
             cases.csv:3: no age\n  cases.csv:4: no age\n  …"
        );
        assert_eq!(refused.nothing_done("grouped", 1), None);
    }
}
