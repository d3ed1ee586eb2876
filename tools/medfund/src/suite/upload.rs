//! Upload of an institution's bills, resumed wherever a stream broke.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use futures::stream;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1::bill_service_client::BillServiceClient;
use medfund_proto::settlement::v1::upload::State;
use medfund_proto::settlement::v1::{
    BillLine, FinishUploadRequest, GetUploadRequest, StartUploadRequest, Upload, UploadBillsRequest,
};
use medfund_types::SettlementMonth;
use sha2::{Digest, Sha256};

use super::{Moment, Person, Service, Session, rpc};

/// Bills in one message of a stream: the most that the service takes, since each message is a transaction.
const CHUNK: usize = 2_000;

/// How often a broken stream is taken up again where it stands still.
const MAX_STALLS: u32 = 150;

/// A file of bills on its way.
pub struct BillFile<'a> {
    /// Who sends it: an officer of the institution.
    pub clerk: &'a Person,
    /// The month.
    pub month: SettlementMonth,
    /// Its lines.
    pub lines: Vec<BillLine>,
    /// The step's name, unique for the file.
    pub step: String,
}

impl Session {
    /// Uploads a file of bills to its end; sent again it changes nothing.
    ///
    /// # Errors
    ///
    /// If the service refuses it, or it makes no progress for long. Lines that are refused are no error: the
    /// returned upload counts them.
    pub async fn upload(&self, file: BillFile<'_>) -> anyhow::Result<Upload> {
        let (area, institution) = (file.clerk.area.as_ref(), file.clerk.institution.as_ref());
        ensure!(area.is_some() && institution.is_some(), "bills are sent by an institution's officer");
        let text = |code: Option<String>| code.unwrap_or_default();
        let request = StartUploadRequest {
            parent: format!("areas/{}", text(area.map(ToString::to_string))),
            institution_code: text(institution.map(ToString::to_string)),
            settlement_month: Some(day_zero(file.month)),
            file_digest: digest(&file.lines),
            n_lines: i64::try_from(file.lines.len())?,
            request_id: self.id(&format!("{}/start", file.step)),
        };
        let started = rpc!(self, file.clerk, Settlement BillServiceClient start_upload, request).await?;
        // Where the file was sent before, this is how the upload stood then: what it has since is passed over.
        let mut upload = started.upload.unwrap_or_default();
        let (name, lines) = (upload.name.clone(), Arc::new(file.lines));
        let mut n_stalls = 0;
        while upload.state() == State::Open && upload.next_line <= upload.n_lines {
            match self.send_rest(file.clerk, &upload, &lines).await {
                Ok(sent) => upload = sent,
                Err(broken) => {
                    let stands = self.upload_status(file.clerk, &name).await?;
                    n_stalls = if stands.next_line > upload.next_line { 0 } else { n_stalls + 1 };
                    ensure!(n_stalls < MAX_STALLS, "the upload {name} stands still: {broken:#}");
                    upload = stands;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
        if upload.state() != State::Open {
            return Ok(upload);
        }
        let request = FinishUploadRequest { name, request_id: self.id(&format!("{}/finish", file.step)) };
        let finished = rpc!(self, file.clerk, Settlement BillServiceClient finish_upload, request).await?;
        Ok(finished.upload.unwrap_or_default())
    }

    async fn upload_status(&self, clerk: &Person, name: &str) -> anyhow::Result<Upload> {
        let request = GetUploadRequest { name: name.to_owned() };
        let got = rpc!(self, clerk, Settlement BillServiceClient get_upload, request).await?;
        Ok(got.upload.unwrap_or_default())
    }

    /// Sends what is missing of an upload in one stream; returns how the upload stands then.
    async fn send_rest(
        &self,
        clerk: &Person,
        upload: &Upload,
        lines: &Arc<Vec<BillLine>>,
    ) -> anyhow::Result<Upload> {
        let missing = usize::try_from(upload.next_line - 1)?..lines.len();
        let (name, lines) = (upload.name.clone(), Arc::clone(lines));
        let chunk = move |first: usize| UploadBillsRequest {
            upload: name.clone(),
            first_line: i64::try_from(first + 1).expect("a line number"),
            bills: lines[first..lines.len().min(first + CHUNK)].to_vec(),
        };
        let request = self.signed(clerk, stream::iter(missing.step_by(CHUNK).map(chunk)))?;
        self.passes(Moment::Call).await;
        let sent = BillServiceClient::new(self.channel(Service::Settlement)).upload_bills(request).await?;
        Ok(sent.into_inner().upload.unwrap_or_default())
    }
}

fn day_zero(month: SettlementMonth) -> Date {
    Date { year: month.year(), month: i32::try_from(month.month()).expect("a month is small"), day: 0 }
}

/// The digest of a file of these lines.
fn digest(lines: &[BillLine]) -> String {
    let mut digest = Sha256::new();
    let mut bytes = Vec::new();
    for line in lines {
        bytes.clear();
        prost::Message::encode_length_delimited(line, &mut bytes).expect("a vector grows as it must");
        digest.update(&bytes);
    }
    hex::encode(digest.finalize())
}
