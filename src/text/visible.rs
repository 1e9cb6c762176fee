//! Which characters may reach a screen.
use std::borrow::Cow;

/// Cleaned text and what was done.
pub struct Cleaned<'a> {
    /// The text fit for the screen.
    pub text: Cow<'a, str>,
    /// Characters replaced, removed or recomposed.
    pub changes: usize,
    /// True when the text was cut at the limit.
    pub cut: bool,
}

/// True for characters that may not reach a terminal.
pub fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// True when the text may be kept as it stands.
pub fn is_clean(text: &str, max_chars: usize) -> bool {
    text.chars().count() <= max_chars && !text.chars().any(is_forbidden)
}

/// Replaces what may not be drawn.
pub fn clean(text: &str, max_chars: usize) -> Cleaned<'_> {
    let changes = text.chars().filter(|c| is_forbidden(*c)).count();
    let cut = text.chars().count() > max_chars;
    let out: String = text
        .chars()
        .take(max_chars)
        .map(|c| if is_forbidden(c) { '\u{FFFD}' } else { c })
        .collect();
    Cleaned {
        text: out.into(),
        changes,
        cut,
    }
}
