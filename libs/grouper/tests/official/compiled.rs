//! What compiling gives: counts, anomalies, bytes.

use std::time::{Duration, Instant};

use medfund_grouper::Scheme;

use crate::tables::{VERSIONS, official, read_and_compile};

#[test]
fn each_version_has_its_official_counts_and_as_many_anomalies_as_the_readme_says() {
    let counts = [[26, 376, 618], [26, 376, 618], [26, 376, 628], [26, 376, 696], [26, 409, 634]];
    let anomalies = [2278, 1422, 872, 78, 354];
    for (version, (counts, n_anomalies)) in VERSIONS.into_iter().zip(counts.into_iter().zip(anomalies)) {
        let compiled = official(version);
        assert_eq!((compiled.scheme.counts(), compiled.anomalies.len()), (counts, n_anomalies), "{version}");
    }
}

#[test]
fn every_anomaly_is_told_by_file_and_line() {
    for version in VERSIONS {
        let anomalies = &official(version).anomalies;
        for anomaly in anomalies {
            println!("{version}/{}:{} {}", anomaly.file, anomaly.line, anomaly.what);
        }
        let unread = ["not understood", "no code", "a list under", "no list is called", "not known"];
        let of_rules = |what: &str| unread.iter().any(|words| what.contains(words));
        let unread: Vec<_> = anomalies.iter().filter(|a| a.line == 0 && of_rules(&a.what)).collect();
        assert!(unread.is_empty(), "{version}: {unread:?}");
    }
}

#[test]
fn no_published_table_or_group_is_lost() {
    for version in VERSIONS {
        let anomalies = &official(version).anomalies;
        let losses: Vec<_> = anomalies.iter().filter(|anomaly| anomaly.is_loss).collect();
        assert!(losses.is_empty(), "{version}: {losses:?}");
    }
}

#[test]
fn a_scheme_is_the_same_bytes_every_time_and_tells_how_fast_it_loads() {
    for version in VERSIONS {
        let scheme = &official(version).scheme;
        let bytes = scheme.to_bytes();
        assert_eq!(bytes, read_and_compile(version).scheme.to_bytes(), "{version}");
        let mut fastest = Duration::MAX;
        for _ in 0..10 {
            let begin = Instant::now();
            let loaded = Scheme::from_bytes(&bytes).unwrap();
            fastest = fastest.min(begin.elapsed());
            assert_eq!(loaded.hash(), scheme.hash());
        }
        println!("{version}: {} bytes, loads in {fastest:?}", bytes.len());
    }
}
