//! The smallest axum server of the endpoint's shape: one document with its tag, one stream of events. No limits, no tokens, no store.
//!
//! `bare ADDRESS FILE`: `GET /document`, `GET /watch`, `POST /event` (its body goes to every watcher).

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

struct Shared {
    document: Bytes,
    events: broadcast::Sender<Bytes>,
}

const TAG: &str = "\"1\"";

async fn document(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == TAG) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, TAG)]).into_response();
    }
    let named = [(header::ETAG, TAG), (header::CONTENT_ENCODING, "zstd"), (header::CONTENT_TYPE, "application/json")];
    (named, shared.document.clone()).into_response()
}

async fn watch(State(shared): State<Arc<Shared>>) -> Response {
    let greeting = futures_util::stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"event: sync\ndata: {}\n\n")) });
    let events = BroadcastStream::new(shared.events.subscribe()).filter_map(|event| async { event.ok().map(Ok::<_, Infallible>) });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(greeting.chain(events))).into_response()
}

async fn event(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let _ = shared.events.send(body);
    StatusCode::NO_CONTENT
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (address, file) = (args.next().unwrap_or_default(), args.next().unwrap_or_default());
    let shared = Arc::new(Shared { document: std::fs::read(file)?.into(), events: broadcast::Sender::new(16) });
    let app = Router::new()
        .route("/document", get(document))
        .route("/watch", get(watch))
        .route("/event", post(event))
        .with_state(shared);
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, app).await
}
