//! Isolates: what keeps an id, a path, a signed number or a foreign name in its own order inside a sentence.
//!
//! They are for the text pipeline alone, which consumes them; they must never reach a file or a terminal.

use super::Direction;
use super::bidi::{self, Paragraph};
use std::borrow::Cow;

const LRI: char = '\u{2066}';
const FSI: char = '\u{2068}';
pub(super) const PDI: char = '\u{2069}';

/// Text that runs from left to right whatever is around it: numbers, dates, ids, paths, commands.
pub fn ltr(text: &str) -> String {
    wrapped(LRI, text)
}

/// Text whose own first letter decides how it runs: names and titles in a sentence of the other language.
pub fn auto(text: &str) -> String {
    wrapped(FSI, text)
}

fn wrapped(open: char, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 6);
    out.push(open);
    out.push_str(text);
    out.push(PDI);
    out
}

/// The text without isolates and other bidi controls: what a file, the clipboard or another program gets.
pub fn strip(text: &str) -> Cow<'_, str> {
    if text.contains(is_control) {
        text.chars().filter(|c| !is_control(*c)).collect::<String>().into()
    } else {
        text.into()
    }
}

/// How many isolates are still open at the end of a text.
pub(super) fn open(text: &str) -> usize {
    text.chars().fold(0, |open: usize, c| match c {
        '\u{2066}'..='\u{2068}' => open + 1,
        PDI => open.saturating_sub(1),
        _ => open,
    })
}

fn is_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text with an isolate around every number that has a sign, a percent sign or a dash in it, and where it was put.
///
/// UAX #9 alone shows «−۳٫۷٪» as `3.7%−` in a right-to-left line and `۱۴۰۳-۰۱-۳۱` backwards behind a letter. Its clause HL3
/// allows to behave as if isolates stood around such numbers, and this is that: the text itself is not changed.
pub(super) struct Tailored<'t> {
    text: Cow<'t, str>,
    /// Bytes of the original before which an isolate was opened or closed, in order.
    put: Vec<usize>,
}

impl Tailored<'_> {
    pub(super) fn paragraph(&self, base: Direction) -> Paragraph<'_> {
        Paragraph::new(&self.text, Some(base))
    }

    /// Where a byte of the original stands in the text with isolates.
    pub(super) fn map(&self, byte: usize) -> usize {
        byte + LRI.len_utf8() * self.put.partition_point(|put| *put <= byte)
    }
}

pub(super) fn numbers(text: &str, base: Direction) -> Tailored<'_> {
    let mut put = Vec::new();
    if bidi::Seen::of(text).may_hold_signed_number(base) {
        let mut previous = None;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let at = text.len() - rest.len();
            let length = if may_precede(previous) { number(rest) } else { 0 };
            if length > 0 {
                put.extend([at, at + length]);
            }
            let step = rest
                .get(..length)
                .filter(|taken| !taken.is_empty())
                .map_or(c.len_utf8(), str::len);
            previous = rest.get(..step).and_then(|taken| taken.chars().next_back());
            rest = rest.get(step..).unwrap_or("");
        }
    }
    if put.is_empty() {
        return Tailored { text: text.into(), put };
    }
    let mut tailored = String::with_capacity(text.len() + LRI.len_utf8() * put.len());
    let mut from = 0;
    for (at, mark) in put.iter().zip([LRI, PDI].iter().cycle()) {
        tailored.push_str(text.get(from..*at).unwrap_or(""));
        tailored.push(*mark);
        from = *at;
    }
    tailored.push_str(text.get(from..).unwrap_or(""));
    Tailored {
        text: tailored.into(),
        put,
    }
}

/// Whether a number may start behind that character; behind a Latin letter, a slash or a dot it is part of something else.
fn may_precede(previous: Option<char>) -> bool {
    previous.is_none_or(|c| {
        c.is_whitespace()
            || is_control(c)
            || matches!(
                c,
                '(' | '[' | '{' | '«' | '"' | ':' | '=' | '،' | '؛' | '~' | '≈' | '<' | '>' | '≤' | '≥' | '\u{200c}'
            )
            || bidi::is_rtl_letter(c)
    })
}

/// The length in bytes of a number that needs an isolate, 0 when the text does not start with one.
fn number(text: &str) -> usize {
    let mut needs = false;
    let mut chars = text.char_indices().peekable();
    while chars.next_if(|(_, c)| is_sign(*c) || is_percent(*c)).is_some() {
        needs = true;
    }
    let mut end = 0;
    let mut dashed = false;
    let mut separator = None;
    for (at, c) in chars {
        if is_digit(c) {
            end = at + c.len_utf8();
            needs |= dashed;
            separator = None;
        } else if end > 0
            && separator.is_none()
            && (is_sign(c) || matches!(c, '–' | '×' | '.' | ',' | '/' | ':' | '٫' | '٬'))
        {
            dashed |= is_sign(c) || matches!(c, '–' | '×');
            separator = Some(c);
        } else if end == at && is_percent(c) {
            needs = true;
            end = at + c.len_utf8();
            break;
        } else {
            break;
        }
    }
    let glued = text
        .get(end..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    if needs && end > 0 && !glued { end } else { 0 }
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '۰'..='۹' | '٠'..='٩')
}

fn is_sign(c: char) -> bool {
    matches!(c, '+' | '-' | '−' | '±')
}

fn is_percent(c: char) -> bool {
    matches!(c, '%' | '٪' | '‰' | '؉')
}

#[cfg(test)]
mod tests;
