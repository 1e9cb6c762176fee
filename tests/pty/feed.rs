//! The whole way: a record is written on the endpoint and is on the screen, cursor, filter and place kept.

use crate::harness::Session;
use crate::program::{Home, RASAD, headquarters};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The endpoint over a store of its own; it ends with the test.
struct Endpoint {
    child: Child,
    address: String,
    token: String,
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(home: &Home, listen: &str) -> (Child, String) {
    let store = home.dir.path().join("hq.db");
    let mut child = Command::new(RASAD)
        .args([
            "serve",
            "--anonymous",
            "--rate",
            "0",
            "--listen",
            listen,
            "--store",
            store.to_str().unwrap(),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, line.trim().to_owned())
}

impl Endpoint {
    fn new(home: &Home) -> Self {
        let store = home.dir.path().join("hq.db");
        let store = store.to_str().unwrap();
        let document = home.file("hq.json", headquarters().to_string());
        let (code, _, err) = home.run(&[
            "import",
            document.to_str().unwrap(),
            "--store",
            store,
            "--accept-problems",
        ]);
        assert_eq!(code, Some(0), "{err}");
        let (code, token, err) = home.run(&[
            "token",
            "add",
            "--store",
            store,
            "--role",
            "secretariat",
            "--name",
            "post",
        ]);
        assert_eq!(code, Some(0), "{err}");
        let (child, address) = serve(home, "127.0.0.1:0");
        Self {
            child,
            address,
            token: token.trim().to_owned(),
        }
    }

    fn ask(&self, method: &str, path: &str, more: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address.trim_start_matches("http://")).unwrap();
        let length = body.len();
        let token = &self.token;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-length: {length}\r\n{more}connection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Changes a record; the instant the answer was there.
    fn patch(&self, path: &str, body: &str) -> Instant {
        let found = self.ask("GET", path, "", "");
        let tag = found.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("etag").then(|| value.to_owned())
        });
        let more = format!(
            "content-type: application/merge-patch+json\r\nif-match: {}\r\n",
            tag.unwrap()
        );
        let answer = self.ask("PATCH", path, &more, body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Instant::now()
    }
}

fn selected(session: &Session, texts: &[&str]) {
    session.wait(&format!("{texts:?} on the selected line"), |screen, _| {
        let contents = screen.contents();
        let mut lines = contents.lines();
        lines.any(|line| line.starts_with("│▌") && texts.iter().all(|text| line.contains(text)))
    });
}

#[test]
fn a_record_written_on_the_endpoint_is_on_the_screen_at_once_and_nothing_else_moves() {
    let home = Home::new();
    let endpoint = Endpoint::new(&home);
    let mut session = home.start(&["--lang", "en", "--text-profile", "plain", "--source", &endpoint.address]);
    session.wait_text("● live");
    session.send("4/is:overdue\r");
    session.wait_text("4 of 6");
    session.send("jj");
    selected(&session, &["Agency 3", "41"]);
    // To the top of the list, by somebody else; cursor and filter stay on it.
    endpoint.patch("/v1/plan/pl-3", r#"{"due":"2024-03-20"}"#);
    selected(&session, &["•Agency 3", "63"]);
    session.wait_text("4 of 6");
    // Out of the filter: the cursor says what became of its row.
    endpoint.patch("/v1/plan/pl-4", r#"{"state":"accepted","accepted":"2024-04-01"}"#);
    session.wait_text("3 of 6");
    selected(&session, &["Agency 3"]);
    // Time from the answer to the writer until it is on the screen.
    let mut times: Vec<Duration> = (1..=15)
        .map(|day| {
            let written = endpoint.patch("/v1/plan/pl-3", &format!("{{\"due\":\"2024-02-{day:02}\"}}"));
            let days = (112 - day).to_string();
            selected(&session, &["Agency 3", &days]);
            written.elapsed()
        })
        .collect();
    times.sort_unstable();
    // The bar is far lower; here many tests share the machine.
    assert!(times[7] < Duration::from_secs(1), "{times:?}");
    session.send("q");
    assert!(session.end_within(Duration::from_secs(5)).success());
}

#[test]
fn an_endpoint_that_goes_away_and_comes_back_is_said_and_the_program_answers_meanwhile() {
    let home = Home::new();
    let mut endpoint = Endpoint::new(&home);
    let mut session = home.start(&["--lang", "en", "--text-profile", "plain", "--source", &endpoint.address]);
    session.wait_text("● live");
    endpoint.child.kill().unwrap();
    endpoint.child.wait().unwrap();
    session.wait_text("stale · just now");
    session.wait_text("next try at");
    // Keys go on working on what is there.
    session.send("4j");
    selected(&session, &["Agency 2"]);
    let port = endpoint.address.trim_start_matches("http://").to_owned();
    let (child, _) = serve(&home, &port);
    endpoint.child = child;
    session.send("r");
    session.wait_text("● live");
    endpoint.patch("/v1/plan/pl-2", r#"{"due":"2024-03-20"}"#);
    selected(&session, &["Agency 2", "63"]);
    endpoint.child.kill().unwrap();
    session.wait_text("stale");
    // Leaving needs nobody's answer.
    session.send("q");
    assert!(session.end_within(Duration::from_secs(2)).success());
}

#[test]
fn a_named_source_is_changed_to_while_the_program_runs() {
    let home = Home::new();
    let mut other = headquarters();
    other["headquarters"]["name"] = "The other province".into();
    let (one, two) = (
        home.file("one.json", headquarters().to_string()),
        home.file("two.json", other.to_string()),
    );
    for (name, path) in [("first", &one), ("second", &two)] {
        let (code, _, err) = home.run(&["context", "add", name, path.to_str().unwrap()]);
        assert_eq!(code, Some(0), "{err}");
    }
    let mut session = home.start(&["--lang", "en", "--text-profile", "plain", "--context", "first"]);
    session.wait_text("Production leap");
    session.send("4");
    session.wait_text("operational plans 6");
    session.send(":context sec\r");
    session.wait_text("The other province");
    session.wait("the overview of the other one", |screen, _| {
        screen.contents().contains("Overdue plans")
    });
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn a_disk_that_is_slow_does_not_keep_a_program_whose_terminal_is_gone() {
    // What makes the disk slow is only on machines where programs are looked into.
    if Command::new("strace").arg("-V").output().is_err() {
        return;
    }
    let home = Home::new();
    let endpoint = Endpoint::new(&home);
    let slow = Duration::from_secs(4);
    let inject = format!("inject=fsync,fdatasync:delay_enter={}", slow.as_micros());
    let mut session = home.shell(&[
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        &inject,
        RASAD,
        "--lang",
        "en",
        "--text-profile",
        "plain",
        "--source",
        &endpoint.address,
    ]);
    session.wait_text("● live");
    // The state of the day is one that cannot be had again: that one is waited for, some seconds after the start.
    std::thread::sleep(slow + Duration::from_secs(4));
    session.send("4");
    endpoint.patch("/v1/plan/pl-2", r#"{"due":"2024-03-20"}"#);
    selected(&session, &["63"]);
    session.hang_up("j");
    let status = session.end_within(Duration::from_secs(1));
    assert_eq!((status.exit_code(), status.signal()), (129, None));
}
