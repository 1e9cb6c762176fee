//! The real terminal behind the loop: frames on a taken terminal, signals, and how it all starts.

use super::detect::{self, Environment};
use super::frames::Frames;
use super::reader::{self, Reader};
use super::run::{Alarm, Ended, Program, Reports, Surface, Wires, run};
use super::terminal::{Terminal, panicked};
use super::tty::{Output, Tty};
use crate::text::profile::{Emission, Profile};
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use rustix::process::{Signal, kill_current_process_group};
use std::io::{self, Write};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{Receiver, channel};

/// How a program is shown.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// No colour is ever sent.
    pub no_color: bool,
    /// No other program is started, not even to ask the multiplexer.
    pub kiosk: bool,
    /// What is known of the terminal.
    pub environment: Environment,
}

/// The terminal in our hands, and what it shows.
struct Screen {
    // The frames' output comes first: it is to be gone when the terminal is given back.
    frames: Frames<Output>,
    terminal: Terminal,
    /// Begins to read once something is shown: until then a second thread would only make the system share what it hands out.
    reader: Option<Reader>,
}

impl Surface for Screen {
    fn size(&mut self) -> (u16, u16) {
        let size = self.terminal.tty().size();
        (size.width, size.height)
    }

    fn draw(&mut self, render: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        self.frames.draw(render)?;
        self.reader.take().map_or(Ok(()), Reader::start)
    }

    fn resize(&mut self, width: u16, height: u16) {
        let size = Size { width, height };
        if self.frames.size() != size {
            self.frames.resize(size);
        }
    }

    fn repaint(&mut self) {
        self.frames.repaint();
    }

    fn set_emission(&mut self, emission: Emission, bidi_was_on: Option<bool>) -> io::Result<()> {
        let bytes = self.terminal.set_emission(emission, bidi_was_on);
        self.send(&bytes)?;
        self.frames.set_emission(emission);
        if emission.profile == Profile::Explicit {
            // VTE keeps the flag with each line and takes it over when the screen is erased.
            self.frames.repaint();
        }
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.frames.get_mut().write_all(bytes)
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.terminal.release()?;
        // A session without job control cannot be stopped; then this is a repaint.
        let _ = kill_current_process_group(Signal::TSTP);
        self.terminal.retake()
    }

    fn retake(&mut self) -> io::Result<()> {
        self.terminal.retake()
    }

    fn is_ready(&self) -> bool {
        self.frames.get_ref().is_ready()
    }

    async fn ready(&mut self) -> io::Result<()> {
        self.frames.get_ref().ready().await
    }
}

/// Signals that end the loop, the one that continues it, and panics on other threads.
fn alarms() -> io::Result<Receiver<Alarm>> {
    let (sender, receiver) = channel(8);
    let ends = [SignalKind::hangup(), SignalKind::terminate(), SignalKind::interrupt()];
    let continued = SignalKind::from_raw(Signal::CONT.as_raw());
    for (kind, alarm) in ends
        .map(|kind| (kind, Alarm::End(Ended::Signal(kind.as_raw_value()))))
        .into_iter()
        .chain([(continued, Alarm::Continued)])
    {
        let mut signals = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if sender.send(alarm).await.is_err() {
                    return;
                }
            }
        });
    }
    tokio::spawn(async move {
        panicked().notified().await;
        // The loop that has ended already needs no telling.
        let _ = sender.send(Alarm::End(Ended::Panicked)).await;
    });
    Ok(receiver)
}

/// Tells of resized windows, as often as the loop has time for.
fn resizes() -> io::Result<Receiver<()>> {
    let (sender, receiver) = channel(1);
    let mut signals = signal(SignalKind::window_change())?;
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            // Full: the loop will ask for the size anyway.
            let _ = sender.try_send(());
        }
    });
    Ok(receiver)
}

/// Shows a program on the terminal until it ends. The terminal is given back in every case before this returns.
///
/// Errors: there is no terminal, or it failed.
pub fn start<P: Program>(program: &mut P, reports: Reports<P::Report>, options: &Options) -> io::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let tty = Arc::new(Tty::open()?);
        // Before the terminal is taken: from then on no signal may end us without giving it back.
        let (alarms, resizes) = (alarms()?, resizes()?);
        let guess = program.emission();
        let asks = options.environment.asks();
        // A guess that needs the terminal switched is put in force with the first frame.
        let switches = matches!(guess.profile, Profile::Explicit | Profile::Mlterm);
        let known = (!asks || switches).then_some(guess);
        let terminal = Terminal::enter(Arc::clone(&tty), known, asks && switches)?;
        let mut frames = Frames::new(Output::new(Arc::clone(&tty)), tty.size(), options.no_color);
        frames.set_emission(guess);
        let (reader, inputs) = reader::reader(tty);
        let mut screen = Screen {
            frames,
            terminal,
            reader: Some(reader),
        };
        let mut wires = Wires {
            alarms,
            inputs,
            resizes,
            reports,
            ask_tmux: if options.kiosk {
                detect::ask_nobody
            } else {
                detect::ask_tmux
            },
        };
        let ended = run(program, &mut screen, &options.environment, &mut wires).await;
        // A write may learn of the hang-up before the signal comes; that is the same end.
        match ended {
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => Ok(Ended::HungUp),
            ended => ended,
        }
    });
    // Threads that wait for a terminal that is gone must not keep the process.
    runtime.shutdown_background();
    ended
}
