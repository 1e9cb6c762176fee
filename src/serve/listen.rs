//! Connections: our own accept loop, because a client that sends its headers slowly, or reads nothing, must not keep one.

use super::again::{HEADERS, Patience, Talk};
use super::wire::{Pipe, Wire};
use super::{Server, answer};
use hyper::rt::Timer;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

/// A TLS handshake must be done within this time.
const HANDSHAKE: Duration = Duration::from_secs(10);
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

fn builder(timer: impl Timer + Send + Sync + 'static) -> hyper::server::conn::http1::Builder {
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder
        .timer(timer)
        .header_read_timeout(HEADERS)
        .max_buf_size(BUFFER)
        .max_headers(MAX_HEADERS)
        .half_close(false);
    builder
}

async fn talk(server: &Arc<Server>, stream: impl Pipe, peer: IpAddr) {
    let talk = Talk::new(peer);
    let wire = Wire::new(stream, Some((Arc::clone(server), Arc::clone(&talk))));
    let service = service_fn(|request| {
        let replying = server.reply(request, peer, &talk);
        async move { Ok::<_, Infallible>(replying.await) }
    });
    let connection = builder(Patience(Arc::clone(&talk))).serve_connection(TokioIo::new(wire), service);
    tokio::pin!(connection);
    let mut draining = server.draining.subscribe();
    let drain = draining.wait_for(|draining| *draining);
    tokio::pin!(drain);
    let mut waits = false;
    // Errors are the client's: gone, too slow, no HTTP. There is nobody to tell.
    let has_ended = std::future::poll_fn(|cx| {
        if connection.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        // It is known since the first time who is to be woken; before the server stops there is nothing to ask for.
        if waits && !server.is_draining() {
            return Poll::Pending;
        }
        waits = true;
        drain.as_mut().poll(cx).map(|_| false)
    });
    if has_ended.await {
        return;
    }
    connection.as_mut().graceful_shutdown();
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
            let wire = Wire::new(stream, None);
            let service = service_fn(|request: Request<hyper::body::Incoming>| {
                let known = request.uri().path() == "/metrics" && request.method() == hyper::Method::GET;
                let answer: Response<_> = if known {
                    answer::whole(StatusCode::OK, "text/plain; version=0.0.4", server.metrics_text())
                } else {
                    answer::empty(StatusCode::NOT_FOUND)
                };
                async move { Ok::<_, Infallible>(answer) }
            });
            let _ = builder(TokioTimer::new())
                .serve_connection(TokioIo::new(wire), service)
                .await;
        });
    }
}
