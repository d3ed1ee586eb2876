//! The figures of a load, as tables and as JSON.

use comfy_table::{Cell, Color, Table};
use serde::Serialize;
use serde_json::json;

use super::count::Durability;
use super::machine::{Lap, Need, n_processors};
use crate::print::{bold, grouped, numbers_right, table};

/// What came of a load.
pub(super) struct Report {
    pub(super) pack: String,
    pub(super) seed: u64,
    pub(super) n_bills: i64,
    pub(super) n_institutions: usize,
    pub(super) size: Size,
    pub(super) server: Durability,
    pub(super) phases: Vec<Phase>,
    pub(super) processes: Vec<(&'static str, Need)>,
    pub(super) checks: Vec<Check>,
}

/// Mean bytes of a bill.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Size {
    /// As a message.
    pub(super) message: i64,
    /// In its table.
    pub(super) row: i64,
    /// In the table's indexes.
    pub(super) index: i64,
}

/// A part of the load.
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) result: String,
    pub(super) lap: Lap,
}

/// Two numbers that must be the same.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) expected: i64,
    pub(super) found: i64,
}

impl Check {
    fn agrees(&self) -> bool {
        self.expected == self.found
    }
}

impl Report {
    /// Whether everything that was sent was found.
    pub(super) fn agrees(&self) -> bool {
        self.checks.iter().all(Check::agrees)
    }

    pub(super) fn tables(&self) -> String {
        let Durability { server_version, fsync, synchronous_commit, full_page_writes } = &self.server;
        let Size { message, row, index } = self.size;
        format!(
            "\n{} bills of {} institutions · pack {} · seed {}\n\
             a bill: {message} bytes as a message, {row} in its table, {index} in indexes\n\
             PostgreSQL {server_version}: fsync {fsync}, synchronous_commit {synchronous_commit}, \
             full_page_writes {full_page_writes}\n\n{}\n\nMemory\n{}\n\nCounted afterwards in the database\n{}",
            grouped(self.n_bills),
            self.n_institutions,
            self.pack,
            self.seed,
            self.phase_table(),
            self.process_table(),
            self.check_table(),
        )
    }

    fn phase_table(&self) -> Table {
        let cores = n_processors().map(|n| format!(" of {n} processors")).unwrap_or_default();
        let busy = format!("busy{cores}: the suite");
        let mut table = table(&["", "what", "seconds", "bills/s", &busy, "others"]);
        for phase in &self.phases {
            let lap = phase.lap;
            table.add_row([
                Cell::new(phase.name),
                Cell::new(&phase.result),
                Cell::new(hundredths(lap.milliseconds / 10)),
                Cell::new(grouped(self.rate(lap.milliseconds))),
                Cell::new(lap.suite_processors.map_or("–".to_owned(), hundredths)),
                Cell::new(lap.other_processors.map_or("–".to_owned(), hundredths)),
            ]);
        }
        let whole = self.milliseconds();
        let mean = |of: fn(&Lap) -> Option<u64>| {
            let part = |phase: &Phase| Some(of(&phase.lap)? * phase.lap.milliseconds);
            let sum: Option<u64> = self.phases.iter().map(part).sum();
            sum.map_or("–".to_owned(), |sum| hundredths(sum / whole.max(1)))
        };
        table.add_row([
            bold("end to end"),
            Cell::new(""),
            bold(&hundredths(whole / 10)),
            bold(&grouped(self.rate(whole))).fg(Color::Green),
            bold(&mean(|lap| lap.suite_processors)),
            bold(&mean(|lap| lap.other_processors)),
        ]);
        numbers_right(&mut table, 2);
        table
    }

    fn process_table(&self) -> Table {
        let mut table = table(&["process", "at most, MB", "processor time, s"]);
        for (name, need) in &self.processes {
            let megabytes = need.peak_kib.map(|kib| kib * 1_024 / 10_000);
            let seconds = need.processor_milliseconds.map(|ms| ms / 10);
            table.add_row([
                (*name).to_owned(),
                megabytes.map_or("–".to_owned(), hundredths),
                seconds.map_or("–".to_owned(), hundredths),
            ]);
        }
        numbers_right(&mut table, 1);
        table
    }

    fn check_table(&self) -> Table {
        let mut table = table(&["", "expected", "found", ""]);
        for check in &self.checks {
            let (mark, colour) = if check.agrees() { ("✓", Color::Green) } else { ("✗", Color::Red) };
            table.add_row([
                Cell::new(check.what),
                Cell::new(grouped(check.expected)),
                Cell::new(grouped(check.found)),
                Cell::new(mark).fg(colour),
            ]);
        }
        numbers_right(&mut table, 1);
        table
    }

    fn milliseconds(&self) -> u64 {
        self.phases.iter().map(|phase| phase.lap.milliseconds).sum()
    }

    /// Bills a second.
    fn rate(&self, milliseconds: u64) -> i64 {
        self.n_bills * 1_000 / i64::try_from(milliseconds.max(1)).unwrap_or(i64::MAX)
    }

    pub(super) fn json(&self) -> anyhow::Result<String> {
        let phase = |phase: &Phase| json!({ "name": phase.name, "lap": phase.lap, "bills_per_second": self.rate(phase.lap.milliseconds) });
        let process = |(name, need): &(&str, Need)| json!({ "process": name, "need": need });
        let whole = self.milliseconds();
        let report = json!({
            "pack": self.pack,
            "seed": self.seed,
            "bills": self.n_bills,
            "institutions": self.n_institutions,
            "bytes_of_a_bill": self.size,
            "processors": n_processors(),
            "server": self.server,
            "phases": self.phases.iter().map(phase).collect::<Vec<_>>(),
            "end_to_end": { "milliseconds": whole, "bills_per_second": self.rate(whole) },
            "processes": self.processes.iter().map(process).collect::<Vec<_>>(),
            "checks": self.checks,
            "agrees": self.agrees(),
        });
        Ok(serde_json::to_string_pretty(&report)? + "\n")
    }
}

/// Hundredths as a number with two decimals.
fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_have_two_decimals() {
        assert_eq!(hundredths(1_205), "12.05");
    }
}
