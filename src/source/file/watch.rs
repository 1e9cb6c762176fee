//! When to look at a file again: events of the directories it is reached through, and looks at intervals where events are
//! not delivered. Knows nothing of what the file says.

use super::Stamp;
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecursiveMode, Watcher as _};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How changes of a file are noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatchMode {
    /// Events on a local file system, looks at intervals on a network one.
    #[default]
    Auto,
    /// Events, with a safety look now and then.
    Events,
    /// Looks at intervals only.
    Poll,
}

/// Time between safety looks where events are delivered: an event may be lost, a minute may not.
const SAFETY: Duration = Duration::from_secs(60);

/// Watches one file.
pub struct Watch {
    path: PathBuf,
    poll: Duration,
    mode: WatchMode,
    wake: Arc<dyn Fn() + Send + Sync>,
    events: Option<Events>,
}

/// Directories under watch, and what they were when watching began.
struct Events {
    directories: Vec<(PathBuf, Option<(u64, u64)>)>,
    // Dropping it ends the watch.
    _watcher: notify::RecommendedWatcher,
}

impl Watch {
    /// Watches a file, which need not exist yet; `wake` is called from another thread when it may have changed.
    pub fn new(path: &Path, mode: WatchMode, poll: Duration, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let mut watch = Self {
            path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
            poll,
            mode,
            wake: Arc::new(wake),
            events: None,
        };
        watch.look();
        watch
    }

    /// The longest the file may go without a look.
    pub fn interval(&self) -> Duration {
        match (&self.events, self.mode) {
            (Some(_), _) => SAFETY,
            // Events were asked for: the directory is not there, or there are no watches left.
            (None, _) => self.poll,
        }
    }

    /// To be called at every look: watches what the path leads through now.
    pub fn look(&mut self) {
        if self.mode == WatchMode::Poll || self.mode == WatchMode::Auto && is_remote(&self.path) {
            self.events = None;
            return;
        }
        let directories = directories_of(&self.path);
        if self
            .events
            .as_ref()
            .is_some_and(|events| events.directories == directories)
        {
            return;
        }
        self.events = self.watch(directories);
    }

    fn watch(&self, directories: Vec<(PathBuf, Option<(u64, u64)>)>) -> Option<Events> {
        let wake = Arc::clone(&self.wake);
        // A link may be repointed by renaming something else in its directory: then every name counts.
        let plain = std::fs::symlink_metadata(&self.path).is_ok_and(|found| found.is_file());
        let name: Option<OsString> = self.path.file_name().filter(|_| plain).map(Into::into);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let relevant = event.map_or(true, |event| {
                let names = |path: &PathBuf| name.is_none() || path.file_name() == name.as_deref();
                is_change(&event.kind) && (event.paths.is_empty() || event.paths.iter().any(names))
            });
            if relevant {
                wake();
            }
        })
        .ok()?;
        for (directory, _) in &directories {
            watcher.watch(directory, RecursiveMode::NonRecursive).ok()?;
        }
        Some(Events {
            directories,
            _watcher: watcher,
        })
    }
}

/// Reading a file makes events too: only what can change it counts.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

/// The directory of the path, and that of the file it leads to.
fn directories_of(path: &Path) -> Vec<(PathBuf, Option<(u64, u64)>)> {
    use std::os::unix::fs::MetadataExt as _;
    let mut out = Vec::new();
    for file in [Some(path.to_owned()), path.canonicalize().ok()].into_iter().flatten() {
        if let Some(directory) = file.parent() {
            let identity = std::fs::metadata(directory)
                .ok()
                .map(|found| (found.dev(), found.ino()));
            let entry = (directory.to_owned(), identity);
            if !out.iter().any(|(_, other)| *other == entry.1) {
                out.push(entry);
            }
        }
    }
    out
}

/// File systems whose changes may be made by another machine, so that no event tells of them (`statfs(2)`).
const REMOTE: [u32; 10] = [
    0x6969,      // NFS
    0x517B,      // SMB
    0xFF53_4D42, // CIFS
    0xFE53_4D42, // SMB2
    0x6573_5546, // FUSE
    0x0102_1997, // 9P
    0x00C3_6400, // Ceph
    0x5346_414F, // AFS
    0x7375_7245, // Coda
    0x786F_4256, // VirtualBox shared folders
];

fn is_remote(path: &Path) -> bool {
    let found = rustix::fs::statfs(path).or_else(|_| rustix::fs::statfs(path.parent().unwrap_or(path)));
    // The type is a number of 32 bits; some machines hold it in a signed one.
    found.is_ok_and(|found| REMOTE.contains(&(found.f_type as u32)))
}

/// Waits until a file stands still, so that a writer may finish: at least `still` without a change, at most `longest`.
pub fn settle(path: &Path, still: Duration, longest: Duration, stop: &dyn Fn() -> bool) -> Option<Stamp> {
    let mut waited = Duration::ZERO;
    let mut stamp = Stamp::of(path);
    while waited < longest && !stop() {
        std::thread::sleep(still);
        waited += still;
        let now = Stamp::of(path);
        if now == stamp {
            break;
        }
        stamp = now;
    }
    stamp
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn our_own_reading_is_no_change() {
        use notify::event::{CreateKind, DataChange, ModifyKind, RemoveKind, RenameMode};
        for quiet in [
            EventKind::Access(AccessKind::Open(AccessMode::Any)),
            EventKind::Access(AccessKind::Read),
            EventKind::Access(AccessKind::Close(AccessMode::Read)),
        ] {
            assert!(!is_change(&quiet), "{quiet:?}");
        }
        for change in [
            EventKind::Access(AccessKind::Close(AccessMode::Write)),
            EventKind::Modify(ModifyKind::Data(DataChange::Any)),
            EventKind::Modify(ModifyKind::Name(RenameMode::To)),
            EventKind::Create(CreateKind::File),
            EventKind::Remove(RemoveKind::File),
        ] {
            assert!(is_change(&change), "{change:?}");
        }
    }

    #[test]
    fn only_the_file_itself_wakes_and_reading_it_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("headquarters.json");
        std::fs::write(&path, "1").unwrap();
        let (woke, wakes) = channel();
        let watch = Watch::new(&path, WatchMode::Events, Duration::from_secs(1), move || {
            let _ = woke.send(());
        });
        assert_eq!(watch.interval(), SAFETY);
        for _ in 0..100 {
            std::fs::read(&path).unwrap();
            std::fs::write(dir.path().join("other.json"), "2").unwrap();
        }
        std::fs::write(&path, "3").unwrap();
        assert!(wakes.recv_timeout(Duration::from_secs(20)).is_ok());
        // Its end is the end of the channel: a write is a few events, a hundred readings would be hundreds.
        drop(watch);
        let more = wakes.iter().count();
        assert!(more < 10, "{more} wake-ups more");
    }

    #[test]
    fn polling_looks_at_the_interval_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let poll = Duration::from_secs(7);
        let interval = |path: &Path, mode| Watch::new(path, mode, poll, || ()).interval();
        let path = dir.path().join("a.json");
        assert_eq!(interval(&path, WatchMode::Poll), poll);
        assert_eq!(interval(&path, WatchMode::Events), SAFETY);
        // Without the directory there is nothing to watch: the file is looked for.
        assert_eq!(interval(&dir.path().join("none/a.json"), WatchMode::Events), poll);
    }

    #[test]
    fn a_file_that_is_being_written_is_waited_for_but_not_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        std::fs::write(&path, "x").unwrap();
        let (still, longest) = (Duration::from_millis(1), Duration::from_millis(50));
        assert_eq!(settle(&path, still, longest, &|| false), Stamp::of(&path));
        let looks = std::cell::Cell::new(0u64);
        // Every question whether to stop writes a byte more.
        let writing = || {
            looks.set(looks.get() + 1);
            std::fs::write(&path, vec![b'x'; looks.get() as usize + 1]).unwrap();
            false
        };
        settle(&path, still, longest, &writing);
        assert_eq!(looks.get(), 50, "it looks until the longest wait is over");
    }
}
