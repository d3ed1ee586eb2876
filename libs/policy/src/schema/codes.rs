use super::KindOfCare;
use crate::read::{FundLineMap, KindMap, Param, section};

section! {
    /// What national codes stand for here (编码对照).
    pub struct Codes {
        /// The fund line that each insurance type draws on.
        insutype: Param<FundLineMap> = "险种对照",
        /// The kind of care that each medical type is.
        med_type: Param<KindMap> = "医疗类别对照",
    }
}

impl Codes {
    /// The fund line that a bill's `insutype` draws on, if the pack knows it.
    #[must_use]
    pub fn fund_line(&self, insutype: &str) -> Option<&medfund_types::FundLine> {
        self.insutype.get(insutype)
    }

    /// The kind of care that a bill's `med_type` is, if the pack knows it.
    #[must_use]
    pub fn kind_of_care(&self, med_type: &str) -> Option<KindOfCare> {
        self.med_type.get(med_type).copied()
    }
}
