//! A year in which processes die and feeds are read again: the result must not show it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use medfund::suite::{Moment, Service};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::world::{Plan, World, chance, expect_same, undisturbed};

/// What is killed, in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Service(Service),
    Database,
}

/// The services that a year with quotas calls.
const CALLED: [Service; 3] = [Service::Budget, Service::Agreement, Service::Settlement];

const VICTIMS: [Victim; 4] =
    [Victim::Service(CALLED[0]), Victim::Service(CALLED[1]), Victim::Service(CALLED[2]), Victim::Database];

/// Who dies at which call of the step under way.
struct Kills {
    rng: ChaCha8Rng,
    n_steps: usize,
    n_calls: u32,
    due: Option<(u32, Victim)>,
    done: Vec<Victim>,
}

impl Kills {
    /// Who has to die now, and whether the call may already be on its way.
    fn next(&mut self, moment: Moment) -> Option<(Victim, bool)> {
        let fallen = match moment {
            Moment::Step => {
                let late = self.due.take();
                let victim = VICTIMS[self.n_steps % VICTIMS.len()];
                self.due = Some((self.rng.random_range(1..=12), victim));
                (self.n_steps, self.n_calls) = (self.n_steps + 1, 0);
                late
            }
            Moment::Call => {
                self.n_calls += 1;
                self.due.take_if(|(at, _)| *at <= self.n_calls)
            }
        };
        let (_, victim) = fallen?;
        self.done.push(victim);
        Some((victim, self.rng.random_bool(0.5)))
    }
}

/// Where a service dies by itself, inside a transaction or between its commit and what comes after.
const POINTS: [&str; 8] = [
    "write::after_claim",
    "write::before_commit",
    "write::after_commit",
    "consumer::before_commit",
    "consumer::after_commit",
    "sequencer::before_commit",
    "sealer::before_commit",
    "rollup::before_commit",
];

/// Has each service die at every point, each time it has passed it so often as is drawn.
fn failpoints(rng: &mut ChaCha8Rng) -> Vec<(Service, String, String)> {
    let mut settings = Vec::new();
    for service in CALLED {
        // Other processes' deaths begin the count anew, and there are fewer events than commands.
        let armed = POINTS.map(|point| {
            let n_passed = if point.starts_with("consumer") { 4..10 } else { 8..30 };
            format!("{point}={}*off->1*return(kill)", rng.random_range(n_passed))
        });
        settings.push((service, "FAILPOINTS".to_owned(), armed.join(";")));
    }
    settings
}

/// How often a service died at each point, by its log.
fn deaths(world: &World, service: Service) -> BTreeMap<&'static str, usize> {
    let log = world.hosted.folder().join("logs").join(format!("{}.log", service.name()));
    let log = std::fs::read_to_string(log).expect("a log");
    let died = |point: &str| log.lines().filter(|line| line.ends_with(&format!("failpoint {point}"))).count();
    POINTS.map(|point| (point, died(point))).into_iter().collect()
}

/// The process of a victim; one that has just died is waited for.
async fn process_of(world: &World, victim: Victim) -> u32 {
    loop {
        let process = match victim {
            Victim::Service(service) => world.hosted.process_of(service).await,
            Victim::Database => world.hosted.database_process(),
        };
        match process {
            Some(process) => return process,
            None => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn strike(world: &World, victim: Victim) {
    let process = process_of(world, victim).await;
    let process = Pid::from_raw(i32::try_from(process).expect("a process id"));
    match kill(process, Signal::SIGKILL) {
        // It died by itself at this very moment.
        Ok(()) | Err(Errno::ESRCH) => {}
        Err(error) => panic!("{victim:?} cannot be killed: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_killed_at_every_step_and_inside_transactions_and_started_again_change_nothing() {
    let mut rng = ChaCha8Rng::seed_from_u64(chance());
    let world = Arc::new(World::start_kept(failpoints(&mut rng)).await);
    let kills = Arc::new(Mutex::new(Kills { rng, n_steps: 0, n_calls: 0, due: None, done: Vec::new() }));
    let (striking, drawn) = (Arc::clone(&world), Arc::clone(&kills));
    let watch = move |moment| -> futures::future::BoxFuture<'static, ()> {
        let fallen = drawn.lock().unwrap_or_else(PoisonError::into_inner).next(moment);
        let world = Arc::clone(&striking);
        Box::pin(async move {
            match fallen {
                Some((victim, true)) => drop(tokio::spawn(async move { strike(&world, victim).await })),
                Some((victim, false)) => strike(&world, victim).await,
                None => {}
            }
        })
    };
    let json = world.live_watched(&Plan::usual(), Box::new(watch)).await;

    {
        let kills = kills.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(kills.done.len(), kills.n_steps, "one process died at every step");
        for victim in VICTIMS {
            assert!(kills.done.iter().filter(|done| **done == victim).count() >= 5, "{victim:?} died often");
        }
    }
    let mut inside = BTreeMap::new();
    for service in CALLED {
        let deaths = deaths(&world, service);
        println!("{} died by itself at {deaths:?}", service.name());
        assert!(deaths.values().sum::<usize>() > 0, "{} died by itself", service.name());
        for (point, n) in deaths {
            *inside.entry(point.split("::").next().unwrap_or_default()).or_insert(0) += n;
        }
    }
    assert!(inside["write"] > 1 && inside["consumer"] > 1, "{inside:?}");
    expect_same(undisturbed().await, &json, "killed processes");
    Arc::into_inner(world).expect("nobody strikes any more").stop().await;
}

/// Sets every cursor of a service back to the beginning while the service dies.
///
/// The lock keeps the service from moving a cursor between the change and its death.
async fn forget(world: &World, service: Service) -> u64 {
    let client = world.superuser(service).await;
    client.batch_execute("BEGIN; LOCK TABLE feed_cursors IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let n_cursors = client.execute("UPDATE feed_cursors SET position = 0", &[]).await.unwrap();
    strike(world, Victim::Service(service)).await;
    client.batch_execute("COMMIT").await.unwrap();
    n_cursors
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_read_again_from_the_beginning_change_nothing() {
    let world = Arc::new(World::start(true).await);
    let n_forgotten = Arc::new(Mutex::new((0, 0)));
    let (forgetting, counted) = (Arc::clone(&world), Arc::clone(&n_forgotten));
    let watch = move |moment| -> futures::future::BoxFuture<'static, ()> {
        let n_steps = {
            let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            counted.0 += u32::from(moment == Moment::Step);
            counted.0
        };
        // At the quotas, in the middle of the year, and before the clearing.
        let now = moment == Moment::Step && [8, 15, 21].contains(&n_steps);
        let (world, counted) = (Arc::clone(&forgetting), Arc::clone(&counted));
        Box::pin(async move {
            if now {
                for service in Service::ALL {
                    let n_cursors = forget(&world, service).await;
                    counted.lock().unwrap_or_else(PoisonError::into_inner).1 += n_cursors;
                }
            }
        })
    };
    let json = world.live_watched(&Plan::usual(), Box::new(watch)).await;

    let (_, n_cursors) = *n_forgotten.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(n_cursors >= 12, "only {n_cursors} cursors were set back");
    expect_same(undisturbed().await, &json, "feeds read again");
    Arc::into_inner(world).expect("nobody disturbs any more").stop().await;
}
