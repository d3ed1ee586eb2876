use super::words::words;

words! {
    /// What the drg service adopts from a day of discharge on.
    pub enum DrgKind {
        /// A compiled grouping scheme (分组方案).
        Scheme = "scheme",
        /// A published tariff (支付标准).
        Tariff = "tariff",
    }
}
