use medfund_testkit::AREA;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::common::*;

fn fields(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let violations = &details.bad_request().expect("a bad request names its fields").field_violations;
    violations.iter().map(|violation| violation.field.clone()).collect()
}

fn assert_bad(status: &Status, expected: &[&str]) {
    assert_eq!(
        (status.code(), reason(status).as_str()),
        (Code::InvalidArgument, "BAD_REQUEST"),
        "{status:?}"
    );
    assert_eq!(fields(status), expected);
}

#[tokio::test]
async fn a_malformed_chunk_is_refused_and_what_came_before_stays() {
    let service = start().await;
    let mut client = hospital(&service);
    let upload = begin(&mut client, &lines(2_100)).await.unwrap();
    let name = upload.name.as_str();
    let good = || chunk(name, 1, &lines(1));
    let other = format!("areas/{AREA}/uploads/{}", new_id());

    assert_bad(&send(&mut client, vec![]).await.unwrap_err(), &["bills"]);
    assert_bad(&send(&mut client, vec![chunk("x", 1, &lines(1))]).await.unwrap_err(), &["upload"]);
    for (bad, field) in [
        (chunk(&other, 2, &lines(1)), "upload"),
        (chunk("", 2, &lines(1)), "upload"),
        (chunk(name, 0, &lines(1)), "first_line"),
        (chunk(name, -7, &lines(1)), "first_line"),
        (chunk(name, i64::MAX, &lines(1)), "first_line"),
        (chunk(name, 2, &[]), "bills"),
        (chunk(name, 1, &lines(2_001)), "bills"),
    ] {
        assert_bad(&send(&mut client, vec![good(), bad]).await.unwrap_err(), &[field]);
    }
    assert_eq!(get_upload(&mut client, name).await.unwrap().next_line, 2);
}
