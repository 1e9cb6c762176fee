//! The directory of kept states: one file a day for each source, named by the day.

use super::format::{self, Damaged};
use crate::board::Board;
use crate::clock::Day;
use crate::config::file;
use crate::contract::Change;
use crate::source::{Limits, Source};
use crate::text::calendar;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The end of a kept state's name.
const EXT: &str = "rasad";
/// No kept state is larger: a million initiatives take a tenth of it.
const MAX_BYTES: u64 = 1 << 30;

/// What names a source among the directories: nothing of its address can be read from it.
pub fn name_of(source: &Source) -> Option<String> {
    let said = match source {
        // The sample brings its own earlier states.
        Source::Sample => return None,
        // What is read from standard input has no place one could come back to.
        Source::File(path) if path.as_os_str() == crate::source::file::STDIN => return None,
        Source::File(path) => fs::canonicalize(path).ok()?.to_string_lossy().into_owned(),
        Source::Http(_) => source.to_string(),
    };
    // FNV-1a, twice with different beginnings: long enough that two sources of one user do not meet.
    let hash = |begin: u64| {
        said.bytes().fold(begin, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    Some(format!(
        "{:016x}{:016x}",
        hash(0xcbf2_9ce4_8422_2325),
        hash(0x9e37_79b9_7f4a_7c15)
    ))
}

/// The kept states of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    dir: PathBuf,
    days: u32,
    limits: Limits,
}

impl Store {
    /// The states of a source below a directory; those older than `days` are removed when a new one is kept. Nothing for a source
    /// that keeps none.
    pub fn new(below: &Path, source: &Source, days: u32, limits: Limits) -> Option<Self> {
        Some(Self {
            dir: below.join("states").join(name_of(source)?),
            days,
            limits,
        })
    }

    fn path(&self, day: Day) -> PathBuf {
        self.dir.join(format!("{day}.{EXT}"))
    }

    /// The days a state was kept on, newest first; none where there is no directory.
    pub fn days(&self) -> Vec<Day> {
        let names = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let day = |entry: fs::DirEntry| {
            let name = entry.file_name();
            let name = name.to_str()?.strip_suffix(EXT)?.strip_suffix('.')?;
            let day = calendar::parse_date(name).ok()?;
            // Only as this program writes it: another spelling of the same day is not its file.
            (day.to_string() == name).then_some(day)
        };
        let mut days: Vec<Day> = names.filter_map(day).collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days
    }

    /// The newest sound state not after a day: the day it was kept on, and what makes an empty board of it. A damaged one is
    /// passed over and named in the log.
    pub fn newest(&self, until: Day) -> Option<(Day, Vec<Change>)> {
        self.days()
            .into_iter()
            .filter(|day| *day <= until)
            .find_map(|day| match self.load(day) {
                Ok(changes) => Some((day, changes)),
                Err(damaged) => {
                    tracing::warn!("kept state of {day} not used: {damaged:?}");
                    None
                }
            })
    }

    /// The state of a day.
    ///
    /// # Errors
    /// What is wrong with it; a missing one cannot be read.
    pub fn load(&self, day: Day) -> Result<Vec<Change>, Damaged> {
        let file = fs::File::open(self.path(day)).map_err(|_| Damaged::Unreadable)?;
        let found = file.metadata().map_err(|_| Damaged::Unreadable)?;
        if found.len() > MAX_BYTES {
            return Err(Damaged::Unreadable);
        }
        format::decode(file, &self.limits)
    }

    /// True when a state of a day is there.
    pub fn has(&self, day: Day) -> bool {
        self.path(day).exists()
    }

    /// Keeps a board as the state of a day, over an earlier one of the same day; then forgets what is older than is kept. With `sync`
    /// the disk has it then.
    ///
    /// # Errors
    /// Whatever writing gives; what was kept before stays.
    pub fn keep(&self, day: Day, board: &Board, sync: bool) -> io::Result<()> {
        let (path, bytes) = (self.path(day), format::encode(board)?);
        if sync {
            file::replace(&path, &bytes, true)?;
        } else {
            file::leave(&path, &bytes)?;
        }
        let oldest = day.plus(-i32::try_from(self.days).unwrap_or(i32::MAX / 2));
        for old in self.days().into_iter().filter(|kept| *kept < oldest) {
            match fs::remove_file(self.path(old)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::board::fixture;
    use std::os::unix::fs::PermissionsExt as _;

    fn store(dir: &Path, days: u32) -> Store {
        let source = Source::named(dir.to_str().unwrap());
        Store::new(&dir.join("data"), &source, days, Limits::default()).unwrap()
    }

    fn day(text: &str) -> Day {
        calendar::parse_date(text).unwrap()
    }

    #[test]
    fn states_are_found_by_day_and_old_ones_are_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path(), 30);
        assert!(store.days().is_empty() && store.newest(day("2024-05-22")).is_none());
        for name in ["2024-04-01", "2024-05-01", "2024-05-09", "2024-05-22"] {
            store.keep(day(name), &fixture::board(), true).unwrap();
        }
        assert_eq!(store.days(), ["2024-05-22", "2024-05-09", "2024-05-01"].map(day));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&store.path(day("2024-05-09"))), mode(&store.dir)), (0o600, 0o700));
        let newest = |until| store.newest(day(until)).map(|(day, _)| day.to_string());
        assert_eq!(newest("2024-05-21").as_deref(), Some("2024-05-09"));
        assert_eq!(newest("2024-05-09").as_deref(), Some("2024-05-09"));
        assert_eq!(newest("2024-04-30"), None);
        // A damaged one is passed over; a stranger among them is not looked at.
        fs::write(store.path(day("2024-05-09")), "rasad-state").unwrap();
        fs::write(store.dir.join("2024-05-8.rasad"), "x").unwrap();
        assert_eq!(newest("2024-05-21").as_deref(), Some("2024-05-01"));
        assert_eq!(store.load(day("2024-05-09")).err(), Some(Damaged::Alien));
    }

    #[test]
    fn each_source_has_a_place_of_its_own_that_tells_nothing_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a.json"), dir.path().join("b.json"));
        fs::write(&a, "{}").unwrap();
        fs::write(&b, "{}").unwrap();
        let name = |path: &Path| name_of(&Source::File(path.to_owned())).unwrap();
        assert_ne!(name(&a), name(&b));
        // The same file by another way.
        assert_eq!(name(&a), name(&dir.path().join("./a.json")));
        assert_eq!(name_of(&Source::Sample), None);
        assert_eq!(name_of(&Source::named("-")), None);
        let http = name_of(&Source::named("https://user:secret@host/hq.json")).unwrap();
        assert!(http.chars().all(|c| c.is_ascii_hexdigit()), "{http}");
    }
}
