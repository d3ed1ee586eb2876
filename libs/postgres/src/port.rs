use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::PostgresError;

/// Where the system says from which port on it gives ports to connections by itself.
const EPHEMERAL: &str = "/proc/sys/net/ipv4/ip_local_port_range";

/// Where nothing is said: below what systems usually give away.
const USUAL: Range<u16> = 20_000..32_000;

/// Fewer ports than that below the system's own are too few to look among.
const FEWEST: u16 = 1_000;

/// How many ports are tried.
const MOST_TRIES: usize = 200;

/// A loopback port that is kept for a server until just before it starts.
///
/// It lies below those that the system gives to connections by itself, so that none of them takes it in the moment
/// between, and no process is given the same one twice. It is let go when this is dropped.
#[derive(Debug)]
pub struct HeldPort {
    number: u16,
    _listener: TcpListener,
}

impl HeldPort {
    /// Takes a port that nobody listens on.
    ///
    /// # Errors
    ///
    /// [`PostgresError::NoPort`].
    pub fn take() -> Result<Self, PostgresError> {
        static PORTS: LazyLock<Mutex<Ports>> = LazyLock::new(|| {
            let range = below(fs::read_to_string(EPHEMERAL).ok().as_deref());
            // Processes that start together begin apart.
            Mutex::new(Ports::new(range, std::process::id()))
        });
        PORTS.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}

/// The ports below those that the system gives to connections.
///
/// - `ephemeral`: the first and the last of the system's own, as it tells them.
fn below(ephemeral: Option<&str>) -> Range<u16> {
    let first: Option<u16> = ephemeral.and_then(|range| range.split_whitespace().next()?.parse().ok());
    let end = first.map_or(USUAL.end, |first| first.min(USUAL.end));
    let start = end.saturating_sub(USUAL.end - USUAL.start).max(1_024);
    if start + FEWEST <= end { start..end } else { USUAL }
}

/// The ports of a range that this process was not given yet.
#[derive(Debug)]
struct Ports {
    range: Range<u16>,
    rest: Vec<u16>,
}

impl Ports {
    fn new(range: Range<u16>, process: u32) -> Self {
        let mut rest: Vec<u16> = range.clone().rev().collect();
        let stride = usize::try_from(process).unwrap_or_default().wrapping_mul(MOST_TRIES);
        let n_ports = rest.len();
        rest.rotate_right(stride % n_ports);
        Self { range, rest }
    }

    fn take(&mut self) -> Result<HeldPort, PostgresError> {
        for _ in 0..MOST_TRIES {
            let Some(number) = self.rest.pop() else { break };
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, number)) {
                return Ok(HeldPort { number, _listener: listener });
            }
        }
        Err(PostgresError::NoPort(self.range.start, self.range.end - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_lie_below_those_of_the_system() {
        assert_eq!(below(Some("32768\t60999\n")), 20_000..32_000);
        assert_eq!(below(Some("30000 60999")), 18_000..30_000);
        assert_eq!(below(Some("9000 65535")), 1_024..9_000);
        for unknown in [None, Some(""), Some("1024 65535"), Some("all of them")] {
            assert_eq!(below(unknown), 20_000..32_000, "{unknown:?}");
        }
    }

    #[test]
    fn a_port_is_held_and_given_once() {
        let held = HeldPort::take().unwrap();
        let number = held.number();
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_err());
        drop(held);
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok());
        assert!((0..100).all(|_| HeldPort::take().unwrap().number() != number));
    }

    #[test]
    fn a_port_that_somebody_has_is_passed_over_and_no_more_are_an_error() {
        let free = HeldPort::take().unwrap();
        let range = free.number()..free.number() + 1;
        let taken = Ports::new(range.clone(), 1).take();
        assert!(matches!(taken, Err(PostgresError::NoPort(first, last)) if first == last));
        drop(free);
        let mut ports = Ports::new(range, 1);
        assert!(ports.take().is_ok());
        assert!(ports.take().is_err(), "it was given before");
    }
}
