//! Which terminal this is, as far as writing Persian goes: one bounded question, and the pure choice from its answers.
//!
//! Environment variables survive neither ssh nor sudo and go stale in tmux, so the terminal itself is asked, in-band, once,
//! after the first frame. [`choose`] must know neither a clock nor a file: everything it weighs comes in as values.

use super::input::Reply;
use crate::text::profile::Profile;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::sync::oneshot;

/// The one question: state of bidirectional support (ANSI mode 8), name, secondary and primary attributes. Every terminal
/// answers the last, so its answer is the end.
pub const QUERY: &[u8] = b"\x1b[8$p\x1b[>q\x1b[>c\x1b[c";

/// How long answers are waited for; later ones are swallowed.
pub const WAIT: Duration = Duration::from_secs(1);
/// The same over ssh.
pub const WAIT_REMOTE: Duration = Duration::from_secs(2);
/// How long the local tmux may take to name its outer terminal.
const TMUX_WAIT: Duration = Duration::from_millis(500);

/// What the terminal said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// State of ANSI mode 8: 1 and 2 mean that it is implemented.
    pub bdsm: Option<u32>,
    /// Name and version.
    pub name: Option<String>,
    /// Secondary device attributes.
    pub da2: Option<Vec<u32>>,
    /// The end came: nothing more will.
    pub complete: bool,
    /// What the local tmux knows of the outer terminal: `#{client_termtype}|#{client_termname}`.
    pub tmux_client: Option<String>,
}

impl Answers {
    /// Takes one answer; true when it was the last.
    pub fn take(&mut self, reply: &Reply) -> bool {
        match reply {
            Reply::Da1 => self.complete = true,
            Reply::Da2(values) => self.da2 = Some(values.clone()),
            Reply::XtVersion(name) => self.name = Some(name.clone()),
            Reply::Decrqm {
                mode: 8,
                value,
                private: false,
            } => self.bdsm = Some(*value),
            Reply::Decrqm { .. } | Reply::Other => {}
        }
        self.complete
    }

    /// The multiplexer that answered instead of the terminal, if one did.
    pub fn layer(&self) -> Option<Layer> {
        let first = self.da2.as_ref().and_then(|values| values.first()).copied();
        let tmux = self.name.as_deref().is_some_and(|name| name.starts_with("tmux"));
        match first {
            _ if tmux => Some(Layer::Tmux),
            Some(84) => Some(Layer::Tmux),
            Some(83) => Some(Layer::Screen),
            _ => None,
        }
    }

    /// Whether the local tmux has to be asked as well.
    pub fn needs_tmux(&self, environment: &Environment) -> bool {
        environment.tmux
            && self.layer() == Some(Layer::Tmux)
            && environment.configured.is_none()
            && !environment.is_linux_console()
    }
}

/// A terminal multiplexer in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

/// What is known without asking the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// The profile set by the user (configuration or `RASAD_BIDI`): nothing is asked then.
    pub configured: Option<Profile>,
    /// `TERM`.
    pub term: String,
    /// Inside a local tmux (`TMUX`).
    pub tmux: bool,
    /// Over ssh: answers take longer.
    pub ssh: bool,
    /// `VTE_VERSION` is set; only the last hint.
    pub vte: bool,
    /// `KONSOLE_VERSION` is set; only the last hint.
    pub konsole: bool,
}

impl Environment {
    /// Reads the variables of this process; the profile set by the user comes from the configuration.
    pub fn of_process(configured: Option<Profile>) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            configured,
            term: std::env::var("TERM").unwrap_or_default(),
            tmux: set("TMUX"),
            ssh: set("SSH_CONNECTION") || set("SSH_TTY"),
            vte: set("VTE_VERSION"),
            konsole: set("KONSOLE_VERSION"),
        }
    }

    /// Whether the terminal is worth asking: not when the user said it, nor on a console without Persian letters.
    pub fn asks(&self) -> bool {
        self.configured.is_none() && !self.is_linux_console()
    }

    /// How long answers are waited for.
    pub fn wait(&self) -> Duration {
        if self.ssh { WAIT_REMOTE } else { WAIT }
    }

    fn is_linux_console(&self) -> bool {
        self.term == "linux"
    }
}

/// A profile, why it was chosen, and what the user could do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// How right-to-left cells are written.
    pub profile: Profile,
    /// What decided.
    pub why: Why,
    /// What the user can do about a terminal that stays wrong.
    pub hint: Option<Hint>,
}

/// What decided for a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The user said so.
    Configured,
    /// The Linux console has no Persian letters.
    LinuxConsole,
    /// The terminal implements ANSI mode 8.
    Bdsm,
    /// The terminal's name.
    Name,
    /// The terminal's secondary attributes.
    Attributes,
    /// The outer terminal, as the local tmux names it.
    TmuxClient,
    /// A multiplexer; its outer terminal is only guessed.
    Multiplexer,
    /// The terminal answered nothing that is known.
    Unknown,
    /// The terminal did not answer in time.
    Silent,
}

/// What the user can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Use the English interface: the terminal has no Persian letters.
    English,
    /// kitty: set `force_ltr yes`.
    KittyForceLtr,
    /// PuTTY, if it still looks wrong: switch its bidirectional text display off.
    PuttyDisableBidi,
    /// Run outside the multiplexer: its outer terminal needs bytes that it swallows.
    LeaveMultiplexer,
    /// Compare the sample lines of `rasad doctor`: this terminal's ways are not known.
    Doctor,
}

/// Chooses the profile. The order of the questions is the order of their reliability.
pub fn choose(answers: &Answers, environment: &Environment) -> Choice {
    let choice = |profile, why, hint| Choice { profile, why, hint };
    if let Some(profile) = environment.configured {
        return choice(profile, Why::Configured, None);
    }
    if environment.is_linux_console() {
        return choice(Profile::Plain, Why::LinuxConsole, Some(Hint::English));
    }
    if matches!(answers.bdsm, Some(1 | 2)) {
        return choice(Profile::Explicit, Why::Bdsm, None);
    }
    if let Some(layer) = answers.layer() {
        if layer == Layer::Tmux
            && environment.tmux
            && let Some((profile, hint)) = answers.tmux_client.as_deref().and_then(tmux_client)
        {
            return choice(profile, Why::TmuxClient, hint);
        }
        let guessed = environment.vte || environment.konsole;
        return choice(Profile::Pinned, Why::Multiplexer, (!guessed).then_some(Hint::Doctor));
    }
    if let Some((profile, hint)) = answers.name.as_deref().and_then(named) {
        return choice(profile, Why::Name, hint);
    }
    if let Some((profile, hint)) = answers.da2.as_deref().and_then(attributes) {
        return choice(profile, Why::Attributes, hint);
    }
    let heard = answers.complete || answers.name.is_some() || answers.da2.is_some() || answers.bdsm.is_some();
    let why = if heard { Why::Unknown } else { Why::Silent };
    if environment.vte || environment.konsole {
        // Right in both even if the variable is stale, and harmless in most others.
        return choice(Profile::Pinned, why, None);
    }
    choice(Profile::Plain, why, Some(Hint::Doctor))
}

/// By the name that the terminal gives itself.
fn named(name: &str) -> Option<(Profile, Option<Hint>)> {
    let lower = name.to_ascii_lowercase();
    let version = version(&lower);
    Some(match () {
        () if lower.starts_with("konsole") && version >= (22, 8) => (Profile::Pinned, None),
        () if lower.starts_with("konsole") => (Profile::Sgr, None),
        () if lower.starts_with("kitty") && version >= (0, 40) => (Profile::Kitty66, None),
        () if lower.starts_with("kitty") => (Profile::Plain, Some(Hint::KittyForceLtr)),
        () if ["xterm(", "foot", "wezterm", "ghostty", "terminology"]
            .iter()
            .any(|known| lower.starts_with(known)) =>
        {
            (Profile::Plain, None)
        }
        () => return None,
    })
}

/// The first two numbers in a name: `kitty(0.41.1)` is (0, 41).
fn version(name: &str) -> (u32, u32) {
    let mut numbers = name
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .find(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or_default()
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// By the secondary attributes: kind and version.
fn attributes(values: &[u32]) -> Option<(Profile, Option<Hint>)> {
    let kind = values.first().copied()?;
    let version = values.get(1).copied().unwrap_or(0);
    Some(match (kind, version) {
        (1, 115) | (0, 276) => (Profile::Pinned, None),
        (0, 115) => (Profile::Sgr, None),
        (0, 136) => (Profile::Fenced, Some(Hint::PuttyDisableBidi)),
        (24, 279) => (Profile::Mlterm, None),
        // terminology calls itself 61 as well, with a version below 1000.
        (61 | 65, 5_000..=99_999) => (Profile::Explicit, None),
        // xterm, alacritty, foot, urxvt, zutty, terminology.
        (41, _) | (0, 1_000..=99_999) | (1, 12_000..=12_999) | (85, 95) | (64, 0) | (61, 0..=999) => {
            (Profile::Plain, None)
        }
        _ => return None,
    })
}

/// By what tmux knows of its client: `termtype|termname`, the first being the outer terminal's own name.
fn tmux_client(client: &str) -> Option<(Profile, Option<Hint>)> {
    let client = client.trim();
    let (kind, term) = client.split_once('|').unwrap_or((client, ""));
    let (kind, term) = (kind.to_ascii_lowercase(), term.to_ascii_lowercase());
    let term = term
        .strip_prefix("xterm-")
        .filter(|rest| *rest == "kitty")
        .unwrap_or(&term);
    let begins = |names: &[&str]| {
        names
            .iter()
            .any(|name| kind.starts_with(name) || term.starts_with(name))
    };
    Some(match () {
        // Every second terminal calls itself xterm in TERM: only the answer counts here.
        () if kind.starts_with("xterm(") => (Profile::Plain, None),
        () if begins(&["foot", "alacritty", "rxvt", "st-", "st(", "stterm"]) || kind == "st" || term == "st" => {
            (Profile::Plain, None)
        }
        () if begins(&["putty"]) => (Profile::Fenced, Some(Hint::PuttyDisableBidi)),
        () if begins(&["kitty"]) => (Profile::Plain, Some(Hint::KittyForceLtr)),
        () if begins(&["qterminal", "mlterm"]) => (Profile::Plain, Some(Hint::LeaveMultiplexer)),
        () if begins(&["konsole", "vte"]) => (Profile::Pinned, None),
        () => return None,
    })
}

/// Asks nobody: the answer is none, at once.
pub fn ask_nobody() -> oneshot::Receiver<Option<String>> {
    oneshot::channel().1
}

/// Asks the local tmux for its client's name, on a thread of its own and for a bounded time.
pub fn ask_tmux() -> oneshot::Receiver<Option<String>> {
    ask(Command::new("tmux").args(["display", "-p", "#{client_termtype}|#{client_termname}"]))
}

fn ask(command: &mut Command) -> oneshot::Receiver<Option<String>> {
    let (answer, receiver) = oneshot::channel();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut child) = child {
        // The receiver is gone when nobody cares any more; a refused thread leaves it closed, which reads as no answer.
        let _ = std::thread::Builder::new().name("tmux".into()).spawn(move || {
            let mut output = child.stdout.take();
            let (done, bounded) = std::sync::mpsc::channel();
            let _ = std::thread::Builder::new().name("tmux-out".into()).spawn(move || {
                let mut text = Vec::new();
                if let Some(output) = output.as_mut() {
                    let _ = output.take(4096).read_to_end(&mut text);
                }
                let _ = done.send(text);
            });
            let text = bounded.recv_timeout(TMUX_WAIT).ok();
            let _ = child.kill();
            let _ = child.wait();
            let text = text.map(|text| String::from_utf8_lossy(&text).trim().to_owned());
            let _ = answer.send(text.filter(|text| !text.is_empty()));
        });
    }
    receiver
}

#[cfg(test)]
mod tests;
