//! The past of an endpoint on a dashboard: the state at the end of any day since the store began, with what the feed has long
//! forgotten, and held against the last meeting without anything having been kept here.

use crate::harness::{Endpoint, FIXTURE, as_it_is, incoming, runtime, settings};
use crate::stores::{Kind, Place};
use jiff::{SignedDuration, Timestamp};
use rasad::board::report::{Found, Teller};
use rasad::clock::{Clock, Day};
use rasad::contract::feed::Subject;
use rasad::contract::{Id, Kind as Record};
use rasad::link::{Ask, LinkHandle, LinkState, Report, Settings, start};
use rasad::serve::author;
use rasad::serve::import::plan;
use rasad::serve::store::{Commit, Committed, Expect, Operation, Store};
use rasad::source::{Access, Secret, Source, Token};
use rasad::text::Lang;
use rasad::text::calendar::parse_date;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

fn day(text: &str) -> Day {
    parse_date(text).unwrap()
}

async fn write(store: &dyn Store, at: &str, id: &str, expect: Expect, name: Option<&str>) {
    let operation = Operation {
        kind: Subject::named("enterprise").unwrap(),
        id: Id::new(id).unwrap(),
        expect,
        obj: name.map(|name| format!("{{\"id\":\"{id}\",\"name\":\"{name}\"}}").into()),
    };
    let commit = Commit {
        author: author("test"),
        at: at.parse().unwrap(),
        request: "q".into(),
        import: None,
        remember: None,
        operations: vec![operation],
    };
    assert!(matches!(store.commit(commit).await.unwrap(), Committed::Done(_)));
}

/// A store that began on 2 Ordibehesht 1403 and was written on until the fifth.
fn endpoint(kind: Kind) -> Endpoint {
    let (runtime, place) = (runtime(), Place::new(kind));
    let store = runtime.block_on(async {
        let store = place.open().await;
        let plan = plan(Some(&*store), &incoming(FIXTURE), false).await.unwrap();
        plan.write(&*store, "2024-04-21T10:00:00Z".parse().unwrap())
            .await
            .unwrap();
        // The last half second of the third in Tehran, and the first of the fourth.
        write(&*store, "2024-04-22T20:29:59.5Z", "e-1", Expect::At(1), Some("late")).await;
        write(&*store, "2024-04-22T20:30:00Z", "e-2", Expect::Absent, Some("new")).await;
        write(&*store, "2024-04-24T08:00:00Z", "e-1", Expect::At(2), None).await;
        let later = Timestamp::now() + SignedDuration::from_hours(1);
        let purged = store.purge(later, later, author("test"), later).await.unwrap();
        assert_eq!(purged.tombstones, 1);
        store
    });
    Endpoint::over(runtime, store, place, &as_it_is, &settings(), "")
}

struct Dashboard {
    link: LinkHandle,
    calls: Receiver<()>,
}

impl Dashboard {
    /// On 6 Ordibehesht 1403, at noon.
    fn of(endpoint: &Endpoint) -> Self {
        let (called, calls) = channel();
        let settings = Settings {
            access: Access {
                token: Token::Given(Secret::new(endpoint.secrets["viewer"].clone()), "RASAD_TOKEN"),
                ..Access::default()
            },
            ..Settings::default()
        };
        let clock = Clock::Fixed("2024-04-25T08:30:00Z".parse().unwrap());
        let source = Source::named(&format!("http://{}", endpoint.address));
        let link = start(source, settings, clock, None, move || {
            let _ = called.send(());
        });
        Self { link, calls }
    }

    fn until(&self, what: &str, is: impl Fn(&Report) -> bool) -> Report {
        let end = Instant::now() + Duration::from_secs(30);
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            let _ = self.calls.recv_timeout(left);
            if let Some(report) = self.link.take().filter(|report| is(report)) {
                return report;
            }
        }
        panic!("{what} never came")
    }

    fn ask(&self, asked: Day) -> Found {
        self.link.ask(Ask::State(asked));
        self.until("the state", |report| report.found.is_some()).found.unwrap()
    }
}

fn names(board: &rasad::board::Board) -> Vec<(String, String)> {
    let enterprise = |(id, enterprise): (_, &rasad::contract::Enterprise)| {
        (ToString::to_string(id), enterprise.name.get(Lang::Fa).to_owned())
    };
    let mut names: Vec<_> = board.enterprises().iter().map(|e| enterprise((&e.id, e))).collect();
    names.sort();
    names
}

#[test]
fn the_state_of_any_day_since_the_store_began_is_told() {
    for kind in Kind::all() {
        let endpoint = endpoint(kind);
        let dashboard = Dashboard::of(&endpoint);
        // Nothing was kept on this machine; the meeting of the third is held against all the same.
        let held = dashboard.until("the state of the last meeting", |report| report.board.past().is_some());
        assert!(matches!(held.state, LinkState::Live(4)), "{:?}", held.state);
        let past = held.board.past().unwrap();
        let named = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        let (first, late) = (named("e-1", "بنگاه یکم"), named("e-1", "late"));
        let new = named("e-2", "new");
        assert_eq!((past.day, names(&past.board)), (day("1403-02-03"), vec![late.clone()]));
        let days: Vec<Day> = ["05", "04", "03", "02"]
            .iter()
            .map(|d| day(&format!("1403-02-{d}")))
            .collect();
        let present = vec![new.clone()];
        assert_eq!(names(&held.board), present);
        for (asked, wanted) in [
            ("1403-02-02", vec![first]),
            ("1403-02-03", vec![late.clone()]),
            ("1403-02-04", vec![late, new]),
            ("1403-02-05", present.clone()),
            // Of a day that is not over there is no state yet.
            ("1403-02-20", present),
        ] {
            let Found::State {
                past,
                days: found,
                teller,
                ..
            } = dashboard.ask(day(asked))
            else {
                panic!()
            };
            let past = past.unwrap();
            assert_eq!((names(&past.board), &teller), (wanted, &Teller::Endpoint), "{asked}");
            assert_eq!(
                (past.day, past.board.today()),
                (day(asked).min(days[0]), day(asked).min(days[0]))
            );
            assert_eq!(found, days);
            // The rest of the headquarters came back with it.
            assert_eq!(past.board.records(Record::Project).count(), 2);
            assert!(past.board.past().is_none());
        }
        // Before the store began nobody knows, and nothing is made up.
        let Found::State {
            past,
            days: found,
            teller,
            ..
        } = dashboard.ask(day("1403-02-01"))
        else {
            panic!()
        };
        assert!(past.is_none() && teller == Teller::Kept && found == days, "{past:?}");
    }
}

/// `rasad brief` needs nothing kept here either.
#[test]
fn the_brief_tells_what_changed_since_a_day_from_the_endpoint_alone() {
    let endpoint = endpoint(Kind::File);
    let dir = tempfile::tempdir().unwrap();
    let brief = |since: &str| {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_rasad"))
            .args(["brief", "--lang", "en", "--format", "md", "--since", since, "--source"])
            .arg(format!("http://{}", endpoint.address))
            .env("XDG_CONFIG_HOME", dir.path())
            .env("XDG_STATE_HOME", dir.path())
            .env("XDG_CACHE_HOME", dir.path())
            .env("RASAD_TOKEN", &endpoint.secrets["viewer"])
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let (third, fifth) = (brief("1403-02-03"), brief("1403-02-05"));
    let row = third
        .lines()
        .find(|line| line.starts_with("| enterprises"))
        .unwrap_or_else(|| panic!("{third}"));
    // One appeared, none changed, one vanished.
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    assert_eq!(cells[2..5], ["1", "0", "1"], "{row}");
    assert!(third.contains("late"), "{third}");
    assert!(fifth.contains("Nothing"), "{fifth}");
}
