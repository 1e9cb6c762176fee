//! A pseudo-terminal with a program in it: keys in, screen and raw bytes out, every wait with a deadline.
//!
//! It must not know the program.

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long something that must happen may take on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(20);

struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
}

/// A running program and its terminal.
pub struct Session {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    pub child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    deaf: Arc<AtomicBool>,
    full: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

/// The example of that name, as the sources are now: a single test target does not build examples by itself.
pub fn example(name: &str) -> String {
    static BUILT: Once = Once::new();
    let mut path: PathBuf = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    BUILT.call_once(|| {
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--examples"]);
        if path.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success(), "the examples do not build");
    });
    path.push("examples");
    path.push(name);
    path.to_str().unwrap().to_owned()
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Session {
    /// Starts a command as the leader of its own session on an 80×24 terminal.
    pub fn start(command: &[&str]) -> Self {
        Self::start_with(command, &[], (80, 24))
    }

    /// The same with variables of its environment set, on a terminal of that many columns and rows.
    pub fn start_with(command: &[&str], environment: &[(&str, &str)], (columns, rows): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(pty_size(columns, rows)).unwrap();
        let mut builder = CommandBuilder::new(command[0]);
        builder.args(&command[1..]);
        builder.env("TERM", "xterm-256color");
        builder.env("LC_ALL", "C.UTF-8");
        for variable in [
            "TMUX",
            "VTE_VERSION",
            "KONSOLE_VERSION",
            "SSH_CONNECTION",
            "SSH_TTY",
            "NO_COLOR",
            "RUST_BACKTRACE",
        ] {
            builder.env_remove(variable);
        }
        for (name, value) in environment {
            builder.env(name, value);
        }
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let parser = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        let seen = Arc::new((Mutex::new(Seen { parser, raw: vec![] }), Condvar::new()));
        let deaf = Arc::new(AtomicBool::new(false));
        let full = Arc::new(AtomicBool::new(false));
        let reader = std::thread::spawn({
            let (seen, deaf, full) = (Arc::clone(&seen), Arc::clone(&deaf), Arc::clone(&full));
            move || {
                let mut buffer = [0; 8192];
                while let Ok(count) = output.read(&mut buffer) {
                    if count == 0 || deaf.load(Ordering::SeqCst) {
                        return;
                    }
                    while full.load(Ordering::SeqCst) {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    let mut state = seen.0.lock().unwrap();
                    state.raw.extend_from_slice(&buffer[..count]);
                    state.parser.process(&buffer[..count]);
                    seen.1.notify_all();
                }
            }
        });
        Self {
            writer: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            child,
            seen,
            deaf,
            full,
            reader: Some(reader),
        }
    }

    /// Sends bytes as if typed.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(bytes.as_ref()).unwrap();
        writer.flush().unwrap();
    }

    fn state(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().unwrap()
    }

    /// Waits until the condition holds of screen and raw bytes; fails with what is on the screen.
    pub fn wait(&self, what: &str, holds: impl Fn(&vt100::Screen, &[u8]) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut state = self.state();
        while !holds(state.parser.screen(), &state.raw) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let tail = &state.raw[state.raw.len().saturating_sub(600)..];
                panic!(
                    "{what} did not happen; screen:\n{}\nraw: {:?}",
                    state.parser.screen().contents(),
                    String::from_utf8_lossy(tail)
                );
            }
            state = self.seen.1.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits for a text on the screen.
    pub fn wait_text(&self, text: &str) {
        self.wait(&format!("{text:?} on the screen"), |screen, _| {
            screen.contents().contains(text)
        });
    }

    /// Waits for bytes after a mark.
    pub fn wait_raw(&self, from: usize, bytes: &str) {
        self.wait(&format!("{bytes:?} sent"), |_, raw| {
            raw[from.min(raw.len())..]
                .windows(bytes.len())
                .any(|window| window == bytes.as_bytes())
        });
    }

    /// What is on the screen.
    pub fn contents(&self) -> String {
        self.state().parser.screen().contents()
    }

    /// Asks the screen.
    pub fn screen<T>(&self, ask: impl Fn(&vt100::Screen) -> T) -> T {
        ask(self.state().parser.screen())
    }

    /// Bytes received so far.
    pub fn mark(&self) -> usize {
        self.state().raw.len()
    }

    /// Everything received after a mark.
    pub fn since(&self, mark: usize) -> String {
        String::from_utf8_lossy(&self.state().raw[mark..]).into_owned()
    }

    /// The very bytes received after a mark.
    pub fn raw(&self, mark: usize) -> Vec<u8> {
        self.state().raw[mark..].to_vec()
    }

    /// Waits until nothing has come for longer than the least time between two frames.
    pub fn settle(&self) {
        let until = Instant::now() + DEADLINE;
        let mut last = self.mark();
        loop {
            std::thread::sleep(Duration::from_millis(150));
            let now = self.mark();
            if now == last {
                return;
            }
            assert!(Instant::now() < until, "it writes on and on");
            last = now;
        }
    }

    /// Gives the window another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.state()
            .parser
            .screen_mut()
            .set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        self.master.as_ref().unwrap().resize(pty_size(columns, rows)).unwrap();
    }

    /// Takes no more of the program's output, as a stopped viewer does.
    pub fn stop_reading(&self) {
        self.full.store(true, Ordering::SeqCst);
    }

    /// Closes the terminal as a dropped connection does: the other side is gone at once.
    ///
    /// Our own reader sits in a read that only output ends, so `key` has to be one that the program answers by drawing.
    pub fn hang_up(&mut self, key: &str) {
        self.deaf.store(true, Ordering::SeqCst);
        self.send(key);
        let reader = self.reader.take().unwrap();
        let until = Instant::now() + DEADLINE;
        while !reader.is_finished() {
            assert!(Instant::now() < until, "{key:?} draws nothing");
            std::thread::sleep(Duration::from_millis(1));
        }
        reader.join().unwrap();
        self.writer = None;
        self.master = None;
    }

    /// The process at the head of the session.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Waits for the end of the session's leader.
    pub fn end(&mut self) -> ExitStatus {
        self.end_within(DEADLINE)
    }

    /// Waits for the end of the session's leader for that long.
    pub fn end_within(&mut self, limit: Duration) -> ExitStatus {
        let until = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(
                Instant::now() < until,
                "still running after {limit:?}; screen:\n{}",
                self.contents()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.full.store(false, Ordering::SeqCst);
        // A failed test must not leave its program behind.
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The only child of a process, as soon as it is there.
pub fn child_of(pid: u32) -> u32 {
    let until = Instant::now() + DEADLINE;
    loop {
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        if let Some(child) = children.split_whitespace().next() {
            return child.parse().unwrap();
        }
        assert!(Instant::now() < until, "no child of {pid}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a process is no more, a zombie counting as gone.
pub fn gone_within(pid: u32, limit: Duration) {
    let until = Instant::now() + limit;
    while let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        if stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')) {
            return;
        }
        assert!(Instant::now() < until, "{pid} still runs after {limit:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Clock ticks of processor time a process has used, and the times its threads went to sleep.
pub fn effort(pid: u32) -> (u64, u64) {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split_whitespace().collect();
    let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    let mut sleeps = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
        let status = std::fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"));
        sleeps += line.unwrap().split_whitespace().last().unwrap().parse::<u64>().unwrap();
    }
    (ticks, sleeps)
}

/// Sends a signal to one process.
pub fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}
