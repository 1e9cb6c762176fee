//! From a request to its answer: which route, who asks, how much may be sent.

use super::again::{Question, Talk};
use super::answer::{Answer, Coding, Outcome, Refusal, empty, lang, value, whole};
use super::gate::shown;
use super::query::Query;
use super::writes::Write;
use super::{MAX_BODY, Server, secret};
use crate::contract::Id;
use crate::contract::feed::Subject;
use futures_util::future::{Either, Ready, ready};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A body must be there within this time.
const BODY_TIME: Duration = Duration::from_secs(30);

/// So long a body that is refused is still taken.
const LINGER: Duration = Duration::from_secs(2);

/// An answer that is there, or that is being made.
pub(super) type Replying = Either<Ready<Answer>, Pin<Box<dyn Future<Output = Answer> + Send>>>;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Info,
    Document,
    Changes,
    Past,
    Watch,
    Schema,
    OpenApi,
    Batch,
    Audit,
    Record(Subject, Id),
    History(Subject, Id),
    Health,
    Ready,
}

impl Route {
    /// The route of a path, character by character: nothing is decoded, nothing is folded, so nothing can be smuggled in.
    pub(super) fn of(path: &str) -> Option<Self> {
        match path {
            "/healthz" => return Some(Self::Health),
            "/readyz" => return Some(Self::Ready),
            "/v1" => return Some(Self::Info),
            _ => {}
        }
        let mut parts = path.strip_prefix("/v1/")?.split('/');
        let (first, second, third, rest) = (parts.next()?, parts.next(), parts.next(), parts.next());
        match (first, second, third, rest) {
            ("document", None, ..) => Some(Self::Document),
            ("changes", None, ..) => Some(Self::Changes),
            ("past", None, ..) => Some(Self::Past),
            ("watch", None, ..) => Some(Self::Watch),
            ("schema.json", None, ..) => Some(Self::Schema),
            ("openapi.json", None, ..) => Some(Self::OpenApi),
            ("batch", None, ..) => Some(Self::Batch),
            ("audit", None, ..) => Some(Self::Audit),
            (kind, Some(id), third, None) => {
                let kind = Subject::named(kind).filter(|kind| !matches!(kind, Subject::Other(_)))?;
                let id = Id::new(id)?;
                if kind == Subject::Headquarters && id.as_str() != Subject::HQ {
                    return None;
                }
                match third {
                    None => Some(Self::Record(kind, id)),
                    Some("history") => Some(Self::History(kind, id)),
                    Some(_) => None,
                }
            }
            _ => None,
        }
    }

    /// The methods a route understands, as `Allow` lists them.
    fn allow(&self) -> &'static str {
        match self {
            Self::Record(..) => "GET, HEAD, PUT, PATCH, DELETE",
            Self::Batch => "POST",
            Self::Watch => "GET",
            _ => "GET, HEAD",
        }
    }

    /// The route's name in the metrics.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Document => "document",
            Self::Changes => "changes",
            Self::Past => "past",
            Self::Watch => "watch",
            Self::Schema => "schema",
            Self::OpenApi => "openapi",
            Self::Batch => "batch",
            Self::Audit => "audit",
            Self::Record(..) => "record",
            Self::History(..) => "history",
            Self::Health | Self::Ready => "health",
        }
    }
}

impl Server {
    /// Answers a request, whatever it is.
    pub(super) fn reply(self: &Arc<Self>, request: Request<Incoming>, peer: IpAddr, talk: &Talk) -> Replying {
        let began = crate::clock::tick();
        let number = secret::number();
        let route = Route::of(request.uri().path());
        let (outcome, question) = self.at_once(route.as_ref(), &request, peer).unzip();
        talk.understood(question.flatten());
        if let Some(outcome) = outcome {
            let answer = outcome.unwrap_or_else(|refusal| refusal.answer(&number, lang(request.headers())));
            return Either::Left(ready(self.finish(answer, route.as_ref(), &number, began)));
        }
        let server = Arc::clone(self);
        // On a heap of its own, which is gone when the answer begins: connections are kept for long, and there are many.
        Either::Right(Box::pin(async move {
            let lang = lang(request.headers());
            let name = route.clone();
            let outcome = match route {
                Some(route) => server.dispatch(route, request, peer, &number).await,
                None => Err(Refusal::not_found()),
            };
            let answer = outcome.unwrap_or_else(|refusal| refusal.answer(&number, lang));
            server.finish(answer, name.as_ref(), &number, began)
        }))
    }

    /// Answers what needs no waiting: the document that is known or made already, for a token that is known. On a quiet day most
    /// requests are these.
    fn at_once(
        &self,
        route: Option<&Route>,
        request: &Request<Incoming>,
        peer: IpAddr,
    ) -> Option<(Outcome, Option<Question>)> {
        let asks = matches!(route, Some(Route::Document)) && matches!(*request.method(), Method::GET | Method::HEAD);
        if !asks || request.uri().query().is_some() {
            return None;
        }
        let headers = request.headers();
        let (answer, tag) = self.document_at_once(headers)?;
        let who = match shown(headers) {
            Ok(who) => who,
            Err(refusal) => return Some((Err(refusal), None)),
        };
        let admitted = self.gate.admit_reader(who, peer, self.clock.now())?;
        let question = admitted.is_ok().then(|| Question {
            who,
            tag,
            coding: Coding::accepted(headers),
            status: answer.status(),
        });
        Some((admitted.map(|()| answer), question))
    }

    fn finish(&self, mut answer: Answer, route: Option<&Route>, number: &str, began: Instant) -> Answer {
        let headers = answer.headers_mut();
        headers.insert(HeaderName::from_static("x-request-id"), value(number));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let took = crate::clock::tick().duration_since(began);
        self.metrics
            .count(route.map_or("none", Route::name), answer.status(), took);
        answer
    }

    async fn dispatch(
        self: &Arc<Self>,
        route: Route,
        request: Request<Incoming>,
        peer: IpAddr,
        number: &str,
    ) -> Outcome {
        let method = request.method().clone();
        if !route.allow().split(", ").any(|allowed| allowed == method.as_str()) {
            let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method");
            return Err(refusal.header(header::ALLOW, HeaderValue::from_static(route.allow())));
        }
        match route {
            Route::Health => return Ok(whole(StatusCode::OK, "text/plain", "ok\n")),
            Route::Ready => return Ok(self.ready()),
            _ => {}
        }
        let (parts, body) = request.into_parts();
        let who = self
            .gate
            .admit(&parts.headers, peer, &*self.store, self.clock.now())
            .await?;
        let query = Query::parse(parts.uri.query())?;
        match route {
            Route::Info => self.info().await,
            Route::Document => self.document(&parts.headers).await,
            Route::Changes => self.changes(&parts.headers, &query).await,
            Route::Past => self.past(&parts.headers, &query).await,
            Route::Watch => self.watch(&parts.headers, &query, who).await,
            Route::Schema => Ok(Self::schema()),
            Route::OpenApi => Ok(super::openapi::answer()),
            Route::Audit => self.audit(&query, &who).await,
            Route::History(kind, id) => self.history(&query, &who, kind, id).await,
            Route::Record(kind, id) if matches!(method, Method::GET | Method::HEAD) => {
                self.record(&parts.headers, kind, id).await
            }
            Route::Record(..) | Route::Batch => {
                // Who may write nothing at all need not send it.
                let lang = lang(&parts.headers);
                let body = self.body(body, &parts.headers).await?;
                let path = parts.uri.path();
                let write = Write {
                    method,
                    path,
                    headers: &parts.headers,
                    who,
                    request: number,
                    body,
                    lang,
                };
                match route {
                    Route::Record(kind, id) => self.write(write, kind, id).await,
                    _ => self.batch(write).await,
                }
            }
            Route::Health | Route::Ready => Err(Refusal::not_found()),
        }
    }

    async fn body(&self, body: Incoming, headers: &hyper::HeaderMap) -> Result<String, Refusal> {
        if headers.contains_key(header::CONTENT_ENCODING) {
            // A small packed body may be a huge one.
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-encoding"));
        }
        let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
        let said = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|n| n.to_str().ok())
            .and_then(|n| n.parse::<u64>().ok());
        if said.is_some_and(|said| said > MAX_BODY as u64) {
            // Who is still sending would not hear the answer: a little of it is taken and thrown away.
            let mut rest = Limited::new(body, 2 * MAX_BODY);
            let thrown = async { while let Some(Ok(_)) = rest.frame().await {} };
            let _ = tokio::time::timeout(LINGER, thrown).await;
            return Err(too_large());
        }
        let all = tokio::time::timeout(BODY_TIME, Limited::new(body, MAX_BODY).collect()).await;
        let all = all.map_err(|_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "slow"))?;
        let bytes = all.map_err(|error| match error.downcast_ref::<http_body_util::LengthLimitError>() {
            Some(_) => too_large(),
            None => Refusal::bad("body"),
        })?;
        String::from_utf8(bytes.to_bytes().into()).map_err(|_| Refusal::bad("not-utf8"))
    }

    fn ready(&self) -> Answer {
        if self.hub.fresh() && !self.is_draining() {
            whole(StatusCode::OK, "text/plain", "ready\n")
        } else {
            let mut answer = empty(StatusCode::SERVICE_UNAVAILABLE);
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            answer
        }
    }
}
