use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::upload::State;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use super::common::*;

#[tokio::test]
async fn a_file_is_taken_in_line_by_line_and_counted() {
    let service = start().await;
    let mut client = hospital(&service);

    let upload = upload(&mut client, &lines(10)).await.unwrap();

    assert_eq!(upload.state(), State::Finished);
    assert_eq!((upload.n_accepted, upload.n_already_there, upload.n_refused, upload.n_errors), (10, 0, 0, 0));
    assert_eq!(upload.accepted_hifp_pay_fen, 10 * 700_000 + 55);
    assert_eq!(upload.next_line, 11);
    assert_eq!(count(&service, "bills WHERE hifp_pay_fen = 700000 + substr(setl_id, 2)::int").await, 10);
}

#[tokio::test]
async fn a_broken_stream_goes_on_after_the_last_committed_chunk() {
    let service = start().await;
    let mut client = hospital(&service);
    let lines = lines(9);
    let upload = begin(&mut client, &lines).await.unwrap();
    let (sender, receiver) = mpsc::channel(1);
    let broken = {
        let mut client = client.clone();
        tokio::spawn(async move { client.upload_bills(ReceiverStream::new(receiver)).await })
    };
    sender.send(chunk(&upload.name, 1, &lines[..4])).await.unwrap();
    let committed = until_next_line(&mut client, &upload.name, 5).await;
    broken.abort();
    assert_eq!(committed.state(), State::Open);

    let rest = chunks(&committed, &lines, 2);
    let sent = send(&mut client, rest).await.unwrap();

    assert_eq!((sent.next_line, sent.n_accepted), (10, 9));
    assert_eq!(finish(&mut client, &upload.name).await.unwrap().state(), State::Finished);
}

#[tokio::test]
async fn a_service_killed_between_chunks_knows_what_it_has() {
    let mut service = start().await;
    let mut client = hospital(&service);
    let lines = lines(9);
    let upload = begin(&mut client, &lines).await.unwrap();
    let (sender, receiver) = mpsc::channel(1);
    let broken = {
        let mut client = client.clone();
        tokio::spawn(async move { client.upload_bills(ReceiverStream::new(receiver)).await })
    };
    sender.send(chunk(&upload.name, 1, &lines[..4])).await.unwrap();
    until_next_line(&mut client, &upload.name, 5).await;
    service.kill().await;
    broken.abort();
    service.restart(serve).await;

    let committed = until_next_line(&mut client, &upload.name, 5).await;
    let rest = chunks(&committed, &lines, 100);
    send(&mut client, rest).await.unwrap();

    assert_eq!(finish(&mut client, &upload.name).await.unwrap().n_accepted, 9);
    assert_eq!(count(&service, "bills").await, 9);
}

/// Waits until an upload's next line is `next_line`; a service that is starting is asked again.
async fn until_next_line(client: &mut Client, name: &str, next_line: i64) -> pb::Upload {
    for _ in 0..1_000 {
        match get_upload(client, name).await {
            Ok(upload) if upload.next_line == next_line => return upload,
            Ok(_) | Err(_) => tokio::task::yield_now().await,
        }
    }
    panic!("line {next_line} was never next");
}

#[tokio::test]
async fn chunks_sent_again_and_overlapping_ones_are_taken_once() {
    let service = start().await;
    let mut client = hospital(&service);
    let lines = lines(6);
    let upload = begin(&mut client, &lines).await.unwrap();
    let cut = [(1, 0..3), (1, 0..3), (2, 1..5), (1, 0..6), (6, 5..6)];
    let chunks = cut.map(|(first, range)| chunk(&upload.name, first, &lines[range])).to_vec();

    let sent = send(&mut client, chunks).await.unwrap();

    assert_eq!((sent.next_line, sent.n_accepted, sent.n_refused), (7, 6, 0));
}

#[tokio::test]
async fn two_streams_of_one_upload_take_every_line_once() {
    let service = start().await;
    let mut client = hospital(&service);
    let lines = lines(60);
    let upload = begin(&mut client, &lines).await.unwrap();
    let mut other = hospital(&service);
    let (one, two) = tokio::join!(
        send(&mut client, chunks(&upload, &lines, 7)),
        send(&mut other, chunks(&upload, &lines, 11)),
    );
    // The slower one may have been overtaken, never have left a gap.
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");

    let finished = finish(&mut client, &upload.name).await.unwrap();

    assert_eq!((finished.n_accepted, finished.n_already_there, finished.n_refused), (60, 0, 0));
    assert_eq!(count(&service, "bills").await, 60);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let service = start().await;
    let mut client = hospital(&service);
    let first = upload(&mut client, &lines(7)).await.unwrap();

    let again = begin(&mut client, &lines(7)).await.unwrap();

    assert_eq!(again, first);
    assert_eq!(count(&service, "bills").await, 7);
    assert_eq!(count(&service, "uploads").await, 1);
    let other_count = pb::StartUploadRequest { n_lines: 8, ..start_request(&lines(7)) };
    let refused = client.start_upload(other_count).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "UPLOAD_DIFFERS"));
    assert_eq!(metadata(&refused, "n_lines"), "7");
}

#[tokio::test]
async fn a_corrected_file_adds_what_is_new_and_overwrites_nothing() {
    let service = start().await;
    let mut client = hospital(&service);
    upload(&mut client, &lines(5)).await.unwrap();
    let mut corrected = lines(8);
    corrected[2].dise_codg = "J18.900".to_owned();

    let second = upload(&mut client, &corrected).await.unwrap();

    assert_eq!((second.n_accepted, second.n_already_there, second.n_refused), (3, 4, 1));
    let expected = vec![(3, "setl_id".to_owned(), "BILL_DIFFERS".to_owned())];
    assert_eq!(errors(&mut client, &second.name).await, expected);
    assert_eq!(count(&service, "bills WHERE dise_codg = 'J18.900'").await, 0);
}

#[tokio::test]
async fn an_id_twice_in_a_file_is_refused_whatever_chunk_it_is_in() {
    let service = start().await;
    let mut client = hospital(&service);
    let mut file = lines(7);
    file[1].setl_id = "S0000001".to_owned();
    file[5].setl_id = "S0000001".to_owned();

    let sent = upload(&mut client, &file).await.unwrap();

    assert_eq!((sent.n_accepted, sent.n_refused), (5, 2));
    let expected = [2, 6].map(|line| (line, "setl_id".to_owned(), "DUPLICATE_IN_FILE".to_owned()));
    assert_eq!(errors(&mut client, &sent.name).await, expected);
}

#[tokio::test]
async fn a_file_given_up_can_be_taken_up_again() {
    let service = start().await;
    let mut client = hospital(&service);
    let lines = lines(6);
    let upload = begin(&mut client, &lines).await.unwrap();
    send(&mut client, vec![chunk(&upload.name, 1, &lines[..2])]).await.unwrap();
    let request = pb::AbandonUploadRequest { name: upload.name.clone(), request_id: new_id() };
    let given_up = officer(&service).abandon_upload(request).await.unwrap().into_inner().upload.unwrap();
    assert_eq!((given_up.state(), given_up.n_accepted), (State::Abandoned, 2));
    let refused = send(&mut client, vec![chunk(&upload.name, 3, &lines[2..])]).await.unwrap_err();
    assert_eq!(reason(&refused), "UPLOAD_NOT_OPEN");

    let again = begin(&mut client, &lines).await.unwrap();

    assert_eq!((again.name.as_str(), again.state(), again.next_line), (upload.name.as_str(), State::Open, 3));
    send(&mut client, chunks(&again, &lines, 10)).await.unwrap();
    assert_eq!(finish(&mut client, &upload.name).await.unwrap().n_accepted, 6);
}

#[tokio::test]
async fn a_chunk_that_cannot_be_next_is_refused_and_what_came_before_stays() {
    let service = start().await;
    let mut client = hospital(&service);
    let lines = lines(6);
    let upload = begin(&mut client, &lines).await.unwrap();

    let gap = vec![chunk(&upload.name, 1, &lines[..2]), chunk(&upload.name, 4, &lines[3..])];
    let refused = send(&mut client, gap).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "UPLOAD_GAP"));
    assert_eq!((metadata(&refused, "next_line"), metadata(&refused, "first_line")), ("3".into(), "4".into()));

    let refused = finish(&mut client, &upload.name).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "UPLOAD_INCOMPLETE"));
    assert_eq!((metadata(&refused, "next_line"), metadata(&refused, "n_lines")), ("3".into(), "6".into()));

    let mut long = lines.clone();
    long.push(line(7));
    let refused = send(&mut client, vec![chunk(&upload.name, 3, &long[2..])]).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "UPLOAD_TOO_LONG"));

    assert_eq!(get_upload(&mut client, &upload.name).await.unwrap().next_line, 3);
}
