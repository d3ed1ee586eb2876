use medfund::packs;

use crate::identities::broken;
use crate::world::{PACK, Plan, World, expect_same, parse, undisturbed};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() {
    let (again, other) = tokio::join!(
        async {
            let world = World::start(false).await;
            let json = world.live(&Plan::usual()).await;
            world.stop().await;
            json
        },
        async {
            let world = World::start(false).await;
            let json = world.live(&Plan::of(packs::load(PACK).unwrap(), 2)).await;
            world.stop().await;
            json
        }
    );
    let first = undisturbed().await;
    expect_same(first, &again, "the same seed");
    assert_ne!(first, other, "another seed draws another region");
    for json in [first, &other] {
        assert_eq!(broken(&parse(json)), Vec::<String>::new());
    }
}
