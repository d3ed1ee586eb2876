use medfund_policy::Param;

/// A parameter as a calculator takes it: its value, and the words a derivation cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited<T> {
    /// The value.
    pub value: T,
    /// The clause, or why it is a default.
    pub cite: String,
}

impl<T> Cited<T> {
    /// A value with its citation.
    pub fn new(value: T, cite: &str) -> Self {
        Self { value, cite: cite.to_owned() }
    }
}

impl From<&Param<medfund_policy::Rate>> for Cited<medfund_money::Rate> {
    fn from(param: &Param<medfund_policy::Rate>) -> Self {
        let value = param.get().get().try_into().expect("a pack's rate lies from 0 to 1");
        Self { value, cite: param.cite() }
    }
}

impl From<&Param<medfund_policy::Coefficient>> for Cited<medfund_money::Coefficient> {
    fn from(param: &Param<medfund_policy::Coefficient>) -> Self {
        let value = param.get().get().try_into().expect("a pack's coefficient is more than zero");
        Self { value, cite: param.cite() }
    }
}
