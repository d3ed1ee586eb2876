use medfund_policy::testing::{Reach, random_pack};

/// A pack drawn at random whose year the services can run.
pub(super) fn text(seed: u64) -> String {
    random_pack(seed, Reach::Quota)
}
