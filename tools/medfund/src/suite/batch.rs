//! Grouping a case file by the drg service, resumed wherever a stream broke.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use futures::stream;
use medfund_proto::drg::v1::batch::State;
use medfund_proto::drg::v1::batch_service_client::BatchServiceClient;
use medfund_proto::drg::v1::{
    Batch, BatchError, CancelBatchRequest, FinishUploadRequest, GetBatchAnswersRequest, GetBatchRequest,
    ListBatchErrorsRequest, SchemeChoice, StartBatchRequest, UploadCasesRequest,
};
use medfund_types::Area;
use sha2::{Digest, Sha256};

use super::{Moment, Person, Service, Session, retry, rpc};

/// Bytes in one message of a stream: the most that the service takes.
const PART: usize = 1 << 20;

/// How often a broken stream is taken up again where it stands still.
const MAX_STALLS: u32 = 150;

/// How long to wait before a broken stream is taken up again, or a batch is asked for again.
const PAUSE: Duration = Duration::from_millis(200);

/// Days after which the service deletes a batch that nobody cancelled.
const KEEP_DAYS: i32 = 1;

/// A case file and how it is grouped.
pub struct CaseFile<'a> {
    /// The area.
    pub area: &'a Area,
    /// The file: CSV.
    pub path: &'a Path,
    /// The scheme.
    pub scheme: SchemeChoice,
    /// The crosswalk's name, or nothing.
    pub crosswalk: String,
    /// Whether each list's quality is checked first.
    pub check_quality: bool,
}

impl Session {
    /// Starts a batch, whose file is still to come.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or what the service refuses.
    pub async fn start_batch(&self, officer: &Person, file: CaseFile<'_>) -> anyhow::Result<Batch> {
        let (file_digest, n_bytes) = digest(file.path)?;
        let request = StartBatchRequest {
            parent: format!("areas/{}", file.area),
            institution_code: String::new(),
            scheme_choice: Some(file.scheme),
            check_quality: file.check_quality,
            request_id: self.id(&format!("batch/start/{file_digest}")),
            file_digest,
            n_bytes: i64::try_from(n_bytes)?,
            keep_days: KEEP_DAYS,
            crosswalk: file.crosswalk,
        };
        let started = rpc!(self, officer, Drg BatchServiceClient start_batch, request).await?;
        Ok(started.batch.unwrap_or_default())
    }

    /// Sends what is missing of a batch's file until nothing is, telling `sent` how far it is.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, the service refuses it, or it makes no progress for long.
    pub async fn upload_batch(
        &self,
        officer: &Person,
        name: &str,
        path: &Path,
        sent: impl Fn(u64) + Clone + Send + 'static,
    ) -> anyhow::Result<()> {
        let file = Arc::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?);
        let mut n_stalls = 0;
        let mut batch = self.batch(officer, name).await?;
        while batch.next_offset < batch.n_bytes {
            let broken = self.send_parts(officer, &batch, &file, sent.clone()).await;
            let stands = self.batch(officer, name).await?;
            if let Err(broken) = broken {
                n_stalls = if stands.next_offset > batch.next_offset { 0 } else { n_stalls + 1 };
                if !retry::may_pass(&broken) || n_stalls > MAX_STALLS {
                    return Err(anyhow!(retry::told(&broken)));
                }
                tokio::time::sleep(PAUSE).await;
            }
            batch = stands;
        }
        Ok(())
    }

    /// Ends a batch's upload: from now on it is grouped.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn finish_batch_upload(&self, officer: &Person, name: &str) -> anyhow::Result<()> {
        let request = FinishUploadRequest {
            name: name.to_owned(),
            request_id: self.id(&format!("batch/finish/{name}")),
        };
        rpc!(self, officer, Drg BatchServiceClient finish_upload, request).await?;
        Ok(())
    }

    /// Waits until a batch is grouped, telling `answered` of how many bytes of its file.
    ///
    /// # Errors
    ///
    /// In the service's words, if its file is no case list or it was not grouped to its end.
    pub async fn grouped_batch(
        &self,
        officer: &Person,
        name: &str,
        answered: impl Fn(u64),
    ) -> anyhow::Result<Batch> {
        loop {
            let batch = self.batch(officer, name).await?;
            answered(u64::try_from(batch.n_bytes_answered)?);
            match batch.state() {
                State::Finished => return Ok(batch),
                State::Grouping => tokio::time::sleep(PAUSE).await,
                State::Failed => bail!("the service has not grouped it: {}", batch.failure_zh),
                State::Unspecified | State::Uploading | State::Cancelled | State::Expired => {
                    bail!("the batch is not being grouped but stands at {}", batch.state().as_str_name())
                }
            }
        }
    }

    /// How a batch stands.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn batch(&self, officer: &Person, name: &str) -> anyhow::Result<Batch> {
        let request = GetBatchRequest { name: name.to_owned() };
        let got = rpc!(self, officer, Drg BatchServiceClient get_batch, request).await?;
        Ok(got.batch.unwrap_or_default())
    }

    /// What is wrong with a batch's lines, page by page, until `take` has enough.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn batch_errors(
        &self,
        officer: &Person,
        name: &str,
        mut take: impl FnMut(Vec<BatchError>) -> bool,
    ) -> anyhow::Result<()> {
        let mut request =
            ListBatchErrorsRequest { parent: name.to_owned(), page_size: 500, page_token: String::new() };
        loop {
            let page = rpc!(self, officer, Drg BatchServiceClient list_batch_errors, request.clone()).await?;
            if !take(page.errors) || page.next_page_token.is_empty() {
                return Ok(());
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Gives the bytes of a batch's answers to `take`, in their order, each once.
    ///
    /// # Errors
    ///
    /// What the service refuses or `take` tells; answers that have another digest than the batch says.
    pub async fn batch_answers(
        &self,
        officer: &Person,
        batch: &Batch,
        mut take: impl FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (mut offset, mut digest, mut n_stalls) = (0, Sha256::new(), 0);
        while offset < batch.n_answer_bytes {
            let request = GetBatchAnswersRequest { name: batch.name.clone(), offset };
            let mut answers = rpc!(self, officer, Drg BatchServiceClient get_batch_answers, request).await?;
            let begun = offset;
            let broken = loop {
                match answers.message().await {
                    Ok(Some(part)) => {
                        digest.update(&part.content);
                        take(&part.content)?;
                        offset += i64::try_from(part.content.len())?;
                    }
                    Ok(None) => break None,
                    Err(broken) => break Some(broken),
                }
            };
            n_stalls = if offset > begun { 0 } else { n_stalls + 1 };
            if let Some(broken) = broken.filter(|broken| !retry::may_pass(broken) || n_stalls > MAX_STALLS) {
                return Err(anyhow!(retry::told(&broken)));
            }
            anyhow::ensure!(n_stalls <= MAX_STALLS, "the answers of {} stand still", batch.name);
        }
        let received = hex::encode(digest.finalize());
        anyhow::ensure!(
            received == batch.answers_digest,
            "the answers have the digest {received} and not {}: group the list again",
            batch.answers_digest
        );
        Ok(())
    }

    /// Deletes what the service holds of a batch but its head.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn cancel_batch(&self, officer: &Person, name: &str) -> anyhow::Result<()> {
        let request = CancelBatchRequest {
            name: name.to_owned(),
            request_id: self.id(&format!("batch/cancel/{name}")),
        };
        rpc!(self, officer, Drg BatchServiceClient cancel_batch, request).await?;
        Ok(())
    }

    /// Sends what is missing in one stream.
    async fn send_parts(
        &self,
        officer: &Person,
        batch: &Batch,
        file: &Arc<File>,
        sent: impl Fn(u64) + Send + 'static,
    ) -> Result<(), tonic::Status> {
        let [mut offset, n_bytes] =
            [batch.next_offset, batch.n_bytes].map(|n| u64::try_from(n).unwrap_or_default());
        let (name, file) = (batch.name.clone(), Arc::clone(file));
        let unread = Arc::new(OnceLock::new());
        let failed = Arc::clone(&unread);
        let parts = std::iter::from_fn(move || {
            let length = n_bytes.saturating_sub(offset).min(PART as u64);
            let mut content = vec![0; usize::try_from(length).unwrap_or(PART)];
            if content.is_empty() {
                return None;
            }
            if let Err(error) = file.read_exact_at(&mut content, offset) {
                failed.get_or_init(|| error.to_string());
                return None;
            }
            let part = UploadCasesRequest {
                batch: name.clone(),
                offset: i64::try_from(offset).unwrap_or(i64::MAX),
                content,
            };
            offset += length;
            sent(offset);
            Some(part)
        });
        let refuse = |error: anyhow::Error| tonic::Status::invalid_argument(error.to_string());
        let request = self.signed(officer, stream::iter(parts)).map_err(refuse)?;
        self.passes(Moment::Call).await;
        BatchServiceClient::new(self.channel(Service::Drg)).upload_cases(request).await?;
        match unread.get() {
            Some(error) => Err(refuse(anyhow!("the file cannot be read to its end: {error}"))),
            None => Ok(()),
        }
    }
}

/// A file's digest and how many bytes it has.
fn digest(path: &Path) -> anyhow::Result<(String, u64)> {
    let read = || -> std::io::Result<(String, u64)> {
        let (mut file, mut digest, mut n_bytes) = (File::open(path)?, Sha256::new(), 0);
        let mut part = vec![0; PART];
        loop {
            match file.read(&mut part)? {
                0 => return Ok((hex::encode(digest.finalize()), n_bytes)),
                n => {
                    digest.update(&part[..n]);
                    n_bytes += n as u64;
                }
            }
        }
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}
