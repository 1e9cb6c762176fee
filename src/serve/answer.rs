//! Answers: their bodies, headers, and the one way to refuse.

use crate::contract::feed::{PROBLEM, ProblemBody};
use crate::i18n;
use crate::text::Lang;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use std::convert::Infallible;

/// The body of any answer.
pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;
/// Any answer.
pub(super) type Answer = Response<Body>;
/// An answer, or the refusal of the request.
pub(super) type Outcome = Result<Answer, Refusal>;

/// Why a request is refused.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// Its slug, which is also the end of its keys in the catalogue.
    pub(super) slug: &'static str,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// Fills in what only this refusal knows.
    pub(super) more: Box<dyn Fn(&mut ProblemBody) + Send + Sync>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, slug: &'static str) -> Self {
        Self {
            status,
            slug,
            headers: Vec::new(),
            more: Box::new(|_| {}),
        }
    }

    pub(super) fn bad(slug: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, slug)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// The store does not answer, or refuses to write; `why` goes to the log under the request's number.
    pub(super) fn unavailable(trouble: &super::store::Trouble) -> Self {
        tracing::error!(why = %trouble, "the store does not answer");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").retry_after(5)
    }

    pub(super) fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    pub(super) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn with(mut self, more: impl Fn(&mut ProblemBody) + Send + Sync + 'static) -> Self {
        self.more = Box::new(more);
        self
    }

    /// The answer, with its words in the client's language.
    pub(super) fn answer(self, request: &str, lang: Lang) -> Answer {
        let word = |part: &str| i18n::find(lang, &format!("serve.problem.{}{part}", self.slug));
        let mut body = ProblemBody::new(self.slug, self.status.as_u16(), word("").unwrap_or(self.slug));
        body.detail = word(".detail").map(str::to_owned);
        body.request = Some(request.to_owned());
        (self.more)(&mut body);
        let mut answer = json(self.status, &body);
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        answer
    }
}

impl From<super::store::Trouble> for Refusal {
    fn from(trouble: super::store::Trouble) -> Self {
        Self::unavailable(&trouble)
    }
}

/// An answer with a whole body.
pub(super) fn whole(status: StatusCode, media: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()).boxed_unsync());
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    answer
}

/// An answer in JSON.
pub(super) fn json(status: StatusCode, body: &impl serde::Serialize) -> Answer {
    whole(status, "application/json", serde_json::to_vec(body).unwrap_or_default())
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default().boxed_unsync());
    *answer.status_mut() = status;
    answer
}

/// A value of a header of ours; all of them are ASCII.
pub(super) fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The only value of a header.
///
/// # Errors
/// When it stands there twice, or is not ASCII.
pub(super) fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Refusal::bad("header"));
    }
    first
        .map(|value| value.to_str().map_err(|_| Refusal::bad("header")))
        .transpose()
}

/// The language of the words of a refusal: Persian when the client prefers it, else English.
pub(super) fn lang(headers: &HeaderMap) -> Lang {
    let accepts = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let first = accepts
        .and_then(|list| list.split([',', ';']).next())
        .unwrap_or_default()
        .trim();
    let primary = first.split('-').next().unwrap_or_default();
    if primary.eq_ignore_ascii_case("fa") {
        Lang::Fa
    } else {
        Lang::En
    }
}

/// How a body may be packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    /// As it is.
    Identity,
    /// zstd.
    Zstd,
    /// gzip.
    Gzip,
}

impl Coding {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// The best coding the client accepts.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let mut best = Self::Identity;
        let lists = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok());
        for item in lists.flat_map(|list| list.split(',')) {
            let (name, rest) = item.split_once(';').unwrap_or((item, ""));
            let refused = matches!(
                rest.trim().replace(' ', "").as_str(),
                "q=0" | "q=0.0" | "q=0.00" | "q=0.000"
            );
            match name.trim() {
                _ if refused => {}
                "zstd" => return Self::Zstd,
                "gzip" => best = Self::Gzip,
                _ => {}
            }
        }
        best
    }

    /// Marks an answer as packed this way, and as one that may be packed another way.
    pub(super) fn mark(self, headers: &mut HeaderMap) {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if self != Self::Identity {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(self.as_str()));
        }
    }
}
