//! From the terminal's bytes to keys, pastes and answers.
//!
//! Our own parser, because crossterm's knows no answers but its own: replies to DA, XTVERSION, DECRQM or any DCS are dropped by
//! it byte by byte, and what is left over arrives as garbage key presses; one late answer would then walk through the menus.
//! Here an answer is recognised as such whenever it comes, whole or in pieces, expected or not.
//!
//! Pure: bytes in, [`Input`] out. It must not know what a key does, where the bytes come from, or what time it is: the reader
//! asks [`Parser::pending`] how long to wait for the rest and calls [`Parser::flush`] when the rest did not come.

mod event;
mod keys;
#[cfg(test)]
mod tests;

use crate::config::chord::{Chord, Key};
use event::clean_paste;
pub use event::{Input, Reply};
use std::time::Duration;

/// How long a lone ESC may be the beginning of something longer; then it is the Esc key.
pub const ESCAPE_WAIT: Duration = Duration::from_millis(25);
/// How long the rest of a sequence or paste that has begun is waited for; then it is given up.
pub const SEQUENCE_WAIT: Duration = Duration::from_secs(1);
/// The longest paste that is kept, in bytes as received; the rest is dropped.
pub const PASTE_LIMIT: usize = 64 * 1024;

/// Longest CSI parameter and intermediate bytes kept; real ones have fewer than 40.
const CSI_LIMIT: usize = 64;
/// Longest DCS or OSC answer kept; XTVERSION answers are below 100.
const STRING_LIMIT: usize = 1024;
const PASTE_END: &[u8] = b"\x1b[201~";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// After ESC; `doubled` after ESC ESC.
    Escape {
        doubled: bool,
    },
    /// After an ESC that was already given out as a key: an introducer may still follow on a slow line.
    Orphan,
    Csi,
    /// After CSI [: the Linux console's F1–F5.
    LinuxKey,
    Ss3,
    /// Inside DCS, OSC, APC, PM or SOS; `escaped` after an ESC in it.
    Str {
        dcs: bool,
        eight_bit: bool,
        escaped: bool,
    },
    /// Bytes of an old mouse report still to come.
    Mouse(u8),
    Paste,
}

/// Incremental parser: the same bytes give the same inputs wherever they are cut.
#[derive(Clone, Debug, Default)]
pub struct Parser {
    state: State,
    /// Parameter and intermediate bytes, a string's content, or the paste.
    held: Vec<u8>,
    /// The held sequence was longer than its limit.
    overflow: bool,
    /// The sequence was prefixed by one more ESC: Alt, or the Esc key just before it.
    alt: bool,
    /// No ESC of its own came before the introducer (see [`State::Orphan`]).
    orphan: bool,
    /// The introducer's letter, which may turn out to have been a key; none for the eight-bit ones.
    introducer: Option<char>,
    /// Bytes of an unfinished UTF-8 character (at most 3).
    utf8: Vec<u8>,
    /// Bytes of the end of the paste seen so far.
    paste_end: usize,
}

impl Parser {
    /// A parser at rest.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that these bytes complete, in order.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        let mut out = Vec::new();
        for &byte in bytes {
            self.byte(byte, &mut out);
        }
        out
    }

    /// How long to wait for more bytes before [`flush`](Self::flush), or nothing when nothing is open.
    pub fn pending(&self) -> Option<Duration> {
        match self.state {
            State::Ground | State::Orphan => None,
            State::Escape { .. } => Some(ESCAPE_WAIT),
            State::Csi if self.held.is_empty() || self.is_rxvt_shift() => Some(ESCAPE_WAIT),
            State::Ss3 if self.held.is_empty() => Some(ESCAPE_WAIT),
            State::Str { escaped: false, .. } if self.held.is_empty() => Some(ESCAPE_WAIT),
            State::Csi | State::LinuxKey | State::Ss3 | State::Str { .. } | State::Mouse(_) | State::Paste => {
                Some(SEQUENCE_WAIT)
            }
        }
    }

    /// The rest did not come: what is open becomes what it most probably was.
    pub fn flush(&mut self) -> Vec<Input> {
        let mut out = Vec::new();
        let state = std::mem::take(&mut self.state);
        match state {
            State::Ground | State::Orphan => {}
            State::Escape { doubled } => {
                if doubled {
                    out.push(key(Key::Esc));
                }
                out.push(key(Key::Esc));
                self.state = State::Orphan;
            }
            State::Csi if self.is_rxvt_shift() => {
                let input = keys::rxvt_shift(&self.held);
                self.finish(input, &mut out);
            }
            State::Csi | State::Ss3 if self.held.is_empty() => self.literal(&mut out),
            State::Str { escaped: false, .. } if self.held.is_empty() => self.literal(&mut out),
            State::Str { .. } => {
                out.push(Input::Ignored);
                // A terminator that comes even later is still a terminator.
                self.state = State::Orphan;
            }
            State::Csi | State::LinuxKey | State::Ss3 | State::Mouse(_) => out.push(Input::Ignored),
            State::Paste => {
                self.held.truncate(PASTE_LIMIT);
                out.push(Input::Paste(clean_paste(&self.held)));
            }
        }
        self.clear();
        out
    }

    /// An introducer that introduced nothing was the key Alt-x, or just x after an Esc key already given out.
    fn literal(&mut self, out: &mut Vec<Input>) {
        if self.alt {
            out.push(key(Key::Esc));
        }
        out.push(match self.introducer {
            Some(c) => Input::Key(Chord {
                alt: !self.orphan,
                ..Chord::plain(Key::Char(c))
            }),
            None => Input::Ignored,
        });
    }

    fn clear(&mut self) {
        self.held.clear();
        self.overflow = false;
        self.alt = false;
        self.orphan = false;
        self.introducer = None;
        self.paste_end = 0;
        // A long paste should not hold its memory for ever.
        self.held.shrink_to(STRING_LIMIT);
    }

    /// rxvt's Shift-PageUp is `CSI 5 $`, which has no final byte at all.
    fn is_rxvt_shift(&self) -> bool {
        self.held
            .split_last()
            .is_some_and(|(last, digits)| *last == b'$' && !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Input>) {
        match self.state {
            State::Ground => self.ground(byte, false, out),
            State::Escape { doubled } => self.escape(byte, doubled, out),
            State::Orphan => self.orphan(byte, out),
            State::Csi => self.csi(byte, out),
            State::LinuxKey => {
                self.state = State::Ground;
                let input = match byte {
                    b'A'..=b'E' => Some(key(Key::F(byte - b'A' + 1))),
                    _ => None,
                };
                match input {
                    Some(input) => self.finish(input, out),
                    None => self.abort(byte, out),
                }
            }
            State::Ss3 => self.ss3(byte, out),
            State::Str {
                dcs,
                eight_bit,
                escaped,
            } => self.string(byte, dcs, eight_bit, escaped, out),
            State::Mouse(_) if byte < 0x20 => self.abort(byte, out),
            State::Mouse(left) if left > 1 => self.state = State::Mouse(left - 1),
            State::Mouse(_) => self.finish(Input::Ignored, out),
            State::Paste => self.paste(byte, out),
        }
    }

    /// Gives out a finished sequence, with the ESC that stood before its own.
    fn finish(&mut self, input: Input, out: &mut Vec<Input>) {
        match input {
            Input::Key(chord) if self.alt => out.push(Input::Key(Chord { alt: true, ..chord })),
            other => {
                if self.alt {
                    out.push(key(Key::Esc));
                }
                out.push(other);
            }
        }
        self.state = State::Ground;
        self.clear();
    }

    /// The sequence is broken by a byte that cannot belong to it; the byte itself still counts, so that Ctrl-C always works.
    fn abort(&mut self, byte: u8, out: &mut Vec<Input>) {
        self.finish(Input::Ignored, out);
        self.ground(byte, false, out);
    }

    fn begin(&mut self, state: State) {
        self.clear();
        self.state = state;
    }

    /// Begins what this letter introduces after ESC; false when it introduces nothing.
    fn introduce(&mut self, letter: u8, doubled: bool, orphan: bool) -> bool {
        let state = match letter {
            b'[' => State::Csi,
            b'O' => State::Ss3,
            b'P' => string_state(true, false),
            b']' | b'X' | b'^' | b'_' => string_state(false, false),
            _ => return false,
        };
        self.begin(state);
        self.alt = doubled;
        self.orphan = orphan;
        self.introducer = Some(char::from(letter));
        true
    }

    fn ground(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        if !self.utf8.is_empty() {
            if (0x80..0xc0).contains(&byte) {
                self.utf8.push(byte);
                return self.utf8_step(alt, out);
            }
            self.utf8.clear();
            self.alt = false;
            out.push(Input::Ignored);
        }
        match byte {
            0x1b => self.begin(State::Escape { doubled: false }),
            0x00..=0x1f | 0x7f => out.push(Input::Key(Chord {
                alt,
                ..keys::control(byte)
            })),
            0x20..=0x7e => out.push(Input::Key(Chord {
                alt,
                ..Chord::plain(Key::Char(char::from(byte)))
            })),
            // Eight-bit introducers: never the beginning of a character in UTF-8.
            0x8f => self.begin(State::Ss3),
            0x90 => self.begin(string_state(true, true)),
            0x98 | 0x9d | 0x9e | 0x9f => self.begin(string_state(false, true)),
            0x9b => self.begin(State::Csi),
            0xc2..=0xf4 => {
                self.utf8.push(byte);
                self.alt = alt;
            }
            _ => out.push(Input::Ignored),
        }
    }

    /// One more byte of a character: complete, hopeless, or more to come.
    fn utf8_step(&mut self, alt: bool, out: &mut Vec<Input>) {
        match std::str::from_utf8(&self.utf8) {
            Ok(text) => {
                let alt = alt || self.alt;
                match text.chars().next() {
                    Some(c) if !c.is_control() => out.push(Input::Key(Chord {
                        alt,
                        ..Chord::plain(Key::Char(c))
                    })),
                    _ => out.push(Input::Ignored),
                }
            }
            Err(error) if error.error_len().is_none() => return,
            Err(_) => out.push(Input::Ignored),
        }
        self.utf8.clear();
        self.alt = false;
    }

    fn escape(&mut self, byte: u8, doubled: bool, out: &mut Vec<Input>) {
        match byte {
            0x1b => {
                // Three in a row: a held Esc key. The first is certain.
                if doubled {
                    out.push(key(Key::Esc));
                }
                self.state = State::Escape { doubled: true };
            }
            b'\\' => {
                // The end of a string nobody began: never a key.
                self.alt = doubled;
                self.finish(Input::Ignored, out);
            }
            _ if self.introduce(byte, doubled, false) => {}
            _ => {
                if doubled {
                    out.push(key(Key::Esc));
                }
                self.begin(State::Ground);
                self.ground(byte, true, out);
            }
        }
    }

    fn orphan(&mut self, byte: u8, out: &mut Vec<Input>) {
        self.state = State::Ground;
        match byte {
            b'\\' => out.push(Input::Ignored),
            // Only what answers and keys begin with: the other letters are more probably typed.
            b'[' | b'O' | b'P' | b']' => {
                self.introduce(byte, false, true);
            }
            _ => self.ground(byte, false, out),
        }
    }

    fn csi(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            0x20..=0x3f => {
                if self.held.len() < CSI_LIMIT {
                    self.held.push(byte);
                } else {
                    self.overflow = true;
                }
            }
            b'[' if self.held.is_empty() => self.state = State::LinuxKey,
            b'M' if self.held.is_empty() => self.state = State::Mouse(3),
            b'~' if self.held == b"200" => {
                if self.alt {
                    out.push(key(Key::Esc));
                }
                self.begin(State::Paste);
            }
            0x40..=0x7e => {
                let input = if self.overflow {
                    Input::Ignored
                } else {
                    keys::csi(&self.held, byte)
                };
                self.finish(input, out);
            }
            0x00..=0x1f | 0x7f..=0xff => self.abort(byte, out),
        }
    }

    fn ss3(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b'0'..=b'9' | b';' if self.held.len() < 8 => self.held.push(byte),
            0x20..=0x7e => {
                let input = keys::ss3(&self.held, byte);
                self.finish(input, out);
            }
            0x00..=0x1f | 0x7f..=0xff => self.abort(byte, out),
        }
    }

    fn string(&mut self, byte: u8, dcs: bool, eight_bit: bool, escaped: bool, out: &mut Vec<Input>) {
        let ended = match byte {
            b'\\' if escaped => true,
            _ if escaped => {
                // Not the terminator: the string is broken, and this ESC begins something new.
                self.finish(Input::Ignored, out);
                self.begin(State::Escape { doubled: false });
                return self.escape(byte, false, out);
            }
            0x1b => {
                self.state = State::Str {
                    dcs,
                    eight_bit,
                    escaped: true,
                };
                return;
            }
            0x07 => true,
            0x9c => eight_bit,
            0x00..=0x1f | 0x7f => return self.abort(byte, out),
            _ => false,
        };
        if ended {
            let input = if dcs && !self.overflow {
                keys::dcs(&self.held)
            } else {
                Input::Reply(Reply::Other)
            };
            self.finish(input, out);
        } else if self.held.len() < STRING_LIMIT {
            self.held.push(byte);
        } else {
            self.overflow = true;
        }
    }

    fn paste(&mut self, byte: u8, out: &mut Vec<Input>) {
        let expected = PASTE_END.get(self.paste_end).copied();
        if expected == Some(byte) {
            self.paste_end += 1;
            if self.paste_end == PASTE_END.len() {
                let text = clean_paste(&self.held);
                self.finish(Input::Paste(text), out);
            }
            return;
        }
        // What looked like the end was content; only its first byte can begin another one.
        let seen = std::mem::take(&mut self.paste_end);
        for &byte in PASTE_END.iter().take(seen) {
            self.keep_pasted(byte);
        }
        if byte == 0x1b {
            self.paste_end = 1;
        } else {
            self.keep_pasted(byte);
        }
    }

    fn keep_pasted(&mut self, byte: u8) {
        if self.held.len() < PASTE_LIMIT {
            self.held.push(byte);
        }
    }
}

const fn string_state(dcs: bool, eight_bit: bool) -> State {
    State::Str {
        dcs,
        eight_bit,
        escaped: false,
    }
}

const fn key(key: Key) -> Input {
    Input::Key(Chord::plain(key))
}
