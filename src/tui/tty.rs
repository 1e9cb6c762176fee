//! The terminal device: opening it, writing without ever being stuck, its size and its line discipline.
//!
//! It must not know what the bytes mean. The device is opened anew, so that its non-blocking flag is ours alone and a shell
//! that shares standard output never sees it.

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{self, OptionalActions, SpecialCodeIndex, Termios};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// The size assumed when the terminal says that it has none (some serial lines and test harnesses).
const FALLBACK: Size = Size { width: 80, height: 24 };

/// An open terminal.
#[derive(Debug)]
pub struct Tty {
    fd: OwnedFd,
    /// The terminal was given back: what is still unwritten of a frame must stay so.
    given_back: AtomicBool,
}

impl Tty {
    /// Opens the controlling terminal, else the terminal that standard input or output is.
    pub fn open() -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let standard = [rustix::stdio::stdin(), rustix::stdio::stdout()];
        let mut error = None;
        let mut opened = None;
        if !cfg!(target_os = "macos") {
            // There /dev/tty cannot be polled; the device under its own name can.
            match rustix::fs::open("/dev/tty", flags, Mode::empty()) {
                Ok(fd) => opened = Some(fd),
                Err(e) => error = Some(e),
            }
        }
        for fd in standard {
            if opened.is_none() && termios::isatty(fd) {
                let named =
                    termios::ttyname(fd, Vec::new()).and_then(|name| rustix::fs::open(name, flags, Mode::empty()));
                // Without a name (another mount namespace) the shared one must do, blocking as it is.
                opened = match named {
                    Ok(fd) => Some(fd),
                    Err(_) => rustix::io::fcntl_dupfd_cloexec(fd, 3).ok(),
                };
            }
        }
        match opened {
            Some(fd) => Ok(Self {
                fd,
                given_back: AtomicBool::new(false),
            }),
            None => Err(error.map_or_else(|| io::ErrorKind::NotConnected.into(), io::Error::from)),
        }
    }

    /// Columns and rows.
    pub fn size(&self) -> Size {
        match termios::tcgetwinsize(&self.fd) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size {
                width: size.ws_col,
                height: size.ws_row,
            },
            _ => FALLBACK,
        }
    }

    /// Reads what is there after waiting for it, without end or for that long; 0 is a hang-up, nothing is a time-out.
    pub fn read(&self, buffer: &mut [u8], wait: Option<Duration>) -> io::Result<Option<usize>> {
        let limit = wait.map(timespec);
        loop {
            if !self.wait(PollFlags::IN, limit.as_ref())? {
                return Ok(None);
            }
            match rustix::io::read(&self.fd, &mut *buffer) {
                Ok(count) => return Ok(Some(count)),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Waits until the device is ready or gone; false when the time ran out first.
    fn wait(&self, flags: PollFlags, limit: Option<&Timespec>) -> io::Result<bool> {
        loop {
            match poll(&mut [PollFd::new(&self.fd, flags)], limit) {
                Ok(ready) => return Ok(ready > 0),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether the terminal is ours to draw on.
    pub fn set_given_back(&self, given_back: bool) {
        self.given_back.store(given_back, Ordering::Release);
    }

    /// Writes what the terminal takes at once and returns its length.
    fn write_now(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut done = 0;
        while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
            match rustix::io::write(&self.fd, rest) {
                Ok(count) => done += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(done)
    }

    /// Writes everything, giving up when the terminal takes nothing for `stall`.
    pub fn write_all(&self, bytes: &[u8], stall: Option<Duration>) -> io::Result<()> {
        let limit = stall.map(timespec);
        let mut rest = bytes;
        loop {
            let done = self.write_now(rest)?;
            rest = rest.get(done..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(());
            }
            if !self.wait(PollFlags::OUT, limit.as_ref())? {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }

    /// Finishes a frame however long the terminal takes, unless the terminal is given back meanwhile.
    fn write_frame(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            self.wait(PollFlags::OUT, None)?;
            if self.given_back.load(Ordering::Acquire) {
                break;
            }
            let done = self.write_now(rest)?;
            rest = rest.get(done..).unwrap_or_default();
        }
        Ok(())
    }

    /// The line discipline as it is.
    pub fn attributes(&self) -> io::Result<Termios> {
        Ok(termios::tcgetattr(&self.fd)?)
    }

    /// Sets the line discipline at once: waiting for output to drain could wait for ever.
    pub fn set_attributes(&self, attributes: &Termios) -> io::Result<()> {
        Ok(termios::tcsetattr(&self.fd, OptionalActions::Now, attributes)?)
    }
}

/// The line discipline in which every byte comes as it was sent.
pub fn raw(before: &Termios) -> Termios {
    let mut raw = before.clone();
    raw.make_raw();
    raw.special_codes[SpecialCodeIndex::VMIN] = 1;
    raw.special_codes[SpecialCodeIndex::VTIME] = 0;
    raw
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}

/// Where frames go. The loop never waits for the terminal: what it does not take at once is finished by a thread, and until
/// then no other frame is begun, so a slow line skips frames instead of piling them up.
#[derive(Debug)]
pub struct Output {
    tty: Arc<Tty>,
    late: Arc<Late>,
    thread: Option<Sender<Vec<u8>>>,
}

#[derive(Debug, Default)]
struct Late {
    /// Pieces that the thread has not finished.
    pieces: AtomicUsize,
    error: Mutex<Option<io::Error>>,
    done: Notify,
}

impl Output {
    /// An output to that terminal.
    pub fn new(tty: Arc<Tty>) -> Self {
        Self {
            tty,
            late: Arc::default(),
            thread: None,
        }
    }

    /// Whether the terminal has taken everything so far.
    pub fn is_ready(&self) -> bool {
        self.late.pieces.load(Ordering::Acquire) == 0
    }

    /// Waits until the terminal has taken everything, or says that it never will.
    pub async fn ready(&self) -> io::Result<()> {
        while !self.is_ready() {
            self.late.done.notified().await;
        }
        match self.late.error.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn finish_later(&mut self, rest: Vec<u8>) -> io::Result<()> {
        let thread = match &self.thread {
            Some(thread) => thread,
            None => {
                let (sender, receiver) = channel::<Vec<u8>>();
                let (tty, late) = (Arc::clone(&self.tty), Arc::clone(&self.late));
                std::thread::Builder::new().name("output".into()).spawn(move || {
                    for rest in receiver {
                        if let Err(error) = tty.write_frame(&rest) {
                            *late.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        }
                        late.pieces.fetch_sub(1, Ordering::Release);
                        late.done.notify_one();
                    }
                })?;
                self.thread.insert(sender)
            }
        };
        self.late.pieces.fetch_add(1, Ordering::Release);
        thread.send(rest).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_ready() {
            let done = self.tty.write_now(bytes)?;
            if let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
                self.finish_later(rest.to_vec())?;
            }
        } else {
            self.finish_later(bytes.to_vec())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
