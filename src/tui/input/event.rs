//! What comes from the terminal, once it is understood.
//!
//! Plain data; it must not know the bytes.

use crate::config::chord::Chord;

/// What came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key press.
    Key(Chord),
    /// A bracketed paste: line ends and tabs are spaces, other control characters are gone, at most [`PASTE_LIMIT`](super::PASTE_LIMIT) bytes.
    Paste(String),
    /// An answer to a question, ours or somebody else's.
    Reply(Reply),
    /// The window got (true) or lost the focus.
    Focus(bool),
    /// Something complete that means nothing to us: mouse reports, key releases, damaged bytes.
    Ignored,
}

/// An answer of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Primary device attributes: the end of the one query.
    Da1,
    /// Secondary device attributes.
    Da2(Vec<u32>),
    /// Name and version, `VTE(8001)`.
    XtVersion(String),
    /// State of a mode: 0 unknown, 1 set, 2 reset, 3 and 4 the same for ever.
    Decrqm {
        /// The mode asked for.
        mode: u32,
        /// Its state.
        value: u32,
        /// A private mode (`?`).
        private: bool,
    },
    /// Any other answer.
    Other,
}

/// Pasted bytes as one line of text without control characters; a character cut by the limit is left out.
pub(super) fn clean_paste(bytes: &[u8]) -> String {
    let cut = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    let text = String::from_utf8_lossy(bytes.get(..cut).unwrap_or(bytes));
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' | '\t' => clean.push(' '),
            c if c.is_control() => {}
            c => clean.push(c),
        }
    }
    clean
}
