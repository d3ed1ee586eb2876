use medfund_money::Exact;

/// A number of the policy pack as a formula takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in a derivation.
    pub name: String,
    /// Its Chinese term.
    pub term: String,
    /// The number.
    pub value: Exact,
    /// Its clause or marked default.
    pub clause: String,
}
