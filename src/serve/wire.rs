//! One connection as bytes: ends itself when the client is too slow, answers what was asked before by itself, and sends what lies in
//! memory for all as the kernel likes it.

use super::Server;
use super::again::{Filed, Talk};
use super::document::FILED;
use std::fs::File;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// A client that takes no byte for so long is gone, or does not keep up.
const STALLED: Duration = Duration::from_secs(30);

/// What a connection runs over.
pub(super) trait Pipe: AsyncRead + AsyncWrite + Unpin + Send {
    /// Sends some bytes and then a stretch of a file, which the kernel need not copy; how many bytes of both it took. Nothing
    /// where that cannot be.
    fn poll_send(&self, _: &mut Context<'_>, _: &[u8], _: Stretch<'_>) -> Option<Poll<io::Result<usize>>> {
        None
    }
}

/// Where some bytes lie: the file, the first of them, how many.
type Stretch<'f> = (&'f File, u64, usize);

impl<S: Pipe> Pipe for tokio_rustls::server::TlsStream<S> {}

impl Pipe for TcpStream {
    #[cfg(target_os = "linux")]
    fn poll_send(&self, cx: &mut Context<'_>, head: &[u8], stretch: Stretch<'_>) -> Option<Poll<io::Result<usize>>> {
        loop {
            match self.poll_write_ready(cx) {
                Poll::Pending => return Some(Poll::Pending),
                Poll::Ready(Err(error)) => return Some(Poll::Ready(Err(error))),
                Poll::Ready(Ok(())) => {}
            }
            match self.try_io(Interest::WRITABLE, || send(self, head, stretch)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // A system that does not do this between these two says so before it has taken anything.
                Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
                    return None;
                }
                done => return Some(Poll::Ready(done)),
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn send(to: &TcpStream, head: &[u8], stretch: Stretch<'_>) -> io::Result<usize> {
    use rustix::net::SendFlags;
    let mut sent = 0;
    if !head.is_empty() {
        // The head goes into the same packet as what follows.
        let flags = SendFlags::MORE | SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        sent = rustix::net::send(to, head, flags)?;
        if sent < head.len() {
            return Ok(sent);
        }
    }
    let (file, mut at, len) = stretch;
    match rustix::fs::sendfile(to, file, Some(&mut at), len) {
        Ok(more) => Ok(sent + more),
        // What was taken counts; the next try says why the rest was not.
        Err(_) if sent > 0 => Ok(sent),
        Err(error) => Err(error.into()),
    }
}

/// How far an answer of our own was sent, its head and then the body behind it.
struct Own {
    body: Option<Filed>,
    sent: usize,
}

/// A connection that ends itself when what is written is not taken.
pub(super) struct Wire<S> {
    stream: S,
    /// Knows what lies in a file, and what was asked before.
    server: Option<(Arc<Server>, Arc<Talk>)>,
    /// The parser has read something since it last wrote: what it writes next may be remembered.
    has_read: bool,
    /// An answer of our own that is being sent.
    own: Option<Own>,
    /// Its head.
    head: Vec<u8>,
    /// Runs while a write waits; kept for the next time.
    patience: Option<Pin<Box<Sleep>>>,
    stuck: bool,
}

impl<S: Pipe> Wire<S> {
    pub(super) fn new(stream: S, server: Option<(Arc<Server>, Arc<Talk>)>) -> Self {
        Self {
            stream,
            server,
            has_read: false,
            own: None,
            head: Vec::new(),
            patience: None,
            stuck: false,
        }
    }

    /// The parser writes something that begins with these bytes.
    fn writes(&mut self, begins: &[u8]) {
        if std::mem::take(&mut self.has_read)
            && let Some((_, talk)) = &self.server
        {
            talk.answered(begins);
        }
    }

    /// Sends what is left of an answer of our own.
    fn poll_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(own) = &self.own {
            let head = self.head.get(own.sent..).unwrap_or_default();
            let at = own.sent.saturating_sub(self.head.len());
            let result = match &own.body {
                Some((file, bytes)) if at < bytes.len() => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    match self.stream.poll_send(cx, head, (file, at as u64, rest.len())) {
                        Some(result) => result,
                        None => {
                            let both = [io::IoSlice::new(head), io::IoSlice::new(rest)];
                            Pin::new(&mut self.stream).poll_write_vectored(cx, &both)
                        }
                    }
                }
                _ if head.is_empty() => {
                    let result = Pin::new(&mut self.stream).poll_flush(cx);
                    ready!(self.watch(cx, result))?;
                    self.own = None;
                    if let Some((_, talk)) = &self.server {
                        talk.sent();
                    }
                    break;
                }
                _ => Pin::new(&mut self.stream).poll_write(cx, head),
            };
            match ready!(self.watch(cx, result))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.own.iter_mut().for_each(|own| own.sent += count),
            }
        }
        Poll::Ready(Ok(()))
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.stuck = false;
            return result;
        }
        let begins = !std::mem::replace(&mut self.stuck, true);
        let patience = self
            .patience
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(STALLED)));
        if begins {
            patience.as_mut().reset(Instant::now() + STALLED);
        }
        match patience.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: Pipe> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = &mut *self;
        loop {
            ready!(wire.poll_own(cx))?;
            let before = buf.filled().len();
            ready!(Pin::new(&mut wire.stream).poll_read(cx, buf))?;
            let taken = buf.filled().get(before..).unwrap_or_default();
            let Some((server, talk)) = &wire.server else {
                return Poll::Ready(Ok(()));
            };
            let Some(body) = talk.took(server, taken, &mut wire.head) else {
                wire.has_read = true;
                return Poll::Ready(Ok(()));
            };
            buf.set_filled(before);
            wire.own = Some(Own { body, sent: 0 });
        }
    }
}

impl<S: Pipe> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.writes(buf);
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_own(cx))?;
        let result = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // hyper hands over a head and a body, or one of them.
        let (head, body): (&[u8], &[u8]) = match bufs {
            // One piece by itself is cheaper to send than a list of one.
            [only] if only.len() < FILED.start => return self.poll_write(cx, only),
            [body] => (&[], body),
            [head, body] => (head, body),
            _ => (&[], &[]),
        };
        self.writes(head);
        let filed = (self.server.as_ref())
            .filter(|_| FILED.contains(&body.len()))
            .and_then(|(server, _)| server.documents.filed(body));
        if let Some((file, at)) = filed
            && let Some(result) = self.stream.poll_send(cx, head, (&file, at, body.len()))
        {
            return self.watch(cx, result);
        }
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
