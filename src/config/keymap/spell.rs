//! How a chord is written in the configuration (`ctrl-c`, `shift-tab`, `?`, `ش`) and shown to a person (`Ctrl-C`).

use crate::config::chord::{Chord, Key};
use std::fmt;
use std::str::FromStr;

/// Keys with a name: as written, as shown. Arrows are shown by name, not by sign: a sign would turn round inside Persian.
const NAMED: &[(&str, &str, Key)] = &[
    ("enter", "Enter", Key::Enter),
    ("esc", "Esc", Key::Esc),
    ("tab", "Tab", Key::Tab),
    ("backspace", "Backspace", Key::Backspace),
    ("up", "Up", Key::Up),
    ("down", "Down", Key::Down),
    ("left", "Left", Key::Left),
    ("right", "Right", Key::Right),
    ("home", "Home", Key::Home),
    ("end", "End", Key::End),
    ("pageup", "PgUp", Key::PageUp),
    ("pagedown", "PgDn", Key::PageDown),
    ("insert", "Ins", Key::Insert),
    ("delete", "Del", Key::Delete),
    ("space", "Space", Key::Char(' ')),
];

/// Terminals number function keys up to here.
const LAST_FUNCTION_KEY: u8 = 24;

/// A text that names no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchKey;

impl FromStr for Chord {
    type Err = NoSuchKey;

    fn from_str(text: &str) -> Result<Self, NoSuchKey> {
        let mut rest = text;
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        loop {
            let (flag, tail) = if let Some(tail) = rest.strip_prefix("ctrl-") {
                (&mut ctrl, tail)
            } else if let Some(tail) = rest.strip_prefix("alt-") {
                (&mut alt, tail)
            } else if let Some(tail) = rest.strip_prefix("shift-") {
                (&mut shift, tail)
            } else {
                break;
            };
            if tail.is_empty() || std::mem::replace(flag, true) {
                return Err(NoSuchKey);
            }
            rest = tail;
        }
        let mut chars = rest.chars();
        let key = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && !c.is_whitespace() => Key::Char(c),
            _ => named(rest).ok_or(NoSuchKey)?,
        };
        Ok(match key {
            // A terminal sends Ctrl with a letter as one code, whatever the case, and Shift with a letter as the capital.
            Key::Char(c) if ctrl && c.is_ascii_uppercase() => {
                chord(Key::Char(c.to_ascii_lowercase()), ctrl, alt, false)
            }
            Key::Char(c) if shift && c.is_ascii_lowercase() && !ctrl => {
                chord(Key::Char(c.to_ascii_uppercase()), ctrl, alt, false)
            }
            Key::Char(_) if shift => return Err(NoSuchKey),
            key => chord(key, ctrl, alt, shift),
        })
    }
}

const fn chord(key: Key, ctrl: bool, alt: bool, shift: bool) -> Chord {
    Chord { key, ctrl, alt, shift }
}

fn named(name: &str) -> Option<Key> {
    if let Some((.., key)) = NAMED.iter().find(|(written, ..)| *written == name) {
        return Some(*key);
    }
    let number = name.strip_prefix('f')?.parse().ok()?;
    (!name.starts_with("f0") && (1..=LAST_FUNCTION_KEY).contains(&number)).then_some(Key::F(number))
}

impl fmt::Display for Chord {
    /// As the configuration writes it; parsing gives the same chord again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, prefix) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if on {
                f.write_str(prefix)?;
            }
        }
        match (self.key, NAMED.iter().find(|(.., key)| *key == self.key)) {
            (_, Some((written, ..))) => f.write_str(written),
            (Key::F(n), None) => write!(f, "f{n}"),
            (Key::Char(c), None) => write!(f, "{c}"),
            (key, None) => write!(f, "{key:?}"),
        }
    }
}

impl Chord {
    /// The chord as a person knows it from the keyboard: `Ctrl-C`, `PgUp`, `?`; Latin and left to right in both languages.
    pub fn label(&self) -> String {
        let mut out = String::new();
        for (on, prefix) in [(self.ctrl, "Ctrl-"), (self.alt, "Alt-"), (self.shift, "Shift-")] {
            if on {
                out.push_str(prefix);
            }
        }
        match (self.key, NAMED.iter().find(|(.., key)| *key == self.key)) {
            (_, Some((_, shown, _))) => out.push_str(shown),
            (Key::F(n), None) => out.push_str(&format!("F{n}")),
            (Key::Char(c), None) if self.ctrl => out.extend(c.to_uppercase()),
            (Key::Char(c), None) => out.push(c),
            (key, None) => out.push_str(&format!("{key:?}")),
        }
        out
    }

    /// True when the chord would put a character into a text.
    pub fn types_text(&self) -> bool {
        matches!(self.key, Key::Char(_)) && !self.ctrl && !self.alt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Chord> {
        text.parse().ok()
    }

    #[test]
    fn chords_are_read_as_people_write_them() {
        assert_eq!(read("q"), Some(Chord::plain(Key::Char('q'))));
        assert_eq!(read("ش"), Some(Chord::plain(Key::Char('ش'))));
        assert_eq!(read("ctrl-c"), Some(Chord::ctrl(Key::Char('c'))));
        assert_eq!(read("ctrl-C"), Some(Chord::ctrl(Key::Char('c'))));
        assert_eq!(read("shift-tab"), Some(Chord::shift(Key::Tab)));
        assert_eq!(read("shift-g"), Some(Chord::plain(Key::Char('G'))));
        assert_eq!(read("alt-pageup"), Some(Chord::alt(Key::PageUp)));
        assert_eq!(read("-"), Some(Chord::plain(Key::Char('-'))));
        assert_eq!(read("ctrl--"), Some(Chord::ctrl(Key::Char('-'))));
        assert_eq!(read("f12"), Some(Chord::plain(Key::F(12))));
        assert_eq!(read("f"), Some(Chord::plain(Key::Char('f'))));
    }

    #[test]
    fn what_names_no_key_is_refused() {
        for text in [
            "",
            "ctrl-",
            "qq",
            "f0",
            "f01",
            "f25",
            "f999",
            "ctrl-ctrl-c",
            "shift-?",
            "meta-x",
            " ",
            "\u{1b}",
            "Enter ",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for (_, _, key) in NAMED {
            for chord in [Chord::plain(*key), Chord::ctrl(*key), Chord::alt(*key)] {
                assert_eq!(read(&chord.to_string()), Some(chord), "{chord}");
            }
        }
        for c in "aZ?/:-۱شژ".chars() {
            let chord = Chord::plain(Key::Char(c));
            assert_eq!(read(&chord.to_string()), Some(chord), "{chord}");
        }
    }

    #[test]
    fn labels_are_what_stands_on_the_keys() {
        assert_eq!(Chord::ctrl(Key::Char('c')).label(), "Ctrl-C");
        assert_eq!(Chord::shift(Key::Tab).label(), "Shift-Tab");
        assert_eq!(Chord::plain(Key::PageDown).label(), "PgDn");
        assert_eq!(Chord::plain(Key::F(5)).label(), "F5");
    }
}
