//! Levels, visual order and mirroring by UAX #9.
//!
//! The rules up to the resolved levels are `unicode-bidi`'s; this file skips them where the outcome is known beforehand, and
//! does what that crate leaves to its callers: reordering of clusters instead of characters, and mirrored brackets. It must not
//! know of cells, widths or joining.

use super::Direction;
use super::tables::{LOW_END, LOW_RUNS, MIRRORED};
use std::ops::Range;
use unicode_bidi::data_source::BidiMatchedOpeningBracket;
use unicode_bidi::{BidiClass, BidiDataSource, HardcodedBidiData, Level, ParagraphBidiInfo};

/// Classes of everything below U+0700: asking the crate's table costs a binary search per character.
static LOW_CLASSES: [BidiClass; LOW_END as usize] = {
    let mut classes = [BidiClass::L; LOW_END as usize];
    let (mut run, mut c) = (0, 0);
    while run < LOW_RUNS.len() {
        let (class, length) = LOW_RUNS[run];
        let end = c + length as usize;
        while c < end {
            classes[c] = class;
            c += 1;
        }
        run += 1;
    }
    assert!(c == classes.len(), "the runs end where the table does");
    classes
};

/// `unicode-bidi`'s own data, faster for the characters we mostly have.
struct Classes(&'static [BidiClass; LOW_END as usize]);

impl Classes {
    fn get() -> Self {
        Self(&LOW_CLASSES)
    }
}

impl BidiDataSource for Classes {
    #[inline]
    fn bidi_class(&self, c: char) -> BidiClass {
        match self.0.get(c as usize) {
            Some(class) => *class,
            // What finished rows are made of.
            None => match c {
                '\u{2500}'..='\u{2590}' => BidiClass::ON,
                '\u{2800}' => BidiClass::L,
                '\u{fb50}'..='\u{fbb1}' | '\u{fbd3}'..='\u{fbff}' | '\u{fe80}'..='\u{fefc}' => BidiClass::AL,
                _ => HardcodedBidiData.bidi_class(c),
            },
        }
    }

    fn bidi_matched_opening_bracket(&self, c: char) -> Option<BidiMatchedOpeningBracket> {
        let (opening, is_open) = match c {
            '(' | ')' => ('(', c == '('),
            '[' | ']' => ('[', c == '['),
            '{' | '}' => ('{', c == '{'),
            // The first bracket pair beyond ASCII is U+0F3A.
            '\0'..'\u{f3a}' => return None,
            _ => return HardcodedBidiData.bidi_matched_opening_bracket(c),
        };
        Some(BidiMatchedOpeningBracket { opening, is_open })
    }
}

const fn set(classes: &[BidiClass]) -> u32 {
    let mut set = 0;
    let mut i = 0;
    while i < classes.len() {
        set |= 1 << classes[i] as u32;
        i += 1;
    }
    set
}

const EXPLICIT: u32 = {
    use BidiClass::{FSI, LRE, LRI, LRO, PDF, PDI, RLE, RLI, RLO};
    set(&[LRE, RLE, LRO, RLO, PDF, LRI, RLI, FSI, PDI])
};
/// Without any of these a right-to-left paragraph is one run of level 1: everything else resolves to the base direction.
const MOVES_IN_RTL: u32 = EXPLICIT | set(&[BidiClass::L, BidiClass::EN, BidiClass::AN]);
/// Without any of these a left-to-right paragraph stays as it is.
const MOVES_IN_LTR: u32 = EXPLICIT | set(&[BidiClass::R, BidiClass::AL, BidiClass::AN]);
/// Numbers whose signs and separators may need an isolate: digits, and something that can belong to them.
const DIGITS: u32 = set(&[BidiClass::EN, BidiClass::AN]);
const SIGNS: u32 = set(&[BidiClass::ES, BidiClass::ET, BidiClass::CS, BidiClass::ON]);

/// The classes of characters that occur in a text.
#[derive(Clone, Copy)]
pub(super) struct Seen(u32);

impl Seen {
    pub(super) fn of(text: &str) -> Self {
        let classes = Classes::get();
        Self(text.chars().fold(0, |seen, c| seen | 1 << classes.bidi_class(c) as u32))
    }

    /// Whether the order of characters in a paragraph of that direction is known without the algorithm.
    const fn is_plain(self, base: Direction) -> bool {
        match base {
            Direction::Rtl => self.0 & MOVES_IN_RTL == 0,
            Direction::Ltr => self.0 & MOVES_IN_LTR == 0,
        }
    }

    /// Whether a number with a sign or separators may come to stand among right-to-left text.
    pub(super) const fn may_hold_signed_number(self, base: Direction) -> bool {
        !self.is_plain(base) && self.0 & DIGITS != 0 && self.0 & SIGNS != 0
    }
}

/// True for a letter that is written from right to left.
pub fn is_rtl_letter(c: char) -> bool {
    matches!(Classes::get().bidi_class(c), BidiClass::R | BidiClass::AL)
}

/// The levels of a paragraph before it is cut into lines.
pub struct Paragraph<'t>(Resolved<'t>);

enum Resolved<'t> {
    /// Every character has the level of the paragraph.
    Uniform(u8),
    Mixed(ParagraphBidiInfo<'t>),
}

impl<'t> Paragraph<'t> {
    /// Resolves the levels of one paragraph; without a base direction its first strong character decides (rules P2 and P3).
    pub fn new(text: &'t str, base: Option<Direction>) -> Self {
        match base {
            Some(base) => Self::with(text, base, Seen::of(text)),
            None => Self(Resolved::Mixed(ParagraphBidiInfo::new_with_data_source(
                &Classes::get(),
                text,
                None,
            ))),
        }
    }

    pub(super) fn with(text: &'t str, base: Direction, seen: Seen) -> Self {
        let level = match base {
            Direction::Ltr => Level::ltr(),
            Direction::Rtl => Level::rtl(),
        };
        Self(if seen.is_plain(base) {
            Resolved::Uniform(level.number())
        } else {
            Resolved::Mixed(ParagraphBidiInfo::new_with_data_source(
                &Classes::get(),
                text,
                Some(level),
            ))
        })
    }

    /// The level of the paragraph itself.
    pub fn level(&self) -> u8 {
        match &self.0 {
            Resolved::Uniform(level) => *level,
            Resolved::Mixed(info) => info.paragraph_level.number(),
        }
    }

    /// The levels of one line of the paragraph, its trailing white space at the level of the paragraph (rule L1). The range is
    /// in bytes and is held within the text.
    pub fn line(&self, range: Range<usize>) -> Levels {
        match &self.0 {
            Resolved::Uniform(level) => Levels::Uniform(*level),
            Resolved::Mixed(info) => {
                let end = range.end.min(info.text.len());
                let start = range.start.min(end);
                if start == end || !info.text.is_char_boundary(start) || !info.text.is_char_boundary(end) {
                    return Levels::Uniform(info.paragraph_level.number());
                }
                Levels::PerByte(info.reordered_levels(start..end))
            }
        }
    }
}

/// The levels of the characters of a line, by the byte they start at.
pub enum Levels {
    /// One level for all.
    Uniform(u8),
    /// One level for each byte of the paragraph.
    PerByte(Vec<Level>),
}

impl Levels {
    /// The level of the character that starts at that byte of the paragraph.
    #[inline]
    pub fn at(&self, byte: usize) -> u8 {
        match self {
            Self::Uniform(level) => *level,
            Self::PerByte(levels) => levels.get(byte).map_or(0, |level| level.number()),
        }
    }
}

/// Puts things that stand in logical order into visual order, left to right (rule L2).
pub fn reorder<T>(items: &mut [T], level: impl Fn(&T) -> u8) {
    let (mut highest, mut lowest_odd) = (0, u8::MAX);
    for item in items.iter() {
        let level = level(item);
        highest = highest.max(level);
        if level % 2 == 1 {
            lowest_odd = lowest_odd.min(level);
        }
    }
    for at_least in (lowest_odd..=highest).rev() {
        items
            .chunk_by_mut(|a, b| (level(a) >= at_least) == (level(b) >= at_least))
            .filter(|run| run.first().is_some_and(|first| level(first) >= at_least))
            .for_each(<[T]>::reverse);
    }
}

/// How a character is drawn at an odd level: mirrored (rule L4); and arrows turned, which Unicode leaves as they are but which
/// mean "onwards" in a sentence.
#[inline]
pub fn mirrored(c: char) -> char {
    match c {
        '←' => '→',
        '→' => '←',
        '⇐' => '⇒',
        '⇒' => '⇐',
        '⟵' => '⟶',
        '⟶' => '⟵',
        _ => twin(c),
    }
}

/// The mirrored twin of a character, by BidiMirroring.txt; the character itself where it has none.
#[inline]
pub(super) fn twin(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '«' => '»',
        '»' => '«',
        // Letters, digits and marks of Arabic, by far the most frequent here, have none.
        '\u{bc}'..'\u{f3a}' => c,
        _ => u16::try_from(u32::from(c))
            .ok()
            .and_then(|code| MIRRORED.binary_search_by_key(&code, |pair| pair.0).ok())
            .and_then(|i| MIRRORED.get(i))
            .and_then(|pair| char::from_u32(u32::from(pair.1)))
            .unwrap_or(c),
    }
}

/// Whether a character is one of a pair that rule N0 treats together.
pub(super) fn is_bracket(c: char) -> bool {
    Classes::get().bidi_matched_opening_bracket(c).is_some()
}

/// Whether a character is strong and runs from left to right.
pub(super) fn is_strong_ltr(c: char) -> bool {
    Classes::get().bidi_class(c) == BidiClass::L
}

#[cfg(test)]
mod conformance;
