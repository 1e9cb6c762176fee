//! The routes that write: one record, or a batch. Whoever writes names what is replaced; nobody overwrites what they have not seen.

use super::access::{Denied, Identity, may_write};
use super::answer::{Answer, Coding, Outcome, Refusal, empty, json, only, value, whole};
use super::store::{Author, Commit, Committed, Expect, Head, Kept, Operation, Remember};
use super::tag::etag;
use super::{Server, accept, secret};
use crate::contract::Id;
use crate::contract::feed::{BATCH_OPERATIONS, Cursor, Fault, Rev, Subject};
use crate::i18n;
use crate::text::Lang;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use smol_str::SmolStr;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// Longest `Idempotency-Key`, in characters.
const MAX_KEY: usize = 255;
/// How long an answer waits for the feed of this server to show what was written.
const SHOWN: Duration = Duration::from_secs(2);

/// A request that writes, its body read.
pub(super) struct Write<'r> {
    pub(super) method: Method,
    pub(super) path: &'r str,
    pub(super) headers: &'r HeaderMap,
    pub(super) who: Identity,
    pub(super) request: &'r str,
    pub(super) body: String,
    pub(super) lang: Lang,
}

fn forbidden(denied: &Denied, lang: Lang, operation: Option<usize>) -> Refusal {
    let (code, field) = match denied {
        Denied::Role => ("role", None),
        Denied::Foreign => ("foreign-agency", None),
        Denied::Verb => ("not-yours-to-make", None),
        Denied::Field(field) => ("not-yours-to-set", Some(*field)),
    };
    Refusal::new(StatusCode::FORBIDDEN, "forbidden").with(move |body| {
        let message = i18n::find(lang, &format!("serve.fault.{code}")).unwrap_or(code);
        body.errors.push(Fault {
            operation: operation.and_then(|nth| u32::try_from(nth).ok()),
            path: field.unwrap_or_default().to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        });
    })
}

fn invalid(faults: Vec<Fault>) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid").with(move |body| body.errors.clone_from(&faults))
}

/// The record somebody else changed meanwhile, so that the client can look at it and decide.
fn stale(current: Option<&Kept>, epoch: &str, operation: Option<(usize, Lang)>) -> Refusal {
    let live = current.and_then(|kept| kept.obj.as_deref().map(|obj| (kept.rev, obj.to_owned())));
    let tag = live
        .as_ref()
        .map(|(rev, _)| etag(Coding::Identity, &format!("{epoch}.{rev}")));
    let record = live.and_then(|(_, obj)| serde_json::from_str::<Value>(&obj).ok());
    let refusal = Refusal::new(StatusCode::PRECONDITION_FAILED, "stale").with(move |body| {
        body.current.clone_from(&record);
        if let Some((nth, lang)) = operation {
            body.errors.push(accept::fault_of_request(nth, "stale", lang));
        }
    });
    match tag {
        Some(tag) => refusal.header(header::ETAG, value(&tag)),
        None => refusal,
    }
}

/// The one entity tag of a precondition.
fn expected(text: &str, head: &Head) -> Result<Expect, Refusal> {
    let strong = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(tag) = strong.filter(|tag| !tag.contains(['"', ','])) else {
        // `*` would overwrite whatever is there; a weak tag or a list does not say which version was seen.
        return Err(Refusal::new(StatusCode::PRECONDITION_REQUIRED, "precondition"));
    };
    Ok(Expect::At(match Cursor::parse(tag) {
        Some(Cursor::At(epoch, rev)) if epoch == head.epoch => rev,
        // A version of another life of the store stands nowhere: revisions count from 1.
        _ => 0,
    }))
}

fn precondition(headers: &HeaderMap, head: &Head) -> Result<Expect, Refusal> {
    match (
        only(headers, &header::IF_MATCH)?,
        only(headers, &header::IF_NONE_MATCH)?,
    ) {
        (Some(tag), None) => expected(tag, head),
        (None, Some("*")) => Ok(Expect::Absent),
        _ => Err(Refusal::new(StatusCode::PRECONDITION_REQUIRED, "precondition")),
    }
}

fn media(headers: &HeaderMap, wanted: &str) -> Result<(), Refusal> {
    let given = only(headers, &header::CONTENT_TYPE)?.unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media"))
}

impl Write<'_> {
    fn remember(&self) -> Result<Option<Remember>, Refusal> {
        let Some(key) = only(self.headers, &HeaderName::from_static("idempotency-key"))? else {
            return Ok(None);
        };
        if key.is_empty() || key.len() > MAX_KEY || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Refusal::bad("idempotency-key"));
        }
        let mut all = Vec::with_capacity(self.body.len() + 256);
        let conditions = [header::IF_MATCH, header::IF_NONE_MATCH].map(|name| self.headers.get(name));
        let parts = [self.method.as_str().as_bytes(), self.path.as_bytes()];
        let conditions = conditions
            .iter()
            .map(|value| value.map_or(&b""[..], |value| value.as_bytes()));
        for part in parts.into_iter().chain(conditions).chain([self.body.as_bytes()]) {
            // Lengths keep two different requests from looking alike.
            all.extend_from_slice(&(part.len() as u64).to_le_bytes());
            all.extend_from_slice(part);
        }
        Ok(Some(Remember {
            key: key.into(),
            fingerprint: secret::hash(&all),
        }))
    }

    fn commit(&self, server: &Server, remember: Option<Remember>, operations: Vec<Operation>) -> Commit {
        Commit {
            author: Author {
                token: self.who.token.clone(),
                name: self.who.name.clone(),
                role: self.who.role,
            },
            at: server.clock.now(),
            request: self.request.into(),
            import: None,
            remember,
            operations,
        }
    }
}

impl Server {
    /// The revision of a request that was done before, if it was.
    async fn replayed(&self, write: &Write<'_>, remember: Option<&Remember>) -> Result<Option<Rev>, Refusal> {
        let Some(remember) = remember else { return Ok(None) };
        match self
            .store
            .remembered(write.who.token.clone(), remember.key.clone())
            .await?
        {
            Some((rev, fingerprint)) if fingerprint == remember.fingerprint => Ok(Some(rev)),
            Some(_) => Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused")),
            None => Ok(None),
        }
    }

    /// Commits, and waits until this server's own feed shows it: who reads next here sees what they wrote.
    async fn settle(&self, commit: Commit) -> Result<Committed, Refusal> {
        let (request, token) = (commit.request.clone(), commit.author.token.clone());
        let outcome = self.store.commit(commit).await?;
        if let Committed::Done(rev) = outcome {
            tracing::info!(rev, %request, %token, "committed");
            self.metrics.commits.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut moved = self.hub.moved.subscribe();
            self.hub.wake();
            let shown = async {
                while self.hub.head().is_none_or(|head| head.rev < rev) {
                    if moved.changed().await.is_err() {
                        break;
                    }
                }
            };
            let _ = tokio::time::timeout(SHOWN, shown).await;
        }
        Ok(outcome)
    }

    /// `PUT`, `PATCH` or `DELETE` of one record.
    pub(super) async fn write(self: &Arc<Self>, write: Write<'_>, kind: Subject, id: Id) -> Outcome {
        if !write.who.role.may_write_kind(&kind) {
            return Err(forbidden(&Denied::Role, write.lang, None));
        }
        let head = self.head().await?;
        let expect = precondition(write.headers, &head)?;
        match write.method {
            Method::PUT => media(write.headers, "application/json")?,
            Method::PATCH => media(write.headers, "application/merge-patch+json")?,
            _ => {}
        }
        let remember = write.remember()?;
        if let Some(rev) = self.replayed(&write, remember.as_ref()).await? {
            return self.done(&head, kind, id, rev, false).await;
        }
        let current = self.store.get(kind.clone(), id.clone()).await?;
        let live = current.as_ref().filter(|kept| kept.obj.is_some());
        let meets = match expect {
            Expect::Absent => live.is_none(),
            Expect::At(rev) => live.is_some_and(|kept| kept.rev == rev),
        };
        if !meets {
            return Err(stale(live, head.epoch.as_str(), None));
        }
        let old = live
            .and_then(|kept| kept.obj.as_deref())
            .map(serde_json::from_str::<Value>)
            .transpose();
        let old = old.map_err(|_| super::reads::internal())?;
        let obj = match write.method {
            Method::DELETE => None,
            Method::PATCH => {
                let patch = accept::json(&write.body, write.lang).map_err(invalid)?;
                let mut patched = old.clone().ok_or_else(Refusal::not_found)?;
                accept::merge(&mut patched, &patch);
                Some(accept::record(&kind, &id, &patched, write.lang).map_err(invalid)?)
            }
            _ => {
                let sent = accept::json(&write.body, write.lang).map_err(invalid)?;
                Some(accept::record(&kind, &id, &sent, write.lang).map_err(invalid)?)
            }
        };
        let new = obj
            .as_deref()
            .map(serde_json::from_str::<Value>)
            .transpose()
            .map_err(|_| super::reads::internal())?;
        may_write(&write.who, &kind, old.as_ref(), new.as_ref())
            .map_err(|denied| forbidden(&denied, write.lang, None))?;
        if obj.is_none() && old.is_none() {
            return Err(Refusal::not_found());
        }
        let created = old.is_none();
        let operation = Operation {
            kind: kind.clone(),
            id: id.clone(),
            expect,
            obj,
        };
        let commit = write.commit(self, remember, vec![operation]);
        match self.settle(commit).await? {
            Committed::Done(rev) => self.done(&head, kind, id, rev, created).await,
            Committed::Replayed(rev) => self.done(&head, kind, id, rev, false).await,
            Committed::Stale(_, current) => Err(stale(current.as_ref(), head.epoch.as_str(), None)),
            Committed::KeyReused => Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused")),
        }
    }

    /// The answer to a write: the record as that revision keeps it.
    async fn done(&self, head: &Head, kind: Subject, id: Id, rev: Rev, created: bool) -> Outcome {
        let versions = self.store.history(kind, id, rev + 1, 1).await?;
        let kept = versions
            .into_iter()
            .next()
            .filter(|version| version.rev == rev)
            .and_then(|version| version.obj);
        let Some(obj) = kept else {
            return Ok(empty(StatusCode::NO_CONTENT));
        };
        let status = if created { StatusCode::CREATED } else { StatusCode::OK };
        let mut answer = whole(status, "application/json", String::from(obj));
        let tag = etag(Coding::Identity, &format!("{}.{rev}", head.epoch));
        answer.headers_mut().insert(header::ETAG, value(&tag));
        Ok(answer)
    }

    /// `POST /v1/batch`: up to 500 operations, one revision, all or nothing.
    pub(super) async fn batch(self: &Arc<Self>, write: Write<'_>) -> Outcome {
        media(write.headers, "application/json")?;
        let remember = write.remember()?;
        let head = self.head().await?;
        if let Some(rev) = self.replayed(&write, remember.as_ref()).await? {
            return Ok(batch_done(&head, rev));
        }
        let lang = write.lang;
        let sent: Batch<'_> = serde_json::from_str(&write.body).map_err(|_| Refusal::bad("batch"))?;
        if sent.operations.is_empty() || sent.operations.len() > BATCH_OPERATIONS {
            return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "batch-size"));
        }
        let mut seen = HashSet::new();
        let mut operations = Vec::with_capacity(sent.operations.len());
        let mut faults = Vec::new();
        for (nth, one) in sent.operations.iter().enumerate() {
            match self.operation(one, &write, &head, nth).await? {
                Ok(operation) if seen.insert((operation.kind.clone(), operation.id.clone())) => {
                    operations.push(operation)
                }
                Ok(_) => faults.push(accept::fault_of_request(nth, "twice", lang)),
                Err(found) => faults.extend(found.into_iter().map(|mut fault| {
                    fault.operation = u32::try_from(nth).ok();
                    fault
                })),
            }
        }
        if !faults.is_empty() {
            faults.truncate(BATCH_OPERATIONS);
            return Err(invalid(faults));
        }
        let mut commit = write.commit(self, remember, operations);
        commit.import = sent.import;
        match self.settle(commit).await? {
            Committed::Done(rev) | Committed::Replayed(rev) => Ok(batch_done(&head, rev)),
            Committed::Stale(nth, current) => Err(stale(current.as_ref(), head.epoch.as_str(), Some((nth, lang)))),
            Committed::KeyReused => Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused")),
        }
    }

    /// Reads one operation of a batch; its faults are gathered, anything else refuses the whole batch at once.
    async fn operation(
        &self,
        one: &OneOf<'_>,
        write: &Write<'_>,
        head: &Head,
        nth: usize,
    ) -> Result<Result<Operation, Vec<Fault>>, Refusal> {
        let lang = write.lang;
        let fault = |code| Ok(Err(vec![accept::fault_of_request(nth, code, lang)]));
        let kind = match Subject::named(&one.kind) {
            None | Some(Subject::Other(_)) => return fault("unknown-kind"),
            Some(kind) => kind,
        };
        let Some(id) = Id::new(&one.id).filter(|id| kind != Subject::Headquarters || id.as_str() == Subject::HQ) else {
            return fault("bad-id");
        };
        if !write.who.role.may_write_kind(&kind) {
            return Err(forbidden(&Denied::Role, lang, Some(nth)));
        }
        let expect = match (&one.if_match, one.if_none_match.as_deref()) {
            (Some(tag), None) => expected(tag, head)?,
            (None, Some("*")) => Expect::Absent,
            _ => return Err(Refusal::new(StatusCode::PRECONDITION_REQUIRED, "precondition")),
        };
        let obj = match (one.op.as_str(), one.obj) {
            ("put", Some(obj)) => {
                let sent = accept::json(obj.get(), lang);
                match sent.and_then(|sent| accept::record(&kind, &id, &sent, lang)) {
                    Ok(obj) => Some(obj),
                    Err(faults) => return Ok(Err(faults)),
                }
            }
            ("del", None) => None,
            _ => return fault("operation"),
        };
        let current = self.store.get(kind.clone(), id.clone()).await?;
        let live = current.as_ref().filter(|kept| kept.obj.is_some());
        let meets = match expect {
            Expect::Absent => live.is_none() && obj.is_some(),
            Expect::At(rev) => live.is_some_and(|kept| kept.rev == rev),
        };
        if !meets {
            return Err(stale(live, head.epoch.as_str(), Some((nth, lang))));
        }
        let read = |text: Option<&str>| text.map(serde_json::from_str::<Value>).transpose();
        let (Ok(old), Ok(new)) = (read(live.and_then(|kept| kept.obj.as_deref())), read(obj.as_deref())) else {
            return Err(super::reads::internal());
        };
        may_write(&write.who, &kind, old.as_ref(), new.as_ref())
            .map_err(|denied| forbidden(&denied, lang, Some(nth)))?;
        Ok(Ok(Operation { kind, id, expect, obj }))
    }
}

fn batch_done(head: &Head, rev: Rev) -> Answer {
    let cursor = Cursor::At(head.epoch.clone(), rev);
    json(StatusCode::OK, &serde_json::json!({ "rev": rev, "cursor": cursor }))
}

/// A batch as it travels. Members nobody knows are refused: a misspelt precondition must not be passed over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch<'b> {
    #[serde(default)]
    import: Option<SmolStr>,
    #[serde(borrow)]
    operations: Vec<OneOf<'b>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneOf<'b> {
    op: String,
    kind: String,
    id: String,
    #[serde(default)]
    if_match: Option<String>,
    #[serde(default)]
    if_none_match: Option<String>,
    #[serde(default, borrow)]
    obj: Option<&'b RawValue>,
}
