//! A link on real files in a real directory.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::contract::{Kind, What};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use tempfile::TempDir;

/// The longest a test waits for what must come; it is never waited for in vain.
const PATIENCE: Duration = Duration::from_secs(20);

struct Bench {
    dir: TempDir,
    link: LinkHandle,
    calls: Receiver<()>,
    last: Option<Report>,
}

fn document(names: &[&str]) -> String {
    let records: Vec<String> = names
        .iter()
        .map(|name| format!("{{\"id\":\"{name}\",\"name\":\"واحد {name}\"}}"))
        .collect();
    with_enterprises(&records.join(",\n"))
}

fn with_enterprises(records: &str) -> String {
    format!(
        "{{\"rasad\":1,\"headquarters\":{{\"name\":\"ستاد\",\"province\":\"استان\",\"programme_year\":1403,\"plan_due\":\"1403-01-31\"}},\n\
         \"enterprises\":[{records}]}}"
    )
}

fn ids(report: &Report) -> Vec<String> {
    let known = ["a", "b", "c", "d"];
    let has = |id: &&&str| report.board.record(Kind::Enterprise, id).is_some();
    known.iter().filter(has).map(|id| (*id).to_owned()).collect()
}

fn slugs(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(Problem::slug).collect()
}

impl Bench {
    fn new(content: Option<&str>, settings: Settings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("headquarters.json");
        if let Some(content) = content {
            fs::write(&path, content).unwrap();
        }
        Self::on(dir, &path, settings, None)
    }

    fn on(dir: TempDir, path: &Path, settings: Settings, as_of: Option<Day>) -> Self {
        let (called, calls) = channel();
        let link = start(Source::File(path.into()), settings, Clock::System, as_of, move || {
            let _ = called.send(());
        });
        Self {
            dir,
            link,
            calls,
            last: None,
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("headquarters.json")
    }

    /// The first report of which `is` holds, and every one before it through `seen`.
    fn until(&mut self, what: &str, is: impl Fn(&Report) -> bool) -> Report {
        loop {
            if self.calls.recv_timeout(PATIENCE).is_err() {
                panic!(
                    "{what} never came; last: {:?}",
                    self.last.as_ref().map(|r| (&r.state, ids(r)))
                );
            }
            let report = self.link.take().unwrap();
            self.last = Some(report.clone());
            if is(&report) {
                return report;
            }
        }
    }

    fn until_ids(&mut self, expected: &[&str]) -> Report {
        self.until(&expected.join(" "), |report| {
            report.state == LinkState::File && ids(report) == expected
        })
    }
}

fn polled() -> Settings {
    Settings {
        watch: WatchMode::Poll,
        poll: Duration::from_millis(20),
        ..Settings::default()
    }
}

fn watched() -> Settings {
    Settings {
        watch: WatchMode::Events,
        // Were events not delivered, the tests would run out of patience.
        poll: Duration::from_secs(3_600),
        ..Settings::default()
    }
}

#[test]
fn a_file_is_shown_and_shown_again_when_it_is_rewritten_renamed_or_replaced() {
    for settings in [watched(), polled()] {
        let mut bench = Bench::new(Some(&document(&["a", "b"])), settings);
        bench.until_ids(&["a", "b"]);
        // Rewritten in place.
        fs::write(bench.path(), document(&["a", "c"])).unwrap();
        let report = bench.until_ids(&["a", "c"]);
        assert!(report.problems.is_empty() && report.loading.is_none());
        // Replaced by rename, as careful programs do.
        let new = bench.dir.path().join(".headquarters.json.tmp");
        fs::write(&new, document(&["d"])).unwrap();
        fs::rename(&new, bench.path()).unwrap();
        bench.until_ids(&["d"]);
        // Moved away and back.
        fs::rename(bench.path(), &new).unwrap();
        let report = bench.until("the loss", |r| matches!(r.state, LinkState::Rejected(_)));
        assert_eq!(
            (slugs(&report.problems), ids(&report)),
            (vec!["not-found"], vec!["d".to_owned()])
        );
        fs::rename(&new, bench.path()).unwrap();
        bench.until_ids(&["d"]);
    }
}

#[test]
fn lines_appended_to_a_feed_are_shown() {
    use std::io::Write as _;
    for settings in [watched(), polled()] {
        let head = document(&[]).replace(",\n\"enterprises\":[]", "");
        let mut bench = Bench::new(Some(&format!("{head}\n")), settings);
        bench.until_ids(&[]);
        let mut file = fs::OpenOptions::new().append(true).open(bench.path()).unwrap();
        for (id, expected) in [("a", &["a"][..]), ("b", &["a", "b"])] {
            let line = format!(
                "{{\"kind\":\"enterprise\",\"id\":\"{id}\",\"op\":\"put\",\"obj\":{{\"id\":\"{id}\",\"name\":\"\"}}}}\n"
            );
            let (half, rest) = line.split_at(line.len() / 2);
            // A half-written line is waited for: what is shown stays.
            file.write_all(half.as_bytes()).unwrap();
            let report = bench.until("a cut line", |r| matches!(r.state, LinkState::Rejected(_)));
            assert_eq!(slugs(&report.problems), ["cut-off"]);
            file.write_all(rest.as_bytes()).unwrap();
            bench.until_ids(expected);
        }
    }
}

#[test]
fn a_broken_file_between_two_good_ones_keeps_the_last_good_board() {
    for settings in [watched(), polled()] {
        let mut bench = Bench::new(Some(&document(&["a", "b"])), settings);
        bench.until_ids(&["a", "b"]);
        let good = document(&["c"]);
        for (broken, slug) in [
            (&good[..good.len() - 2], "cut-off"),
            ("", "empty"),
            ("{\"rasad\":2}", "wrong-version"),
            ("not json", "not-json"),
        ] {
            fs::write(bench.path(), broken).unwrap();
            let report = bench.until(slug, |r| slugs(&r.problems).contains(&slug));
            assert!(matches!(&report.state, LinkState::Rejected(problems) if slugs(problems) == [slug]));
            assert_eq!(ids(&report), ["a", "b"], "{slug}");
        }
        fs::write(bench.path(), good).unwrap();
        let report = bench.until_ids(&["c"]);
        assert!(report.problems.is_empty());
    }
}

#[test]
fn a_first_file_that_is_broken_leaves_no_half_board() {
    let good = document(&["a", "b"]);
    let mut bench = Bench::new(Some(&format!("{},\"plans\":[{{", &good[..good.len() - 1])), watched());
    let report = bench.until("the rejection", |r| matches!(r.state, LinkState::Rejected(_)));
    assert_eq!(ids(&report), [""; 0]);
    assert!(report.board.headquarters().is_none());
    assert!(!report.board.is_whole(Kind::Enterprise));
    fs::write(bench.path(), good).unwrap();
    bench.until_ids(&["a", "b"]);
}

#[test]
fn a_file_that_is_not_there_yet_is_shown_when_it_comes() {
    for settings in [watched(), polled()] {
        let mut bench = Bench::new(None, settings);
        let report = bench.until("its absence", |r| matches!(r.state, LinkState::Rejected(_)));
        assert_eq!(slugs(&report.problems), ["not-found"]);
        fs::write(bench.path(), document(&["a"])).unwrap();
        bench.until_ids(&["a"]);
    }
}

#[test]
fn a_repointed_link_is_followed() {
    // As configuration volumes do it: the file is a link through a directory link that is renamed.
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    for (version, name) in [("1", "a"), ("2", "b")] {
        fs::create_dir(at(version)).unwrap();
        fs::write(at(version).join("headquarters.json"), document(&[name])).unwrap();
    }
    std::os::unix::fs::symlink("1", at("..data")).unwrap();
    std::os::unix::fs::symlink("..data/headquarters.json", at("headquarters.json")).unwrap();
    std::os::unix::fs::symlink("2", at("..new")).unwrap();
    let (path, from, to) = (at("headquarters.json"), at("..new"), at("..data"));
    let mut bench = Bench::on(dir, &path, watched(), None);
    bench.until_ids(&["a"]);
    let target = bench.dir.path().join("2/headquarters.json");
    fs::rename(from, to).unwrap();
    bench.until_ids(&["b"]);
    // And the file it leads to now may be rewritten where it stands.
    fs::write(target, document(&["c"])).unwrap();
    bench.until_ids(&["c"]);
}

#[test]
fn reload_reads_again_without_a_change() {
    let mut bench = Bench::new(Some(&document(&["a"])), watched());
    bench.until_ids(&["a"]);
    bench.link.reload();
    let report = bench.until_ids(&["a"]);
    assert!(report.delta.changed.is_empty(), "nothing changed: {:?}", report.delta);
}

#[test]
fn what_was_not_taken_is_not_lost() {
    let mut bench = Bench::new(Some(&document(&["a"])), watched());
    bench.until_ids(&["a"]);
    // Two changes, one report taken: it speaks of both.
    fs::write(bench.path(), document(&["a", "b"])).unwrap();
    bench.calls.recv_timeout(PATIENCE).unwrap();
    let mut report = bench.link.take().unwrap();
    fs::write(bench.path(), document(&["a", "b", "c"])).unwrap();
    let mut changed: Vec<String> = report.delta.changed.iter().map(|c| c.1.to_string()).collect();
    while ids(&report) != ["a", "b", "c"] {
        bench.calls.recv_timeout(PATIENCE).unwrap();
        report = bench.link.take().unwrap();
        changed.extend(report.delta.changed.iter().map(|c| c.1.to_string()));
    }
    changed.sort();
    changed.dedup();
    assert_eq!(changed, ["b", "c"]);
}

#[test]
fn a_synthetic_document_opens_on_its_own_day_and_as_of_overrides_it() {
    let synthetic = document(&["a"]).replace(
        "\"name\":\"ستاد\"",
        "\"name\":\"ستاد\",\"synthetic\":true,\"as_of\":\"1403-03-02\"",
    );
    let own = crate::text::calendar::parse_date("1403-03-02").unwrap();
    let asked = crate::text::calendar::parse_date("1403-02-20").unwrap();
    for (as_of, expected) in [(None, own), (Some(asked), asked)] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("headquarters.json");
        fs::write(&path, &synthetic).unwrap();
        let mut bench = Bench::on(dir, &path, watched(), as_of);
        assert_eq!(bench.until_ids(&["a"]).board.today(), expected);
    }
    let mut bench = Bench::new(Some(&document(&["a"])), watched());
    let zone = crate::clock::Zone::named("Asia/Tehran").unwrap();
    let before = Clock::System.today(&zone);
    let today = bench.until_ids(&["a"]).board.today();
    assert!(before <= today && today <= Clock::System.today(&zone));
}

#[test]
fn a_dropped_link_ends_its_thread() {
    let bench = Bench::new(Some(&document(&["a"])), watched());
    let Bench { link, calls, .. } = bench;
    drop(link);
    // The thread owned the other end.
    let ended = std::iter::repeat_with(|| calls.recv_timeout(PATIENCE)).find(Result::is_err);
    assert!(matches!(
        ended,
        Some(Err(std::sync::mpsc::RecvTimeoutError::Disconnected))
    ));
}

/// A web server with one document, which it stops serving when told so.
fn serve(answers: Vec<(&'static str, String)>) -> String {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/headquarters.json", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while lines.read_line(&mut line).unwrap() > 2 {}
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\netag: \"1\"\r\nconnection: close\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    address
}

#[test]
fn a_web_server_is_asked_again_and_again_and_its_silence_keeps_the_board() {
    let address = serve(vec![
        ("200 OK", document(&["a"])),
        ("304 Not Modified", String::new()),
        ("200 OK", document(&["a", "b"])),
        ("200 OK", "{\"rasad\":1".into()),
        ("401 Unauthorized", String::new()),
    ]);
    let (called, calls) = channel();
    let link = start(Source::Http(address), polled(), Clock::System, None, move || {
        let _ = called.send(());
    });
    let dir = tempfile::tempdir().unwrap();
    let mut bench = Bench {
        dir,
        link,
        calls,
        last: None,
    };
    bench.until("the document", |r| r.state == LinkState::Polling && ids(r) == ["a"]);
    bench.until("the newer one", |r| {
        r.state == LinkState::Polling && ids(r) == ["a", "b"]
    });
    let report = bench.until("the broken one", |r| matches!(r.state, LinkState::Rejected(_)));
    assert_eq!(ids(&report), ["a", "b"]);
    bench.until("the refusal", |r| {
        matches!(&r.state, LinkState::Unauthorised(why) if why.slug() == "token-wanted") && ids(r) == ["a", "b"]
    });
    bench.until("the silence", |r| {
        matches!(&r.state, LinkState::Stale(Some(why)) if why.slug() == "refused") && ids(r) == ["a", "b"]
    });
}

fn sample_on(day: Option<&str>) -> Report {
    let (called, calls) = channel();
    let as_of = day.map(|day| crate::text::calendar::parse_date(day).unwrap());
    let link = start(Source::Sample, Settings::default(), Clock::System, as_of, move || {
        let _ = called.send(());
    });
    let dir = tempfile::tempdir().unwrap();
    let mut bench = Bench {
        dir,
        link,
        calls,
        last: None,
    };
    bench.until("the sample", |r| r.state == LinkState::Sample)
}

#[test]
fn the_sample_opens_on_its_own_day_and_goes_back_in_its_history() {
    let state_of = |report: &Report| report.board.headquarters().unwrap().as_of.unwrap();
    let day = |text: &str| crate::text::calendar::parse_date(text).unwrap();
    let newest = sample_on(None);
    assert_eq!(
        (state_of(&newest), newest.board.today()),
        (day("1403-03-02"), day("1403-03-02"))
    );
    assert!(
        newest.problems.iter().all(|p| p.level == crate::contract::Level::Note),
        "{:?}",
        newest.problems
    );
    assert_eq!(newest.board.count(Kind::Agency), 64);
    // On the day of an earlier state, and between two.
    let past: Vec<Day> = crate::source::sample::past()
        .unwrap()
        .map(|p| p.unwrap().as_of)
        .collect();
    let (later, earlier) = (past[0], past[1]);
    assert_eq!(state_of(&sample_on(Some(&later.to_string()))), later);
    let between = sample_on(Some(&later.plus(-1).to_string()));
    assert_eq!((state_of(&between), between.board.today()), (earlier, later.plus(-1)));
    assert_ne!(between.board.findings().len(), newest.board.findings().len());
    // Later than the newest: the newest, judged on that day.
    let after = sample_on(Some("1403-04-01"));
    assert_eq!(
        (state_of(&after), after.board.today()),
        (day("1403-03-02"), day("1403-04-01"))
    );
    // Earlier than all: the newest as well.
    let before = sample_on(Some(&past.last().unwrap().plus(-1).to_string()));
    assert_eq!(state_of(&before), day("1403-03-02"));
}

/// The board keeps an index by reference, the contract says what a record refers to: both must speak of the same fields.
#[test]
fn the_board_and_the_contract_know_the_same_references() {
    use crate::contract::Record;
    use crate::contract::check::{self, Remark};
    let everything = [
        (
            Kind::Measure,
            r#"{"id":"m","number":1,"title":"","pillar":"empowerment","lead":"a1"}"#,
        ),
        (
            Kind::Project,
            r#"{"id":"p","measure":"m1","agency":"a1","title":"","county":"c1","state":"done"}"#,
        ),
        (
            Kind::Agency,
            r#"{"id":"a","name":"","category":"driver","duties":[{"id":"d","title":"","measure":"m1"},{"id":"e","title":"","measure":"m2"}]}"#,
        ),
        (
            Kind::Plan,
            r#"{"id":"n","agency":"a1","title":"","due":"1403-01-31","state":"accepted"}"#,
        ),
        (Kind::Enterprise, r#"{"id":"e","name":"","county":"c1"}"#),
        (Kind::Meeting, r#"{"id":"t","number":1,"body":"","on":"1403-01-31"}"#),
        (
            Kind::Decision,
            r#"{"id":"d","meeting":"t1","number":1,"text":"","agency":"a1","state":"decided","measure":"m1","project":"p1"}"#,
        ),
        (
            Kind::Demand,
            r#"{"id":"d","raised_by":"","topic":"","text":"","agency":"a1","received":"1403-01-31","state":"received","decision":"d1"}"#,
        ),
        (
            Kind::Campaign,
            r#"{"id":"c","campaign_kind":"media","title":"","agency":"a1"}"#,
        ),
        (
            Kind::Evaluation,
            r#"{"id":"v","subject_kind":"plan","subject":"n1","meeting":"t1","on":"1403-01-31","by":"","verdict":""}"#,
        ),
        (
            Kind::Initiative,
            r#"{"id":"i","initiative_kind":"cooperative","title":"","county":"c1","measure":"m1","project":"p1","stage":"closed","origin":"new","sponsor":"a1","outreach":[{"on":"1403-01-31","by":"e1"}]}"#,
        ),
    ];
    assert_eq!(everything.len(), Kind::ALL.len());
    for (kind, json) in everything {
        let record = Record::from_json(kind, json).unwrap();
        let mut said = Vec::new();
        check::record(&record, &mut |at, remark| {
            if let Remark::Reference(_, id) = remark {
                let list = at.outer.map(|(list, _)| format!("{list}.")).unwrap_or_default();
                said.push((format!("{list}{}", at.field), id.to_string()));
            }
        });
        let mut kept = Vec::new();
        crate::board::references(&record, |field, _, id| {
            kept.push((field.name().to_owned(), id.to_string()))
        });
        said.sort();
        kept.sort();
        assert_eq!(said, kept, "{kind}");
    }
}

#[test]
fn what_is_read_is_kept_as_the_state_of_its_day_and_a_past_day_is_shown_as_it_was_kept() {
    let kept = |dir: &TempDir, path: &Path| {
        let source = Source::File(path.to_owned());
        crate::kept::Store::new(&dir.path().join("data"), &source, 30, Limits::default()).unwrap()
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("headquarters.json");
    fs::write(&path, document(&["a", "b"])).unwrap();
    let store = kept(&dir, &path);
    let settings = Settings {
        kept: Some(store.clone()),
        ..Settings::default()
    };
    let mut bench = Bench::on(dir, &path, settings.clone(), None);
    let today = bench.until_ids(&["a", "b"]).board.today();
    let begun = crate::clock::tick();
    while store.days() != [today] {
        assert!(begun.elapsed() < PATIENCE, "nothing was kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    // Kept on an earlier day as well, under another content; that day shows it, and nothing more is kept by looking.
    let earlier = today.plus(-3);
    let mut board = Board::new(board::Settings::default(), earlier);
    let report = bench.last.as_ref().unwrap();
    let hq = report.board.headquarters().unwrap().clone();
    let c = crate::contract::Record::from_json(Kind::Enterprise, r#"{"id":"c","name":"واحد"}"#).unwrap();
    board.apply(vec![
        crate::contract::Change::Headquarters(hq),
        crate::contract::Change::Whole(Kind::Enterprise, vec![c].into()),
    ]);
    store.keep(earlier, &board, true).unwrap();
    let Bench { dir, .. } = bench;
    let mut bench = Bench::on(dir, &path, settings, Some(today.plus(-1)));
    let shown = bench.until_ids(&["c"]);
    // The screen can say of which day that state is.
    assert_eq!(shown.board.headquarters().unwrap().as_of, Some(earlier));
    // And what was in it can be asked for.
    bench.link.ask(Ask::State(today.plus(-1)));
    let found = bench.until("an answer", |report| report.found.is_some()).found;
    assert!(matches!(found, Some(Found::State { days, .. }) if days.len() == 2));
    assert_eq!(store.days().len(), 2);
}

#[test]
fn the_state_of_a_day_is_not_written_while_the_program_starts_but_is_there_whenever_it_is_quit() {
    let (data, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let with = |kept| Settings {
        kept,
        cache: Some(cache.path().to_owned()),
        ..watched()
    };
    let on = |bench: &Bench| Source::File(bench.path());
    let store_of = |bench: &Bench| crate::kept::Store::new(data.path(), &on(bench), 30, Limits::default()).unwrap();
    let start = || {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("headquarters.json");
        fs::write(&path, document(&["a"])).unwrap();
        let source = Source::File(path.clone());
        let kept = crate::kept::Store::new(data.path(), &source, 30, Limits::default());
        let mut bench = Bench::on(dir, &path, with(kept), None);
        let today = bench.until_ids(&["a"]).board.today();
        (bench, today)
    };
    // Somebody looks for a moment and quits.
    let (mut bench, today) = start();
    let store = store_of(&bench);
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(store.days(), []);
    fs::write(bench.path(), document(&["a", "b"])).unwrap();
    bench.until_ids(&["a", "b"]);
    bench.link.finish();
    assert_eq!(store.days(), [today]);
    assert!(store.newest(today).is_some());
    // The state of the day did not cost the last board its place.
    let path = bench.path();
    fs::write(&path, "no document").unwrap();
    let mut next = Bench::on(bench.dir, &path, with(None), None);
    next.until("what was kept", |report| ids(report) == ["a", "b"]);
    // Somebody stays.
    let (bench, today) = start();
    let (store, begun) = (store_of(&bench), crate::clock::tick());
    while store.days() != [today] {
        assert!(begun.elapsed() < PATIENCE, "nothing was kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(begun.elapsed() > Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[test]
fn what_changed_right_before_quitting_is_there_at_the_next_start() {
    let cache = tempfile::tempdir().unwrap();
    let settings = Settings {
        cache: Some(cache.path().to_owned()),
        ..watched()
    };
    let mut bench = Bench::new(Some(&document(&["a"])), settings.clone());
    bench.until_ids(&["a"]);
    fs::write(bench.path(), document(&["a", "b"])).unwrap();
    bench.until_ids(&["a", "b"]);
    bench.link.finish();
    // The file is gone; what was seen last is not.
    let Bench { dir, .. } = bench;
    let path = dir.path().join("headquarters.json");
    fs::write(&path, "no document").unwrap();
    let mut next = Bench::on(dir, &path, settings, None);
    next.until("what was kept", |report| ids(report) == ["a", "b"]);
}

#[test]
fn quitting_waits_for_no_disk_when_nothing_changed() {
    let bench = Bench::new(Some(&document(&["a"])), watched());
    let begun = std::time::Instant::now();
    bench.link.finish();
    assert!(begun.elapsed() < LAST, "{:?}", begun.elapsed());
}

/// A document so long that what was kept of it is shown before it is read.
fn long_document(names: &[&str]) -> String {
    document(names) + &" ".repeat(17 << 20)
}

#[test]
fn a_long_file_that_is_as_it_was_kept_is_not_read_again() {
    let board = Bench::new(Some(&document(&["b", "c"])), polled())
        .until_ids(&["b", "c"])
        .board;
    let note = Problem {
        level: crate::contract::Level::Note,
        ..Problem::fatal(What::UnknownField("later".into()))
    };
    let settings = |cache: &TempDir| Settings {
        cache: Some(cache.path().to_owned()),
        ..watched()
    };
    // What is kept is told apart from what stands in the file: so it is seen which of them is shown.
    let kept = |spoil: &dyn Fn(&mut cache::Reading, &Path)| {
        let (dir, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = dir.path().join("headquarters.json");
        fs::write(&path, long_document(&["a"])).unwrap();
        let mut reading = cache::Reading {
            stamp: crate::source::file::Stamp::of(&path).unwrap(),
            by: cache::Reading::by(&Settings::default().limits),
            problems: vec![note.clone()],
        };
        spoil(&mut reading, &path);
        let place = cache::Cache::of(cache.path(), &Source::File(path.clone())).unwrap();
        let now = Clock::System.now();
        place.write(&board, now, None, Some(&reading), None).unwrap();
        let bench = Bench::on(dir, &path, settings(&cache), None);
        (bench, cache)
    };
    let (mut bench, _cache) = kept(&|_, _| {});
    let report = bench.until_ids(&["b", "c"]);
    assert_eq!((slugs(&report.problems), report.age), (vec![note.slug()], None));
    // From now on it is a file like any other.
    fs::write(bench.path(), document(&["d"])).unwrap();
    bench.until_ids(&["d"]);
    // A file that was written to since, and one that would be read otherwise, are read.
    let (mut bench, _cache) = kept(&|_, path| fs::write(path, long_document(&["a"])).unwrap());
    bench.until_ids(&["a"]);
    let (mut bench, _cache) = kept(&|reading, _| reading.by.push('x'));
    bench.until_ids(&["a"]);
}
