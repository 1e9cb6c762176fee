//! A document on a web server: asked for at intervals, read only when it changed. Knows nothing of boards.
//!
//! Redirects are not followed, plain HTTP is spoken to this machine only, the proxy environment is honoured, and the body
//! is read under the same limits as a file.

use super::wire::{Wire, content_type};
use super::{Access, Failure, Interrupt, Item, Limits, Patience, Stop, Summary};
use crate::contract::packed::Table;
use crate::contract::{Fault, Problem, What, clean};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{StatusCode, Url};
use std::ops::ControlFlow;

/// A document on a web server, and what is known of the version read last.
pub struct Http {
    wire: Wire,
    url: Url,
    validators: HeaderMap,
}

impl Http {
    /// Gets ready to ask for a document; nothing is sent yet.
    ///
    /// # Errors
    /// [`What::BadAddress`], [`What::Insecure`] for plain HTTP to another machine, or a [`Fault`] of the certificates.
    pub fn new(address: &str, access: &Access, interrupt: Interrupt) -> Result<Self, Stop> {
        let (wire, url) = Wire::new(address, access, interrupt, Patience::default())?;
        Ok(Self {
            wire,
            url,
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
        self.fetch_beside(limits, Table::default(), sink)
    }

    /// The same beside what was read of it last time.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn fetch_beside(
        &mut self,
        limits: &Limits,
        known: Table,
        sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> Result<Option<Summary>, Failure> {
        let mut headers = self.validators.clone();
        // The reader tells compression by the bytes, so that a stored `.zst` and a compressed transfer are one thing.
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("zstd, gzip"));
        let response = self.wire.get(&self.url, &headers)?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        // A login page or a portal of the network: said as what it is, not as broken data.
        if let Some(found) = content_type(response.headers()).filter(|found| found.ends_with("html")) {
            return Err(Problem::fatal(What::Link(Fault::ContentType(clean::excerpt(&found)))).into());
        }
        let validators = validators(response.headers());
        let mut body = self.wire.body(response);
        let result = super::read_beside(&mut body, limits, known, sink);
        if let Some(failure) = body.failure() {
            return Err(failure);
        }
        // A document that cannot be used is not asked for again either until it changes.
        self.validators = validators;
        result.map(Some).map_err(Failure::Stop)
    }
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
            Err(
                Failure::Stop(Stop::Problem(problem))
                | Failure::Unreachable(problem, _)
                | Failure::Unauthorised(problem),
            ) => problem.slug(),
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
        let mut http = Http::new(&address, &Access::default(), Interrupt::default()).unwrap();
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
        let mut http = Http::new(&address, &Access::default(), Interrupt::default()).unwrap();
        assert_eq!(slug(fetch(&mut http)), "token-wanted");
        assert_eq!(slug(fetch(&mut http)), "forbidden");
        let busy = fetch(&mut http);
        assert!(matches!(&busy, Err(Failure::Unreachable(_, Some(wait))) if wait.as_secs() == 7));
        assert_eq!(slug(busy), "status");
        assert_eq!(slug(fetch(&mut http)), "redirected");
        assert_eq!(slug(fetch(&mut http)), "status");
        assert_eq!(slug(fetch(&mut http)), "not-json");
        // The transfer broke off: the network is to blame, not the document.
        assert_eq!(slug(fetch(&mut http)), "cut");
        // And now nobody listens any more.
        assert!(["refused", "cut"].contains(&slug(fetch(&mut http))));
    }

    #[test]
    fn plain_http_is_spoken_to_this_machine_only() {
        let refused = |address: &str| match Http::new(address, &Access::default(), Interrupt::default()) {
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
