//! A record's page: its fields, its findings each with why, what it belongs to and what belongs to it.
//!
//! The page is a list of lines one row high; every line can be selected, and the lines that lead somewhere say where.

mod glance;

use super::Target;
use super::sheet::{self, Why};
use crate::app::rows::Rows;
use crate::app::words;
use crate::board::columns::{self, Style};
use crate::board::{Board, Severity};
use crate::contract::{Id, Kind, Record};
use crate::i18n;
use crate::text::{self, Lang};
use serde_json::Value;
use smol_str::{SmolStr, format_smolstr};

/// What a line of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The heading of a section.
    Heading,
    /// A field of the record.
    Field,
    /// A field this version does not know.
    Unknown,
    /// A finding.
    Finding(Severity),
    /// A record it belongs to, or that belongs to it.
    Link,
    /// A line that continues the one above.
    More,
    /// Space between sections.
    Blank,
}

/// A line of a page.
#[derive(Clone, Debug)]
pub struct Line {
    /// What names the line, so that the selection survives refresh.
    pub key: SmolStr,
    /// What it is.
    pub role: Role,
    /// Its label, at the start.
    pub label: String,
    /// Its text.
    pub text: String,
    /// Where Enter leads.
    pub target: Option<Target>,
}

impl Line {
    /// True for a line that continues another.
    pub fn continues(&self, other: &Self) -> bool {
        let base = |key: &str| key.split_once('+').map_or(key.len(), |(base, _)| base.len());
        self.role == Role::More && self.key.get(..base(&self.key)) == other.key.get(..base(&other.key))
    }
}

/// The state of a record's page.
#[derive(Debug)]
pub struct Page {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: Id,
    /// The lines, as wide as the screen was when they were built.
    pub lines: Vec<Line>,
    /// The selection.
    pub rows: Rows<SmolStr>,
    /// True when the record is no longer in the data: the lines are the last ones known.
    pub gone: bool,
    /// The title, as it was last known.
    pub title: String,
}

/// Related records shown on the page itself; longer lists are reached by their last line.
const RELATED_SHOWN: usize = 12;
/// Columns around label and text: the frame, the marker's gutter, and the arrow behind a line that leads somewhere.
pub const AROUND: u16 = 6;
/// Columns kept for labels.
pub const LABEL: u16 = 22;

impl Page {
    /// The page of a record.
    pub fn new(kind: Kind, id: Id, board: &Board, style: &Style, width: u16) -> Self {
        let mut page = Self {
            kind,
            id,
            lines: Vec::new(),
            rows: Rows::default(),
            gone: false,
            title: String::new(),
        };
        page.refresh(board, style, width);
        page
    }

    /// Takes a newer board, another language or another width; a vanished record keeps its last lines.
    pub fn refresh(&mut self, board: &Board, style: &Style, width: u16) {
        let present = board.record(self.kind, self.id.as_str());
        // One that vanished since an earlier state is shown as it was then.
        let findings = board;
        let past = board.past().filter(|_| present.is_none() && self.lines.is_empty());
        let was = past.and_then(|past| Some((&past.board, past.board.record(self.kind, self.id.as_str())?)));
        if let Some((board, record)) = was {
            self.gone = true;
            self.build(&record, board, findings, style, width);
            return;
        }
        let Some(record) = present else {
            self.gone = true;
            if self.title.is_empty() {
                self.title = self.id.to_string();
            }
            return;
        };
        self.gone = false;
        self.build(&record, board, findings, style, width);
    }

    /// The lines of a record in one board, with the findings of the present one.
    fn build(&mut self, record: &Record, board: &Board, findings: &Board, style: &Style, width: u16) {
        self.title = columns::title(record, style.lang).to_string();
        self.lines = Builder {
            board,
            present: findings,
            style,
            width: usize::from(width.max(10)),
            lines: Vec::new(),
        }
        .build(record);
        self.rows
            .reconcile(self.lines.iter().map(|line| line.key.clone()).collect(), |_| None);
    }

    /// Why the selected line says what it says, where it is a derived figure.
    pub fn why(&self, board: &Board, style: &Style) -> Option<Why> {
        let line = self.lines.get(self.rows.index())?;
        self.why_of(&line.key, board, style)
    }

    /// Why a line says what it says; of a record that is gone, in the earlier state it is shown from.
    pub fn why_of(&self, line: &str, board: &Board, style: &Style) -> Option<Why> {
        if let Some(record) = board.record(self.kind, self.id.as_str()) {
            return sheet::why(board, style, &record, line);
        }
        let past = &board.past()?.board;
        let record = past.record(self.kind, self.id.as_str())?;
        sheet::why(past, style, &record, line)
    }

    /// Where Enter leads from the selected line.
    pub fn target(&self) -> Option<Target> {
        self.lines.get(self.rows.index())?.target.clone()
    }
}

struct Builder<'a> {
    board: &'a Board,
    present: &'a Board,
    style: &'a Style,
    width: usize,
    lines: Vec<Line>,
}

impl Builder<'_> {
    fn build(mut self, record: &Record) -> Vec<Line> {
        self.glance(record);
        self.findings(record);
        self.derived(record);
        self.fields(record);
        self.unknown(record);
        self.history(record);
        self.related(record);
        self.lines
    }

    fn lang(&self) -> Lang {
        self.style.lang
    }

    fn push(&mut self, key: SmolStr, role: Role, label: String, text: &str, target: Option<Target>) {
        let indent = usize::from(LABEL + AROUND);
        let width = self.width.saturating_sub(indent).max(8);
        let wrapped = text::wrap(text, self.lang().direction(), width);
        let labels = self.labels(role, &label);
        if wrapped.len() <= 1 && labels.len() <= 1 {
            self.lines.push(Line {
                key,
                role,
                label,
                text: text.to_owned(),
                target,
            });
            return;
        }
        for n in 0..wrapped.len().max(labels.len()) {
            let key = if n == 0 {
                key.clone()
            } else {
                format_smolstr!("{key}+{n}")
            };
            let role = if n == 0 { role } else { Role::More };
            self.lines.push(Line {
                key,
                role,
                label: labels.get(n).cloned().unwrap_or_default(),
                text: wrapped
                    .get(n)
                    .map_or_else(String::new, |line| words::part_of(text, line)),
                target: target.clone(),
            });
        }
    }

    /// A label, line by line where it is longer than its place; behind the sign of a severity further lines stand under the first.
    fn labels(&self, role: Role, label: &str) -> Vec<String> {
        let sign = match role {
            Role::Finding(_) => 2,
            _ => 0,
        };
        let lines = text::wrap(label, self.lang().direction(), usize::from(LABEL) - 1 - sign);
        let parts = lines.iter().map(|line| words::part_of(label, line));
        let under = |(n, part): (usize, String)| if n == 0 { part } else { " ".repeat(sign) + &part };
        parts.enumerate().map(under).collect()
    }

    fn heading(&mut self, key: &'static str, text: String) {
        if !self.lines.is_empty() {
            self.lines.push(Line {
                key: format_smolstr!("{key}-"),
                role: Role::Blank,
                label: String::new(),
                text: String::new(),
                target: None,
            });
        }
        self.lines.push(Line {
            key: key.into(),
            role: Role::Heading,
            label: text,
            text: String::new(),
            target: None,
        });
    }

    fn findings(&mut self, record: &Record) {
        let findings = self.present.findings().of(record.kind(), record.id().as_str());
        if findings.is_empty() {
            return;
        }
        self.heading("findings", i18n::t(self.lang(), "page.findings").into());
        for finding in findings {
            let label = i18n::t(self.lang(), finding.title_key()).to_owned();
            let why = words::why(finding, self.present, self.style);
            self.push(
                format_smolstr!("finding:{}", finding.rule),
                Role::Finding(finding.severity),
                label,
                &why,
                None,
            );
        }
    }

    /// The derived facts: the columns of the kind that are not fields of the record.
    fn derived(&mut self, record: &Record) {
        let kind = record.kind();
        let derived: Vec<_> = columns::columns(kind)
            .iter()
            .filter(|c| c.origin == columns::Origin::Derived && c.key != "findings")
            .collect();
        let mut first = true;
        for column in derived {
            let value = (column.get)(self.board, record);
            let shown = value.format(self.board, self.style);
            if shown.is_empty() {
                continue;
            }
            if std::mem::take(&mut first) {
                self.heading("derived", i18n::t(self.lang(), "page.derived").into());
            }
            let label = i18n::t(self.lang(), column.title_key).to_owned();
            self.push(
                format_smolstr!("derived:{}", column.key),
                Role::Field,
                label,
                &shown,
                None,
            );
        }
    }

    fn fields(&mut self, record: &Record) {
        self.heading("fields", i18n::t(self.lang(), "page.fields").into());
        let Ok(Value::Object(map)) = serde_json::to_value(record) else {
            return;
        };
        for name in record.kind().fields() {
            if let Some(value) = map.get(*name) {
                self.field(record, name, value);
            }
        }
    }

    fn field(&mut self, record: &Record, name: &str, value: &Value) {
        let key = format_smolstr!("field:{name}");
        let label = words::field(self.lang(), record.kind(), name).to_owned();
        match value {
            Value::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    let text = words::value(record, name, item, self.board, self.style);
                    let label = if n == 0 { label.clone() } else { String::new() };
                    self.push(format_smolstr!("{key}:{n}"), Role::Field, label, &text, None);
                }
            }
            value => {
                let text = words::value(record, name, value, self.board, self.style);
                let target = words::reference(self.board, record, name).map(|(kind, id)| Target::Record(kind, id));
                let role = if target.is_some() { Role::Link } else { Role::Field };
                self.push(key, role, label, &text, target);
            }
        }
    }

    fn unknown(&mut self, record: &Record) {
        let Some(extra) = record.extra() else { return };
        self.heading("unknown", i18n::t(self.lang(), "page.unknown").into());
        for (name, value) in extra {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            self.push(
                format_smolstr!("unknown:{name}"),
                Role::Unknown,
                name.clone(),
                &text,
                None,
            );
        }
    }

    /// What has changed in the record since the earlier state the board is held against, and the way to its whole history.
    fn history(&mut self, record: &Record) {
        let lang = self.lang();
        let (kind, id) = (record.kind(), record.id());
        self.heading("history", i18n::t(lang, "page.history").into());
        if let Some(past) = self.present.past() {
            let day = text::calendar::short(past.day, self.style.calendar, lang);
            let then = past.board.record(kind, id.as_str());
            let label = i18n::tf_screen(lang, "page.since", &[("day", &day)]);
            match then {
                None => self.push(
                    "history:new".into(),
                    Role::Field,
                    label,
                    i18n::t(lang, "change.appeared"),
                    None,
                ),
                Some(_) if !self.present.contains(kind, id.as_str()) => {
                    self.push(
                        "history:gone".into(),
                        Role::Field,
                        label,
                        i18n::t(lang, "change.vanished"),
                        None,
                    );
                }
                Some(old) => {
                    let fields = crate::board::compare::fields(&old, record);
                    let fields: Vec<_> = fields.iter().filter(|field| field.name != "updated").collect();
                    if fields.is_empty() {
                        self.push(
                            "history:none".into(),
                            Role::Field,
                            label,
                            i18n::t(lang, "change.nothing"),
                            None,
                        );
                    }
                    for field in fields {
                        let label = words::field(lang, kind, &field.name).to_owned();
                        let said = words::was_and_is(field, record, self.board, self.style);
                        self.push(
                            format_smolstr!("history:{}", field.name),
                            Role::Field,
                            label,
                            &said,
                            None,
                        );
                    }
                }
            }
        }
        let target = Some(Target::History(kind, id.clone()));
        self.push(
            "history+".into(),
            Role::Link,
            String::new(),
            i18n::t(lang, "page.whole-history"),
            target,
        );
    }

    /// What belongs to the record, grouped by kind and by the field that refers to it.
    fn related(&mut self, record: &Record) {
        let mut groups: Vec<(Kind, &'static str, Vec<Id>)> = Vec::new();
        for (kind, id, field) in self.board.referrers(record.kind(), record.id().as_str()) {
            match groups.iter_mut().find(|(k, f, _)| *k == kind && *f == field) {
                Some((_, _, ids)) => ids.push(id),
                None => groups.push((kind, field, vec![id])),
            }
        }
        for (kind, field, ids) in groups {
            let lang = self.lang();
            let n = text::number::integer(ids.len() as i64, lang);
            let what = i18n::t(lang, kind.plural_key());
            let heading = i18n::tf_screen(
                lang,
                "page.related",
                &[("kind", what), ("field", words::field(lang, kind, field)), ("n", &n)],
            );
            self.lines.push(Line {
                key: format_smolstr!("related:{kind}:{field}-"),
                role: Role::Blank,
                label: String::new(),
                text: String::new(),
                target: None,
            });
            let list = super::list::within(kind, field, record.id().as_str()).map(Target::List);
            self.lines.push(Line {
                key: format_smolstr!("related:{kind}:{field}"),
                role: Role::Heading,
                label: heading,
                text: String::new(),
                target: list.clone(),
            });
            for id in ids.iter().take(RELATED_SHOWN) {
                let Some(record) = self.board.record(kind, id.as_str()) else {
                    continue;
                };
                let line = Line {
                    key: format_smolstr!("related:{kind}:{field}:{id}"),
                    role: Role::Link,
                    label: id.to_string(),
                    text: words::summary(&record, self.board, self.style),
                    target: Some(Target::Record(kind, id.clone())),
                };
                self.lines.push(line);
            }
            if ids.len() > RELATED_SHOWN {
                let text = i18n::tf_screen(lang, "page.all", &[("n", &n), ("kind", what)]);
                self.lines.push(Line {
                    key: format_smolstr!("related:{kind}:{field}+"),
                    role: Role::Link,
                    label: String::new(),
                    text,
                    target: list,
                });
            }
        }
    }
}
