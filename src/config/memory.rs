//! What a user's lists look like, remembered from run to run: columns, order, pinned rows, saved views. One small file in the
//! state directory; it must not know boards or screens, and a name in it that nobody knows any more is left alone.

use super::error::ConfigError;
use super::file;
use crate::clock::Day;
use crate::text::calendar;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The version of the file. A file of a later one is not understood and not touched.
const VERSION: u32 = 1;
/// The file's name in the state directory.
pub const FILE: &str = "lists.toml";
/// The file's name for the days of the last visits.
pub const VISITS: &str = "visits";
/// Saved views kept for one list; nobody finds his way among more.
pub const MOST_VIEWS: usize = 50;

/// What is remembered of one list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListMemory {
    /// The columns in their order, by key; none means the usual ones.
    pub columns: Vec<String>,
    /// The columns it is ordered by, a minus before one that is turned round; none means the usual order.
    pub sort: Vec<String>,
    /// Whether all columns are shown.
    pub wide: Option<bool>,
    /// The last filter that was in force. It is offered, never applied unasked: rows must not be missing without a reason
    /// on screen.
    pub filter: String,
    /// Rows that stay at the top, by id.
    pub pinned: Vec<String>,
    /// Saved views, in the order they were saved.
    pub views: Vec<View>,
}

/// A saved view of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// What the user calls it.
    pub name: String,
    /// Its filter as typed, facets included.
    pub filter: String,
    /// Its columns, by key.
    pub columns: Vec<String>,
    /// Its order.
    pub sort: Vec<String>,
}

/// Everything remembered, by the name of the kind listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(BTreeMap<String, ListMemory>);

/// The file as it is written.
#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    #[serde(default)]
    list: BTreeMap<String, ListMemory>,
}

/// Why the file was not taken.
#[derive(Debug)]
pub enum Broken {
    /// It may not be trusted or cannot be read.
    Unreadable(Box<ConfigError>),
    /// It is not such a file, or one of another version: what the reader says.
    Damaged(String),
}

impl Memory {
    /// What is remembered of the list of a kind.
    pub fn list(&self, kind: &str) -> ListMemory {
        self.0.get(kind).cloned().unwrap_or_default()
    }

    /// Remembers a list; one that is as usual again is forgotten.
    pub fn set(&mut self, kind: &str, list: ListMemory) {
        if list == ListMemory::default() {
            self.0.remove(kind);
        } else {
            self.0.insert(kind.to_owned(), list);
        }
    }

    /// Reads the file; nothing is remembered where there is none.
    ///
    /// # Errors
    /// The file is there and cannot be taken; the caller says so and goes on without.
    pub fn read(path: &Path) -> Result<Self, Broken> {
        match file::read(path) {
            Ok(None) => Ok(Self::default()),
            Ok(Some(text)) => Self::parse(&text).map_err(Broken::Damaged),
            Err(error) => Err(Broken::Unreadable(error)),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let document: Document = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if document.version != VERSION {
            return Err(format!("version {}", document.version));
        }
        Ok(Self(document.list))
    }

    fn text(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&Document {
            version: VERSION,
            list: self.0.clone(),
        })
    }

    /// Writes one list into the file, beside what other sessions have written meanwhile: 0600, whole or not at all. A file that
    /// could not be read is set aside first, not lost.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn write(path: &Path, kind: &str, list: ListMemory) -> std::io::Result<()> {
        let mut memory = match Self::read(path) {
            Ok(memory) => memory,
            Err(_) => {
                std::fs::rename(path, aside(path))?;
                Self::default()
            }
        };
        memory.set(kind, list);
        let text = memory.text().map_err(std::io::Error::other)?;
        file::replace(path, text.as_bytes(), true)
    }
}

/// The day of the last visit before today: the file holds the two last days there was one, the later first. A file that holds
/// anything else says nothing.
pub fn last_visit(path: &Path, today: Day) -> Option<Day> {
    let text = file::read(path).ok()??;
    let days = text.lines().filter_map(|line| calendar::parse_date(line).ok());
    days.filter(|day| *day < today).max()
}

/// Notes a visit today; nothing is written when it is noted already.
///
/// # Errors
/// Whatever writing gives.
pub fn note_visit(path: &Path, today: Day) -> std::io::Result<()> {
    let before = last_visit(path, today);
    let text = match before {
        Some(before) => format!("{today}\n{before}\n"),
        None => format!("{today}\n"),
    };
    if matches!(file::read(path), Ok(Some(known)) if known == text) {
        return Ok(());
    }
    file::leave(path, text.as_bytes())
}

/// Where a file goes that cannot be read.
fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".broken");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn some() -> ListMemory {
        ListMemory {
            columns: vec!["id".into(), "agency".into()],
            sort: vec!["-days_overdue".into()],
            wide: Some(true),
            filter: "is:overdue «ادارهٔ کل»".into(),
            pinned: vec!["pl-005".into()],
            views: vec![View {
                name: "معوق‌های پیشران".into(),
                filter: "category=driver".into(),
                ..View::default()
            }],
        }
    }

    #[test]
    fn what_was_written_is_read_and_others_lists_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/er").join(FILE);
        assert_eq!(Memory::read(&path).unwrap(), Memory::default());
        Memory::write(&path, "plan", some()).unwrap();
        Memory::write(&path, "agency", ListMemory::default()).unwrap();
        let other = ListMemory {
            wide: Some(false),
            ..ListMemory::default()
        };
        Memory::write(&path, "agency", other.clone()).unwrap();
        let back = Memory::read(&path).unwrap();
        assert_eq!((back.list("plan"), back.list("agency")), (some(), other));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let names: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_broken_file_is_refused_and_set_aside_before_anything_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        for text in [
            "version = 1\nlist = 3",
            "version = 2",
            "",
            "\u{0}",
            "version = 1\n[list.plan]\nwide = \"yes\"",
        ] {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(Memory::read(&path), Err(Broken::Damaged(_))), "{text:?}");
            Memory::write(&path, "plan", some()).unwrap();
            assert_eq!(Memory::read(&path).unwrap().list("plan"), some());
            assert_eq!(
                std::fs::read_to_string(dir.path().join("lists.toml.broken")).unwrap(),
                text
            );
        }
        // A file others may write could make the program forget or show what they like.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(matches!(Memory::read(&path), Err(Broken::Unreadable(_))));
    }

    #[test]
    fn the_last_visit_is_the_last_day_before_today() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state").join(VISITS);
        let day = |text| calendar::parse_date(text).unwrap();
        assert_eq!(last_visit(&path, day("2024-05-22")), None);
        note_visit(&path, day("2024-05-20")).unwrap();
        assert_eq!(last_visit(&path, day("2024-05-20")), None, "today is no visit before");
        note_visit(&path, day("2024-05-22")).unwrap();
        note_visit(&path, day("2024-05-22")).unwrap();
        assert_eq!(last_visit(&path, day("2024-05-22")), Some(day("2024-05-20")));
        assert_eq!(last_visit(&path, day("2024-05-23")), Some(day("2024-05-22")));
        std::fs::write(&path, "yesterday").unwrap();
        assert_eq!(last_visit(&path, day("2024-05-23")), None);
    }

    #[test]
    fn a_field_of_a_later_program_is_no_mistake() {
        let read = Memory::parse("version = 1\n[list.plan]\nfilter = \"x\"\ncolour = \"red\"\n").unwrap();
        assert_eq!(read.list("plan").filter, "x");
    }
}
