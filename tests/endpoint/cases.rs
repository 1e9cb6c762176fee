//! The conformance cases: data files in `cases/`, each case on a fresh store, sent over HTTP and held against what must come back.
//!
//! A case is a list of steps. `send` is method and path, `as` the token's role (`viewer` when nothing is said, `nobody` for none).
//! `keep` puts a part of an answer under a name, `${name}` uses it later: `header etag`, `body /pointer`, `last /pointer` (the last
//! line). `stream` opens a stream under a name, a later step with `from` reads `events` from it: `name`, or `name revision`.

use crate::client::{Response, Stream};
use crate::double::Distort;
use crate::harness::Endpoint;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub case: Vec<Case>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub step: Vec<Step>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    send: String,
    #[serde(rename = "as")]
    who: Option<String>,
    headers: Vec<String>,
    body: Option<String>,
    /// Repeats the body so many times: for large ones.
    times: Option<usize>,
    status: Option<u16>,
    /// The end of the problem's type.
    slug: Option<String>,
    media: Option<String>,
    /// JSON pointers into the body, and what must stand there.
    has: BTreeMap<String, Value>,
    /// Pointers at which nothing may stand.
    lacks: Vec<String>,
    /// Headers, and what they must say; an empty text for anything at all.
    header: BTreeMap<String, String>,
    no_header: Vec<String>,
    /// Feed lines of a page, as `rev op kind id`, without the trailer.
    lines: Option<Vec<String>>,
    /// The trailer of a page.
    trailer: BTreeMap<String, Value>,
    contains: Vec<String>,
    never: Vec<String>,
    keep: BTreeMap<String, String>,
    stream: Option<String>,
    from: Option<String>,
    events: Vec<String>,
    /// The payload of the last event read, by pointers.
    payload: BTreeMap<String, Value>,
}

pub fn all() -> Vec<(String, Case)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/endpoint/cases");
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        cases.extend(file.case.into_iter().map(|case| (name.clone(), case)));
    }
    cases
}

struct Run<'e> {
    endpoint: &'e Endpoint,
    distort: Option<Distort>,
    kept: HashMap<String, String>,
    streams: HashMap<String, Stream>,
}

/// Runs a case; why it fails, if it does.
pub fn run(case: &Case, endpoint: &Endpoint, distort: Option<Distort>) -> Result<(), String> {
    let mut run = Run {
        endpoint,
        distort,
        kept: HashMap::new(),
        streams: HashMap::new(),
    };
    run.kept.insert("epoch".to_owned(), endpoint.epoch());
    for (nth, step) in case.step.iter().enumerate() {
        run.step(step).map_err(|why| format!("step {}: {why}", nth + 1))?;
    }
    Ok(())
}

fn same(what: &str, found: &impl std::fmt::Debug, wanted: &impl std::fmt::Debug) -> Result<(), String> {
    let (found, wanted) = (format!("{found:?}"), format!("{wanted:?}"));
    if found == wanted {
        Ok(())
    } else {
        Err(format!("{what}: found {found}, wanted {wanted}"))
    }
}

impl Run<'_> {
    fn fill(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (name, value) in &self.kept {
            out = out.replace(&format!("${{{name}}}"), value);
        }
        assert!(!out.contains("${"), "{out}: nothing is kept under that name");
        out
    }

    fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.fill(text).into(),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect(),
            other => other.clone(),
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(name) = &step.from {
            return self.events(name, step);
        }
        let send = self.fill(&step.send);
        let (method, path) = send.split_once(' ').ok_or("no path")?;
        let mut headers = self.endpoint.auth(step.who.as_deref().unwrap_or("viewer"));
        for header in &step.headers {
            let header = self.fill(header);
            let (name, value) = header.split_once(": ").ok_or("no header")?;
            headers.push((name.to_owned(), value.to_owned()));
        }
        if let Some(name) = &step.stream {
            let opened = Stream::open(self.endpoint.address, path, &headers).map_err(|e| e.to_string())?;
            let stream = opened.map_err(|head| format!("no stream: {}", head.status))?;
            self.streams.insert(name.clone(), stream);
            return Ok(());
        }
        let body = step
            .body
            .as_deref()
            .map(|body| self.fill(body).repeat(step.times.unwrap_or(1)));
        let mut client = crate::client::Client::connect(self.endpoint.address).map_err(|e| e.to_string())?;
        let mut response = client
            .send(method, path, &headers, body.as_deref().map(str::as_bytes))
            .map_err(|e| e.to_string())?;
        if let Some(distort) = self.distort {
            distort(&mut response);
        }
        self.hold(step, &response)
            .map_err(|why| format!("{send}: {why}\n{} {}", response.status, response.text()))
    }

    fn hold(&mut self, step: &Step, response: &Response) -> Result<(), String> {
        if let Some(status) = step.status {
            same("status", &response.status, &status)?;
        }
        if response.header("x-request-id").is_none_or(str::is_empty) {
            return Err("no request id".to_owned());
        }
        if let Some(media) = &step.media {
            same(
                "media",
                &response.header("content-type").unwrap_or_default(),
                &media.as_str(),
            )?;
        }
        let json = response.json();
        if let Some(slug) = &step.slug {
            same(
                "media",
                &response.header("content-type"),
                &Some("application/problem+json"),
            )?;
            same(
                "type",
                &json["type"].as_str(),
                &Some(format!("urn:rasad:problem:{slug}").as_str()),
            )?;
            same(
                "status in the problem",
                &json["status"].as_u64(),
                &Some(u64::from(response.status)),
            )?;
        }
        for (pointer, wanted) in &step.has {
            same(pointer, &json.pointer(pointer), &Some(&self.fill_value(wanted)))?;
        }
        for pointer in &step.lacks {
            same(pointer, &json.pointer(pointer), &None::<&Value>)?;
        }
        for (name, wanted) in &step.header {
            let found = response.header(name);
            if wanted.is_empty() {
                found.ok_or_else(|| format!("no header {name}"))?;
            } else {
                same(name, &found, &Some(self.fill(wanted).as_str()))?;
            }
        }
        for name in &step.no_header {
            same(name, &response.header(name), &None::<&str>)?;
        }
        if step.lines.is_some() || !step.trailer.is_empty() {
            let mut lines = response.lines();
            let trailer = lines.pop().unwrap_or_default();
            if let Some(wanted) = &step.lines {
                let word = |line: &Value, name: &str| line[name].as_str().unwrap_or("?").to_owned();
                let found: Vec<String> = lines
                    .iter()
                    .map(|line| {
                        format!(
                            "{} {} {} {}",
                            line["rev"],
                            word(line, "op"),
                            word(line, "kind"),
                            word(line, "id")
                        )
                    })
                    .collect();
                same("lines", &found, wanted)?;
            }
            for (name, wanted) in &step.trailer {
                same(name, &trailer.get(name), &Some(&self.fill_value(wanted)))?;
            }
        }
        let text = response.text();
        for part in &step.contains {
            let part = self.fill(part);
            if !text.contains(&part) {
                return Err(format!("does not contain {part}"));
            }
        }
        let all = format!("{:?} {text}", response.headers).to_lowercase();
        for part in step
            .never
            .iter()
            .map(String::as_str)
            .chain(["sqlite", "select ", "rasad_", "/tmp/", ".rs:", "panicked"])
        {
            // No answer ever tells what is behind it.
            if all.contains(part) && !(part == "select " && response.status == 200) {
                return Err(format!("contains {part}"));
            }
        }
        for (name, from) in &step.keep {
            let (place, key) = from.split_once(' ').ok_or("keep needs a place and a key")?;
            let value = match place {
                "header" => response.header(key).map(str::to_owned),
                "body" => json.pointer(key).map(plain),
                _ => response.lines().last().and_then(|line| line.pointer(key).map(plain)),
            };
            self.kept
                .insert(name.clone(), value.ok_or_else(|| format!("nothing at {from}"))?);
        }
        Ok(())
    }

    fn events(&mut self, name: &str, step: &Step) -> Result<(), String> {
        let wanted: Vec<String> = step.events.iter().map(|event| self.fill(event)).collect();
        let stream = self.streams.get_mut(name).ok_or("no such stream")?;
        let mut payload = Value::Null;
        for wanted in wanted {
            let found = stream.next().map_err(|error| format!("{wanted}: {error}"))?;
            if wanted == "end" {
                same("end", &found, &None::<crate::client::Event>)?;
                continue;
            }
            let event = found.ok_or_else(|| format!("the stream ended before {wanted}"))?;
            let rev = event.id.rsplit('.').next().unwrap_or_default();
            let told = if wanted.contains(' ') {
                format!("{} {rev}", event.name)
            } else {
                event.name.clone()
            };
            same("event", &told, &wanted)?;
            payload = Value::Array(
                event
                    .data
                    .iter()
                    .map(|line| serde_json::from_str(line).unwrap_or_default())
                    .collect(),
            );
        }
        for (pointer, wanted) in &step.payload {
            same(pointer, &payload.pointer(pointer), &Some(&self.fill_value(wanted)))?;
        }
        Ok(())
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
