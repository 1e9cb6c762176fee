//! The routes that read: info, document, changes, watch, schema, one record, its history, the audit trail.

use super::access::Identity;
use super::answer::{Answer, Body, Coding, Outcome, Refusal, empty, json, only, value, whole};
use super::query::Query;
use super::store::{AuditLine, Head, Version};
use super::tag::{Tag, etag, matches};
use super::watch::{Watching, gone, usable};
use super::{MAX_BODY, Server};
use crate::contract::feed::{
    API, BATCH_OPERATIONS, CHECKSUM, Cursor, EVENT_STREAM, Info, PAGE_LINES, SYNC_SECONDS, ServerLimits, Subject,
};
use crate::contract::{Id, schema};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::value::RawValue;
use std::sync::{Arc, OnceLock};

/// Lines of history or audit when nobody asks for a number, and at most.
const LINES: (u64, u64) = (100, 1_000);

impl Server {
    /// Where the store stands, as far as this server knows.
    pub(super) async fn head(&self) -> Result<Arc<Head>, Refusal> {
        if let Some(head) = self.hub.head() {
            return Ok(head);
        }
        Ok(Arc::new(self.store.head().await?))
    }

    pub(super) async fn info(&self) -> Outcome {
        let head = self.head().await?;
        let limits = ServerLimits {
            page_lines: PAGE_LINES,
            batch_operations: u32::try_from(BATCH_OPERATIONS).unwrap_or(u32::MAX),
            body_bytes: MAX_BODY as u64,
            record_bytes: MAX_BODY as u64,
            sync_seconds: SYNC_SECONDS,
            tombstone_days: super::TOMBSTONE_DAYS,
            idempotency_hours: super::KEY_HOURS,
        };
        let info = Info {
            api: API,
            epoch: head.epoch.clone(),
            head: head.rev,
            min_rev: head.min_rev,
            time: self.clock.now(),
            checksum: CHECKSUM.to_owned(),
            limits,
            kinds: head.kinds.clone(),
        };
        Ok(json(StatusCode::OK, &info))
    }

    /// The answer about the document where nothing has to be made or asked for it.
    pub(super) fn document_at_once(&self, headers: &HeaderMap) -> Option<(Answer, Arc<Tag>)> {
        let head = self.hub.head()?;
        let coding = Coding::accepted(headers);
        let tag = self.tags.of(&head);
        if matches(headers, tag.text()) {
            return Some((not_modified(tag.value(coding)), tag));
        }
        let document = self.documents.of(&head)?;
        // It may be newer than what the feed has told so far.
        let tag = match document.rev == head.rev {
            true => tag,
            false => Arc::new(Tag::new(&document.epoch, document.rev)),
        };
        Some((document_answer(headers, &tag, coding, document.ready(coding)?), tag))
    }

    pub(super) async fn document(&self, headers: &HeaderMap) -> Outcome {
        if let Some((answer, _)) = self.document_at_once(headers) {
            return Ok(answer);
        }
        let head = self.head().await?;
        let coding = Coding::accepted(headers);
        // Old but whole is better than nothing while the store is away; its tag says which one it is.
        let document = match self.documents.at(&head, &*self.store).await {
            Ok(document) => document,
            Err(trouble) => Some(self.documents.newest().ok_or(trouble)?),
        };
        let Some(document) = document else {
            return Err(Refusal::new(StatusCode::NOT_FOUND, "no-headquarters"));
        };
        let same = Arc::clone(&document);
        let coded = tokio::task::spawn_blocking(move || same.coded(coding)).await;
        let body = coded.ok().and_then(Result::ok).ok_or_else(internal)?;
        let tag = Tag::new(&document.epoch, document.rev);
        Ok(document_answer(headers, &tag, coding, body))
    }

    pub(super) async fn watch(self: &Arc<Self>, headers: &HeaderMap, query: &Query, who: Identity) -> Outcome {
        let last = only(headers, &HeaderName::from_static("last-event-id"))?.filter(|id| !id.is_empty());
        let cursor = cursor_of(last.or(query.text("since")))?;
        let head = self.head().await?;
        // Another replica may be ahead of what this one knows.
        let head = match usable(&cursor, &head) {
            Ok(_) => head,
            Err(_) => Arc::new(self.store.head().await?),
        };
        let at = usable(&cursor, &head).map_err(gone)?;
        if self.is_draining() {
            return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "draining").retry_after(2));
        }
        self.hub.wake();
        let stream = Watching::new(Arc::clone(self), who, head.epoch.clone(), at);
        let body = StreamBody::new(stream.map(|bytes| Ok(Frame::data(bytes))));
        let mut answer = Response::new(body.boxed_unsync());
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(EVENT_STREAM));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // A buffering proxy in front would hold events back.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(answer)
    }

    pub(super) fn schema() -> Answer {
        static SCHEMA: OnceLock<Bytes> = OnceLock::new();
        let bytes = SCHEMA.get_or_init(|| schema::printed().into()).clone();
        whole(StatusCode::OK, "application/schema+json", bytes)
    }

    pub(super) async fn record(&self, headers: &HeaderMap, kind: Subject, id: Id) -> Outcome {
        let head = self.head().await?;
        let kept = self.store.get(kind, id).await?;
        let Some((rev, Some(obj))) = kept.map(|kept| (kept.rev, kept.obj)) else {
            return Err(Refusal::not_found());
        };
        let tag = format!("{}.{rev}", head.epoch);
        if matches(headers, &tag) {
            return Ok(not_modified(value(&etag(Coding::Identity, &tag))));
        }
        let mut answer = whole(StatusCode::OK, "application/json", String::from(obj));
        answer
            .headers_mut()
            .insert(header::ETAG, value(&etag(Coding::Identity, &tag)));
        Ok(answer)
    }

    pub(super) async fn history(&self, query: &Query, who: &Identity, kind: Subject, id: Id) -> Outcome {
        let before = query.number("before", u64::MAX, u64::MAX)?;
        let limit = query.number("limit", LINES.0, LINES.1)? as usize;
        let versions = self.store.history(kind, id, before, limit).await?;
        if versions.is_empty() && before == u64::MAX {
            return Err(Refusal::not_found());
        }
        let next = versions
            .last()
            .filter(|_| versions.len() == limit)
            .map(|version| version.rev);
        let names = who.role.may_audit();
        let versions: Vec<VersionBody> = versions
            .into_iter()
            .map(|version| VersionBody::new(version, names))
            .collect();
        Ok(json(
            StatusCode::OK,
            &serde_json::json!({ "versions": versions, "next": next }),
        ))
    }

    pub(super) async fn audit(&self, query: &Query, who: &Identity) -> Outcome {
        if !who.role.may_audit() {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "forbidden"));
        }
        let before = query.number("before", u64::MAX, u64::MAX)?;
        let limit = query.number("limit", LINES.0, LINES.1)? as usize;
        let lines = self.store.audit(before, limit).await?;
        let next = lines.last().filter(|_| lines.len() == limit).map(|line| line.seq);
        let lines: Vec<AuditBody> = lines.into_iter().map(AuditBody::from).collect();
        Ok(json(
            StatusCode::OK,
            &serde_json::json!({ "lines": lines, "next": next }),
        ))
    }
}

/// The document, or that the client has it already.
fn document_answer(asked: &HeaderMap, tag: &Tag, coding: Coding, body: Body) -> Answer {
    if matches(asked, tag.text()) {
        return not_modified(tag.value(coding));
    }
    let mut answer = Response::new(body);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    coding.mark(headers);
    headers.insert(header::ETAG, tag.value(coding));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    answer
}

pub(super) fn internal() -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
}

pub(super) fn cursor_of(text: Option<&str>) -> Result<Cursor, Refusal> {
    match text {
        None => Ok(Cursor::Beginning),
        Some(text) => Cursor::parse(text).ok_or_else(|| Refusal::bad("cursor")),
    }
}

fn not_modified(tag: HeaderValue) -> Answer {
    let mut answer = empty(StatusCode::NOT_MODIFIED);
    answer.headers_mut().insert(header::ETAG, tag);
    answer
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer
}

/// A record as JSON, as it is kept.
fn raw(obj: Option<Box<str>>) -> Option<Box<RawValue>> {
    obj.and_then(|obj| RawValue::from_string(obj.into()).ok())
}

#[derive(serde::Serialize)]
struct VersionBody {
    rev: u64,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<String>,
    op: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    obj: Option<Box<RawValue>>,
}

impl VersionBody {
    /// `names` for those who may know who wrote.
    fn new(version: Version, names: bool) -> Self {
        Self {
            rev: version.rev,
            at: version.at,
            by: names.then(|| version.by.into()),
            role: version.role.into(),
            import: version.import.map(Into::into),
            op: if version.obj.is_some() { "put" } else { "del" },
            obj: raw(version.obj),
        }
    }
}

#[derive(serde::Serialize)]
struct AuditBody {
    seq: u64,
    at: String,
    token: String,
    by: String,
    role: String,
    action: String,
    kind: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rev: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<u64>,
    request: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<String>,
}

impl From<AuditLine> for AuditBody {
    fn from(line: AuditLine) -> Self {
        Self {
            seq: line.seq,
            at: line.at,
            token: line.token.into(),
            by: line.by.into(),
            role: line.role.into(),
            action: line.action.into(),
            kind: line.kind.into(),
            id: line.id.into(),
            rev: line.rev,
            before: line.before,
            request: line.request.into(),
            import: line.import.map(Into::into),
        }
    }
}
