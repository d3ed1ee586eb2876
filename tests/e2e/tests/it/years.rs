//! Fund years under the other notices, each lived in a tiny region drawn for it.

use medfund::packs;

use crate::identities::broken;
use crate::side_by_side;
use crate::world::{Plan, SEED, World, expect_same, parse, undisturbed};

/// Lives a pack's year twice: every identity holds, and the same seed gives the same bytes.
async fn live(pack: &str) {
    let plan = Plan::of(packs::load(pack).expect("a pack that is built in"), SEED);
    let mut lived = Vec::new();
    for _ in 0..2 {
        let world = World::start(false).await;
        lived.push(world.live(&plan).await);
        world.stop().await;
    }
    expect_same(&lived[0], &lived[1], pack);
    let year = parse(&lived[0]);
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
    live("panzhihua-2018").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chuxiong_lives_a_year_of_drg_by_rate() {
    live("chuxiong-2022").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lincang_lives_a_year_of_two_fund_lines() {
    live("lincang-2014").await;
}
