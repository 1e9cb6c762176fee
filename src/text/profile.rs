//! Emission profiles: how visual cells are written so that a terminal with an order and joining of its own leaves them alone.
//!
//! Every profile draws the same picture; each was measured in the terminals it is for. *Pinned* and *fenced* change the symbols
//! of a finished visual row and are done here, before rows are compared; *kitty66* and *sgr* are bytes around a cell and are the
//! terminal writer's, which asks [`is_rtl_cell`]. It must not know how a terminal is recognised.

use super::joining;
use std::fmt;
use std::str::FromStr;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

mod fence;

/// How right-to-left cells are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// The cell as it is: terminals without any order or joining of their own.
    #[default]
    Plain,
    /// As plain, the terminal's own order switched off by its control sequence (VTE, mintty, WezTerm).
    Explicit,
    /// Every cell its own run, by marks of zero width (Konsole, VTE and xterm.js, also through tmux and screen).
    Pinned,
    /// Words fenced by blank braille cells and written backwards (PuTTY).
    Fenced,
    /// Each cell by kitty's text sizing protocol.
    Kitty66,
    /// Neighbouring cells told apart by a shade of colour (qterminal, old Konsole).
    Sgr,
    /// As plain, mlterm's own order switched off by its control sequence.
    Mlterm,
    /// Nothing at all is done or sent.
    Off,
}

impl Profile {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::Explicit,
        Self::Pinned,
        Self::Fenced,
        Self::Kitty66,
        Self::Sgr,
        Self::Mlterm,
        Self::Off,
    ];

    /// The name it has in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Explicit => "explicit",
            Self::Pinned => "pinned",
            Self::Fenced => "fenced",
            Self::Kitty66 => "kitty66",
            Self::Sgr => "sgr",
            Self::Mlterm => "mlterm",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a terminal is written to: the profile, and what may stand on a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Emission {
    /// How right-to-left cells are written.
    pub profile: Profile,
    /// Marks are written on their letters. Without it they are left out: a terminal that gives a mark a cell of its own would
    /// shift the rest of the row.
    pub marks: bool,
    /// What the profile's own sequences have to be wrapped for to arrive.
    pub inside: Mux,
}

impl From<Profile> for Emission {
    fn from(profile: Profile) -> Self {
        Self {
            profile,
            marks: true,
            inside: Mux::None,
        }
    }
}

impl Default for Emission {
    fn default() -> Self {
        Profile::default().into()
    }
}

/// The name is not one of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown profile")
    }
}

impl std::error::Error for UnknownProfile {}

impl FromStr for Profile {
    type Err = UnknownProfile;
    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == name)
            .ok_or(UnknownProfile)
    }
}

/// A multiplexer between the program and the terminal, which passes on only what is wrapped for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mux {
    /// None: sequences arrive as they are sent.
    #[default]
    None,
    /// tmux; it passes sequences on when its `allow-passthrough` is set.
    Tmux,
    /// GNU screen.
    Screen,
}

/// What is sent once the alternate screen is there (inside tmux: before it, since a passthrough is dropped while a redraw is
/// pending). The clearing belongs to it: VTE keeps the switch for each row and sets it when a row is erased.
pub fn enter_bytes(profile: Profile, inside: Mux) -> Vec<u8> {
    match profile {
        Profile::Off => Vec::new(),
        Profile::Explicit => through(inside, &["\x1b[8l", "\x1b[H", "\x1b[2J"]),
        Profile::Mlterm => through(inside, &["\x1b]5379;use_ctl=false\x1b\\"]),
        // Harmless where it is unknown, and right in a terminal nobody recognised.
        Profile::Plain | Profile::Pinned | Profile::Fenced | Profile::Kitty66 | Profile::Sgr => {
            through(inside, &["\x1b[8l"])
        }
    }
}

/// What takes the sequences of [`enter_bytes`] back, on every way out. For a terminal that was asked and said that its own order
/// was off before we came, it must not be sent.
pub fn exit_bytes(profile: Profile, inside: Mux) -> Vec<u8> {
    match profile {
        Profile::Off => Vec::new(),
        Profile::Mlterm => through(inside, &["\x1b]5379;use_ctl=true\x1b\\"]),
        _ => through(inside, &["\x1b[8h"]),
    }
}

fn through(inside: Mux, sequences: &[&str]) -> Vec<u8> {
    let plain = sequences.concat();
    match inside {
        Mux::None => plain,
        // Every escape inside is doubled.
        Mux::Tmux => format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        // The inner terminator would end the wrapping: a bell ends an operating system command as well.
        Mux::Screen => sequences
            .iter()
            .map(|sequence| format!("\x1bP{}\x1b\\", sequence.replace("\x1b\\", "\x07")))
            .collect(),
    }
    .into_bytes()
}

/// One finished row of cells in visual order, as the profiles see it.
pub trait CellRow {
    /// Cells in the row.
    fn len(&self) -> usize;
    /// The symbol of cell `x`.
    fn symbol(&self, x: usize) -> &str;
    /// Replaces the symbol of cell `x`.
    fn set_symbol(&mut self, x: usize, symbol: &str);
    /// Exchanges two cells with their styles.
    fn swap(&mut self, a: usize, b: usize);
    /// Whether there are no cells.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Whether a terminal with an order of its own would move the cell: right-to-left letters, their forms, Arabic and Persian
/// digits.
#[inline]
pub fn is_rtl_cell(symbol: &str) -> bool {
    // The first byte of U+0590 and all that follows is 0xD6 or more: most cells are decided by it.
    symbol.as_bytes().first().is_some_and(|byte| *byte >= 0xd6) && symbol.chars().next().is_some_and(is_rtl)
}

const fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Changes the symbols of a finished visual row as the terminal needs it. A row without right-to-left cells keeps its profile's
/// symbols as they are.
pub fn decorate(emission: Emission, row: &mut impl CellRow) {
    if !emission.marks {
        strip_marks(row);
    }
    let profile = emission.profile;
    if !matches!(profile, Profile::Pinned | Profile::Fenced) || !(0..row.len()).any(|x| is_rtl_cell(row.symbol(x))) {
        return;
    }
    if profile == Profile::Pinned {
        pin(row);
    } else {
        fence::fence(row);
    }
}

/// Leaves of every symbol what takes a column by itself.
fn strip_marks(row: &mut impl CellRow) {
    for x in 0..row.len() {
        let symbol = row.symbol(x);
        if symbol.len() > 1 && symbol.chars().skip(1).any(|c| c.width() == Some(0)) {
            let bare: String = symbol
                .char_indices()
                .filter(|(at, c)| *at == 0 || c.width() != Some(0))
                .map(|(_, c)| c)
                .collect();
            row.set_symbol(x, &bare);
        }
    }
}

const ZWJ: char = '\u{200d}';
const LRM: char = '\u{200e}';
/// A format character nobody acts on: keeps tmux 3.3 from gluing the next letter to a ZWJ that ends a cell.
const STOP: char = '\u{206e}';

/// Gives every right-to-left cell a strong neighbour of its own, so that nothing moves, and joiners where its form is
/// connected, so that a terminal that shapes again finds the same form.
fn pin(row: &mut impl CellRow) {
    let mut pinned = String::new();
    let mut x = 0;
    while x < row.len() {
        let symbol = row.symbol(x);
        // The cell behind a wide character is never drawn.
        let next = x + symbol.width().max(1);
        let rtl = is_rtl_cell(symbol);
        let joined_right = next < row.len() && connections(row.symbol(next)).0;
        if rtl || joined_right {
            pinned.clear();
            pinned.push_str(if symbol.is_empty() { " " } else { symbol });
            if rtl {
                if connections(symbol).1 {
                    pinned.push(ZWJ);
                }
                pinned.push(LRM);
            }
            if joined_right {
                pinned.push(ZWJ);
                pinned.push(STOP);
            }
            row.set_symbol(x, &pinned);
        }
        x = next;
    }
}

/// Whether the form in a cell is connected on its right and on its left.
fn connections(symbol: &str) -> (bool, bool) {
    symbol.chars().next().map_or((false, false), joining::connections)
}

#[cfg(test)]
mod tests;
