//! What can be wrong with data, where it stands, and how it is said.

use super::{Fault, Kind, Path};
use crate::i18n;
use crate::text::Lang;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::borrow::Cow;

/// How much a problem cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Worth knowing; nothing was changed or left out.
    Note,
    /// The value was mended on reading.
    Changed,
    /// The record was left out.
    Skipped,
    /// The document cannot be read at all.
    Fatal,
}

impl Level {
    /// The word used in `check --format json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Changed => "changed",
            Self::Skipped => "skipped",
            Self::Fatal => "fatal",
        }
    }

    /// The catalogue key of the level's name.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Note => "check.level.note",
            Self::Changed => "check.level.changed",
            Self::Skipped => "check.level.skipped",
            Self::Fatal => "check.level.fatal",
        }
    }
}

impl std::fmt::Display for Place {
    /// Line and column where they are known, then the path.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.to_string();
        match (self.line, self.column) {
            (Some(line), Some(column)) if path.is_empty() => write!(f, "{line}:{column}"),
            (Some(line), Some(column)) => write!(f, "{line}:{column} {path}"),
            _ => f.write_str(&path),
        }
    }
}

/// Where a problem stands. Lines and columns count from 1; a column counts characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path inside the document or inside the line.
    pub path: Path,
    /// Line of the input, when it is text with lines.
    pub line: Option<u64>,
    /// Column of that line.
    pub column: Option<u64>,
}

/// What is wrong, as data: the sentence is made when it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// The input has no bytes at all.
    Empty,
    /// The path names a directory.
    Directory,
    /// Neither a regular file nor standard input: a pipe, a socket, a device.
    NotAFile,
    /// There is no such file.
    NotFound,
    /// The file may not be read by this user.
    Permission,
    /// Reading failed; the operating system's own words.
    Io(SmolStr),
    /// Not an address of a document; why.
    BadAddress(SmolStr),
    /// An address with a user name or a password in it.
    SecretInAddress,
    /// Plain HTTP to another machine.
    Insecure,
    /// The server cannot be reached, or the transfer broke off; why.
    Unreachable(SmolStr),
    /// The server answers with a status that brings no document.
    Status(u16),
    /// Something is wrong between us and a server; that is of the moment, and not written down.
    #[serde(skip)]
    Link(Fault),
    /// Bytes that are not UTF-8, at this byte offset.
    NotUtf8(u64),
    /// Not JSON; the parser's reason.
    NotJson(SmolStr),
    /// The input ends in the middle.
    CutOff,
    /// Nested deeper than this many levels.
    TooDeep(usize),
    /// Longer than the limit, in bytes; the setting that raises it.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
        /// The configuration key of the limit.
        setting: Cow<'static, str>,
    },
    /// The compressed stream is broken.
    BadCompression(SmolStr),
    /// The document's top is not an object.
    NotADocument,
    /// No `rasad` member: not a document of this contract.
    NoVersion,
    /// A contract version this program does not read.
    WrongVersion(SmolStr),
    /// The document has no readable headquarters.
    NoHeadquarters,
    /// A required field is missing.
    Missing(SmolStr),
    /// The value has another type than the field wants.
    WrongType {
        /// The catalogue key of the wanted type: `type.text`, `type.date` …
        wanted: Cow<'static, str>,
        /// The value found, shortened and cleaned.
        found: SmolStr,
    },
    /// No such day in either calendar.
    ImpossibleDate(SmolStr),
    /// An id outside `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
    BadId(SmolStr),
    /// A feed line names one id and its record another: the line's, the record's.
    OtherId(SmolStr, SmolStr),
    /// Control, bidi or other forbidden characters were replaced.
    CleanedText(usize),
    /// Text longer than allowed was cut at this many characters.
    CutText(usize),
    /// A field this version does not know.
    UnknownField(SmolStr),
    /// A top-level member this version does not know.
    UnknownMember(SmolStr),
    /// A value outside an open list's known values.
    UnknownValue(SmolStr),
    /// The same field twice in one object; the last one counts.
    DuplicateField(SmolStr),
    /// The second record of that id; the first one counts.
    DuplicateId(Kind, SmolStr),
    /// The second part of that id in a list of a record; the first one counts.
    DuplicatePart(SmolStr),
    /// A reference to a record that does not exist.
    Dangling(Kind, SmolStr),
    /// A reference to something that is no record of one kind: a county, or an agency or enterprise.
    DanglingName {
        /// The catalogue key of what it should be.
        name: Cow<'static, str>,
        /// The id that leads nowhere.
        id: SmolStr,
    },
    /// A figure outside its range; kept as it stands.
    OutOfRange {
        /// The figure found.
        found: SmolStr,
        /// The range, as it is written.
        range: Cow<'static, str>,
    },
    /// A feed line of a kind this version does not know.
    UnknownKind(SmolStr),
    /// A feed line with an operation other than put and del.
    UnknownOperation(SmolStr),
}

/// One thing wrong with a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What it cost.
    pub level: Level,
    /// Where.
    pub place: Place,
    /// What.
    pub what: What,
    /// The record it belongs to, when it is known.
    pub record: Option<(Kind, SmolStr)>,
}

/// The parser's reason in a language; a reason without a translation stays as the parser gave it.
fn json_reason(lang: Lang, why: &str) -> &str {
    let key = match why {
        "expected value" => "json.expected-value",
        "expected `,` or `}`" => "json.expected-comma-or-brace",
        "expected `,` or `]`" => "json.expected-comma-or-bracket",
        "expected `:`" => "json.expected-colon",
        "key must be a string" => "json.key",
        "trailing comma" => "json.trailing-comma",
        "trailing characters" => "json.trailing",
        "invalid escape" => "json.escape",
        "invalid number" => "json.number",
        "expected ident" => "json.word",
        other if other.starts_with("control character") => "json.control",
        other => return other,
    };
    i18n::t(lang, key)
}

impl Problem {
    /// A problem without a place inside the input.
    pub fn fatal(what: What) -> Self {
        Self {
            level: Level::Fatal,
            place: Place::default(),
            what,
            record: None,
        }
    }

    /// The sentence in a language: what happened and what to do, without the place.
    pub fn sentence(&self, lang: Lang) -> String {
        let say = |key: &str, args: &[(&str, &str)]| i18n::tf(lang, key, args);
        match &self.what {
            What::Empty => say("problem.empty", &[]),
            What::Directory => say("problem.directory", &[]),
            What::NotAFile => say("problem.not-a-file", &[]),
            What::NotFound => say("problem.not-found", &[]),
            What::Permission => say("problem.permission", &[]),
            What::Io(why) => say("problem.io", &[("why", why)]),
            What::BadAddress(why) => say("problem.bad-address", &[("why", why)]),
            What::SecretInAddress => say("problem.secret-in-address", &[]),
            What::Insecure => say("problem.insecure", &[]),
            What::Unreachable(why) => say("problem.unreachable", &[("why", why)]),
            What::Status(status) => say("problem.status", &[("status", &status.to_string())]),
            What::Link(fault) => fault.sentence(lang),
            What::NotUtf8(at) => say("problem.not-utf8", &[("offset", &at.to_string())]),
            What::NotJson(why) => say("problem.not-json", &[("why", json_reason(lang, why))]),
            What::CutOff => say("problem.cut-off", &[]),
            What::TooDeep(depth) => say("problem.too-deep", &[("depth", &depth.to_string())]),
            What::TooLarge { limit, setting } => say(
                "problem.too-large",
                &[("limit", &limit.to_string()), ("setting", setting)],
            ),
            What::BadCompression(why) => say("problem.bad-compression", &[("why", why)]),
            What::NotADocument => say("problem.not-a-document", &[]),
            What::NoVersion => say("problem.no-version", &[]),
            What::WrongVersion(found) => say("problem.wrong-version", &[("found", found)]),
            What::NoHeadquarters => say("problem.no-headquarters", &[]),
            What::Missing(field) => say("problem.missing", &[("field", field)]),
            What::WrongType { wanted, found } => say(
                "problem.wrong-type",
                &[("wanted", i18n::t_of(lang, wanted)), ("found", found)],
            ),
            What::ImpossibleDate(found) => say("problem.impossible-date", &[("found", found)]),
            What::BadId(found) => say("problem.bad-id", &[("found", found)]),
            What::OtherId(line, record) => say("problem.other-id", &[("line", line), ("record", record)]),
            What::CleanedText(count) => say("problem.cleaned-text", &[("n", &count.to_string())]),
            What::CutText(limit) => say("problem.cut-text", &[("limit", &limit.to_string())]),
            What::UnknownField(field) => say("problem.unknown-field", &[("field", field)]),
            What::UnknownMember(field) => say("problem.unknown-member", &[("field", field)]),
            What::UnknownValue(value) => say("problem.unknown-value", &[("value", value)]),
            What::DuplicateField(field) => say("problem.duplicate-field", &[("field", field)]),
            What::DuplicateId(kind, id) => say(
                "problem.duplicate-id",
                &[("kind", i18n::t(lang, kind.name_key())), ("id", id)],
            ),
            What::DuplicatePart(id) => say("problem.duplicate-part", &[("id", id)]),
            What::Dangling(kind, id) => say(
                "problem.dangling",
                &[("kind", i18n::t(lang, kind.name_key())), ("id", id)],
            ),
            What::DanglingName { name, id } => say("problem.dangling", &[("kind", i18n::t_of(lang, name)), ("id", id)]),
            What::OutOfRange { found, range } => say("problem.out-of-range", &[("found", found), ("range", range)]),
            What::UnknownKind(kind) => say("problem.unknown-kind", &[("kind", kind)]),
            What::UnknownOperation(op) => say("problem.unknown-operation", &[("op", op)]),
        }
    }

    /// The problem's own name in `check --format json`: a slug that does not change with the language.
    pub fn slug(&self) -> &'static str {
        match &self.what {
            What::Empty => "empty",
            What::Directory => "directory",
            What::NotAFile => "not-a-file",
            What::NotFound => "not-found",
            What::Permission => "permission",
            What::Io(_) => "io",
            What::BadAddress(_) => "bad-address",
            What::SecretInAddress => "secret-in-address",
            What::Insecure => "insecure",
            What::Unreachable(_) => "unreachable",
            What::Status(_) => "status",
            What::Link(fault) => fault.slug(),
            What::NotUtf8(_) => "not-utf8",
            What::NotJson(_) => "not-json",
            What::CutOff => "cut-off",
            What::TooDeep(_) => "too-deep",
            What::TooLarge { .. } => "too-large",
            What::BadCompression(_) => "bad-compression",
            What::NotADocument => "not-a-document",
            What::NoVersion => "no-version",
            What::WrongVersion(_) => "wrong-version",
            What::NoHeadquarters => "no-headquarters",
            What::Missing(_) => "missing",
            What::WrongType { .. } => "wrong-type",
            What::ImpossibleDate(_) => "impossible-date",
            What::BadId(_) => "bad-id",
            What::OtherId(..) => "other-id",
            What::CleanedText(_) => "cleaned-text",
            What::CutText(_) => "cut-text",
            What::UnknownField(_) => "unknown-field",
            What::UnknownMember(_) => "unknown-member",
            What::UnknownValue(_) => "unknown-value",
            What::DuplicateField(_) => "duplicate-field",
            What::DuplicateId(..) | What::DuplicatePart(_) => "duplicate-id",
            What::Dangling(..) | What::DanglingName { .. } => "dangling",
            What::OutOfRange { .. } => "out-of-range",
            What::UnknownKind(_) => "unknown-kind",
            What::UnknownOperation(_) => "unknown-operation",
        }
    }
}
