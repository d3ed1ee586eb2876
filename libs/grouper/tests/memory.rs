//! How much memory a loaded scheme holds, counted by the allocator.

#[path = "../benches/drawn/mod.rs"]
mod drawn;
#[cfg(feature = "official-tables")]
#[path = "official/tables.rs"]
#[expect(dead_code, reason = "only bytes are needed of what is read")]
mod official;
#[path = "support/reference_scheme.rs"]
mod reference_scheme;

use medfund_grouper::{Case, Grouper, Outcome, Scheme};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Twice what the README tells.
const MOST_HELD: usize = 10 << 20;

/// Usual cases, in codes of which all but the drawn scheme know some.
const USUAL: [&str; 4] = [
    ",,,,,,,,I21.000|E11.900,",
    ",,,,,,,,J18.900|E11.900,",
    ",,,,,,,,I10.x00|I21.000,",
    ",,,,,,,,K35.900,47.0100",
];

/// The codes of a case's line.
struct Codes<'l> {
    diagnoses: Vec<&'l str>,
    procedures: Vec<&'l str>,
}

impl<'l> Codes<'l> {
    /// Diagnoses and procedures are the last two columns of ten.
    fn of(line: &'l str) -> Self {
        let column = |n| line.split(',').nth(n).unwrap().split('|').filter(|code| !code.is_empty()).collect();
        Self { diagnoses: column(8), procedures: column(9) }
    }
}

/// One test, so that nothing else allocates meanwhile.
#[test]
fn a_loaded_scheme_holds_few_megabytes_and_grouping_adds_nothing() {
    let drawn = drawn::cases();
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
        assert!(held < MOST_HELD, "{name}: {held} bytes");

        let cases: Vec<Codes<'_>> = if *name == "drawn" {
            drawn.lines().skip(1).map(Codes::of).collect()
        } else {
            USUAL.into_iter().map(Codes::of).collect()
        };
        let mut grouper = Grouper::new(&scheme);
        let (with_buffers, mut n_grouped) = (ALLOCATOR.current_usage(), 0);
        ALLOCATOR.reset_peak_usage();
        for codes in &cases {
            let case = Case {
                age_years: Some(40),
                diagnoses: &codes.diagnoses,
                procedures: &codes.procedures,
                ..Case::default()
            };
            n_grouped += usize::from(grouper.group(&case).outcome == Outcome::Grouped);
        }
        assert_eq!(ALLOCATOR.peak_usage(), with_buffers, "{name}: grouping allocates");
        // 1.0 knows longer codes than most of the usual ones.
        assert!(n_grouped > 0, "{name}: no case is grouped");
    }
}
