//! What needs the official tables, from the folder that `CHS_DRG_TABLES` names:
//! `CHS_DRG_TABLES=… cargo test -p medfund-grouper --features official-tables --release`.

mod agreement;
mod beijing;
mod compiled;
mod crosswalk;
mod examples;
mod explained;
mod own_lists;
mod random;
mod reference;
#[path = "../support/reference_scheme.rs"]
mod reference_scheme;
mod slow;
mod tables;
