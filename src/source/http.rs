//! A document on a web server: asked for at intervals, read only when it changed. Knows nothing of boards.
//!
//! Redirects are not followed, plain HTTP is spoken to this machine only, the proxy environment is honoured, and the body
//! is read under the same limits as a file.

use super::{Item, Limits, Stop, Summary};
use crate::contract::{Problem, What, clean};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::runtime::Runtime;

/// A connection must stand within this time.
const CONNECT: Duration = Duration::from_secs(5);
/// The answer must begin within this time after that.
const HEADERS: Duration = Duration::from_secs(10);
/// So long without a byte ends an answer; there is no limit for the whole.
const SILENCE: Duration = Duration::from_secs(45);

/// A document on a web server, and what is known of the version read last.
pub struct Http {
    client: Client,
    url: Url,
    runtime: Runtime,
    validators: HeaderMap,
}

/// Why there was no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was read, and cannot be used; or it is not wanted any more.
    Stop(Stop),
    /// The server cannot be reached or is not ready; how long it asks to be left alone.
    Unreachable(Box<Problem>, Option<Duration>),
    /// The server does not let us in.
    Unauthorised,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Stop(stop) => stop,
            Failure::Unreachable(problem, _) => Self::Problem(problem),
            Failure::Unauthorised => Problem::fatal(What::Unauthorised).into(),
        }
    }
}

impl Http {
    /// Gets ready to ask for a document; nothing is sent yet.
    ///
    /// # Errors
    /// [`What::BadAddress`], or [`What::Insecure`] for plain HTTP to another machine.
    pub fn new(address: &str) -> Result<Self, Stop> {
        let bad = |why: String| Problem::fatal(What::BadAddress(clean::excerpt(&why)));
        let url = Url::parse(address).map_err(|error| bad(error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Problem::fatal(What::SecretInAddress).into());
        }
        if url.scheme() != "https" && !is_loopback(&url) {
            return Err(Problem::fatal(What::Insecure).into());
        }
        // Only the first call takes effect; another part of the program may have made it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .referer(false)
            .user_agent(concat!("rasad/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Problem::fatal(What::Io(reason(&error))))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| super::input::problem_of(&error))?;
        Ok(Self {
            client,
            url,
            runtime,
            validators: HeaderMap::new(),
        })
    }

    /// Asks for the document and reads it; nothing when it is the version read last.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn fetch(
        &mut self,
        limits: &Limits,
        sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> Result<Option<Summary>, Failure> {
        let request = self
            .client
            .get(self.url.clone())
            // The reader tells compression by the bytes, so that a stored `.zst` and a compressed transfer are one thing.
            .header(header::ACCEPT_ENCODING, HeaderValue::from_static("zstd, gzip"))
            .headers(self.validators.clone());
        let answer = self
            .runtime
            .block_on(async { tokio::time::timeout(CONNECT + HEADERS, request.send()).await });
        let response = match answer {
            Err(_) => return Err(unreachable("timed out".into(), None)),
            Ok(Err(error)) => return Err(unreachable(reason(&error), None)),
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
            return Err(Failure::Unauthorised);
        }
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            let problem = Problem::fatal(What::Status(status.as_u16()));
            return Err(Failure::Unreachable(Box::new(problem), retry_after(response.headers())));
        }
        if status != StatusCode::OK {
            return Err(Failure::Stop(Problem::fatal(What::Status(status.as_u16())).into()));
        }
        let validators = validators(response.headers());
        let mut body = Body {
            runtime: &self.runtime,
            response,
            chunk: Vec::new(),
            at: 0,
            broken: None,
        };
        let result = super::read(&mut body, limits, sink);
        if let Some(why) = body.broken {
            return Err(unreachable(why, None));
        }
        // A document that cannot be used is not asked for again either until it changes.
        self.validators = validators;
        result.map(Some).map_err(Failure::Stop)
    }
}

fn unreachable(why: smol_str::SmolStr, asked: Option<Duration>) -> Failure {
    Failure::Unreachable(Box::new(Problem::fatal(What::Unreachable(why))), asked)
}

/// The innermost reason of an error: the outer ones repeat the address.
fn reason(error: &reqwest::Error) -> smol_str::SmolStr {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    clean::excerpt(&inner.to_string())
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// What makes the next request conditional on a change.
fn validators(answer: &HeaderMap) -> HeaderMap {
    let pairs = [
        (header::ETAG, header::IF_NONE_MATCH),
        (header::LAST_MODIFIED, header::IF_MODIFIED_SINCE),
    ];
    let mut out = HeaderMap::new();
    for (said, asked) in pairs {
        if let Some(value) = answer.get(said) {
            out.insert(asked, value.clone());
        }
    }
    out
}

/// Seconds only: a date would need the server's clock and ours to agree.
fn retry_after(answer: &HeaderMap) -> Option<Duration> {
    let seconds = answer.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The body of an answer as something to read from.
struct Body<'r> {
    runtime: &'r Runtime,
    response: Response,
    chunk: Vec<u8>,
    at: usize,
    /// Why the transfer broke off; the document is not to blame then.
    broken: Option<smol_str::SmolStr>,
}

impl Read for Body<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.chunk.len() {
            match self.runtime.block_on(self.response.chunk()) {
                Ok(None) => return Ok(0),
                Ok(Some(bytes)) => {
                    self.chunk.clear();
                    self.chunk.extend_from_slice(&bytes);
                    self.at = 0;
                }
                Err(error) => {
                    self.broken = Some(reason(&error));
                    return Err(io::Error::other("transfer broken off"));
                }
            }
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::mpsc::{Receiver, channel};

    /// A server that gives these answers, one a connection, and tells what it was asked.
    fn server(answers: Vec<Vec<u8>>) -> (String, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/headquarters.json", listener.local_addr().unwrap());
        let (asked, requests) = channel();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = String::new();
                let mut lines = BufReader::new(stream.try_clone().unwrap());
                while lines.read_line(&mut request).unwrap() > 2 {}
                asked.send(request.to_lowercase()).unwrap();
                stream.write_all(&answer).unwrap();
            }
        });
        (address, requests)
    }

    fn answer(head: &str, body: &[u8]) -> Vec<u8> {
        let length = body.len();
        let mut out = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n").into_bytes();
        out.extend_from_slice(body);
        out
    }

    const DOCUMENT: &str =
        r#"{"rasad":1,"headquarters":{"name":"ستاد","province":"","programme_year":1403,"plan_due":"1403-01-31"}}"#;

    fn fetch(http: &mut Http) -> Result<Option<Summary>, Failure> {
        http.fetch(&Limits::default(), &mut |_| ControlFlow::Continue(()))
    }

    fn slug(result: Result<Option<Summary>, Failure>) -> &'static str {
        match result {
            Err(Failure::Stop(Stop::Problem(problem)) | Failure::Unreachable(problem, _)) => problem.slug(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_unchanged_document_is_not_read_again() {
        let (address, requests) = server(vec![
            answer(
                "200 OK\r\netag: \"v1\"\r\nlast-modified: Tue, 21 May 2024 08:00:00 GMT",
                DOCUMENT.as_bytes(),
            ),
            answer("304 Not Modified\r\netag: \"v1\"", b""),
            answer(
                "200 OK\r\netag: \"v2\"",
                &zstd::stream::encode_all(DOCUMENT.as_bytes(), 3).unwrap(),
            ),
        ]);
        let mut http = Http::new(&address).unwrap();
        assert!(fetch(&mut http).unwrap().is_some());
        assert!(!requests.recv().unwrap().contains("if-none-match"));
        assert_eq!(fetch(&mut http).unwrap(), None);
        let second = requests.recv().unwrap();
        assert!(second.contains("if-none-match: \"v1\"") && second.contains("if-modified-since: tue, 21 may 2024"));
        assert!(fetch(&mut http).unwrap().is_some());
    }

    #[test]
    fn every_refusal_is_told_apart() {
        let cut = answer("200 OK", DOCUMENT.as_bytes());
        let (address, _requests) = server(vec![
            answer("401 Unauthorized", b""),
            answer("403 Forbidden", b""),
            answer("503 Service Unavailable\r\nretry-after: 7", b""),
            answer("301 Moved Permanently\r\nlocation: /elsewhere", b""),
            answer("404 Not Found", b"<html>"),
            answer("200 OK", b"<html>"),
            cut[..cut.len() - 9].to_vec(),
        ]);
        let mut http = Http::new(&address).unwrap();
        assert_eq!(fetch(&mut http), Err(Failure::Unauthorised));
        assert_eq!(fetch(&mut http), Err(Failure::Unauthorised));
        let busy = fetch(&mut http);
        assert!(matches!(&busy, Err(Failure::Unreachable(_, Some(wait))) if wait.as_secs() == 7));
        assert_eq!(slug(busy), "status");
        assert_eq!(slug(fetch(&mut http)), "status");
        assert_eq!(slug(fetch(&mut http)), "status");
        assert_eq!(slug(fetch(&mut http)), "not-json");
        // The transfer broke off: the network is to blame, not the document.
        assert_eq!(slug(fetch(&mut http)), "unreachable");
        // And now nobody listens any more.
        assert_eq!(slug(fetch(&mut http)), "unreachable");
    }

    #[test]
    fn plain_http_is_spoken_to_this_machine_only() {
        let refused = |address: &str| match Http::new(address) {
            Err(Stop::Problem(problem)) => Some(problem.slug()),
            _ => None,
        };
        for address in [
            "http://localhost/a",
            "http://127.0.0.1:81/a",
            "http://[::1]/a",
            "https://ostan.example/a",
        ] {
            assert_eq!(refused(address), None, "{address}");
        }
        for address in [
            "http://ostan.example/a",
            "http://127.0.0.1.example/",
            "http://10.0.0.1/",
        ] {
            assert_eq!(refused(address), Some("insecure"), "{address}");
        }
        assert_eq!(refused("https://user:secret@ostan.example/"), Some("secret-in-address"));
        assert_eq!(refused("https://"), Some("bad-address"));
    }
}
