use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;

use crate::support::*;
use crate::tariffs;

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_answers_once_and_only_to_its_own() {
    let drg = Drg::start().await;
    let small = drg.given_published(&SMALL).await;
    let plain = drg.given_submitted(&PLAIN).await;
    drg.given_in_force(&small, day(2024, 1, 1)).await;
    let mut reader = drg.schemes(Role::Auditor);
    reader.get_scheme(pb::GetSchemeRequest { name: small.name.clone() }).await.unwrap();
    reader.list_schemes(pb::ListSchemesRequest { parent: area(), ..Default::default() }).await.unwrap();
    reader.list_adoptions(pb::ListAdoptionsRequest { parent: area(), ..Default::default() }).await.unwrap();
    reader.get_scheme_in_force(in_force_on(day(2024, 1, 1))).await.unwrap();
    let crosswalk = drg.given_crosswalk(PAIRS).await.name;
    let mut reader = drg.crosswalks(Role::Auditor);
    reader.get_crosswalk(pb::GetCrosswalkRequest { name: crosswalk.clone() }).await.unwrap();
    let list = pb::ListCrosswalksRequest { parent: area(), ..Default::default() };
    reader.list_crosswalks(list).await.unwrap();
    reader.translate_codes(translate(&crosswalk, &small.name, &["I21.000x009"])).await.unwrap();
    let mut officer = drg.grouping(Role::AgencyOfficer);
    let case = man("1", &["I21.000"]);
    officer.group(group(&small.name, case.clone())).await.unwrap();
    officer.compare_schemes(compare(&small.name, &plain.name, vec![case.clone()])).await.unwrap();
    officer.check_cases(check(&small.name, vec![case.clone()])).await.unwrap();
    let messages = vec![opening(by(&small.name)), batch(vec![case])];
    stream(drg.grouping(Role::AgencyOfficer), messages).await.unwrap();
    tariffs::tell(&drg, &small).await;

    batches(&drg, &small.name).await;

    drg.0.ask_in_every_role(PACKAGE, &HOSPITAL.parse().unwrap()).await;
    drg.0.tell_again(PACKAGE, &[]).await;
}

/// A batch of a hospital's from its start to its end.
async fn batches(drg: &Drg, scheme: &str) {
    let mut hospital = drg.batches_of(HOSPITAL);
    let file = b"id,sex,age_years,diagnoses,procedures\n1,1,50,I21.000,\n";
    let request =
        pb::StartBatchRequest { institution_code: HOSPITAL.to_owned(), ..start_batch(scheme, file) };
    let name = hospital.start_batch(request).await.unwrap().into_inner().batch.unwrap().name;
    hospital.upload_cases(futures::stream::iter([part(&name, 0, file)])).await.unwrap();
    hospital.finish_upload(finish_batch(&name)).await.unwrap();
    drg.settled(&name).await;
    hospital.get_batch(pb::GetBatchRequest { name: name.clone() }).await.unwrap();
    hospital.list_batches(pb::ListBatchesRequest { parent: area(), ..Default::default() }).await.unwrap();
    let errors = pb::ListBatchErrorsRequest { parent: name.clone(), ..Default::default() };
    hospital.list_batch_errors(errors).await.unwrap();
    let answers = pb::GetBatchAnswersRequest { name: name.clone(), offset: 0 };
    let mut answers = hospital.get_batch_answers(answers).await.unwrap().into_inner();
    while answers.message().await.unwrap().is_some() {}
    hospital.cancel_batch(cancel(&name)).await.unwrap();
}
