//! The loop: waits for whatever comes first, tells the program, draws when there is something to show.
//!
//! Generic over the terminal and the program, so that it is tested with neither. What matters is the order: a signal before a
//! key, a key before data, and no frame while keys are waiting. Nothing here awaits anything while a key is handled.

use super::alert;
use super::clipboard;
use super::detect::{self, Answers, Choice, Environment, Layer};
use super::input::{Input, Reply};
pub use super::reports::{ReportBell, Reports, report_bell};
use crate::board::arranged::{Job, Made};
use crate::text::profile::Emission;
use ratatui::buffer::Buffer;
use std::future::{Future, pending};
use std::io;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Sleep, sleep, timeout};

/// The least time between two frames that only data asked for: ten a second are as many as a person reads.
pub const DATA_PACE: Duration = Duration::from_millis(100);
/// Frames of data at the start that are not held back: what is read first is shown at once, and the rest behind it.
const OPENING: u32 = 3;
/// Inputs handled before a frame is drawn although more are waiting: an endless flood must not freeze the screen.
const FLOOD: u32 = 256;
/// How long the end waits for an answer that is under way, so that the shell does not get it as typing.
const LAST_ANSWER: Duration = Duration::from_millis(150);
/// How long the end waits for the terminal to take the last frame.
const LAST_FRAME: Duration = Duration::from_millis(300);

/// What the loop runs: state in, effects and pictures out; never waiting, never touching the terminal.
pub trait Program {
    /// What arrives besides input.
    type Report;
    /// A key, a paste or a change of focus.
    fn input(&mut self, input: Input) -> Vec<Effect>;
    /// News.
    fn report(&mut self, report: Self::Report) -> Vec<Effect>;
    /// A list that was made beside the keys.
    fn arranged(&mut self, made: Made) -> Vec<Effect>;
    /// The terminal was recognised, or was not; at most once.
    fn detected(&mut self, choice: Choice) -> Vec<Effect>;
    /// The first frame is on its way: what else there is to begin begins now, so that it does not keep that frame waiting.
    fn shown(&mut self);
    /// The screen has this many columns and rows from now on; also called before the first frame.
    fn resize(&mut self, width: u16, height: u16);
    /// The time of [`next_wakeup`](Self::next_wakeup) has come.
    fn wake(&mut self) -> Vec<Effect>;
    /// How long from now until something visible changes by itself.
    fn next_wakeup(&self) -> Option<Duration>;
    /// Draws everything into an empty buffer.
    fn draw(&mut self, buffer: &mut Buffer);
    /// How right-to-left cells are written.
    fn emission(&self) -> Emission;
}

/// What a program wants done outside of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ends the loop.
    Quit,
    /// Stops the process as Ctrl-Z does; it goes on at `fg`.
    Suspend,
    /// Writes the next frame whole: the screen was disturbed.
    Repaint,
    /// Puts this text on the clipboard.
    Copy(String),
    /// Writes right-to-left cells in this way from now on.
    SetEmission(Emission),
    /// Makes a list beside the keys.
    Arrange(Job),
    /// Tells of news beside the screen: the sentence, where the way of telling has room for one.
    Alert(crate::config::Alert, String),
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The program wanted it.
    Quit,
    /// The terminal is gone.
    HungUp,
    /// This signal came.
    Signal(i32),
    /// A panic on another thread took the terminal away.
    Panicked,
}

impl Ended {
    /// The exit code by convention: 128 and the signal's number, a hang-up counting as its signal.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Quit => 0,
            Self::HungUp => 129,
            Self::Signal(number) => 128 + (number & 0x7f) as u8,
            Self::Panicked => 101,
        }
    }
}

/// What goes before everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The loop has to end.
    End(Ended),
    /// The process was stopped and goes on.
    Continued,
}

/// The screen as the loop uses it.
pub trait Surface {
    /// Columns and rows.
    fn size(&mut self) -> (u16, u16);
    /// Draws a frame and sends its difference.
    fn draw(&mut self, render: impl FnOnce(&mut Buffer)) -> io::Result<()>;
    /// The screen has another size.
    fn resize(&mut self, width: u16, height: u16);
    /// The next frame is written whole.
    fn repaint(&mut self);
    /// Changes the way of writing; `bidi_was_on` is the terminal's own state before.
    fn set_emission(&mut self, emission: Emission, bidi_was_on: Option<bool>) -> io::Result<()>;
    /// Sends bytes that draw nothing.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Stops the process with the terminal given back, and takes it again when it goes on.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after the process was stopped from outside.
    fn retake(&mut self) -> io::Result<()>;
    /// Whether the last frame has been taken.
    fn is_ready(&self) -> bool;
    /// Waits until it has.
    fn ready(&mut self) -> impl Future<Output = io::Result<()>>;
}

/// Everything the loop listens to.
pub struct Wires<R> {
    /// Signals and the like.
    pub alarms: mpsc::Receiver<Alarm>,
    /// Keys, pastes, answers; closed when the terminal is gone.
    pub inputs: mpsc::Receiver<Input>,
    /// The window may have another size.
    pub resizes: mpsc::Receiver<()>,
    /// News for the program.
    pub reports: Reports<R>,
    /// Asks the local tmux for its outer terminal.
    pub ask_tmux: fn() -> oneshot::Receiver<Option<String>>,
}

type Timer = Option<Pin<Box<Sleep>>>;

/// Whether and how urgently a frame is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Dirty {
    No,
    Data,
    Now,
}

/// How far recognising the terminal is.
enum Detecting {
    Done,
    Asked(Pin<Box<Sleep>>),
    Tmux(oneshot::Receiver<Option<String>>),
}

struct Loop<'a, P: Program, S: Surface> {
    program: &'a mut P,
    surface: &'a mut S,
    environment: &'a Environment,
    answers: Answers,
    dirty: Dirty,
    ended: Option<Ended>,
    /// Where lists made beside the keys arrive.
    made: mpsc::UnboundedSender<Made>,
}

/// Runs the program until it ends; an error is the terminal's and ends it as well.
pub async fn run<P: Program, S: Surface>(
    program: &mut P,
    surface: &mut S,
    environment: &Environment,
    wires: &mut Wires<P::Report>,
) -> io::Result<Ended> {
    let (made, mut arrived) = mpsc::unbounded_channel();
    let mut it = Loop {
        program,
        surface,
        environment,
        answers: Answers::default(),
        dirty: Dirty::Now,
        ended: None,
        made,
    };
    it.resize();
    it.draw()?;
    let mut detecting = Detecting::Done;
    if environment.asks() {
        it.surface.send(detect::QUERY)?;
        detecting = Detecting::Asked(Box::pin(sleep(environment.wait())));
    }
    it.program.shown();
    let mut cooling: Timer = None;
    // Frames of data drawn without a pause; after the opening each has its own.
    let mut taken = 0;
    let mut handled = 0;
    while it.ended.is_none() {
        let paced = it.dirty == Dirty::Data;
        let quiet = wires.inputs.is_empty() || handled >= FLOOD;
        if it.dirty != Dirty::No && quiet && it.surface.is_ready() && !(paced && cooling.is_some()) {
            it.draw()?;
            handled = 0;
            if paced && taken < OPENING {
                taken += 1;
            } else if paced {
                // What the opening took beforehand is waited for now: never more than ten frames of data in a second.
                let owed = if taken == OPENING { OPENING + 1 } else { 1 };
                taken = u32::MAX;
                cooling = Some(Box::pin(sleep(DATA_PACE * owed)));
            }
        }
        let mut wakeup: Timer = match it.program.next_wakeup() {
            Some(after) if cooling.is_none() => Some(Box::pin(sleep(after))),
            _ => None,
        };
        let busy = !it.surface.is_ready();
        tokio::select! {
            biased;
            alarm = wires.alarms.recv() => it.alarm(alarm)?,
            input = wires.inputs.recv() => match input {
                None => it.ended = Some(Ended::HungUp),
                Some(Input::Ignored) => handled += 1,
                Some(Input::Reply(reply)) => {
                    handled += 1;
                    let last = it.answers.take(&reply) && reply == Reply::Da1;
                    if last && matches!(detecting, Detecting::Asked(_)) {
                        detecting = it.answered(wires.ask_tmux)?;
                    }
                }
                Some(input) => {
                    handled += 1;
                    it.dirty = Dirty::Now;
                    let effects = it.program.input(input);
                    it.apply(effects)?;
                }
            },
            Some(made) = arrived.recv() => {
                // Somebody waits for it: it is as urgent as the key that asked for it.
                it.dirty = Dirty::Now;
                let effects = it.program.arranged(made);
                it.apply(effects)?;
            },
            report = wires.reports.next() => if let Some(report) = report {
                it.dirty = it.dirty.max(Dirty::Data);
                let effects = it.program.report(report);
                it.apply(effects)?;
            },
            Some(()) = wires.resizes.recv() => it.repaint(),
            ready = it.surface.ready(), if busy => ready?,
            () = ring(&mut wakeup) => {
                it.dirty = it.dirty.max(Dirty::Data);
                let effects = it.program.wake();
                it.apply(effects)?;
            },
            () = ring(&mut cooling) => cooling = None,
            client = detection(&mut detecting) => {
                detecting = match client {
                    // Time is up; what was heard so far has to do.
                    None => it.answered(wires.ask_tmux)?,
                    Some(client) => {
                        it.answers.tmux_client = client;
                        it.choose()?;
                        Detecting::Done
                    }
                };
            },
        }
    }
    let ended = it.ended.unwrap_or(Ended::Quit);
    if ended == Ended::Quit {
        let _ = timeout(LAST_FRAME, it.surface.ready()).await;
        if environment.asks() && !it.answers.are_all() {
            let _ = timeout(LAST_ANSWER, swallow(&mut wires.inputs)).await;
        }
    }
    Ok(ended)
}

/// Waits for a timer, for ever if there is none.
async fn ring(timer: &mut Timer) {
    match timer {
        Some(timer) => timer.as_mut().await,
        None => pending().await,
    }
}

/// Waits for the end of the waiting for answers, or for tmux's.
async fn detection(detecting: &mut Detecting) -> Option<Option<String>> {
    match detecting {
        Detecting::Done => pending().await,
        Detecting::Asked(deadline) => {
            deadline.as_mut().await;
            None
        }
        Detecting::Tmux(client) => Some(client.await.ok().flatten()),
    }
}

/// Reads on until the last answer is there.
async fn swallow(inputs: &mut mpsc::Receiver<Input>) {
    while let Some(input) = inputs.recv().await {
        if input == Input::Reply(Reply::Da1) {
            return;
        }
    }
}

impl<P: Program, S: Surface> Loop<'_, P, S> {
    fn draw(&mut self) -> io::Result<()> {
        self.dirty = Dirty::No;
        let program = &mut *self.program;
        self.surface.draw(|buffer| program.draw(buffer))
    }

    fn resize(&mut self) {
        let (width, height) = self.surface.size();
        self.surface.resize(width, height);
        self.program.resize(width, height);
        self.dirty = Dirty::Now;
    }

    fn alarm(&mut self, alarm: Option<Alarm>) -> io::Result<()> {
        match alarm {
            Some(Alarm::End(ended)) => self.ended = Some(ended),
            Some(Alarm::Continued) => {
                self.surface.retake()?;
                self.repaint();
            }
            // Without ears for signals the loop would be deaf to the end of its session.
            None => self.ended = Some(Ended::HungUp),
        }
        Ok(())
    }

    /// Everything anew, at the size that the window has now: it may have changed and been reflowed meanwhile.
    fn repaint(&mut self) {
        self.resize();
        self.surface.repaint();
    }

    fn apply(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Quit => self.ended = Some(Ended::Quit),
                Effect::Suspend => {
                    self.surface.suspend()?;
                    self.repaint();
                }
                Effect::Repaint => self.repaint(),
                Effect::Copy(text) => {
                    if let Some(bytes) = clipboard::sequence(&text, self.layer()) {
                        self.surface.send(&bytes)?;
                    }
                }
                Effect::SetEmission(emission) => {
                    self.surface.set_emission(emission, self.bidi_was_on())?;
                    self.dirty = Dirty::Now;
                }
                Effect::Arrange(job) => self.arrange(job),
                Effect::Alert(way, said) => {
                    let bytes = alert::sequence(way, &said, self.layer());
                    self.surface.send(&bytes)?;
                }
            }
        }
        Ok(())
    }

    /// Makes a list on a thread of its own; where none is to be had the keys wait for it.
    fn arrange(&mut self, job: Job) {
        let (beside, made) = (job.clone(), self.made.clone());
        let make = move |job: &Job| {
            // Nobody waits for it any more when the loop has ended.
            if let Some(list) = job.run() {
                let _ = made.send(list);
            }
        };
        let here = make.clone();
        let thread = std::thread::Builder::new().name("list".into());
        if thread.spawn(move || make(&beside)).is_err() {
            here(&job);
        }
    }

    /// The multiplexer between here and the terminal, if there is one.
    fn layer(&self) -> Option<Layer> {
        self.answers.layer().or(self.environment.tmux.then_some(Layer::Tmux))
    }

    fn bidi_was_on(&self) -> Option<bool> {
        match self.answers.bdsm {
            Some(1) => Some(true),
            Some(2) => Some(false),
            _ => None,
        }
    }

    /// No more answers: chooses, or asks tmux first.
    fn answered(&mut self, ask_tmux: fn() -> oneshot::Receiver<Option<String>>) -> io::Result<Detecting> {
        if self.answers.needs_tmux(self.environment) {
            return Ok(Detecting::Tmux(ask_tmux()));
        }
        if self.answers.ask_outer() {
            self.surface.send(detect::QUERY_THROUGH_SCREEN)?;
            return Ok(Detecting::Asked(Box::pin(sleep(self.environment.wait()))));
        }
        self.choose()?;
        Ok(Detecting::Done)
    }

    fn choose(&mut self) -> io::Result<()> {
        let choice = detect::choose(&self.answers, self.environment);
        let effects = self.program.detected(choice);
        self.dirty = Dirty::Now;
        self.apply(effects)?;
        // Also when the program had guessed right: the terminal was told nothing before it was asked.
        self.surface.set_emission(self.program.emission(), self.bidi_was_on())
    }
}

#[cfg(test)]
mod tests;
