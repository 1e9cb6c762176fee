//! A key press as the whole program names it: one key and the modifiers held with it.
//!
//! Plain data: it must not know how a terminal encodes keys (`tui::input`) nor what they do (the key map).

/// One key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A key that types a character; capital letters come as capitals.
    Char(char),
    /// Enter, also the keypad's.
    Enter,
    /// Escape.
    Esc,
    /// Tab; Shift-Tab is this key with `shift`.
    Tab,
    /// Backspace.
    Backspace,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow to the left (physically, in every language).
    Left,
    /// Arrow to the right (physically, in every language).
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Insert.
    Insert,
    /// Delete.
    Delete,
    /// A function key, counted from 1.
    F(u8),
}

/// A key with its modifiers.
///
/// `shift` is never set with [`Key::Char`]: the character already says it, and terminals disagree on the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// Control is held.
    pub ctrl: bool,
    /// Alt (or Meta) is held.
    pub alt: bool,
    /// Shift is held.
    pub shift: bool,
}

impl Chord {
    /// The key alone.
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// The key with Control.
    pub const fn ctrl(key: Key) -> Self {
        Self {
            ctrl: true,
            ..Self::plain(key)
        }
    }

    /// The key with Alt.
    pub const fn alt(key: Key) -> Self {
        Self {
            alt: true,
            ..Self::plain(key)
        }
    }

    /// The key with Shift.
    pub const fn shift(key: Key) -> Self {
        Self {
            shift: true,
            ..Self::plain(key)
        }
    }
}

impl From<Key> for Chord {
    fn from(key: Key) -> Self {
        Self::plain(key)
    }
}
