use medfund::packs;

use crate::identities::broken;
use crate::world::{PACK, Plan, World, parse, undisturbed};

/// That the same seed gives the same bytes is told wherever a year is held against the undisturbed one.
#[tokio::test(flavor = "multi_thread")]
async fn another_seed_gives_other_bytes() {
    let world = World::start(false).await;
    let other = world.live(&Plan::of(packs::load(PACK).unwrap(), 2)).await;
    world.stop().await;
    let first = undisturbed().await;
    assert_ne!(first, other, "another seed draws another region");
    for json in [first, &other] {
        assert_eq!(broken(&parse(json)), Vec::<String>::new());
    }
}
