//! Earlier states of a feed: kept by day on this machine, and every version of a record as the endpoint tells it.

use super::bench::Bench;
use super::server::{Good, Request, Trouble, answer, serve};
use super::store::Store;
use rasad::board::report::{Found, Teller};
use rasad::board::{Board, Past};
use rasad::clock::{Clock, Day};
use rasad::contract::{Change, Id, Kind, Record};
use rasad::kept;
use rasad::link::{Ask, LinkState, Report, Settings};
use rasad::source::{Limits, Source};
use rasad::text::calendar::parse_date;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn day(text: &str) -> Day {
    parse_date(text).unwrap()
}

/// Noon in Tehran on 2 Khordad 1403.
fn clock() -> Clock {
    Clock::Fixed("2024-05-22T08:30:00Z".parse().unwrap())
}

fn kept_at(dir: &tempfile::TempDir, address: &str) -> kept::Store {
    kept::Store::new(dir.path(), &Source::named(address), 400, Limits::default()).unwrap()
}

fn settings(dir: &tempfile::TempDir, address: &str) -> Settings {
    Settings {
        kept: Some(kept_at(dir, address)),
        ..Settings::default()
    }
}

/// Keeps a state in which an enterprise was called so.
fn keep(store: &kept::Store, on: Day, name: &str) {
    let json = format!(r#"{{"id":"e0","name":"{name}"}}"#);
    let record = Record::from_json(Kind::Enterprise, &json).unwrap();
    let hq = r#"{"name":"ستاد","province":"استان","programme_year":1403,"plan_due":"1403-01-31"}"#;
    let mut board = Board::new(rasad::board::Settings::default(), on);
    let whole = |kind: &Kind| {
        let records = if *kind == Kind::Enterprise {
            vec![record.clone()]
        } else {
            Vec::new()
        };
        Change::Whole(*kind, records.into())
    };
    let mut changes: Vec<Change> = Kind::ALL.iter().map(whole).collect();
    changes.push(Change::Headquarters(Arc::new(serde_json::from_str(hq).unwrap())));
    board.apply(changes);
    store.keep(on, &board, true).unwrap();
}

fn is_live(report: &Report) -> bool {
    matches!(report.state, LinkState::Live(_))
}

#[test]
fn the_state_of_a_feed_is_kept_by_day_and_held_against_the_one_of_the_last_meeting() {
    let mut store = Store::new("e1", 2);
    let meeting = r#"{"id":"mt1","number":1,"body":"شورا","on":"1403-02-26"}"#;
    store.write(&[("meeting", "mt1", Some(meeting.to_owned()))]);
    let server = serve(store, 5, Good);
    let dir = tempfile::tempdir().unwrap();
    let states = kept_at(&dir, &server.address);
    keep(&states, day("1403-02-20"), "before");
    let mut bench = Bench::at(clock(), &server.address, settings(&dir, &server.address));
    let report = bench.until("the state of the last meeting", |report| report.board.past().is_some());
    let past: &Past = report.board.past().unwrap();
    assert_eq!(past.day, day("1403-02-20"));
    assert_eq!(
        past.board
            .enterprises()
            .get("e0")
            .unwrap()
            .name
            .get(rasad::text::Lang::Fa),
        "before"
    );
    // And what is seen today is kept, once the server has confirmed it.
    let begun = Instant::now();
    while states.days() != [day("1403-03-02"), day("1403-02-20")] {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", states.days());
        bench.within(Duration::from_millis(20), |_| false);
    }
    let kept = states.load(day("1403-03-02")).unwrap();
    let whole = kept.iter().find_map(|change| match change {
        Change::Whole(Kind::Enterprise, records) => Some(records.len()),
        _ => None,
    });
    assert_eq!(whole, Some(2));
}

/// A server that answers one question about history so, with a status and a body.
struct Tells(&'static str, String, Duration);

impl Trouble for Tells {
    fn answer(&self, request: &Request, answer_: Vec<u8>, _: &mut TcpStream) -> Option<Vec<u8>> {
        if !request.path.ends_with("/history") {
            return Some(answer_);
        }
        assert_eq!(request.path, "/v1/enterprise/e0/history");
        std::thread::sleep(self.2);
        Some(answer(self.0, "application/json", self.1.as_bytes()))
    }
}

type Told = (Vec<(Day, Option<String>)>, Teller);

fn ask(bench: &mut Bench) -> Told {
    bench.link.ask(Ask::History(Kind::Enterprise, Id::new("e0").unwrap()));
    let report = bench.until("the history", |report| report.found.is_some());
    match report.found.unwrap() {
        Found::History { states, teller, .. } => {
            let name = |record: Record| match record {
                Record::Enterprise(enterprise) => enterprise.name.get(rasad::text::Lang::Fa).to_owned(),
                other => panic!("{other:?}"),
            };
            let states = states.into_iter().map(|(day, record)| (day, record.map(name)));
            (states.collect(), teller)
        }
        other => panic!("{other:?}"),
    }
}

/// What is told of a record by a server with this trouble, on a machine that kept one state of it.
fn told(trouble: Tells) -> Told {
    let server = serve(Store::new("e1", 2), 5, trouble);
    let dir = tempfile::tempdir().unwrap();
    keep(&kept_at(&dir, &server.address), day("1403-02-20"), "kept here");
    let mut bench = Bench::at(clock(), &server.address, settings(&dir, &server.address));
    bench.until("the feed", is_live);
    ask(&mut bench)
}

#[test]
fn the_endpoint_tells_every_version_of_a_record_with_its_day_in_the_zone_of_the_headquarters() {
    let version = |at: &str, name: &str| {
        format!(r#"{{"rev":1,"at":"{at}","role":"secretariat","op":"put","obj":{{"id":"e0","name":"{name}"}}}}"#)
    };
    let versions = [
        // Half past midnight in Tehran: another day than in the server's own zone.
        version("2024-05-20T21:00:00Z", "third"),
        r#"{"rev":1,"at":"2024-05-10T08:00:00Z","role":"secretariat","op":"del"}"#.to_owned(),
        // One that is no enterprise any more is left out; the rest stands.
        r#"{"rev":1,"at":"2024-05-09T08:00:00Z","role":"secretariat","op":"put","obj":{"id":"e0"}}"#.to_owned(),
        version("2024-05-02T08:00:00Z", "second"),
        version("2024-05-02T07:00:00Z", "first"),
    ];
    let body = |next: &str| format!(r#"{{"versions":[{}],"next":{next}}}"#, versions.join(","));
    let (states, teller) = told(Tells("200 OK", body("null"), Duration::ZERO));
    assert_eq!(teller, Teller::Endpoint);
    let some = |text: &str| Some(text.to_owned());
    let wanted = [
        (day("2024-05-21"), some("third")),
        (day("2024-05-10"), None),
        (day("2024-05-02"), some("second")),
        (day("2024-05-02"), some("first")),
        // Before its first version it was not there.
        (day("2024-05-02"), None),
    ];
    assert_eq!(states, wanted);
    // A server that leads round in a circle is not followed for ever, and nothing is said of a beginning nobody saw.
    let (states, _) = told(Tells("200 OK", body("7"), Duration::ZERO));
    assert_eq!(states.len(), 2 * 4, "{states:?}");
}

#[test]
fn where_the_endpoint_cannot_tell_this_machine_does_and_says_why() {
    // The state of today may have been kept as well, in front of it.
    let here = Some((day("1403-02-20"), Some("kept here".to_owned())));
    for (status, body, slug) in [
        ("403 Forbidden", "{}", "forbidden"),
        ("401 Unauthorized", "{}", "token-wanted"),
        ("410 Gone", "{}", "status"),
        ("503 Service Unavailable", "{}", "status"),
        ("200 OK", "<html>", "garbled"),
        ("200 OK", r#"{"versions":7}"#, "garbled"),
    ] {
        let (states, teller) = told(Tells(status, body.to_owned(), Duration::ZERO));
        assert_eq!(states.last(), here.as_ref(), "{status}");
        match teller {
            Teller::Instead(why) => assert_eq!(why.slug(), slug, "{status}"),
            other => panic!("{status}: {other:?}"),
        }
    }
    // A record the server never had is no trouble.
    let (states, teller) = told(Tells("404 Not Found", "{}".to_owned(), Duration::ZERO));
    assert_eq!((states.last(), teller), (here.as_ref(), Teller::Kept));
}

#[test]
fn while_the_endpoint_thinks_the_feed_goes_on() {
    let body = r#"{"versions":[{"rev":1,"at":"2024-05-02T07:00:00Z","role":"x","op":"put","obj":{"id":"e0","name":"n"}}],"next":null}"#;
    let server = serve(
        Store::new("e1", 2),
        5,
        Tells("200 OK", body.to_owned(), Duration::from_millis(400)),
    );
    let mut bench = Bench::new(&server.address);
    bench.until("the feed", is_live);
    bench.link.ask(Ask::History(Kind::Enterprise, Id::new("e0").unwrap()));
    server.store.lock().unwrap().enterprise("e9", "news");
    let report = bench.until("the news", |report| report.board.contains(Kind::Enterprise, "e9"));
    assert!(report.found.is_none(), "the news waited for the history");
    bench.until("the history", |report| report.found.is_some());
}

#[test]
fn a_server_that_is_gone_leaves_what_was_kept_and_the_reason() {
    let server = serve(Store::new("e1", 2), 5, Good);
    let dir = tempfile::tempdir().unwrap();
    keep(&kept_at(&dir, &server.address), day("1403-02-20"), "kept here");
    let mut bench = Bench::at(clock(), &server.address, settings(&dir, &server.address));
    bench.until("the feed", is_live);
    drop(server);
    let (states, teller) = ask(&mut bench);
    assert!(matches!(teller, Teller::Instead(_)), "{teller:?}");
    assert!(states.contains(&(day("1403-02-20"), Some("kept here".to_owned()))));
}

/// A server that answers questions about the past so, page by page.
struct TellsPast(&'static str, Vec<String>, Arc<Mutex<Vec<String>>>);

impl Trouble for TellsPast {
    fn answer(&self, request: &Request, answer_: Vec<u8>, _: &mut TcpStream) -> Option<Vec<u8>> {
        if request.path != "/v1/past" {
            return Some(answer_);
        }
        let mut asked = self.2.lock().unwrap();
        let body = self.1.get(asked.len()).or(self.1.last()).unwrap();
        let query = |name| request.query(name).unwrap_or_default();
        asked.push(format!("{} since {}", query("at"), query("since")));
        Some(answer(self.0, "application/x-ndjson", body.as_bytes()))
    }
}

/// What is told of the state of 20 Ordibehesht by a server with these pages, on a machine that kept it as well: the names of the
/// enterprises there, and who tells.
fn told_past(status: &'static str, pages: &[&str]) -> (Option<Vec<String>>, Vec<Day>, Teller, Vec<String>) {
    let pages = pages.iter().map(|page| (*page).to_owned()).collect();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let server = serve(Store::new("e1", 2), 5, TellsPast(status, pages, Arc::clone(&asked)));
    let dir = tempfile::tempdir().unwrap();
    keep(&kept_at(&dir, &server.address), day("1403-02-20"), "kept here");
    let mut bench = Bench::at(clock(), &server.address, settings(&dir, &server.address));
    bench.until("the feed", is_live);
    bench.link.ask(Ask::State(day("1403-02-20")));
    let report = bench.until("the state", |report| report.found.is_some());
    let asked = asked.lock().unwrap().clone();
    match report.found.unwrap() {
        Found::State { past, days, teller, .. } => {
            let names = past.map(|past| {
                let enterprises = past.board.enterprises().iter();
                let mut names: Vec<_> = enterprises
                    .map(|e| e.name.get(rasad::text::Lang::Fa).to_owned())
                    .collect();
                names.sort();
                names
            });
            (names, days, teller, asked)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_earlier_state_may_come_in_pages_and_whatever_is_wrong_with_them_this_machine_tells_instead() {
    let line = |rev: u32, id: &str, name: &str| {
        format!(r#"{{"rev":{rev},"op":"put","kind":"enterprise","id":"{id}","obj":{{"id":"{id}","name":"{name}"}}}}"#)
    };
    let end = |next: &str, at: &str, more: &str| {
        format!(
            r#"{{"next":"e1.{next}","head":90,"up_to_date":{more},"count":1,"at":"e1.{at}","began":"2024-05-01T08:00:00Z"}}"#
        )
    };
    let first = format!("{}\n{}\n", line(60, "e0", "was"), end("60", "50", "false"));
    let second = format!("{}\n{}\n", line(61, "e1", "too"), end("90", "50", "true"));
    let (names, days, teller, asked) = told_past("200 OK", &[&first, &second]);
    assert_eq!(
        (names, &teller),
        (Some(vec!["too".to_owned(), "was".to_owned()]), &Teller::Endpoint)
    );
    // Every day since it began, and what this machine kept before that.
    assert_eq!(
        (days.first(), days.last()),
        (Some(&day("1403-03-01")), Some(&day("1403-02-12")))
    );
    // The instant first: the end of the day in Tehran. Then the state it turned out to be.
    assert_eq!(asked, ["2024-05-09T20%3A29%3A59Z since 0", "e1.50 since e1.60"]);

    let other = format!("{}\n{}\n", line(61, "e1", "too"), end("90", "51", "true"));
    let cut = line(60, "e0", "was");
    let nowhere = first.replace(r#","at":"e1.50""#, "");
    let circle = format!("{}\n{}\n", line(60, "e0", "was"), end("60", "50", "false"));
    for (status, pages, slug) in [
        ("200 OK", vec![&first, &other], "garbled"),
        ("200 OK", vec![&first, &circle], "garbled"),
        ("200 OK", vec![&cut], "garbled"),
        ("200 OK", vec![&nowhere], "garbled"),
        ("404 Not Found", vec![&first], "status"),
        ("410 Gone", vec![&first], "status"),
        ("403 Forbidden", vec![&first], "forbidden"),
        ("503 Service Unavailable", vec![&first], "status"),
    ] {
        let pages: Vec<&str> = pages.into_iter().map(String::as_str).collect();
        let (names, days, teller, _) = told_past(status, &pages);
        assert_eq!(names, Some(vec!["kept here".to_owned()]), "{status} {slug}");
        assert!(days.contains(&day("1403-02-20")));
        match teller {
            Teller::Instead(why) => assert_eq!(why.slug(), slug, "{status}"),
            other => panic!("{status}: {other:?}"),
        }
    }
    // A store that was founded later says so, and what was kept here is told.
    let later = r#"{"next":"e1.90","head":90,"up_to_date":true,"count":0,"at":"e1.0","began":"2024-05-15T08:00:00Z"}"#;
    let (names, days, teller, _) = told_past("200 OK", &[later]);
    assert_eq!((names, teller), (Some(vec!["kept here".to_owned()]), Teller::Kept));
    assert_eq!(
        (days.first(), days.last()),
        (Some(&day("1403-03-01")), Some(&day("1403-02-20")))
    );
    assert_eq!(days.len(), 7 + 1);
}
