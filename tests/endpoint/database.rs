//! A database that is stopped, frozen, cut off or deaf: what is known is still read, writes are refused as what may work later,
//! whoever watches stays, and everything goes on by itself.

use crate::client::{Response, Stream};
use crate::harness::{Endpoint, FIXTURE, as_it_is, runtime, settings};
use crate::long::{said, seconds};
use crate::stores::{PgServer, Place};
use std::time::{Duration, Instant};

fn start(server: &PgServer) -> (Endpoint, Stream) {
    let runtime = runtime();
    let place = Place::in_database(runtime.block_on(server.database()));
    let store = runtime.block_on(place.open());
    let endpoint = Endpoint::over(runtime, store, place, &as_it_is, &settings(), FIXTURE);
    assert_eq!(endpoint.get("viewer", "/v1/document").status, 200);
    let headers = endpoint.auth("viewer");
    let mut stream = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    while stream.next().unwrap().unwrap().name != "sync" {}
    (endpoint, stream)
}

fn write(endpoint: &Endpoint, id: &str) -> Response {
    let json = ("Content-Type", "application/json");
    let body = format!("{{\"id\":\"{id}\",\"name\":\"نام\"}}");
    let path = format!("/v1/enterprise/{id}");
    endpoint.send(
        "secretariat",
        "PUT",
        &path,
        &[("If-None-Match", "*"), json],
        Some(&body),
    )
}

fn is_refused(refused: &Response) {
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(
        refused.json()["type"],
        "urn:rasad:problem:unavailable",
        "{}",
        refused.text()
    );
    assert!(refused.header("retry-after").is_some());
    for word in ["SQL", "postgres", "socket", "database"] {
        assert!(
            !refused.text().to_lowercase().contains(&word.to_lowercase()),
            "{}",
            refused.text()
        );
    }
}

/// What this server holds, it serves.
fn reads_go_on(endpoint: &Endpoint) {
    assert_eq!(endpoint.get("viewer", "/v1/document").status, 200);
    let info = endpoint.get("viewer", "/v1");
    assert_eq!(info.status, 200);
    let (epoch, head) = (
        info.json()["epoch"].as_str().unwrap().to_owned(),
        info.json()["head"].clone(),
    );
    let tag = format!("\"{epoch}.{head}\"");
    let known = endpoint.send("viewer", "GET", "/v1/document", &[("If-None-Match", &tag)], None);
    assert_eq!(known.status, 304);
    assert_eq!(endpoint.get("nobody", "/healthz").status, 200);
}

fn until(what: &str, patience: u64, is: impl Fn() -> bool) -> Duration {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < Duration::from_secs(patience), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
    began.elapsed()
}

/// The stream that was open all the time goes on as if nothing had been.
fn brings(stream: &mut Stream, id: &str) {
    loop {
        let event = stream.next().unwrap().unwrap();
        assert!(matches!(event.name.as_str(), "changes" | "sync"), "{event:?}");
        if event.name == "changes" {
            assert!(event.data[0].contains(&format!("\"{id}\"")), "{event:?}");
            break;
        }
    }
}

#[test]
fn a_stopped_database_stops_writing_only_and_nothing_needs_a_restart() {
    let Some(server) = PgServer::start() else { return };
    let (endpoint, mut stream) = start(&server);
    server.control(&["stop", "-m", "fast"]);
    let began = Instant::now();
    is_refused(&write(&endpoint, "e-2"));
    reads_go_on(&endpoint);
    until("it still says it is ready", 15, || {
        endpoint.get("nobody", "/readyz").status == 503
    });
    while began.elapsed() < seconds("TEST_AWAY", 3) {
        is_refused(&write(&endpoint, "e-2"));
        reads_go_on(&endpoint);
        std::thread::sleep(Duration::from_secs(1));
    }
    // A dashboard that looks at the stream meanwhile hears that the line is alive, and never that it has everything.
    server.control(&["start"]);
    let took = until("it did not recover", 20, || write(&endpoint, "e-3").status == 201);
    said(&format!("away for {:?}, writes again after {took:?}", began.elapsed()));
    brings(&mut stream, "e-3");
    until("it is not ready again", 10, || {
        endpoint.get("nobody", "/readyz").status == 200
    });
}

#[test]
fn killed_connections_and_a_dead_listener_cost_a_second() {
    let Some(server) = PgServer::start() else { return };
    let (endpoint, mut stream) = start(&server);
    for nth in 0..5 {
        // All of them: those of the pool, and the one that hears notifications.
        server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'rasad'");
        reads_go_on(&endpoint);
        let id = format!("k-{nth}");
        let took = until("it did not recover", 5, || write(&endpoint, &id).status == 201);
        assert!(took < Duration::from_secs(2), "{took:?}");
        let began = Instant::now();
        brings(&mut stream, &id);
        assert!(began.elapsed() < Duration::from_millis(2_500), "{:?}", began.elapsed());
    }
}

/// It is reached, and says nothing: nobody waits for ever.
#[test]
fn a_frozen_database_is_not_waited_for() {
    let Some(server) = PgServer::start() else { return };
    let (endpoint, mut stream) = start(&server);
    server.signal("STOP");
    let began = Instant::now();
    let refused = write(&endpoint, "e-2");
    let waited = began.elapsed();
    // What is frozen must not stay so when something here fails.
    let others = [
        endpoint.get("viewer", "/v1/document").status,
        endpoint.get("viewer", "/v1").status,
    ];
    let ready = endpoint.get("nobody", "/readyz").status;
    server.signal("CONT");
    is_refused(&refused);
    assert!(waited < Duration::from_secs(19), "{waited:?}");
    assert_eq!((others, ready), ([200, 200], 503));
    until("it did not recover", 20, || write(&endpoint, "e-3").status == 201);
    // What was refused may have been done when it thawed; what came then is told, whichever it is.
    let mut seen = String::new();
    while !seen.contains("\"e-3\"") {
        let event = stream.next().unwrap().unwrap();
        assert!(matches!(event.name.as_str(), "changes" | "sync"), "{event:?}");
        seen += &event.data.join("\n");
    }
    let e2 = endpoint.get("viewer", "/v1/enterprise/e-2").status;
    assert_eq!(e2 == 200, seen.contains("\"e-2\""), "{e2}");
}
