//! Other packs: one drawn at random, and copies of one with a single rate changed.

use futures::StreamExt;
use medfund::packs::{self, LoadedPack};
use medfund::year;
use medfund_policy::Pack;
use medfund_policy::testing::{Reach, nudges, random_pack};
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::identities::broken;
use crate::world::{PACK, Plan, SEED, World, chance, parse, undisturbed};

/// How many rates are changed unless the environment says how many.
const N_KEYS: usize = 2;

/// How many changes of a rate are tried in the same region.
const N_CHANGES: usize = 8;

fn loaded(text: &str) -> LoadedPack {
    let pack = Pack::parse(text.as_bytes()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    LoadedPack { pack, bytes: text.as_bytes().to_vec() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_drawn_at_random_runs_a_year() {
    let plan = Plan::of(loaded(&random_pack(6, Reach::Quota)), 6);
    let world = World::start(false).await;
    let year = parse(&world.live(&plan).await);
    assert_eq!((year["pack"]["id"].as_str(), year["area"].as_str()), (Some("random-6"), Some("990000")));
    assert_eq!(broken(&year), Vec::<String>::new());
    world.stop().await;
}

/// What a changed rate did to a year.
#[derive(Debug, PartialEq, Eq)]
enum Effect {
    /// Other amounts.
    Changed,
    /// A step was refused, so a service looked at the rate.
    Refused(String),
    /// Nothing.
    None,
}

/// The keys that are tried, of those a pack has.
fn tried(all: &[&str]) -> Vec<String> {
    let wanted = match std::env::var("MEDFUND_E2E_RATES").ok().as_deref() {
        Some("all") => return all.iter().map(|key| (*key).to_owned()).collect(),
        Some(number) if number.parse::<usize>().is_err() => {
            return number.split(',').map(str::to_owned).collect();
        }
        Some(number) => number.parse().expect("a number"),
        None => N_KEYS,
    };
    let mut rng = ChaCha8Rng::seed_from_u64(chance());
    all.sample(&mut rng, wanted).map(|key| (*key).to_owned()).collect()
}

/// Lives a plan's year and holds it against the usual one.
async fn effect(plan: &Plan) -> Effect {
    let world = World::start(false).await;
    let lived = year::lived(&world.session(plan), plan.pack.clone(), &plan.region).await;
    world.stop().await;
    let without_pack = |json: &str| {
        let mut year = parse(json);
        year["pack"] = Value::Null;
        year
    };
    match lived {
        Ok(json) if without_pack(&json) == without_pack(undisturbed().await) => Effect::None,
        Ok(_) => Effect::Changed,
        Err(refusal) => Effect::Refused(format!("{refusal:#}")),
    }
}

/// Why a changed rate does not show as it should, if it does not.
///
/// Two things are asked. The services themselves look at the rate: the same region's year has other amounts, or one
/// of its steps is refused, by one of the changes. And the year of the region that is drawn for the changed pack has
/// other amounts, unless the rate is a bound that refuses.
async fn complaint(text: &str, key: &str) -> Option<String> {
    let usual = Plan::usual();
    let mut same = Effect::None;
    for changed in nudges(text, key).take(N_CHANGES) {
        same = effect(&Plan { pack: loaded(&changed), ..usual.clone() }).await;
        if same != Effect::None {
            break;
        }
    }
    if same == Effect::None {
        return Some(format!("{key} changes nothing in the same region's year"));
    }
    println!("{key}: the same region's year: {same:?}");
    let Some(changed) = nudges(text, key).next() else { return Some(format!("{key} cannot be changed")) };
    let drawn = Plan::of(loaded(&changed), SEED);
    if same == Effect::Changed && format!("{:?}", drawn.region) == format!("{:?}", usual.region) {
        return None;
    }
    match effect(&drawn).await {
        Effect::Changed => None,
        // A bound of what may be asked for: beyond it a step is refused, within it a year may stay as it was.
        Effect::None if same != Effect::Changed => None,
        Effect::Refused(refusal) => Some(format!("{key}: no year under the changed pack: {refusal}")),
        Effect::None => Some(format!("{key} changes nothing in the year of the region drawn for it")),
    }
}

/// `MEDFUND_E2E_RATES` says which rates of the pack are tried: `all` (more than half an hour), so many drawn by
/// chance, or a list of keys with commas between them.
#[tokio::test(flavor = "multi_thread")]
async fn changing_any_single_rate_changes_the_year() {
    let pack = packs::load(PACK).unwrap();
    let text = String::from_utf8(pack.bytes.clone()).unwrap();
    let all: Vec<&str> = pack.pack.rate_keys().collect();
    let keys = tried(&all);
    let complaints = futures::stream::iter(keys.iter().map(|key| complaint(&text, key)));
    let complaints: Vec<String> =
        complaints.buffer_unordered(2).filter_map(std::future::ready).collect().await;
    println!("{} of {} rates were changed, {} of them in vain", keys.len(), all.len(), complaints.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
