//! One server and how it is asked: with our token, within limits of time, without redirects, and given up at once when
//! nobody wants the answer any more. It must not know what is asked for.

use super::access::{self, Access, Token};
use super::{Stop, input};
use crate::contract::{Fault, Problem, What, clean};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::Notify;

/// How long a server is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A connection must stand within this time.
    pub connect: Duration,
    /// The answer must begin within this time after that.
    pub headers: Duration,
    /// So long without a byte ends an answer; there is no limit for the whole.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            headers: Duration::from_secs(10),
            silence: Duration::from_secs(45),
        }
    }
}

/// Calls off whatever waits for a server, from any thread.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<(AtomicBool, Notify)>);

impl Interrupt {
    /// Ends what waits now; what is asked next is waited for again.
    pub fn nudge(&self) {
        self.0.1.notify_one();
    }

    /// Ends what waits now and whatever would wait later.
    pub fn call_off(&self) {
        self.0.0.store(true, Ordering::Relaxed);
        self.nudge();
    }

    /// True once nobody wants an answer any more.
    pub fn is_called_off(&self) -> bool {
        self.0.0.load(Ordering::Relaxed)
    }

    async fn called(&self) {
        if !self.is_called_off() {
            self.0.1.notified().await;
        }
    }
}

/// Why there was no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was read, and cannot be used; or it is not wanted any more.
    Stop(Stop),
    /// The server cannot be reached or is not ready; how long it asks to be left alone.
    Unreachable(Box<Problem>, Option<Duration>),
    /// The server does not let us in; why.
    Unauthorised(Box<Problem>),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Stop(stop) => stop,
            Failure::Unreachable(problem, _) | Failure::Unauthorised(problem) => Self::Problem(problem),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Stop(problem.into())
    }
}

impl Failure {
    /// The network is to blame, not the data.
    pub(super) fn unreachable(what: What) -> Self {
        Self::Unreachable(Box::new(Problem::fatal(what)), None)
    }
}

/// A server and the way to it.
pub(super) struct Wire {
    client: Client,
    runtime: Runtime,
    token: Token,
    /// The token as the command gave it last; it is not run for every request.
    held: Option<HeaderValue>,
    interrupt: Interrupt,
    patience: Patience,
}

impl Wire {
    /// Gets ready to ask; nothing is sent yet.
    ///
    /// # Errors
    /// [`What::BadAddress`], [`What::Insecure`] for plain HTTP to another machine, or a [`Fault`] of the certificates.
    pub(super) fn new(
        address: &str,
        access: &Access,
        interrupt: Interrupt,
        patience: Patience,
    ) -> Result<(Self, Url), Stop> {
        let bad = |why: String| Problem::fatal(What::BadAddress(clean::excerpt(&why)));
        let url = Url::parse(address).map_err(|error| bad(error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Problem::fatal(What::SecretInAddress).into());
        }
        let here = is_loopback(&url);
        if url.scheme() != "https" && !here {
            return Err(Problem::fatal(What::Insecure).into());
        }
        let plain_here = here && url.scheme() != "https";
        let client = access::client(access, plain_here, patience.connect, patience.silence)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| input::problem_of(&error))?;
        let wire = Self {
            client,
            runtime,
            token: access.token.clone(),
            held: None,
            interrupt,
            patience,
        };
        Ok((wire, url))
    }

    /// Asks for what stands at an address; only an answer that brings something (200) or says that nothing is new (304) comes
    /// back.
    ///
    /// # Errors
    /// See [`Failure`]; `Gone` (410) and a bad request (400) come as a stop with [`What::Status`].
    pub(super) fn get(&mut self, url: &Url, headers: &HeaderMap) -> Result<Response, Failure> {
        let response = self.send(url, headers)?;
        // A command may have a newer token than the one it gave last.
        if response.status() == StatusCode::UNAUTHORIZED && self.held.take().is_some() {
            let again = self.send(url, headers)?;
            return self.judge(again);
        }
        self.judge(response)
    }

    fn send(&mut self, url: &Url, headers: &HeaderMap) -> Result<Response, Failure> {
        self.forget_nudge();
        let mut request = self.client.get(url.clone()).headers(headers.clone());
        if let Some(token) = self.authorization()? {
            request = request.header(header::AUTHORIZATION, token);
        }
        let limit = self.patience.connect + self.patience.headers;
        let answer = self.wait(async { tokio::time::timeout(limit, request.send()).await });
        match answer {
            None => Err(Failure::Stop(Stop::Cancelled)),
            Some(Err(_)) => Err(no_answer(limit)),
            Some(Ok(Err(error))) if error.is_timeout() && error.is_connect() => Err(no_answer(self.patience.connect)),
            Some(Ok(Err(error))) if error.is_timeout() => Err(no_answer(limit)),
            Some(Ok(Err(error))) => Err(Failure::Unreachable(Box::new(access::told(&error)), None)),
            Some(Ok(Ok(response))) => Ok(response),
        }
    }

    fn authorization(&mut self) -> Result<Option<HeaderValue>, Failure> {
        if let Some(held) = &self.held {
            return Ok(Some(held.clone()));
        }
        let interrupt = self.interrupt.clone();
        let token = self
            .token
            .header(&|| interrupt.is_called_off())
            .map_err(|problem| Failure::Unauthorised(Box::new(problem)))?;
        if matches!(self.token, Token::Command(_)) {
            self.held.clone_from(&token);
        }
        Ok(token)
    }

    fn judge(&self, response: Response) -> Result<Response, Failure> {
        let status = response.status();
        let fault = |fault| Problem::fatal(What::Link(fault));
        match status {
            StatusCode::OK | StatusCode::NOT_MODIFIED => Ok(response),
            StatusCode::UNAUTHORIZED if self.token == Token::None => {
                Err(Failure::Unauthorised(Box::new(fault(Fault::TokenWanted))))
            }
            StatusCode::UNAUTHORIZED => Err(Failure::Unauthorised(Box::new(fault(Fault::TokenRefused)))),
            StatusCode::FORBIDDEN => Err(Failure::Unauthorised(Box::new(fault(Fault::Forbidden)))),
            _ if status.is_redirection() => Err(fault(Fault::Redirected(place(response.headers()))).into()),
            _ => {
                let problem = Problem::fatal(What::Status(status.as_u16()));
                let busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
                if busy || status.is_server_error() {
                    return Err(Failure::Unreachable(Box::new(problem), retry_after(response.headers())));
                }
                Err(problem.into())
            }
        }
    }

    /// What a future gives, or nothing when it was called off.
    fn wait<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.interrupt.called() => None,
                out = future => Some(out),
            }
        })
    }

    /// Forgets a nudge that came while nothing was waited for.
    fn forget_nudge(&self) {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.interrupt.0.1.notified() => {}
                () = std::future::ready(()) => {}
            }
        });
    }

    /// The next piece of an answer: nothing at its end.
    pub(super) fn piece(&self, response: &mut Response, until: Option<Instant>) -> Piece {
        let bytes = self.wait(async {
            match until {
                None => Ok(response.chunk().await),
                Some(until) => tokio::time::timeout_at(until.into(), response.chunk()).await,
            }
        });
        match bytes {
            None | Some(Err(_)) => Piece::Later,
            Some(Ok(Ok(None))) => Piece::End,
            Some(Ok(Ok(Some(bytes)))) => Piece::Bytes(bytes.into()),
            Some(Ok(Err(error))) if error.is_timeout() => {
                Piece::Broken(What::Link(Fault::Silent(self.patience.silence.as_secs())))
            }
            Some(Ok(Err(error))) => Piece::Broken(access::told(&error).what),
        }
    }

    /// The body of an answer as something to read from.
    pub(super) fn body(&self, response: Response) -> Body<'_> {
        Body {
            wire: self,
            response,
            chunk: Vec::new(),
            at: 0,
            broken: None,
        }
    }
}

/// What came next of an answer.
pub(super) enum Piece {
    /// Bytes.
    Bytes(Vec<u8>),
    /// The answer is over.
    End,
    /// Nothing until the time that was given, or the waiting was called off.
    Later,
    /// The transfer broke off.
    Broken(What),
}

fn no_answer(limit: Duration) -> Failure {
    Failure::unreachable(What::Link(Fault::NoAnswer(limit.as_secs().max(1))))
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// Where a redirect points, without what may be a secret in it.
fn place(answer: &HeaderMap) -> smol_str::SmolStr {
    let to = answer.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let to = to.unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
    clean::excerpt(&super::Source::Http(to.to_owned()).to_string())
}

/// Seconds only: a date would need the server's clock and ours to agree.
fn retry_after(answer: &HeaderMap) -> Option<Duration> {
    let seconds = answer.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The essence of an answer's content type, in small letters; nothing when it has none.
pub(super) fn content_type(answer: &HeaderMap) -> Option<String> {
    let value = answer.get(header::CONTENT_TYPE)?.to_str().unwrap_or("?");
    let essence = value.split(';').next().unwrap_or_default().trim();
    Some(essence.to_ascii_lowercase())
}

/// The body of an answer as something to read from.
pub(super) struct Body<'r> {
    wire: &'r Wire,
    response: Response,
    chunk: Vec<u8>,
    at: usize,
    /// Why the transfer broke off; what was read is not to blame then. Without a reason it was called off.
    pub(super) broken: Option<Option<What>>,
}

impl Body<'_> {
    /// What a transfer that broke off means; nothing when it did not.
    pub(super) fn failure(self) -> Option<Failure> {
        Some(match self.broken? {
            Some(what) => Failure::unreachable(what),
            None => Failure::Stop(Stop::Cancelled),
        })
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.chunk.len() {
            let broken = match self.wire.piece(&mut self.response, None) {
                Piece::End => return Ok(0),
                Piece::Bytes(bytes) => {
                    self.chunk = bytes;
                    self.at = 0;
                    continue;
                }
                Piece::Later => None,
                Piece::Broken(what) => Some(what),
            };
            self.broken = Some(broken);
            return Err(io::Error::other("transfer broken off"));
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
