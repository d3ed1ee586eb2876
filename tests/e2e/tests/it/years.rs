//! Fund years under the other notices, each lived in a tiny region drawn for it.

use std::process::Command;

use medfund::packs;
use serde_json::Value;

use crate::identities::{broken, list, sum};
use crate::side_by_side;
use crate::world::{
    POOL_PACK, Plan, SEED, World, expect_same, parse, program, undisturbed, undisturbed_pool,
};

/// Lives a pack's year twice: every identity holds, and the same seed gives the same bytes.
async fn live(pack: &str) {
    let plan = Plan::of(packs::load(pack).expect("a pack that is built in"), SEED);
    let first = once(&plan).await;
    expect_same(&first, &once(&plan).await, pack);
    holds(pack, &first);
}

async fn once(plan: &Plan) -> String {
    let world = World::start(false).await;
    let lived = world.live(plan).await;
    world.stop().await;
    lived
}

fn holds(pack: &str, json: &str) {
    let year = parse(json);
    assert_eq!(year["pack"]["id"].as_str(), Some(pack));
    assert_eq!(broken(&year), Vec::<String>::new());
    side_by_side::expect_told(&year);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_tells_jiangmen_s_year_beside_the_others() {
    side_by_side::expect_told(&parse(undisturbed().await));
}

#[tokio::test(flavor = "multi_thread")]
async fn banan_lives_a_year_of_monthly_caps() {
    live("banan-2014").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn panzhihua_lives_a_year_of_points_out_of_a_pool() {
    let first = undisturbed_pool().await;
    holds(POOL_PACK, first);
    let year = parse(first);
    let pools = list(&year, "fund_lines").iter().flat_map(|line| list(line, "districts"));
    let pools: Vec<Value> = pools.flat_map(|district| list(district, "pools")).cloned().collect();
    for kind in ["normal", "high", "low", "incomplete", "reviewed", "ungrouped"] {
        let counts: Vec<Value> = pools.iter().map(|pool| pool["case_counts"].clone()).collect();
        assert!(sum(&counts, kind) > 0, "no {kind} case");
    }
    let special: Vec<Value> = pools.iter().map(|pool| pool["special_cases"].clone()).collect();
    let [filed, heard, granted] = ["filed", "heard", "granted"].map(|what| sum(&special, what));
    assert!(
        filed > heard && heard > granted && granted > 0,
        "{filed} filed, {heard} heard, {granted} granted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn chuxiong_lives_a_year_of_drg_by_rate_and_is_told_what_is_overdue_after_it() {
    let plan = Plan::of(packs::load("chuxiong-2022").expect("a pack that is built in"), SEED);
    let world = World::start(false).await;
    let first = world.live(&plan).await;
    tasks_are_overdue(&world, &plan);
    world.stop().await;
    expect_same(&first, &once(&plan).await, "chuxiong-2022");
    holds("chuxiong-2022", &first);
}

/// Of the tasks that the notice has done by the end of 2022 nothing was recorded.
fn tasks_are_overdue(world: &World, plan: &Plan) {
    let mut tasks = Command::new(program());
    tasks.args([
        "tasks",
        "--on",
        "2023-01-01",
        "--overdue",
        "--area",
        plan.region.area.as_str(),
        "--against",
    ]);
    let output = tasks.arg(world.hosted.folder().join("suite.json")).output().expect("the program runs");
    let [told, wrong] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
    assert_eq!(output.status.code(), Some(2), "{told}{wrong}");
    for words in ["on 2023-01-01, as recorded", "7 of the 7 tasks above are overdue", "overdue by 215 days"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lincang_lives_a_year_of_two_fund_lines() {
    live("lincang-2014").await;
}
