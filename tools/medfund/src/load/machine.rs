//! What the machine gave to the load: processor time and memory, as the kernel counts them.
//!
//! Everything is `None` where there is no `/proc`.

use std::fs;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::hosting::Hosted;
use crate::suite::Service;

/// The processes of a suite, and this one.
pub(super) struct Machine {
    services: Vec<(Service, u32)>,
    database: Option<u32>,
    begun: Instant,
    at: Option<Ticks>,
}

/// Processor time in hundredths of a second.
#[derive(Clone, Copy, Debug)]
struct Ticks {
    suite: u64,
    all: u64,
}

/// A part of the load that has ended.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Lap {
    pub(super) milliseconds: u64,
    /// Processors that the suite and this program kept busy, in hundredths.
    pub(super) suite_processors: Option<u64>,
    /// Processors that other programs kept busy meanwhile, in hundredths.
    pub(super) other_processors: Option<u64>,
}

/// What a service needed.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Need {
    /// The most memory it ever held.
    pub(super) peak_kib: Option<u64>,
    /// Processor time since it began.
    pub(super) processor_milliseconds: Option<u64>,
}

impl Machine {
    pub(super) async fn of(hosted: &Hosted) -> Self {
        let mut services = Vec::new();
        for service in Service::ALL {
            services.extend(hosted.process_of(service).await.map(|id| (service, id)));
        }
        Self { services, database: hosted.database_process(), begun: Instant::now(), at: None }
    }

    /// Begins the first lap now.
    pub(super) fn begin(&mut self) {
        (self.begun, self.at) = (Instant::now(), self.ticks());
    }

    /// Ends a lap and begins the next.
    pub(super) fn lap(&mut self) -> Lap {
        let (took, now) = (self.begun.elapsed(), self.ticks());
        let lap = lap(took, self.at, now);
        (self.begun, self.at) = (Instant::now(), now);
        lap
    }

    /// What each service, and then this program, needed so far.
    pub(super) fn needs(&self) -> Vec<(&'static str, Need)> {
        let services = self.services.iter().map(|(service, id)| (service.name(), *id));
        services.chain([("medfund load", std::process::id())]).map(|(name, id)| (name, need(id))).collect()
    }

    fn ticks(&self) -> Option<Ticks> {
        let own = self.services.iter().map(|(_, id)| *id).chain([std::process::id()]);
        let suite = own.filter_map(|id| Some(stat(id)?.own)).sum::<u64>() + self.database.map_or(0, family);
        Some(Ticks { suite, all: busy()? })
    }
}

fn lap(took: Duration, before: Option<Ticks>, now: Option<Ticks>) -> Lap {
    let milliseconds = milliseconds(took);
    let processors = |ticks: u64| ticks * 1_000 / milliseconds.max(1);
    let used = before.zip(now).map(|(before, now)| {
        let suite = now.suite.saturating_sub(before.suite);
        (suite, (now.all.saturating_sub(before.all)).saturating_sub(suite))
    });
    Lap {
        milliseconds,
        suite_processors: used.map(|(suite, _)| processors(suite)),
        other_processors: used.map(|(_, other)| processors(other)),
    }
}

/// A time in whole milliseconds.
pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// How many programs wanted a processor, on average of the last minute, as the kernel writes it.
pub(super) fn load_average() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

/// How many processors there are.
pub(super) fn n_processors() -> Option<usize> {
    std::thread::available_parallelism().ok().map(std::num::NonZero::get)
}

fn need(process: u32) -> Need {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Need {
        peak_kib: peak.and_then(|text| text.split_whitespace().next()?.parse().ok()),
        processor_milliseconds: stat(process).map(|stat| stat.own * 10),
    }
}

/// A process as `/proc` tells of it.
struct Stat {
    parent: u32,
    /// Its processor time.
    own: u64,
    /// That of its children that have ended.
    children: u64,
}

fn stat(process: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may hold anything.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own: number(11)? + number(12)?,
        children: number(13)? + number(14)?,
    })
}

/// The processor time of a database server and its backends, those that ended too.
fn family(server: u32) -> u64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let backends: u64 = ids.filter_map(stat).filter(|stat| stat.parent == server).map(|stat| stat.own).sum();
    backends + stat(server).map_or(0, |stat| stat.own + stat.children)
}

/// The processor time of all programs, and what the machine's host took away.
fn busy() -> Option<u64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let fields: Vec<u64> =
        text.lines().next()?.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let idle = fields.get(3..5)?.iter().sum::<u64>();
    Some(fields.iter().take(8).sum::<u64>() - idle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_told_in_hundredths_and_others_apart() {
        let before = Ticks { suite: 100, all: 1_000 };
        let now = Ticks { suite: 400, all: 1_350 };
        let lap = lap(Duration::from_secs(2), Some(before), Some(now));
        assert_eq!((lap.suite_processors, lap.other_processors), (Some(150), Some(25)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_a_parent_and_needs_memory() {
        assert_ne!(stat(std::process::id()).map(|stat| stat.parent), None);
        assert!(need(std::process::id()).peak_kib.is_some_and(|kib| kib > 100));
        assert!(busy().is_some_and(|ticks| ticks > 0));
    }
}
