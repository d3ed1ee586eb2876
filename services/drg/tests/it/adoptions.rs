use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::adoption::State;
use tonic::Code;

use crate::support::*;

#[tokio::test]
async fn a_scheme_is_in_force_from_its_day_until_the_next_ones() {
    let drg = Drg::start().await;
    let small = drg.given_published(&SMALL).await;
    let plain = drg.given_published(&PLAIN).await;
    let first = drg.given_in_force(&small, day(2024, 1, 1)).await;
    drg.given_in_force(&plain, day(2098, 1, 1)).await;
    assert_eq!(first.state(), State::Confirmed);

    let mut public = drg.schemes(Role::Public);
    for (date, scheme) in [
        (day(2024, 1, 1), &small),
        (day(2097, 12, 31), &small),
        (day(2098, 1, 1), &plain),
        (day(2099, 1, 1), &plain),
    ] {
        let found = public.get_scheme_in_force(in_force_on(date)).await.unwrap().into_inner();
        assert_eq!(found.scheme.as_ref(), Some(scheme), "{date:?}");
        assert_eq!(found.adoption.unwrap().scheme, scheme.name);
    }
    let before = public.get_scheme_in_force(in_force_on(day(2023, 12, 31))).await;
    refused(before, Code::NotFound, "NO_SCHEME_IN_FORCE");
}

#[tokio::test]
async fn nothing_follows_from_an_adoption_that_nobody_confirmed() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await;
    let proposed = propose(&scheme.name, day(2024, 1, 1));
    drg.schemes(Role::PolicyMaker).propose_adoption(proposed).await.unwrap();
    let found = drg.schemes(Role::Auditor).get_scheme_in_force(in_force_on(day(2024, 1, 1))).await;
    refused(found, Code::NotFound, "NO_SCHEME_IN_FORCE");
}

#[tokio::test]
async fn of_adoptions_confirmed_at_once_none_is_refused_but_for_a_later_one() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await;
    let mut names = Vec::new();
    for first_day in [1, 2, 3] {
        let request = propose(&scheme.name, day(2098, 1, first_day));
        names.push(request.name.clone());
        drg.schemes(Role::PolicyMaker).propose_adoption(request).await.unwrap();
    }

    let confirmations = names.iter().map(|name| {
        let mut checker = drg.schemes(Role::PolicyChecker);
        let request = confirm(name);
        async move { checker.confirm_adoption(request).await }
    });
    let outcomes = futures::future::join_all(confirmations).await;

    let list = pb::ListAdoptionsRequest { parent: area(), ..Default::default() };
    let adoptions = drg.schemes(Role::Auditor).list_adoptions(list).await.unwrap().into_inner().adoptions;
    let confirmed: Vec<bool> = adoptions.iter().map(|one| one.state() == State::Confirmed).collect();
    assert_eq!(confirmed, outcomes.iter().map(Result::is_ok).collect::<Vec<_>>());
    assert!(confirmed[2], "nothing stands against the last day");
    for outcome in outcomes.into_iter().filter(Result::is_err) {
        refused(outcome, Code::FailedPrecondition, "ADOPTION_NOT_LATER");
    }
}

#[tokio::test]
async fn adoptions_are_listed_by_day_page_by_page() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await;
    let first = drg.given_in_force(&scheme, day(2024, 1, 1)).await;
    let second = drg.given_in_force(&scheme, day(2098, 1, 1)).await;
    let page = |page_token: String| pb::ListAdoptionsRequest { parent: area(), page_size: 1, page_token };
    let mut client = drg.schemes(Role::Auditor);
    let one = client.list_adoptions(page(String::new())).await.unwrap().into_inner();
    let two = client.list_adoptions(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!([one.adoptions, two.adoptions].concat(), [first, second]);
    assert_eq!(two.next_page_token, "");
}
