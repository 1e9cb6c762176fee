//! Which terminal this is, as far as writing Persian goes: one bounded question, and the pure choice from its answers.
//!
//! Environment variables survive neither ssh nor sudo and go stale in tmux, so the terminal itself is asked, in-band, once,
//! after the first frame. [`choose`] must know neither a clock nor a file: everything it weighs comes in as values.

mod known;
mod tmux;

use super::input::Reply;
use crate::text::profile::{Emission, Mux, Profile};
use std::collections::BTreeMap;
use std::time::Duration;
pub use tmux::{ask_nobody, ask_tmux};

/// The one question: state of bidirectional support (ANSI mode 8), name, secondary and primary attributes. Every terminal
/// answers the last, so its answer is the end.
pub const QUERY: &[u8] = b"\x1b[8$p\x1b[>q\x1b[>c\x1b[c";

/// The first part alone, for a terminal that is switched before the whole question is asked.
pub const QUERY_BIDI: &[u8] = b"\x1b[8$p";

/// The same question for the terminal behind GNU screen, which passes on what is wrapped for it, and its answers back.
pub const QUERY_THROUGH_SCREEN: &[u8] = b"\x1bP\x1b[8$p\x1b[>q\x1b[>c\x1b[c\x1b\\";

/// How long answers are waited for; later ones are swallowed.
pub const WAIT: Duration = Duration::from_secs(1);
/// The same over ssh.
pub const WAIT_REMOTE: Duration = Duration::from_secs(2);
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
    /// What the terminal behind GNU screen said, once it was asked.
    pub outer: Option<Box<Answers>>,
}

impl Answers {
    /// Takes one answer; true when it was the last.
    pub fn take(&mut self, reply: &Reply) -> bool {
        if let Some(outer) = &mut self.outer {
            return outer.take(reply);
        }
        match reply {
            Reply::Da1 => self.complete = true,
            Reply::Da2(values) => self.da2 = Some(values.clone()),
            Reply::XtVersion(name) => self.name = Some(name.clone()),
            Reply::Decrqm {
                mode: 8,
                value,
                private: false,
                // Asked twice, the first answer counts: it is of the time before we switched anything.
            } => {
                self.bdsm.get_or_insert(*value);
            }
            Reply::Decrqm { .. } | Reply::Other => {}
        }
        self.complete
    }

    /// Whether the last answer to the last question has come.
    pub fn are_all(&self) -> bool {
        match &self.outer {
            Some(outer) => outer.are_all(),
            None => self.complete,
        }
    }

    /// Whether the terminal behind GNU screen has to be asked as well; from now on answers are taken as its.
    pub fn ask_outer(&mut self) -> bool {
        let asks = self.layer() == Some(Layer::Screen) && self.outer.is_none();
        if asks {
            self.outer = Some(Box::default());
        }
        asks
    }

    fn heard(&self) -> bool {
        self.complete || self.name.is_some() || self.da2.is_some() || self.bdsm.is_some()
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

    /// What the terminal is known by: its name, its secondary attributes and its `TERM`, parted by bars; inside the local tmux what that
    /// says of its client comes first. The same for every start in the same terminal, as far as that can be told.
    pub fn identity(&self, environment: &Environment) -> String {
        let da2: Vec<String> = self.da2.iter().flatten().map(u32::to_string).collect();
        let shown = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
        let own = [
            self.name.as_deref().unwrap_or_default(),
            &da2.join(";"),
            &environment.term,
        ]
        .join("|");
        let whole = match (&self.tmux_client, &self.outer) {
            (Some(client), _) if environment.tmux => format!("{}|{own}", client.trim()),
            (_, Some(outer)) => {
                let nameless = Environment::default();
                format!("{}{own}", outer.identity(&nameless))
            }
            _ => own,
        };
        whole.chars().map(shown).collect()
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
    /// Profiles the user chose for single terminals, by [`Answers::identity`].
    pub chosen: BTreeMap<String, Profile>,
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
    /// Everything this process was told of its terminal, as one text: the same for every start in the same one, though others may
    /// share it.
    pub surroundings: String,
}

impl Environment {
    /// Reads the variables of this process; what was set by the user comes from the configuration: one profile for all terminals,
    /// or one for each.
    pub fn of_process(configured: Option<Profile>, chosen: BTreeMap<String, Profile>) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            configured,
            chosen,
            term: std::env::var("TERM").unwrap_or_default(),
            tmux: set("TMUX"),
            ssh: set("SSH_CONNECTION") || set("SSH_TTY"),
            vte: set("VTE_VERSION"),
            konsole: set("KONSOLE_VERSION"),
            surroundings: surroundings(|name| std::env::var(name).unwrap_or_default()),
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

    /// The console of Linux itself, whose font has no Persian letters.
    pub fn is_linux_console(&self) -> bool {
        self.term == "linux"
    }
}

/// What the environment says of a terminal. Of an ssh connection the client's address counts: one account serves many desks.
fn surroundings(variable: impl Fn(&str) -> String) -> String {
    let said = [
        "TERM",
        "TERM_PROGRAM",
        "TERM_PROGRAM_VERSION",
        "VTE_VERSION",
        "KONSOLE_VERSION",
        "WT_SESSION",
    ];
    let inside = ["TMUX", "STY"].map(|name| if variable(name).is_empty() { "" } else { name });
    // A session's own number says nothing of what kind it is.
    let said = said.map(|name| match name {
        "WT_SESSION" if !variable(name).is_empty() => "yes".to_owned(),
        name => variable(name),
    });
    let connection = variable("SSH_CONNECTION");
    let client = connection.split(' ').next().unwrap_or_default();
    format!("{}|{}|{client}", said.join("|"), inside.join("|"))
}

/// A profile, why it was chosen, and what the user could do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// How right-to-left cells are written.
    pub profile: Profile,
    /// Whether marks are written on their letters.
    pub marks: bool,
    /// What the profile's own sequences have to be wrapped for.
    pub inside: Mux,
    /// What decided.
    pub why: Why,
    /// What the user can do about a terminal that stays wrong.
    pub hint: Option<Hint>,
}

impl Choice {
    /// How the terminal is written to.
    pub const fn emission(&self) -> Emission {
        Emission {
            profile: self.profile,
            marks: self.marks,
            inside: self.inside,
        }
    }
}

/// What decided for a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The user said so.
    Configured,
    /// The user said so for this terminal.
    Chosen,
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
    /// The outer terminal, asked through GNU screen.
    Outer,
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

impl Hint {
    /// Whether Persian stays wrong until its user does it.
    pub const fn is_needed(self) -> bool {
        match self {
            Self::English | Self::KittyForceLtr | Self::LeaveMultiplexer => true,
            Self::PuttyDisableBidi | Self::Doctor => false,
        }
    }

    /// The catalogue key of the sentence that says it.
    pub const fn sentence_key(self) -> &'static str {
        match self {
            Self::English => "hint.english",
            Self::KittyForceLtr => "hint.kitty",
            Self::PuttyDisableBidi => "hint.putty",
            Self::LeaveMultiplexer => "hint.multiplexer",
            Self::Doctor => "hint.doctor",
        }
    }
}

/// Chooses the profile. The order of the questions is the order of their reliability.
pub fn choose(answers: &Answers, environment: &Environment) -> Choice {
    let choice = |profile, why, hint| Choice {
        profile,
        marks: !known::draws_marks_apart(answers),
        inside: match (profile, answers.layer()) {
            // The one profile whose switch GNU screen passes on and that nothing else can stand for.
            (Profile::Mlterm, Some(Layer::Screen)) => Mux::Screen,
            _ => Mux::None,
        },
        why,
        hint,
    };
    if let Some(profile) = environment.configured {
        return choice(profile, Why::Configured, None);
    }
    if environment.is_linux_console() {
        return choice(Profile::Plain, Why::LinuxConsole, Some(Hint::English));
    }
    if let Some(profile) = environment.chosen.get(&answers.identity(environment)) {
        return choice(*profile, Why::Chosen, None);
    }
    if matches!(answers.bdsm, Some(1 | 2)) {
        return choice(Profile::Explicit, Why::Bdsm, None);
    }
    if let Some(layer) = answers.layer() {
        if layer == Layer::Tmux
            && environment.tmux
            && let Some((profile, hint)) = answers.tmux_client.as_deref().and_then(known::tmux_client)
        {
            return choice(profile, Why::TmuxClient, hint);
        }
        if let Some(outer) = answers.outer.as_deref().filter(|outer| outer.heard()) {
            let (profile, hint) = known::through_screen(&choose(outer, &Environment::default()));
            return choice(profile, Why::Outer, hint);
        }
        let guessed = environment.vte || environment.konsole;
        return choice(Profile::Pinned, Why::Multiplexer, (!guessed).then_some(Hint::Doctor));
    }
    if let Some((profile, hint)) = answers.name.as_deref().and_then(known::named) {
        return choice(profile, Why::Name, hint);
    }
    if let Some((profile, hint)) = answers.da2.as_deref().and_then(known::attributes) {
        return choice(profile, Why::Attributes, hint);
    }
    let why = if answers.heard() { Why::Unknown } else { Why::Silent };
    if environment.vte || environment.konsole {
        // Right in both even if the variable is stale, and harmless in most others.
        return choice(Profile::Pinned, why, None);
    }
    choice(Profile::Plain, why, Some(Hint::Doctor))
}

#[cfg(test)]
mod tests;
