use crate::case::Field;
use crate::scheme::Division;

/// Whether a condition holds of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Yes,
    No,
    /// The field that it looks at is missing.
    Unknown(Field),
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// Sees each step of grouping a case. The fast path's watch is `()`, which the
/// compiler takes away whole.
pub(crate) trait Watch {
    /// An MDC was tried.
    fn mdc(&mut self, mdc: u8, entered: Holds);
    /// A rule was tried; `failed` is the number of its first test that does not hold.
    fn rule(&mut self, rule: u16, holds: Holds, failed: Option<usize>);
    /// A sub-group of the ADRG was tried; `failed` is the number of its first test that does not hold.
    fn division(&mut self, division: &Division, holds: Holds, failed: Option<usize>);
}

impl Watch for () {
    #[inline]
    fn mdc(&mut self, _: u8, _: Holds) {}
    #[inline]
    fn rule(&mut self, _: u16, _: Holds, _: Option<usize>) {}
    #[inline]
    fn division(&mut self, _: &Division, _: Holds, _: Option<usize>) {}
}
