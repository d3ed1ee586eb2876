//! The figures of a load, as tables and as JSON.

use comfy_table::{Cell, Color, Table};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::count::Durability;
use super::machine::{Lap, Need, load_average, n_processors};
use super::plain::Plain;
use super::run::What;
use super::stages::Stage;
use crate::print::{bold, grouped, numbers_right, table};

/// What came of a load.
pub(super) struct Report {
    pub(super) what: What,
    pub(super) pack: String,
    pub(super) seed: u64,
    pub(super) n_bills: i64,
    pub(super) n_institutions: usize,
    pub(super) size: Size,
    pub(super) server: Durability,
    pub(super) phases: Vec<Phase>,
    /// What the settlement service was busy with meanwhile.
    pub(super) stages: Vec<Stage>,
    pub(super) processes: Vec<(&'static str, Need)>,
    pub(super) checks: Vec<Check>,
    /// Rows of the settlement service's tables.
    pub(super) rows: Vec<(String, i64)>,
    /// What the same rows took by plain SQL.
    pub(super) plain: Option<Plain>,
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
    pub(super) fn new(what: &'static str, expected: i64, found: i64) -> Self {
        Self { what, expected, found }
    }

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
        let (unit, n, of) = (self.what.unit(), grouped(self.n_bills), self.n_institutions);
        let (pack, seed) = (&self.pack, self.seed);
        let mut parts = vec![
            format!("\n{n} {unit} of {of} institutions · pack {pack} · seed {seed}"),
            format!("each: {message} bytes as a message, {row} in its table, {index} in indexes"),
            format!(
                "PostgreSQL {server_version}: fsync {fsync}, synchronous_commit {synchronous_commit}, \
                 full_page_writes {full_page_writes}"
            ),
            format!("\n{}", self.phase_table()),
            format!("\nWhat the settlement service was busy with, side by side\n{}", self.stage_table()),
            format!("\nMemory without what the database shares\n{}", self.process_table()),
            format!("\nCounted afterwards in the database\n{}", self.check_table()),
            format!("\nRows\n{}", self.row_table()),
        ];
        if let Some(plain) = &self.plain {
            parts.push(format!("\nThe same rows by plain SQL\n{}", self.plain_table(plain)));
        }
        parts.join("\n")
    }

    fn phase_table(&self) -> Table {
        let cores = n_processors().map(|n| format!(" of {n} processors")).unwrap_or_default();
        let busy = format!("busy{cores}: the suite");
        let rate = format!("{}/s", self.what.unit());
        let mut table = table(&["", "what", "seconds", &rate, &busy, "others"]);
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

    fn stage_table(&self) -> Table {
        let mut table = table(&["stage", "seconds"]);
        for stage in &self.stages {
            table.add_row([stage.name.replace('_', " "), hundredths(stage.milliseconds / 10)]);
        }
        numbers_right(&mut table, 1);
        table
    }

    fn row_table(&self) -> Table {
        let mut table = table(&["table", "rows"]);
        for (name, n_rows) in &self.rows {
            table.add_row([name.clone(), grouped(*n_rows)]);
        }
        numbers_right(&mut table, 1);
        table
    }

    fn plain_table(&self, plain: &Plain) -> Table {
        let mut table = table(&["", "seconds", "end to end takes so many times as long"]);
        for (name, milliseconds) in [("INSERT", plain.insert_milliseconds), ("COPY", plain.copy_milliseconds)]
        {
            let ratio = self.ratio_hundredths(milliseconds);
            table.add_row([
                Cell::new(name),
                Cell::new(hundredths(milliseconds / 10)),
                bold(&hundredths(ratio)),
            ]);
        }
        numbers_right(&mut table, 1);
        table
    }

    /// How many times as long as `milliseconds` the whole took, in hundredths.
    fn ratio_hundredths(&self, milliseconds: u64) -> u64 {
        self.milliseconds() * 100 / milliseconds.max(1)
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
        let kib: Option<u64> = self.processes.iter().map(|(_, need)| need.peak_kib).sum();
        let together = kib.map_or("–".to_owned(), |kib| hundredths(kib * 1_024 / 10_000));
        table.add_row([bold("together"), bold(&together), Cell::new("")]);
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
        let plain = self.plain.map(|plain| {
            json!({
                "times": plain,
                "whole_to_insert_hundredths": self.ratio_hundredths(plain.insert_milliseconds),
                "whole_to_copy_hundredths": self.ratio_hundredths(plain.copy_milliseconds),
            })
        });
        let rows: Map<String, Value> = self.rows.iter().map(|(name, n)| (name.clone(), json!(n))).collect();
        let report = json!({
            "what": self.what.unit(),
            "load_average": load_average(),
            "stages": self.stages,
            "rows": rows,
            "plain_sql": plain,
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
