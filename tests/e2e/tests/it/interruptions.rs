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

use crate::world::{Plan, World, chance, expect_same, undisturbed, undisturbed_pool};

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

/// Who dies at each step of a year with quotas.
fn in_turn(step: usize) -> Option<Victim> {
    Some(VICTIMS[step % VICTIMS.len()])
}

/// Who dies where a year with a pool does what no other does: when the tariff is made, the pools are approved, a month's
/// cases are grouped, counted and reviewed, and when the pools are cleared.
fn at_pools(step: usize) -> Option<Victim> {
    match step {
        5 => Some(Victim::Service(Service::Drg)),
        6 => Some(Victim::Service(Service::Budget)),
        10..=22 if step.is_multiple_of(2) => Some(Victim::Service(Service::Settlement)),
        10..=22 => Some(Victim::Database),
        _ => None,
    }
}

/// Who dies at which call of the step under way.
struct Kills {
    rng: ChaCha8Rng,
    victim_of: fn(usize) -> Option<Victim>,
    n_steps: usize,
    n_due: usize,
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
                self.due =
                    (self.victim_of)(self.n_steps).map(|victim| (self.rng.random_range(1..=12), victim));
                self.n_due += usize::from(self.due.is_some());
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

/// Has each of the services die at every point, each time it has passed it so often as is drawn.
fn failpoints(rng: &mut ChaCha8Rng, services: &[Service]) -> Vec<(Service, String, String)> {
    let mut settings = Vec::new();
    for service in services.iter().copied() {
        // Other processes' deaths begin the count anew, and there are fewer events than commands.
        let armed = POINTS.map(|point| {
            let is_rare = point.starts_with("consumer") || service == Service::Drg;
            let n_passed = if is_rare { 4..10 } else { 8..30 };
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

/// Lives a plan's year while processes are killed and services die by themselves, and tells who did at last.
async fn live_with_kills(
    plan: &Plan,
    victim_of: fn(usize) -> Option<Victim>,
    armed: &[Service],
) -> (String, Vec<Victim>) {
    let mut rng = ChaCha8Rng::seed_from_u64(chance());
    let world = Arc::new(World::start_kept(failpoints(&mut rng, armed)).await);
    let kills = Kills { rng, victim_of, n_steps: 0, n_due: 0, n_calls: 0, due: None, done: Vec::new() };
    let kills = Arc::new(Mutex::new(kills));
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
    let json = world.live_watched(plan, Box::new(watch)).await;

    let mut inside = BTreeMap::new();
    for service in armed.iter().copied() {
        let deaths = deaths(&world, service);
        println!("{} died by itself at {deaths:?}", service.name());
        assert!(deaths.values().sum::<usize>() > 0, "{} died by itself", service.name());
        for (point, n) in deaths {
            *inside.entry(point.split("::").next().unwrap_or_default()).or_insert(0) += n;
        }
    }
    assert!(inside["write"] > 1 && inside["consumer"] > 1, "{inside:?}");
    Arc::into_inner(world).expect("nobody strikes any more").stop().await;
    let kills = kills.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(kills.done.len(), kills.n_due, "whoever had to die did");
    (json, kills.done.clone())
}

fn times(done: &[Victim], victim: Victim) -> usize {
    done.iter().filter(|one| **one == victim).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_killed_at_every_step_and_inside_transactions_and_started_again_change_nothing() {
    let (json, done) = live_with_kills(&Plan::usual(), in_turn, &CALLED).await;
    for victim in VICTIMS {
        assert!(times(&done, victim) >= 5, "{victim:?} died often");
    }
    expect_same(undisturbed().await, &json, "killed processes");
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_killed_where_cases_share_a_pool_change_nothing() {
    let armed = [Service::Drg, Service::Settlement];
    let (json, done) = live_with_kills(&Plan::pooled(), at_pools, &armed).await;
    for victim in [Victim::Service(Service::Settlement), Victim::Database] {
        assert!(times(&done, victim) >= 5, "{victim:?} died often");
    }
    expect_same(undisturbed_pool().await, &json, "killed processes of a year with a pool");
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

/// Lives a plan's year while all feeds are read again from the beginning at some steps; tells how many cursors that were.
async fn live_forgetful(plan: &Plan, steps: &'static [u32]) -> (String, u64) {
    let world = Arc::new(World::start(true).await);
    let n_forgotten = Arc::new(Mutex::new((0, 0)));
    let (forgetting, counted) = (Arc::clone(&world), Arc::clone(&n_forgotten));
    let watch = move |moment| -> futures::future::BoxFuture<'static, ()> {
        let n_steps = {
            let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            counted.0 += u32::from(moment == Moment::Step);
            counted.0
        };
        let now = moment == Moment::Step && steps.contains(&n_steps);
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
    let json = world.live_watched(plan, Box::new(watch)).await;
    Arc::into_inner(world).expect("nobody disturbs any more").stop().await;
    let (_, n_cursors) = *n_forgotten.lock().unwrap_or_else(PoisonError::into_inner);
    (json, n_cursors)
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_read_again_from_the_beginning_change_nothing() {
    // At the quotas, in the middle of the year, and before the clearing.
    let (json, n_cursors) = live_forgetful(&Plan::usual(), &[8, 15, 21]).await;
    assert!(n_cursors >= 12, "only {n_cursors} cursors were set back");
    expect_same(undisturbed().await, &json, "feeds read again");
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_read_again_where_cases_share_a_pool_change_nothing() {
    // When the pools are approved, in the middle of the months, and before the clearing.
    let (json, n_cursors) = live_forgetful(&Plan::pooled(), &[8, 17, 23]).await;
    assert!(n_cursors >= 12, "only {n_cursors} cursors were set back");
    expect_same(undisturbed_pool().await, &json, "feeds read again in a year with a pool");
}
