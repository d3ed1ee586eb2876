use std::sync::Arc;

use axum::body::Bytes;
use http::{Request, header::AUTHORIZATION};
use http_body_util::{BodyExt, Full};
use medfund_db::Caller;
use medfund_proto::auth::v1::Role;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;
use tonic::Status;
use tonic::body::Body;
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};

use super::{Gate, overdue};
use crate::ErrorReason;
use crate::context::Context;

/// The memory that a request was given; it is free again when this is dropped.
#[must_use = "the room is free again when this is dropped"]
pub(super) struct Room(#[expect(dead_code, reason = "held, not read")] Option<OwnedSemaphorePermit>);

/// Bytes before the message in a gRPC frame: a flag and the length.
const FRAME_HEADER: usize = 5;

impl Gate {
    /// Lets a request in with its [`Context`], or says why not.
    pub(super) async fn admit(&self, mut request: Request<Body>) -> Result<(Request<Body>, Room), Status> {
        let rpc = self.parts.access.find(request.uri().path()).ok_or_else(|| {
            ErrorReason::unimplemented("UNKNOWN_METHOD", "不支持此操作").status("this server has no such RPC")
        })?;
        let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let caller = self
            .parts
            .verifier
            .verify(authorization)
            .map_err(|reason| reason.status("the call carries no token that is good here"))?;
        check_certificate(&caller, &request)
            .and_then(|()| rpc.check(&caller))
            .map_err(|reason| reason.status("the caller may not call this"))?;

        let (mut digest, mut room) = (None, Room(None));
        if !rpc.client_streams {
            let whole;
            // However long the work may take, sending its request may not: it holds a place and memory.
            let reading = tokio::time::timeout(self.parts.limits.default_deadline, self.buffer(request));
            (request, whole, room) = reading.await.map_err(|_| overdue())??;
            digest = Some(whole);
        }
        let instant = self.parts.clock.now();
        request.extensions_mut().insert(Context { caller, method: rpc.method, digest, instant });
        Ok((request, room))
    }

    /// Reads a unary request whole, within the limits, and digests its message.
    async fn buffer(&self, request: Request<Body>) -> Result<(Request<Body>, [u8; 32], Room), Status> {
        let most = self.parts.limits.max_message_bytes.saturating_add(FRAME_HEADER);
        let (head, mut body) = request.into_parts();
        let (mut bytes, mut room) = (Vec::new(), None::<OwnedSemaphorePermit>);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Status::cancelled("the request ended before its end"))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > most {
                return Err(self.too_large());
            }
            let more = u32::try_from(data.len())
                .ok()
                .and_then(|n| Arc::clone(&self.room).try_acquire_many_owned(n).ok());
            let more = more.ok_or_else(|| overloaded("too many bytes are in work"))?;
            match &mut room {
                Some(room) => room.merge(more),
                None => room = Some(more),
            }
            bytes.extend_from_slice(&data);
        }
        let digest = Sha256::digest(bytes.get(FRAME_HEADER..).unwrap_or_default()).into();
        Ok((Request::from_parts(head, Body::new(Full::new(Bytes::from(bytes)))), digest, Room(room)))
    }

    fn too_large(&self) -> Status {
        ErrorReason::resource_exhausted("MESSAGE_TOO_LARGE", "请求内容过大")
            .without_retry()
            .with("max_message_bytes", self.parts.limits.max_message_bytes)
            .status("the request is larger than this server takes")
    }
}

/// The refusal of a call that there is no room for now.
pub(super) fn overloaded(text: &str) -> Status {
    ErrorReason::resource_exhausted("OVERLOADED", "系统繁忙，请稍后重试").status(text)
}

/// Checks that who says to be a service holds the certificate of that service.
fn check_certificate(caller: &Caller, request: &Request<Body>) -> Result<(), ErrorReason> {
    if !caller.roles.contains(&i32::from(Role::Service)) {
        return Ok(());
    }
    let connection = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>();
    let certificates = connection.and_then(TlsConnectInfo::peer_certs);
    let presented = certificates.as_ref().and_then(|chain| chain.first());
    if presented.is_some_and(|certificate| names_service(certificate, &caller.subject)) {
        Ok(())
    } else {
        Err(ErrorReason::permission_denied("CERTIFICATE_MISMATCH", "服务证书与令牌不符"))
    }
}

fn names_service(certificate: &CertificateDer<'_>, service: &str) -> bool {
    let name = ServerName::try_from(format!("{service}.service.medfund"));
    let parsed = ParsedCertificate::try_from(certificate);
    let (Ok(name), Ok(parsed)) = (name, parsed) else { return false };
    rustls::client::verify_server_name(&parsed, &name).is_ok()
}
