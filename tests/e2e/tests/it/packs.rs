//! Other packs: one drawn at random, and copies of one with a single rate changed.

use futures::StreamExt;
use medfund::packs::{self, LoadedPack};
use medfund::year;
use medfund_policy::Pack;
use medfund_policy::testing::{Reach, nudged, random_pack};
use serde_json::Value;

use crate::identities::broken;
use crate::world::{PACK, Plan, World, parse, undisturbed};

/// How many rates are changed unless the environment says how many.
const N_KEYS: usize = 4;

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

/// What a changed rate did to the year.
#[derive(Debug)]
enum Effect {
    /// Other amounts.
    Changed,
    /// A step was refused, so the rate was looked at.
    Refused(String),
    /// Nothing.
    None,
}

/// The keys that are tried: all when `MEDFUND_E2E_RATES` is `all`, else so many, spread over the pack.
fn keys(all: &[&str]) -> Vec<String> {
    let wanted = match std::env::var("MEDFUND_E2E_RATES").ok().as_deref() {
        Some("all") => all.len(),
        Some(number) => number.parse().expect("MEDFUND_E2E_RATES is `all` or a number"),
        None => N_KEYS,
    };
    let wanted = wanted.clamp(1, all.len());
    (0..wanted).map(|i| all[i * all.len() / wanted].to_owned()).collect()
}

async fn effect(text: &str, key: &str, usual: &Plan) -> Option<Effect> {
    let plan = Plan { pack: loaded(&nudged(text, key)?), ..usual.clone() };
    let world = World::start(false).await;
    let lived = year::lived(&world.session(&plan), plan.pack.clone(), &plan.region).await;
    world.stop().await;
    let without_pack = |json: &str| {
        let mut year = parse(json);
        year["pack"] = Value::Null;
        year
    };
    Some(match lived {
        Ok(json) if without_pack(&json) == without_pack(undisturbed().await) => Effect::None,
        Ok(_) => Effect::Changed,
        Err(refusal) => Effect::Refused(format!("{refusal:#}")),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_a_single_rate_changes_the_year() {
    let usual = Plan::usual();
    let pack = packs::load(PACK).unwrap();
    let text = String::from_utf8(pack.bytes.clone()).unwrap();
    let all: Vec<&str> = pack.pack.rate_keys().collect();
    let keys = keys(&all);
    let (text, usual) = (&text, &usual);
    let effects =
        futures::stream::iter(keys.iter().map(|key| async move { (key, effect(text, key, usual).await) }));
    let effects: Vec<(&String, Option<Effect>)> = effects.buffer_unordered(2).collect().await;
    let mut n_effective = 0;
    for (key, effect) in &effects {
        match effect {
            Some(Effect::Changed) => n_effective += 1,
            Some(Effect::Refused(refusal)) => {
                println!("{key}: {refusal}");
                n_effective += 1;
            }
            Some(Effect::None) => println!("{key} has no effect on this year"),
            None => println!("{key} cannot be changed alone"),
        }
    }
    println!("{n_effective} of {} rates changed the year", effects.len());
    assert!(n_effective * 2 >= effects.len(), "{effects:?}");
}
