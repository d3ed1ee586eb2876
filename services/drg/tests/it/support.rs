//! A service under test, schemes of a few lines, and short words for what tests do again and again.

use std::sync::LazyLock;

use diesel_async::RunQueryDsl;
use medfund_drg::MIGRATIONS;
use medfund_grouper::compile;
use medfund_grouper::read::{Files, read_scheme};
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::batch::State;
use medfund_proto::drg::v1::batch_service_client::BatchServiceClient;
use medfund_proto::drg::v1::crosswalk_service_client::CrosswalkServiceClient;
use medfund_proto::drg::v1::grouping_service_client::GroupingServiceClient;
use medfund_proto::drg::v1::scheme_choice::Choice;
use medfund_proto::drg::v1::scheme_service_client::SchemeServiceClient;
use medfund_proto::drg::v1::translated_code::Fate;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{AREA, TestChannel, TestService};
use sha2::{Digest as _, Sha256};
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

pub(crate) const PACKAGE: &str = "medfund.drg.v1";
pub(crate) const OTHER_AREA: &str = "440800";
pub(crate) const HOSPITAL: &str = "H44070300001";
pub(crate) const OTHER_HOSPITAL: &str = "H44070300003";

const DETAIL: &str = "\
MDCF 循环\nMDCF 主诊表\n包含以下主要诊断：\nI21.000 心梗\nI10.x00 高血压\n\
FC1 搭桥\n包含以下主要诊断：\nI21.000 心梗\n包含以下主要手术或操作：\n36.1000 搭桥\n\
FR1 心梗\n包含以下主要诊断：\nI21.000 心梗\n\
MDCN 女性\nMDCN 主诊表\n包含以下主要诊断：\nN80.000 异位症\nNR1 妇科\n包含以下主要诊断：\nN80.000 异位症\n";

/// A scheme of three ADRGs, whose rules are made up.
pub(crate) static SMALL: LazyLock<Vec<u8>> =
    LazyLock::new(|| compiled("small", "疾病编码 疾病名称 排除内容\nE11.900 糖尿病 表 7-3\n"));

/// A crosswalk, whose pairs are made up: `I21.000x009` becomes `I21.000`, `E11.900` stays, `J96.900` may become two.
pub(crate) const PAIRS: &str = "\
E11.900 E11.900
I21.000x009 I21.000
J96.900 J96.000
J96.900 J96.100
36.1001 36.1000
";

/// The same without complications.
pub(crate) static PLAIN: LazyLock<Vec<u8>> =
    LazyLock::new(|| compiled("plain", "疾病编码 疾病名称 排除内容\n"));

fn compiled(name: &str, cc: &str) -> Vec<u8> {
    let files: Files = [
        ("1_MDC.txt", "MDCF 循环\nMDCN 女性\n"),
        ("2_ADRG.txt", "FC1 搭桥\nFR1 心梗\nNR1 妇科\n"),
        ("3_DRG.txt", "FC19 搭桥\nFR13 心梗，有\nFR15 心梗，无\nNR19 妇科\n"),
        ("4_ADRG_DETAIL.txt", DETAIL),
        ("5_MCC.txt", "疾病编码 疾病名称 排除内容\n"),
        ("6_CC.txt", cc),
        ("7_CCE.txt", "表 7-3\n包含以下主要诊断：\nE11.900 糖尿病\n"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    compile(&read_scheme(name, &files).0).0.to_bytes()
}

pub(crate) struct Drg(pub(crate) TestService);

impl Drg {
    pub(crate) async fn start() -> Self {
        Self(TestService::builder("drg", MIGRATIONS).start(medfund_drg::serve).await)
    }

    pub(crate) fn schemes(&self, role: Role) -> SchemeServiceClient<TestChannel> {
        SchemeServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn crosswalks(&self, role: Role) -> CrosswalkServiceClient<TestChannel> {
        CrosswalkServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn grouping(&self, role: Role) -> GroupingServiceClient<TestChannel> {
        GroupingServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn batches(&self, role: Role) -> BatchServiceClient<TestChannel> {
        BatchServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn batches_of(&self, institution: &str) -> BatchServiceClient<TestChannel> {
        BatchServiceClient::new(self.0.as_institution(institution))
    }

    pub(crate) async fn given_submitted(&self, content: &[u8]) -> pb::Scheme {
        let answer = self.schemes(Role::PolicyMaker).submit_scheme(submit(content)).await.unwrap();
        answer.into_inner().scheme.unwrap()
    }

    pub(crate) async fn given_published(&self, content: &[u8]) -> pb::Scheme {
        let name = self.given_submitted(content).await.name;
        let answer = self.schemes(Role::PolicyChecker).publish_scheme(publish(&name)).await.unwrap();
        answer.into_inner().scheme.unwrap()
    }

    pub(crate) async fn given_pairs(&self, pairs: &str) -> pb::Crosswalk {
        let request = submit_pairs(pairs);
        let answer = self.crosswalks(Role::PolicyMaker).submit_crosswalk(request).await.unwrap();
        answer.into_inner().crosswalk.unwrap()
    }

    pub(crate) async fn given_crosswalk(&self, pairs: &str) -> pb::Crosswalk {
        let name = self.given_pairs(pairs).await.name;
        let request = publish_crosswalk(&name);
        let answer = self.crosswalks(Role::PolicyChecker).publish_crosswalk(request).await.unwrap();
        answer.into_inner().crosswalk.unwrap()
    }

    pub(crate) async fn given_in_force(&self, scheme: &pb::Scheme, from: Date) -> pb::Adoption {
        let request = propose(&scheme.name, from);
        let name = request.name.clone();
        self.schemes(Role::PolicyMaker).propose_adoption(request).await.unwrap();
        let answer = self.schemes(Role::PolicyChecker).confirm_adoption(confirm(&name)).await.unwrap();
        answer.into_inner().adoption.unwrap()
    }

    /// A batch of the agency's whose file is grouped, uploaded in parts of so many bytes.
    pub(crate) async fn given_batch(&self, scheme: &str, file: &[u8], n_bytes: usize) -> pb::Batch {
        self.grouped(start_batch(scheme, file), file, n_bytes).await
    }

    pub(crate) async fn grouped(
        &self,
        request: pb::StartBatchRequest,
        file: &[u8],
        n_bytes: usize,
    ) -> pb::Batch {
        let name = self.given_uploaded(request, file, n_bytes).await;
        self.batches(Role::AgencyOfficer).finish_upload(finish_batch(&name)).await.unwrap();
        self.settled(&name).await
    }

    /// A batch whose file is uploaded, and nothing more; tells its name.
    pub(crate) async fn given_uploaded(
        &self,
        request: pb::StartBatchRequest,
        file: &[u8],
        n_bytes: usize,
    ) -> String {
        let started = self.batches(Role::AgencyOfficer).start_batch(request).await.unwrap();
        let name = started.into_inner().batch.unwrap().name;
        let parts = file.chunks(n_bytes).enumerate().map(|(i, bytes)| part(&name, i * n_bytes, bytes));
        self.upload(parts.collect()).await.unwrap();
        name
    }

    pub(crate) async fn upload(
        &self,
        parts: Vec<pb::UploadCasesRequest>,
    ) -> Result<Response<pb::UploadCasesResponse>, Status> {
        self.batches(Role::AgencyOfficer).upload_cases(futures::stream::iter(parts)).await
    }

    pub(crate) async fn batch(&self, name: &str) -> pb::Batch {
        let request = pb::GetBatchRequest { name: name.to_owned() };
        self.batches(Role::AgencyOfficer).get_batch(request).await.unwrap().into_inner().batch.unwrap()
    }

    /// The batch once it is grouped, or found to be no case list.
    pub(crate) async fn settled(&self, name: &str) -> pb::Batch {
        let grouped = async {
            loop {
                let batch = self.batch(name).await;
                if batch.state() != State::Grouping {
                    return batch;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, grouped).await.expect("the file is grouped in time")
    }

    /// The batch once more of its file is answered, or none of it was before.
    pub(crate) async fn further(&self, name: &str, before: Option<i64>) -> pb::Batch {
        let grouped = async {
            loop {
                let batch = self.batch(name).await;
                if before.is_none_or(|before| batch.n_bytes_answered > before) {
                    return batch;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, grouped).await.expect("a slice is grouped in time")
    }

    /// Waits until a batch stands so.
    pub(crate) async fn until(&self, name: &str, state: State) {
        let reached = async {
            while self.batch(name).await.state() != state {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("the batch stands so in time");
    }

    pub(crate) async fn answers(&self, name: &str, offset: i64) -> Vec<u8> {
        let request = pb::GetBatchAnswersRequest { name: name.to_owned(), offset };
        let mut parts = self.batches(Role::Auditor).get_batch_answers(request).await.unwrap().into_inner();
        let mut all = Vec::new();
        while let Some(part) = parts.message().await.unwrap() {
            assert_eq!(part.offset, offset + i64::try_from(all.len()).unwrap());
            all.extend(part.content);
        }
        all
    }

    pub(crate) async fn errors(&self, name: &str) -> Vec<pb::BatchError> {
        let request = pb::ListBatchErrorsRequest { parent: name.to_owned(), ..Default::default() };
        self.batches(Role::Auditor).list_batch_errors(request).await.unwrap().into_inner().errors
    }

    /// How many rows tables have.
    pub(crate) async fn count<const N: usize>(&self, tables: [&str; N]) -> [i64; N] {
        let mut raw = self.0.database().raw_admin().await;
        let mut counts = [0; N];
        for (count, table) in counts.iter_mut().zip(tables) {
            let query = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
            *count = query.get_result::<Count>(&mut raw).await.unwrap().n;
        }
        counts
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// How long something may take that must come.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

pub(crate) fn start_batch(scheme: &str, file: &[u8]) -> pb::StartBatchRequest {
    pb::StartBatchRequest {
        parent: area(),
        scheme_choice: by(scheme),
        file_digest: sha256(file),
        n_bytes: i64::try_from(file.len()).unwrap(),
        request_id: id(),
        ..pb::StartBatchRequest::default()
    }
}

pub(crate) fn part(batch: &str, offset: usize, content: &[u8]) -> pb::UploadCasesRequest {
    let offset = i64::try_from(offset).unwrap();
    pb::UploadCasesRequest { batch: batch.to_owned(), offset, content: content.to_vec() }
}

pub(crate) fn finish_batch(batch: &str) -> pb::FinishUploadRequest {
    pb::FinishUploadRequest { name: batch.to_owned(), request_id: id() }
}

pub(crate) fn cancel(batch: &str) -> pb::CancelBatchRequest {
    pb::CancelBatchRequest { name: batch.to_owned(), request_id: id() }
}

pub(crate) fn new_batch() -> String {
    format!("areas/{AREA}/batches/{}", id())
}

pub(crate) fn id() -> String {
    Uuid::now_v7().to_string()
}

pub(crate) fn area() -> String {
    format!("areas/{AREA}")
}

pub(crate) fn new_adoption() -> String {
    format!("areas/{AREA}/adoptions/{}", id())
}

/// A name that no scheme has.
pub(crate) fn no_scheme() -> String {
    format!("areas/{AREA}/schemes/{}", "ab".repeat(32))
}

/// A name that no crosswalk has.
pub(crate) fn no_crosswalk() -> String {
    format!("areas/{AREA}/crosswalks/{}", "ab".repeat(32))
}

pub(crate) fn submit_pairs(pairs: &str) -> pb::SubmitCrosswalkRequest {
    pb::SubmitCrosswalkRequest {
        parent: area(),
        title: "国临对照医保".to_owned(),
        content: pairs.as_bytes().to_vec(),
        request_id: id(),
    }
}

pub(crate) fn publish_crosswalk(name: &str) -> pb::PublishCrosswalkRequest {
    pb::PublishCrosswalkRequest { name: name.to_owned(), request_id: id() }
}

pub(crate) fn translate(crosswalk: &str, scheme: &str, diagnoses: &[&str]) -> pb::TranslateCodesRequest {
    pb::TranslateCodesRequest {
        name: crosswalk.to_owned(),
        scheme_choice: by(scheme),
        diagnoses: diagnoses.iter().map(|&code| code.to_owned()).collect(),
        procedures: Vec::new(),
    }
}

/// The name of a scheme that was submitted.
pub(crate) fn name_of(content: &[u8]) -> String {
    format!("{}/schemes/{}", area(), medfund_grouper::Scheme::from_bytes(content).unwrap().hash())
}

pub(crate) fn day(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

pub(crate) fn submit(content: &[u8]) -> pb::SubmitSchemeRequest {
    pb::SubmitSchemeRequest { parent: area(), content: content.to_vec(), request_id: id() }
}

pub(crate) fn publish(name: &str) -> pb::PublishSchemeRequest {
    pb::PublishSchemeRequest { name: name.to_owned(), request_id: id() }
}

pub(crate) fn propose(scheme: &str, from: Date) -> pb::ProposeAdoptionRequest {
    pb::ProposeAdoptionRequest {
        name: new_adoption(),
        scheme: scheme.to_owned(),
        effective_date: Some(from),
        request_id: id(),
    }
}

pub(crate) fn confirm(name: &str) -> pb::ConfirmAdoptionRequest {
    pb::ConfirmAdoptionRequest { name: name.to_owned(), request_id: id() }
}

pub(crate) fn in_force_on(date: Date) -> pb::GetSchemeInForceRequest {
    pb::GetSchemeInForceRequest { parent: area(), date: Some(date) }
}

pub(crate) fn by(scheme: &str) -> Option<pb::SchemeChoice> {
    Some(pb::SchemeChoice { choice: Some(Choice::Scheme(scheme.to_owned())) })
}

pub(crate) fn on(date: Date) -> Option<pb::SchemeChoice> {
    Some(pb::SchemeChoice { choice: Some(Choice::Date(date)) })
}

/// A man of 50 with these diagnoses.
pub(crate) fn man(id: &str, diagnoses: &[&str]) -> pb::Case {
    pb::Case {
        id: id.to_owned(),
        sex: pb::Sex::Male.into(),
        age_years: Some(50),
        diagnoses: diagnoses.iter().map(|&code| code.to_owned()).collect(),
        ..pb::Case::default()
    }
}

pub(crate) fn group(scheme: &str, case: pb::Case) -> pb::GroupRequest {
    pb::GroupRequest { parent: area(), scheme_choice: by(scheme), drg_case: Some(case), ..Default::default() }
}

pub(crate) fn compare(one: &str, other: &str, cases: Vec<pb::Case>) -> pb::CompareSchemesRequest {
    pb::CompareSchemesRequest {
        parent: area(),
        scheme_choice: by(one),
        other_scheme_choice: by(other),
        cases,
        ..Default::default()
    }
}

pub(crate) fn check(scheme: &str, cases: Vec<pb::Case>) -> pb::CheckCasesRequest {
    pb::CheckCasesRequest { parent: area(), scheme_choice: by(scheme), cases, crosswalk: String::new() }
}

/// Translated codes as the column `translated` of a case list's answers has them.
pub(crate) fn translated(codes: &[pb::TranslatedCode]) -> Vec<String> {
    let column = |code: &pb::TranslatedCode| match code.fate() {
        Fate::Unknown => format!("{}→?", code.code),
        Fate::Unspecified | Fate::Already | Fate::Mapped | Fate::Ambiguous => {
            format!("{}→{}", code.code, code.insurance_codes.join("|"))
        }
    };
    codes.iter().map(column).collect()
}

pub(crate) fn opening(choice: Option<pb::SchemeChoice>) -> pb::GroupStreamRequest {
    let opening = pb::GroupStreamOpening { parent: area(), scheme_choice: choice, ..Default::default() };
    pb::GroupStreamRequest { opening: Some(opening), cases: Vec::new() }
}

pub(crate) fn batch(cases: Vec<pb::Case>) -> pb::GroupStreamRequest {
    pb::GroupStreamRequest { opening: None, cases }
}

/// Sends all messages of a stream and collects its answers.
pub(crate) async fn stream(
    mut client: GroupingServiceClient<TestChannel>,
    messages: Vec<pb::GroupStreamRequest>,
) -> Result<Response<Vec<pb::GroupStreamResponse>>, Status> {
    let mut answers = client.group_stream(futures::stream::iter(messages)).await?.into_inner();
    let mut all = Vec::new();
    while let Some(answer) = answers.message().await? {
        all.push(answer);
    }
    Ok(Response::new(all))
}

/// Asserts that a call was refused, and why.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<Response<T>, Status>, code: Code, reason: &str) {
    let status = answer.expect_err(reason);
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("{status:?} has no ErrorInfo"));
    assert_eq!((status.code(), info.reason.as_str()), (code, reason), "{}", status.message());
    assert!(details.localized_message().is_some(), "{reason} has no Chinese text");
}
