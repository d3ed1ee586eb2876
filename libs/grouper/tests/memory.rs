//! How much memory a loaded scheme holds, counted by the allocator.

#[path = "../benches/drawn/mod.rs"]
#[expect(dead_code, reason = "the bench draws cases too")]
mod drawn;
#[cfg(feature = "official-tables")]
#[path = "official/tables.rs"]
#[expect(dead_code, reason = "only bytes are needed of what is read")]
mod official;
#[path = "support/reference_scheme.rs"]
mod reference_scheme;

use medfund_grouper::{Case, Grouper, Scheme};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MOST_BYTES: usize = 64 << 20;

/// One test, so that nothing else allocates meanwhile.
#[test]
fn a_loaded_scheme_stays_under_64_mb_and_grouping_adds_nothing() {
    let mut written = vec![("drawn", drawn::scheme().to_bytes())];
    written.push(("reference", reference_scheme::scheme().to_bytes()));
    #[cfg(feature = "official-tables")]
    for version in official::VERSIONS {
        written.push((version, official::read_and_compile(version).scheme.to_bytes()));
    }
    for (name, bytes) in &written {
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let scheme = Scheme::from_bytes(bytes).unwrap();
        let (held, peak) = (ALLOCATOR.current_usage() - before, ALLOCATOR.peak_usage() - before);
        println!(
            "{name}: {} KB written, {} KB loaded, {} KB while loading",
            bytes.len() >> 10,
            held >> 10,
            peak >> 10
        );
        assert!(held >= bytes.len() / 2, "{name}: {held} bytes are not all of it");
        assert!(peak < MOST_BYTES, "{name}: {peak} bytes");

        let mut grouper = Grouper::new(&scheme);
        let with_buffers = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let case = Case {
            age_years: Some(40),
            diagnoses: &["I21.000", "E11.900"],
            procedures: &["36.0700"],
            ..Case::default()
        };
        let answer = grouper.group(&case);
        assert_eq!(ALLOCATOR.peak_usage(), with_buffers, "{name}: grouping allocates ({answer:?})");
    }
}
