//! What a terminal turned out to be the last time, so that the first frame is right at once instead of after its answer.
//!
//! A guess and nothing more: what a process is told of its terminal is ambiguous over ssh and stale in tmux, so the terminal is asked
//! at every start all the same, and its answer stands. Without a place to write nothing is remembered and nothing is lost.

use super::detect::Environment;
use crate::config::file;
use crate::text::profile::{Emission, Mux, Profile};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// The first line of the file; another one makes it a file of another version, which is not read.
const HEAD: &str = "rasad terminals 1";
/// Terminals remembered; the one seen longest ago gives way.
const MOST: usize = 64;
/// A file of that many terminals is shorter, in bytes; a longer one is not ours.
const MAX_BYTES: u64 = 8 * 1024;

/// The remembered answer for one kind of surroundings.
#[derive(Clone, Debug)]
pub struct Recall {
    path: Option<PathBuf>,
    key: u64,
}

impl Recall {
    /// The memory of this process's surroundings, in the user's cache directory; without a directory there is none.
    pub fn new(cache_dir: Option<&Path>, environment: &Environment) -> Self {
        let mut hasher = DefaultHasher::new();
        environment.surroundings.hash(&mut hasher);
        Self {
            path: cache_dir.map(|dir| dir.join("terminals")),
            key: hasher.finish(),
        }
    }

    /// What the terminal was the last time in these surroundings.
    pub fn recall(&self) -> Option<Emission> {
        let key = self.key;
        self.lines().into_iter().find(|line| line.0 == key).map(|line| line.1)
    }

    /// Remembers what it is. The disk may be slow: call it off the loop's thread.
    pub fn keep(&self, emission: Emission) {
        let Some(path) = &self.path else { return };
        let mut lines = self.lines();
        if lines.first() == Some(&(self.key, emission)) {
            return;
        }
        lines.retain(|line| line.0 != self.key);
        lines.insert(0, (self.key, emission));
        lines.truncate(MOST);
        let mut text = format!("{HEAD}\n");
        for (key, Emission { profile, marks, inside }) in lines {
            let marks = if marks { "marks" } else { "bare" };
            let inside = match inside {
                Mux::None => "",
                Mux::Tmux => " tmux",
                Mux::Screen => " screen",
            };
            text += &format!("{key:016x} {profile} {marks}{inside}\n");
        }
        if let Err(error) = file::leave(path, text.as_bytes()) {
            tracing::debug!("the terminal is not remembered: {error}");
        }
    }

    /// What is remembered, newest first; nothing of a file that is not whole.
    fn lines(&self) -> Vec<(u64, Emission)> {
        let read = |path: &PathBuf| {
            let size = std::fs::metadata(path).ok()?.len();
            (size <= MAX_BYTES).then(|| std::fs::read_to_string(path).ok())?
        };
        let text = self.path.as_ref().and_then(read).unwrap_or_default();
        let Some(rest) = text.strip_prefix(HEAD).and_then(|rest| rest.strip_prefix('\n')) else {
            return Vec::new();
        };
        let all: Option<Vec<_>> = rest.lines().map(parse).collect();
        all.unwrap_or_default()
    }
}

fn parse(line: &str) -> Option<(u64, Emission)> {
    let mut words = line.split(' ');
    let key = u64::from_str_radix(words.next()?, 16).ok()?;
    let profile: Profile = words.next()?.parse().ok()?;
    let marks = match words.next()? {
        "marks" => true,
        "bare" => false,
        _ => return None,
    };
    let inside = match words.next() {
        None => Mux::None,
        Some("tmux") => Mux::Tmux,
        Some("screen") => Mux::Screen,
        Some(_) => return None,
    };
    let emission = Emission { profile, marks, inside };
    words.next().is_none().then_some((key, emission))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn of(dir: &Path, surroundings: &str) -> Recall {
        let environment = Environment {
            surroundings: surroundings.to_owned(),
            ..Environment::default()
        };
        Recall::new(Some(dir), &environment)
    }

    const BARE: Emission = Emission {
        profile: Profile::Mlterm,
        marks: false,
        inside: Mux::Screen,
    };

    #[test]
    fn each_kind_of_surroundings_has_its_own_answer() {
        let dir = tempfile::tempdir().unwrap();
        let (office, home) = (
            of(dir.path(), "xterm-256color, 10.1.1.5"),
            of(dir.path(), "xterm-kitty"),
        );
        assert_eq!(office.recall(), None);
        office.keep(Profile::Fenced.into());
        home.keep(BARE);
        office.keep(Profile::Fenced.into());
        assert_eq!(office.recall(), Some(Profile::Fenced.into()));
        assert_eq!(home.recall(), Some(BARE));
        office.keep(Profile::Pinned.into());
        assert_eq!(office.recall(), Some(Profile::Pinned.into()));
    }

    #[test]
    fn the_file_stays_small_and_its_owners() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        for n in 0..MOST + 5 {
            of(dir.path(), &n.to_string()).keep(Profile::Kitty66.into());
        }
        let path = dir.path().join("terminals");
        let seen = std::fs::metadata(&path).unwrap();
        assert_eq!(seen.permissions().mode() & 0o777, 0o600);
        assert!(seen.len() <= MAX_BYTES);
        assert_eq!(of(dir.path(), "4").recall(), None);
        assert!(of(dir.path(), "5").recall().is_some());
    }

    #[test]
    fn a_broken_file_is_no_memory_and_a_missing_place_no_failure() {
        let dir = tempfile::tempdir().unwrap();
        let memory = of(dir.path(), "x");
        memory.keep(Profile::Pinned.into());
        let path = dir.path().join("terminals");
        let good = std::fs::read_to_string(&path).unwrap();
        for broken in [
            "",
            "rasad terminals 2\n",
            &good.replace("pinned", "pnined"),
            &good[..good.len() - 4],
            "\u{0}\u{1b}[",
        ] {
            std::fs::write(&path, broken).unwrap();
            assert_eq!(memory.recall(), None, "{broken:?}");
        }
        std::fs::write(&path, good.repeat(200)).unwrap();
        assert_eq!(memory.recall(), None);
        memory.keep(Profile::Pinned.into());
        assert_eq!(memory.recall(), Some(Profile::Pinned.into()));
        let nowhere = Recall::new(None, &Environment::default());
        nowhere.keep(Profile::Pinned.into());
        assert_eq!(nowhere.recall(), None);
    }
}
