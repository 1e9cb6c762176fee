//! Text as it is searched: one spelling for everything that reads alike, and the places where a search word was found.
//!
//! ي ى ئ and ی, ك and ک, ة ۀ هٔ and ه, أ إ آ and ا, ؤ and و, digits of three kinds, upper and lower case are each one; vowel signs
//! and tatweel are nothing. Words that are parted by a space, by a ZWNJ or not at all find each other: دانش‌بنیان, دانش بنیان,
//! دانشبنیان. Both sides of a comparison must be folded.

use super::number::digit_value;
use memchr::memmem;
use std::ops::Range;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What becomes of one character.
enum Folded {
    /// Nothing.
    Gone,
    One(char),
    /// More than one, or none, by the tables of Unicode.
    Many(char),
}

#[inline]
fn fold_char(c: char) -> Folded {
    Folded::One(match c {
        'a'..='z' | ' ' => c,
        '\0'..='\u{7f}' if c.is_ascii_whitespace() => ' ',
        '\0'..='\u{7f}' => c.to_ascii_lowercase(),
        'ي' | 'ى' | 'ئ' | 'ے' | 'ۓ' | 'ې' | 'ێ' | 'ۍ' => 'ی',
        'ك' | 'ڪ' => 'ک',
        'ؤ' | 'ۆ' => 'و',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ة' | 'ۀ' | 'ە' | 'ھ' | 'ہ' | 'ۂ' | 'ۃ' => 'ه',
        '٫' => '.',
        '٪' => '%',
        '،' => ',',
        '؛' => ';',
        '؟' => '?',
        '−' | '‐' | '‑' | '–' => '-',
        '٬'
        | '\u{640}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e8}' => {
            return Folded::Gone;
        }
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{61c}' => {
            return Folded::Gone;
        }
        '\u{600}'..='\u{6ff}' => match digit_value(c) {
            Some(value) => char::from(b'0' + value),
            None => c,
        },
        _ if c.is_whitespace() => ' ',
        _ => return Folded::Many(c),
    })
}

/// What a character becomes by itself, whatever stands beside it.
fn alone(c: char) -> impl Iterator<Item = char> + Clone {
    let (one, many) = match fold_char(c) {
        Folded::Gone => (None, None),
        Folded::One(c) => (Some(c), None),
        Folded::Many(c) => (None, Some(c)),
    };
    one.into_iter().chain(many.into_iter().flat_map(parts))
}

/// The same of one that the tables of Unicode take apart.
fn parts(c: char) -> impl Iterator<Item = char> + Clone {
    let letters = std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c));
    letters.flat_map(|part| {
        let (one, lower) = match fold_char(part) {
            Folded::Gone => (None, None),
            Folded::One(part) => (Some(part), None),
            Folded::Many(part) => (None, Some(part.to_lowercase())),
        };
        one.into_iter().chain(lower.into_iter().flatten())
    })
}

/// Calls `put` with every character of the folded text and the bytes of the original it stands for.
fn each(text: &str, mut put: impl FnMut(char, Range<usize>)) {
    // A blank is put when something follows it, so that there is one between words and none at the ends.
    let mut blank: Option<Range<usize>> = None;
    let mut last = None;
    // Whether the hamzas here end their word: all that stand together do, or none, and one look is enough for a page of them.
    let mut end = None;
    // `ahead` is what follows, folded: what is folded once more has nothing else to look at.
    let mut one = |c: char, range: Range<usize>, ahead: &mut dyn Iterator<Item = char>| {
        if c != 'ء' {
            end = None;
        }
        if c == ' ' {
            blank.get_or_insert(range);
            return;
        }
        // The hamza at the end of a word is left out as often as not: املاء, املا.
        let left_out = match c {
            'ء' => *end.get_or_insert_with(|| ends_word(ahead)),
            ',' if last.is_some_and(|last: char| last.is_ascii_digit()) => parts_thousands(ahead),
            _ => false,
        };
        if left_out {
            return;
        }
        if let Some(blank) = blank.take()
            && last.is_some()
        {
            put(' ', blank);
        }
        last = Some(c);
        put(c, range);
    };
    for (at, c) in text.char_indices() {
        let range = at..at + c.len_utf8();
        let rest = text.get(range.end..).unwrap_or_default().chars().flat_map(alone);
        match fold_char(c) {
            Folded::Gone => {}
            Folded::One(c) => one(c, range, &mut { rest }),
            Folded::Many(c) => {
                let mut parts = parts(c);
                while let Some(part) = parts.next() {
                    one(part, range.clone(), &mut parts.clone().chain(rest.clone()));
                }
            }
        }
    }
}

/// Whether a hamza before this is at the end of its word; others behind it are left out, too.
fn ends_word(mut ahead: impl Iterator<Item = char>) -> bool {
    ahead.find(|c| *c != 'ء').is_none_or(|c| !c.is_alphanumeric())
}

/// Whether a comma before this parts thousands.
fn parts_thousands(mut ahead: impl Iterator<Item = char>) -> bool {
    let digits = ahead.by_ref().take(3).filter(char::is_ascii_digit).count();
    digits == 3 && ahead.next().is_none_or(|c| !c.is_ascii_digit())
}

/// The text as it is searched.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if !fold_plain(text, |c| out.push(c)) {
        out.clear();
        each(text, |c, _| out.push(c));
    }
    out
}

/// Appends the text as it is searched, each character as `put` writes it.
pub fn fold_onto(text: &str, out: &mut Vec<u8>, put: impl Fn(char, &mut Vec<u8>)) {
    let start = out.len();
    out.reserve(text.len());
    if !fold_plain(text, |c| put(c, out)) {
        out.truncate(start);
        each(text, |c, _| put(c, out));
    }
}

/// What stands for "look again" in [`PLAIN`].
const OTHER: u16 = u16::MAX;

/// What becomes of the characters from U+0600 to U+06FF that fold by themselves, whatever stands beside them: 0 for nothing,
/// [`OTHER`] for those that do not.
static PLAIN: LazyLock<[u16; 256]> = LazyLock::new(|| {
    std::array::from_fn(|low| {
        let c = u32::try_from(0x600 + low)
            .ok()
            .and_then(char::from_u32)
            .unwrap_or_default();
        match fold_char(c) {
            // The hamza looks at what follows; a comma does, too, but is told apart below.
            Folded::One('ء' | ' ') | Folded::Many(_) => OTHER,
            Folded::One(c) => u16::try_from(u32::from(c)).unwrap_or(OTHER),
            Folded::Gone => 0,
        }
    })
});

/// The same, of a text in which nothing needs a look at its neighbours; false when the text is another.
fn fold_plain(text: &str, mut put: impl FnMut(char)) -> bool {
    let plain = &*PLAIN;
    let mut blank = false;
    // The last character put; none yet.
    let mut last = '\0';
    let mut rest = text.as_bytes();
    loop {
        let c = match rest {
            [] => return true,
            [b' ', after @ ..] => {
                rest = after;
                blank = last != '\0';
                continue;
            }
            [byte @ b'!'..=b'~', after @ ..] => {
                rest = after;
                char::from(byte.to_ascii_lowercase())
            }
            [lead @ 0xd8..=0xdb, low, after @ ..] => {
                rest = after;
                let at = usize::from(lead - 0xd8) << 6 | usize::from(low & 0x3f);
                match plain.get(at).copied() {
                    Some(0) => continue,
                    Some(code) if code != OTHER => char::from_u32(u32::from(code)).unwrap_or_default(),
                    _ => return false,
                }
            }
            [0xe2, 0x80, 0x8c, after @ ..] => {
                rest = after;
                continue;
            }
            _ => return false,
        };
        // Behind a digit it may part thousands, and is nothing then.
        if c == ',' && last.is_ascii_digit() {
            return false;
        }
        if std::mem::take(&mut blank) {
            put(' ');
        }
        put(c);
        last = c;
    }
}

/// Where a folded search word (see [`fold`]) occurs in a text: bytes of the text as it stands, in order, never overlapping, each
/// with the marks that belong to its last letter.
pub fn find(haystack: &str, folded_needle: &str) -> Vec<Range<usize>> {
    let mut folded = String::with_capacity(haystack.len());
    // For every byte of the folded text, what it stands for.
    let mut origin: Vec<Range<usize>> = Vec::with_capacity(haystack.len());
    each(haystack, |c, range| {
        folded.push(c);
        origin.extend(std::iter::repeat_n(range, c.len_utf8()));
    });
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(hit) = next_match(&folded, folded_needle, from) {
        from = hit.end.max(hit.start + 1);
        if let (Some(first), Some(last)) = (
            origin.get(hit.start),
            hit.end.checked_sub(1).and_then(|at| origin.get(at)),
        ) {
            let range = first.start..with_marks(haystack, last.end);
            // One character may hold the word twice («‥» is two dots): it is found once.
            if found
                .last()
                .is_none_or(|before: &Range<usize>| before.end <= range.start)
            {
                found.push(range);
            }
        }
    }
    found
}

/// Whether a folded search word occurs in a folded text.
pub fn contains(folded_haystack: &str, folded_needle: &str) -> bool {
    let needle = folded_needle.trim();
    needle.is_empty()
        || memmem::find(folded_haystack.as_bytes(), needle.as_bytes()).is_some()
        || next_match(folded_haystack, needle, 0).is_some()
}

/// The marks behind a letter belong to it; a joiner between two words does not.
fn with_marks(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    let marks = rest
        .char_indices()
        .find(|(_, c)| !is_combining_mark(*c))
        .map_or(rest.len(), |(at, _)| at);
    from + marks
}

/// The first match at or after a byte. A blank of the needle matches one of the text or nothing. A blank of the text that the
/// needle lacks is passed over only in a match that begins a word: otherwise «نگا» would be found in «من گاهی».
fn next_match(haystack: &str, needle: &str, from: usize) -> Option<Range<usize>> {
    let needle = needle.trim();
    let first = needle.chars().next()?;
    let mut bytes = [0; 4];
    let first = memmem::Finder::new(first.encode_utf8(&mut bytes).as_bytes()).into_owned();
    let mut at = from;
    while let Some(found) = haystack.as_bytes().get(at..).and_then(|rest| first.find(rest)) {
        let start = at + found;
        if let Some(length) = match_at(haystack, start, needle) {
            return Some(start..start + length);
        }
        at = start + 1;
    }
    None
}

fn match_at(haystack: &str, start: usize, needle: &str) -> Option<usize> {
    let begins_word = start == 0
        || haystack
            .get(..start)
            .and_then(|before| before.chars().next_back())
            .is_some_and(|c| !c.is_alphanumeric());
    let rest = haystack.get(start..)?;
    let mut wanted = needle.chars().peekable();
    for (at, c) in rest.char_indices() {
        let mut next = wanted.peek().copied();
        if next == Some(' ') {
            wanted.next();
            if c == ' ' {
                continue;
            }
            next = wanted.peek().copied();
        }
        match next {
            None => return Some(at),
            Some(next) if next == c => {
                wanted.next();
            }
            Some(_) if c == ' ' && begins_word => {}
            Some(_) => return None,
        }
    }
    wanted.next().is_none().then_some(rest.len())
}

#[cfg(test)]
mod tests;
