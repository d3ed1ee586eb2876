use super::{Crosswalk, Side};
use crate::Scheme;
use crate::codes::CodeTable;

/// What shows that the columns of a crosswalk are swapped: it leads from codes that the scheme has to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swapped {
    /// How many codes that the scheme has would become codes that it has not.
    pub n_lost: usize,
    /// How many that it has not would become codes that it has.
    pub n_found: usize,
    /// The first code that would be lost, and what it would become.
    pub first: [String; 2],
}

impl Crosswalk {
    /// Tells whether its columns are swapped, the 医保 code first, for diagnoses or for procedures: it would take more of
    /// these codes away from a scheme than it gives it. A scheme by category knows the codes of both, so that nothing shows there.
    #[must_use]
    pub fn swapped_for(&self, scheme: &Scheme) -> Option<Swapped> {
        let sides = [(&self.diagnoses, &scheme.diagnosis_codes), (&self.procedures, &scheme.procedure_codes)];
        let mut counted = sides.into_iter().map(|(side, known)| Swapped::count(side, known));
        counted.find(|swapped| swapped.n_lost > swapped.n_found)
    }
}

impl Swapped {
    fn count(side: &Side, known: &CodeTable) -> Self {
        let mut swapped = Self { n_lost: 0, n_found: 0, first: Default::default() };
        for (id, several) in (0..).zip(&side.to) {
            let from = side.from.text(id);
            for to in several {
                match [from, to].map(|code| known.find(code).is_some()) {
                    [true, false] if swapped.n_lost == 0 => {
                        swapped.n_lost = 1;
                        swapped.first = [from.to_owned(), to.clone()];
                    }
                    [true, false] => swapped.n_lost += 1,
                    [false, true] => swapped.n_found += 1,
                    [true, true] | [false, false] => {}
                }
            }
        }
        swapped
    }
}
