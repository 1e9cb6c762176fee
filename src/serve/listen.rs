//! Connections: our own accept loop, because a client that sends its headers slowly, or reads nothing, must not keep one.

use super::{Server, answer};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

/// Headers must be there within this time; an idle connection is kept no longer either.
const HEADERS: Duration = Duration::from_secs(10);
/// A TLS handshake must be done within this time.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A client that takes no byte for so long is gone, or does not keep up.
const STALLED: Duration = Duration::from_secs(30);
/// Bytes of all headers of a request at most, and of what waits to be written.
const BUFFER: usize = 16 << 10;
/// Headers of a request at most.
const MAX_HEADERS: usize = 64;
/// How long the accept loop rests when the system has no descriptor left.
const REST: Duration = Duration::from_millis(100);

/// Accepts until the server drains, and then waits for what is still open.
pub(super) async fn serve(server: Arc<Server>, listener: TcpListener, tls: Option<TlsAcceptor>, connections: usize) {
    let slots = Arc::new(Semaphore::new(connections));
    let mut drain = server.draining.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = drain.wait_for(|draining| *draining) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(why = %error, "a connection was not accepted");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
            server.metrics.turned_away.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (server, tls) = (Arc::clone(&server), tls.clone());
        tokio::spawn(async move {
            let _slot = slot;
            server.metrics.connections.fetch_add(1, Ordering::Relaxed);
            match tls {
                // Each on a heap of its own: a stream that stays for an hour keeps no room for what it is not.
                None => Box::pin(talk(&server, stream, peer.ip())).await,
                Some(tls) => {
                    let accepted = Box::pin(tokio::time::timeout(HANDSHAKE, tls.accept(stream))).await;
                    if let Ok(Ok(stream)) = accepted {
                        Box::pin(talk(&server, stream, peer.ip())).await;
                    }
                }
            }
            server.metrics.connections.fetch_sub(1, Ordering::Relaxed);
        });
    }
    drop(listener);
    // Every slot is back when every connection has ended.
    let all = u32::try_from(connections).unwrap_or(u32::MAX);
    let _ = slots.acquire_many(all).await;
}

fn builder() -> hyper::server::conn::http1::Builder {
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(BUFFER)
        .max_headers(MAX_HEADERS)
        .half_close(false);
    builder
}

async fn talk(server: &Arc<Server>, stream: impl AsyncRead + AsyncWrite + Unpin + Send, peer: IpAddr) {
    let service = service_fn(|request| {
        let replying = server.reply(request, peer);
        async move { Ok::<_, Infallible>(replying.await) }
    });
    let connection = builder().serve_connection(TokioIo::new(Unstalled::new(stream)), service);
    tokio::pin!(connection);
    let mut drain = server.draining.subscribe();
    // Errors are the client's: gone, too slow, no HTTP. There is nobody to tell.
    tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        _ = drain.wait_for(|draining| *draining) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Answers only the operator's questions.
pub(super) async fn serve_metrics(server: Arc<Server>, listener: TcpListener) {
    let slots = Arc::new(Semaphore::new(16));
    let mut drain = server.draining.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = drain.wait_for(|draining| *draining) => return,
        };
        let (Ok((stream, _)), Ok(slot)) = (accepted, Arc::clone(&slots).try_acquire_owned()) else {
            tokio::time::sleep(REST).await;
            continue;
        };
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let _slot = slot;
            let service = service_fn(|request: Request<hyper::body::Incoming>| {
                let known = request.uri().path() == "/metrics" && request.method() == hyper::Method::GET;
                let answer: Response<_> = if known {
                    answer::whole(StatusCode::OK, "text/plain; version=0.0.4", server.metrics_text())
                } else {
                    answer::empty(StatusCode::NOT_FOUND)
                };
                async move { Ok::<_, Infallible>(answer) }
            });
            let _ = builder()
                .serve_connection(TokioIo::new(Unstalled::new(stream)), service)
                .await;
        });
    }
}

/// A connection that ends itself when what is written is not taken.
struct Unstalled<S> {
    stream: S,
    /// Runs while a write waits; kept for the next time.
    patience: Option<Pin<Box<tokio::time::Sleep>>>,
    waiting: bool,
}

impl<S> Unstalled<S> {
    fn new(stream: S) -> Self {
        Self {
            stream,
            patience: None,
            waiting: false,
        }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.waiting = false;
            return result;
        }
        let begins = !std::mem::replace(&mut self.waiting, true);
        let patience = self
            .patience
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(STALLED)));
        if begins {
            patience.as_mut().reset(tokio::time::Instant::now() + STALLED);
        }
        match patience.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unstalled<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unstalled<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
