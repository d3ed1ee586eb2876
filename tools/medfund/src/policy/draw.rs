use medfund_policy::testing::{Reach, random_pack};

/// A pack drawn at random whose year the services can run; with `deferral` its months may pay less than is owed.
pub(super) fn text(seed: u64, deferral: bool) -> String {
    random_pack(seed, if deferral { Reach::Deferral } else { Reach::Quota })
}
