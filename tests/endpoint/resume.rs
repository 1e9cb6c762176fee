//! Readers whose connection ends at any byte, and who go on from where they were, while others write: no gap, no disorder, no
//! revision in halves. What every reader holds is compared, after each resume and at the end, with what was acknowledged.

use crate::harness::{Endpoint, FIXTURE, as_it_is, settings};
use crate::long::{Chance, often, said};
use crate::stores::{Kind, Place};
use jiff::Timestamp;
use rasad::contract::Id;
use rasad::contract::feed::{Cursor, Rev, Subject};
use rasad::serve::author;
use rasad::serve::store::{Commit, Committed, Expect, Operation, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const IDS: usize = 40;
const READERS: usize = 4;

/// What was acknowledged, and what is being written.
#[derive(Default)]
struct Truth {
    /// Which records each revision wrote.
    revisions: BTreeMap<Rev, BTreeSet<String>>,
    /// The newest revision of each record, and whether it lives.
    latest: BTreeMap<String, (Rev, bool)>,
    pending: BTreeSet<String>,
}

/// Writes batches until it is told to stop, then one more.
async fn write(store: Arc<dyn Store>, truth: Arc<Mutex<Truth>>, stop: Arc<AtomicBool>, seed: u64) {
    let mut chance = Chance::new(seed);
    let kind = Subject::named("enterprise").unwrap();
    for nth in 0_usize.. {
        let last = stop.load(Ordering::Relaxed);
        let mut operations: Vec<Operation> = Vec::new();
        {
            let mut truth = truth.lock().unwrap();
            for _ in 0..=chance.below(4) {
                let name = format!("r-{}", chance.below(IDS));
                let live = truth.latest.get(&name).filter(|(_, live)| *live).map(|(rev, _)| *rev);
                if !truth.pending.insert(name.clone()) {
                    continue;
                }
                let delete = live.is_some() && chance.below(5) == 0;
                operations.push(Operation {
                    kind: kind.clone(),
                    obj: (!delete).then(|| format!("{{\"id\":\"{name}\",\"name\":\"نام {nth}\"}}").into()),
                    id: Id::new(&name).unwrap(),
                    expect: live.map_or(Expect::Absent, Expect::At),
                });
            }
        }
        let commit = Commit {
            author: author("test"),
            at: Timestamp::now(),
            request: "q".into(),
            import: None,
            remember: None,
            operations: operations.clone(),
        };
        let Committed::Done(rev) = store.commit(commit).await.unwrap() else {
            panic!("the only writer was refused");
        };
        {
            let mut truth = truth.lock().unwrap();
            for one in operations {
                let name = one.id.to_string();
                truth.revisions.entry(rev).or_default().insert(name.clone());
                truth.latest.insert(name, (rev, one.obj.is_some()));
            }
            truth.pending.clear();
        }
        if last {
            return;
        }
        tokio::time::sleep(Duration::from_millis(chance.below(6) as u64)).await;
    }
}

/// A reader as the protocol describes it.
struct Reader {
    address: SocketAddr,
    secret: String,
    chance: Chance,
    at: String,
    rev: Rev,
    epoch: String,
    /// The revision of every record, and whether it lives.
    holds: BTreeMap<String, (Rev, bool)>,
    synced: bool,
}

/// As much of an answer as came: its head, and its body without the frames of the transport.
fn body_of(bytes: &[u8]) -> (String, Vec<u8>, bool) {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return (String::new(), Vec::new(), false);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut rest = &bytes[end + 4..];
    if let Some(length) = head.lines().find_map(|line| line.strip_prefix("content-length: ")) {
        let whole = rest.len() >= length.parse::<usize>().unwrap();
        return (head, rest.to_vec(), whole);
    }
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        rest = &rest[line + 2..];
        body.extend_from_slice(&rest[..size.min(rest.len())]);
        if rest.len() < size + 2 {
            break;
        }
        rest = &rest[size + 2..];
    }
    (head, body, false)
}

impl Reader {
    /// Sends a request and takes at most so many bytes of the answer, or what comes within a time.
    fn cut(&mut self, path: &str, most: usize, time: Duration) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: rasad\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            self.secret
        );
        stream.write_all(request.as_bytes()).unwrap();
        let (mut bytes, began) = (Vec::new(), Instant::now());
        let mut buffer = vec![0; most.clamp(1, 64 << 10)];
        while bytes.len() < most {
            let Some(left) = time.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) else {
                break;
            };
            stream.set_read_timeout(Some(left)).unwrap();
            let room = buffer.len().min(most - bytes.len());
            match stream.read(&mut buffer[..room]) {
                Ok(0) | Err(_) => break,
                Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            }
        }
        if self.chance.below(2) == 0 {
            let _ = rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO));
        }
        bytes
    }

    /// One revision as it was read.
    fn take(&mut self, rev: Rev, lines: &[serde_json::Value], truth: &Truth) {
        assert!(rev > self.rev, "revision {rev} came behind {}", self.rev);
        let mut found = BTreeSet::new();
        for line in lines {
            assert_eq!(line["rev"], rev, "a line of another revision");
            if line["kind"] == "enterprise" && line["id"].as_str().unwrap().starts_with("r-") {
                let id = line["id"].as_str().unwrap().to_owned();
                assert!(found.insert(id.clone()), "{id} twice in {rev}");
                self.holds.insert(id, (rev, line["op"] == "put"));
            }
        }
        // What a revision wrote and does not bring was written again since.
        for id in truth.revisions.get(&rev).into_iter().flatten() {
            let again = truth.pending.contains(id) || truth.latest[id].0 > rev;
            assert!(found.contains(id) || again, "revision {rev} was split: {id} is missing");
        }
        self.rev = rev;
    }

    fn resume(&mut self, truth: &Mutex<Truth>, to_the_end: bool) {
        let most = match self.chance.below(4) {
            _ if to_the_end => usize::MAX,
            0 => self.chance.below(600),
            1 => self.chance.below(4_000),
            _ => self.chance.below(40_000),
        };
        let streams = self.chance.below(3) > 0 || to_the_end;
        let wait = Duration::from_millis(if to_the_end {
            2_000
        } else {
            1 + self.chance.below(25) as u64
        });
        let path = if streams {
            format!("/v1/watch?since={}", self.at)
        } else {
            format!("/v1/changes?since={}&limit={}", self.at, 1 + self.chance.below(30))
        };
        let bytes = self.cut(&path, most, if streams { wait } else { Duration::from_secs(5) });
        let (head, body, whole) = body_of(&bytes);
        if head.is_empty() {
            return;
        }
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        let text = String::from_utf8_lossy(&body).into_owned();
        let truth = truth.lock().unwrap();
        if streams {
            self.stream(&text, &truth);
        } else if whole {
            self.page(&text, &truth);
        }
        // Nothing that was settled by then is missing.
        for (id, (rev, live)) in &truth.latest {
            // What is being written at this moment may already be there, and then comes later as that.
            if *rev <= self.rev && !truth.pending.contains(id) {
                let held = self.holds.get(id);
                assert!(
                    held == Some(&(*rev, *live)) || (held.is_none() && !live),
                    "{id} is {held:?}, not {rev}, at {}, after {path}:\n{text}",
                    self.at
                );
            }
        }
    }

    fn stream(&mut self, text: &str, truth: &Truth) {
        let mut rest = text;
        while let Some((block, more)) = rest.split_once("\n\n") {
            rest = more;
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
            let id = field("id: ").map(str::to_owned);
            match field("event: ") {
                Some("changes") => {
                    let id = id.unwrap();
                    let Some(Cursor::At(epoch, rev)) = Cursor::parse(&id) else {
                        panic!("{id}")
                    };
                    assert_eq!(epoch.as_str(), self.epoch);
                    let lines: Vec<_> = block
                        .lines()
                        .filter_map(|line| line.strip_prefix("data: "))
                        .map(|line| serde_json::from_str(line).unwrap())
                        .collect();
                    self.take(rev, &lines, truth);
                    self.at = id;
                }
                Some("sync") => {
                    let id = id.unwrap();
                    let Some(Cursor::At(_, rev)) = Cursor::parse(&id) else {
                        panic!("{id}")
                    };
                    assert!(rev >= self.rev, "{id} behind {}", self.rev);
                    self.rev = rev;
                    self.at = id;
                    self.synced = true;
                }
                None => {}
                Some(other) => panic!("{other}: {block}"),
            }
        }
    }

    fn page(&mut self, text: &str, truth: &Truth) {
        let mut lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let trailer = lines.pop().unwrap();
        assert_eq!(trailer["count"], lines.len());
        for part in lines.chunk_by(|one, next| one["rev"] == next["rev"]) {
            self.take(part[0]["rev"].as_u64().unwrap(), part, truth);
        }
        self.at = trailer["next"].as_str().unwrap().to_owned();
        let Some(Cursor::At(_, rev)) = Cursor::parse(&self.at) else {
            panic!("{}", self.at)
        };
        assert!(rev >= self.rev);
        self.rev = rev;
    }
}

fn resumes(kind: Kind, count: usize) {
    let endpoint = Endpoint::at(Place::new(kind), &as_it_is, &settings(), FIXTURE);
    let (truth, stop) = (Arc::new(Mutex::new(Truth::default())), Arc::new(AtomicBool::new(false)));
    let writing = endpoint.runtime.spawn(write(
        Arc::clone(&endpoint.store),
        Arc::clone(&truth),
        Arc::clone(&stop),
        7,
    ));
    let left = Arc::new(AtomicUsize::new(count));
    let readers: Vec<_> = (0..READERS)
        .map(|nth| {
            let mut reader = Reader {
                address: endpoint.address,
                secret: endpoint.secrets["viewer"].clone(),
                chance: Chance::new(100 + nth as u64),
                at: "0".to_owned(),
                rev: 0,
                epoch: endpoint.epoch(),
                holds: BTreeMap::new(),
                synced: false,
            };
            let (truth, left) = (Arc::clone(&truth), Arc::clone(&left));
            std::thread::spawn(move || {
                let mut nth = 0;
                while left
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                    .is_ok()
                {
                    nth += 1;
                    if nth % 200 == 0 {
                        // Somebody who comes anew, and reads the long way.
                        (reader.at, reader.rev) = ("0".to_owned(), 0);
                        reader.holds.clear();
                    }
                    reader.resume(&truth, false);
                }
                reader
            })
        })
        .collect();
    let readers: Vec<Reader> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    stop.store(true, Ordering::Relaxed);
    endpoint.runtime.block_on(writing).unwrap();
    endpoint.running.as_ref().unwrap().wake();
    let revisions = truth.lock().unwrap().revisions.len();
    let head = *truth.lock().unwrap().revisions.keys().next_back().unwrap();
    for mut reader in readers {
        let began = Instant::now();
        while reader.rev < head {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{} never reached {head}",
                reader.at
            );
            reader.synced = false;
            reader.resume(&truth, true);
        }
    }
    assert!(
        revisions > count / 100,
        "only {revisions} revisions were written meanwhile"
    );
    said(&format!("{count} resumes on {kind:?}, {revisions} revisions meanwhile"));
}

#[test]
fn whoever_is_cut_off_anywhere_goes_on_without_a_gap() {
    let kinds = Kind::all();
    let each = often("TEST_RESUMES", 2_000) / kinds.len();
    for kind in kinds {
        resumes(kind, each);
    }
}
