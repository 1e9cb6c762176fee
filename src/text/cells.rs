//! A logical string as clusters, each with the cells it will take: the one measure of width.
//!
//! A cluster is a base with its marks, a lam-alef, an emoji sequence: whatever shares one symbol and is never torn apart. Widths
//! do not depend on order or on the forms letters take, so measuring needs neither.

use super::joining::{self, Joining};
use super::visible;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks drawn on one base; tmux 3.3 has room for 21 bytes in a cell, and nothing real has more.
const MARKS_PER_BASE: u8 = 4;
/// The longest sequence in bytes that is drawn as one; anything longer is drawn in parts.
const LONGEST_CLUSTER: usize = 48;

/// What stands between two clusters and says how letters join across it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Nothing: the letters decide.
    Open,
    /// A zero-width joiner: the letter joins, whatever is beside it.
    Joined,
    /// A zero-width non-joiner or an isolate: the letter does not join.
    Broken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The form of `base`, with its marks.
    Letter,
    /// The text of the cluster as it stands, without what is never drawn.
    Sequence,
}

/// One cluster in logical order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster {
    /// Bytes of the logical string, with everything that is not drawn but belongs to it.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The letter after composing and ligatures.
    pub(super) base: char,
    pub(super) joining: Joining,
    pub(super) before: Link,
    pub(super) after: Link,
    pub(super) shape: Shape,
    /// Cells: 1 or 2.
    pub(super) width: u8,
    marks: u8,
    first_mark: u32,
}

/// The clusters of a text, as far as they were asked for.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    pub(super) all: Vec<Cluster>,
    marks: Vec<char>,
    /// Cells of all of them.
    pub(super) width: usize,
}

/// What a character is to this file.
enum Class {
    /// One cell, takes marks, never joins.
    Simple,
    /// An Arabic letter, or any other character of those blocks that takes a cell.
    Arabic(Joining),
    /// A mark of the Arabic blocks.
    ArabicMark,
    /// Never drawn and not in the way of joining.
    Unseen,
    /// Never drawn, and breaks or forces joining.
    Link(Link),
    /// Drawn as U+FFFD.
    Forbidden,
    /// A line break inside a line: a blank.
    Blank,
    /// To be asked of the tables of Unicode.
    Other,
}

#[inline]
fn classify(c: char) -> Class {
    match c {
        ' '..='~' => Class::Simple,
        '\u{620}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => match joining::joining(c) {
            // U+06DD encloses the digits after it; few fonts have it.
            Joining::None if c == '\u{6dd}' => Class::Other,
            Joining::Transparent => Class::ArabicMark,
            joining => Class::Arabic(joining),
        },
        '\u{200c}' => Class::Link(Link::Broken),
        '\u{200d}' => Class::Link(Link::Joined),
        '\u{2066}'..='\u{2069}' => Class::Link(Link::Broken),
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => {
            Class::Unseen
        }
        '\u{2060}'..='\u{206f}' => Class::Unseen,
        // Variation selectors widen what stands before them in some terminals only.
        '\u{fe00}'..='\u{fe0f}' => Class::Unseen,
        '\n' => Class::Blank,
        '\u{a0}'..='\u{2ff}' => Class::Simple,
        '\u{606}'..='\u{60f}' | '\u{61b}' | '\u{61d}'..='\u{61f}' => Class::Simple,
        '\u{2010}'..='\u{2027}' | '\u{202f}'..='\u{205e}' | '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{25fc}' => {
            Class::Simple
        }
        // Half-width voicing marks: one cell to ratatui, none or one to others.
        '\u{ff9e}' | '\u{ff9f}' => Class::Forbidden,
        _ if visible::is_forbidden(c) => Class::Forbidden,
        _ => Class::Other,
    }
}

impl Clusters {
    /// The clusters of a text, at least until they are wider than `limit` cells.
    pub(super) fn of(text: &str, limit: usize) -> Self {
        let mut clusters = Self {
            all: Vec::with_capacity(text.len().min(limit.saturating_mul(2)).min(512)),
            marks: Vec::new(),
            width: 0,
        };
        // What the next cluster has before it.
        let mut before = Link::Open;
        // Where the last sequence of several characters ended.
        let mut taken = 0;
        for (at, c) in text.char_indices() {
            if at < taken {
                continue;
            }
            if clusters.width > limit {
                break;
            }
            match classify(c) {
                Class::Simple => clusters.push(at, c.len_utf8(), c, Joining::None, &mut before),
                Class::Arabic(joining) => clusters.arabic(at, c, joining, &mut before),
                Class::ArabicMark => clusters.arabic_mark(at, c),
                Class::Unseen => {}
                Class::Link(link) => {
                    if let Some(last) = clusters.all.last_mut()
                        && last.after == Link::Open
                    {
                        last.after = link;
                    }
                    before = link;
                }
                Class::Forbidden => clusters.push(at, c.len_utf8(), '\u{fffd}', Joining::None, &mut before),
                Class::Blank => clusters.push(at, 1, ' ', Joining::None, &mut before),
                Class::Other => taken = clusters.sequence(text, at, c, &mut before),
            }
        }
        clusters
    }

    /// The marks of a cluster.
    pub(super) fn marks(&self, cluster: &Cluster) -> &[char] {
        let first = cluster.first_mark as usize;
        self.marks.get(first..first + usize::from(cluster.marks)).unwrap_or(&[])
    }

    #[inline]
    fn push(&mut self, at: usize, bytes: usize, base: char, joining: Joining, before: &mut Link) {
        self.add(at, bytes, base, joining, 1, Shape::Letter, before);
    }

    #[inline]
    #[expect(clippy::too_many_arguments, reason = "the one place that makes a cluster")]
    fn add(
        &mut self,
        at: usize,
        bytes: usize,
        base: char,
        joining: Joining,
        width: u8,
        shape: Shape,
        before: &mut Link,
    ) {
        self.all.push(Cluster {
            start: offset(at),
            end: offset(at + bytes),
            base,
            joining,
            before: std::mem::replace(before, Link::Open),
            after: Link::Open,
            shape,
            width,
            marks: 0,
            first_mark: offset(self.marks.len()),
        });
        self.width += usize::from(width);
    }

    fn arabic(&mut self, at: usize, c: char, joining: Joining, before: &mut Link) {
        if let Some(ligature) = joining::lam_alef(c)
            && let Some(last) = self.all.last_mut()
            && last.base == 'ل'
            && last.after == Link::Open
        {
            last.base = ligature;
            last.joining = Joining::Right;
            last.end = offset(at + c.len_utf8());
            return;
        }
        self.push(at, c.len_utf8(), c, joining, before);
        if c == 'ۀ' {
            self.mark(at, '\u{654}');
        }
    }

    fn arabic_mark(&mut self, at: usize, c: char) {
        // Vowel signs are drawn badly or not at all by most terminals and are no part of how Persian is written. The
        // hamza of the ezafe is, and so are the signs that make another letter.
        if matches!(c, '\u{653}'..='\u{655}') {
            self.mark(at, c);
        } else if let Some(last) = self.all.last_mut().filter(|last| last.shape == Shape::Letter) {
            last.end = offset(at + c.len_utf8());
        }
    }

    /// Puts a mark on the last base; without one it has nowhere to be drawn.
    fn mark(&mut self, at: usize, c: char) {
        let Some(last) = self.all.last_mut().filter(|last| last.shape == Shape::Letter) else {
            return;
        };
        last.end = last.end.max(offset(at + c.len_utf8()));
        if last.base == ' ' {
            // A mark on nothing tells nothing, and a blank must stay one: rows are fenced by them.
        } else if last.marks == 0
            && let Some(composed) = joining::composed(last.base, c)
        {
            last.base = composed;
        } else if last.marks < MARKS_PER_BASE {
            if last.marks == 0 {
                last.first_mark = offset(self.marks.len());
            }
            last.marks += 1;
            self.marks.push(c);
        }
    }

    /// A character that needs the tables of Unicode, with what belongs to it; returns where it ends.
    fn sequence(&mut self, text: &str, at: usize, c: char, before: &mut Link) -> usize {
        let width = c.width().unwrap_or(0);
        if width == 0 && !self.all.is_empty() {
            self.foreign_mark(at, c);
            return at + c.len_utf8();
        }
        let whole = text
            .get(at..)
            .and_then(|rest| rest.graphemes(true).next())
            .unwrap_or("");
        let drawn = drawn(whole);
        let mut chars = drawn.chars();
        // A terminal that knows no emoji sequences takes the columns of all parts, and everything after them on the line, or on
        // the next one, would stand in the wrong place: one symbol is only what takes the same columns in both.
        let agreed = |width: u8| drawn.chars().filter_map(UnicodeWidthChar::width).sum::<usize>() == usize::from(width);
        match (chars.next(), chars.next(), u8::try_from(drawn.width())) {
            (None, ..) => {}
            (Some(_), Some(_), Ok(width @ 1..=2)) if drawn.len() <= LONGEST_CLUSTER && agreed(width) => {
                self.add(at, whole.len(), c, Joining::None, width, Shape::Sequence, before);
            }
            // A character alone, or a sequence too wide for one cell: each part by itself.
            _ => self.parts(at, whole, before),
        }
        at + whole.len()
    }

    fn parts(&mut self, at: usize, whole: &str, before: &mut Link) {
        for (offset, c) in whole.char_indices() {
            let at = at + offset;
            match c.width() {
                // Parts are drawn apart: a joiner at the end of one would pull the next one in.
                _ if !is_drawn(c) || c == '\u{200d}' => {}
                Some(0) if self.all.is_empty() => {}
                Some(0) => self.foreign_mark(at, c),
                Some(width @ 1..=2) => {
                    let width = u8::try_from(width).unwrap_or(1);
                    self.add(at, c.len_utf8(), c, Joining::None, width, Shape::Letter, before);
                }
                _ => self.push(at, c.len_utf8(), '\u{fffd}', Joining::None, before),
            }
        }
    }

    /// A mark outside the Arabic blocks: it may change the width of what it is put on (emoji presentation).
    fn foreign_mark(&mut self, at: usize, c: char) {
        let Some(last) = self.all.last() else {
            return;
        };
        if last.shape == Shape::Sequence {
            // Sequences end where their grapheme ends; nothing is put on them later.
            return;
        }
        let (base, marks) = (last.base, last.marks);
        let mut symbol = String::from(base);
        symbol.extend(self.marks(last));
        symbol.push(c);
        if let Ok(width @ 1..=2) = u8::try_from(symbol.width()) {
            self.mark(at, c);
            if let Some(last) = self.all.last_mut().filter(|last| last.marks > marks) {
                self.width = self.width + usize::from(width) - usize::from(last.width);
                last.width = width;
            }
        }
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether a character of a sequence is drawn: joiners and variation selectors are, controls and tags are not.
fn is_drawn(c: char) -> bool {
    c == '\u{200d}' || !matches!(classify(c), Class::Unseen | Class::Link(_) | Class::Forbidden)
}

/// A sequence without what is never drawn, and without a joiner that joins nothing.
pub(super) fn drawn(sequence: &str) -> std::borrow::Cow<'_, str> {
    let kept = sequence.trim_end_matches('\u{200d}');
    if kept.chars().all(is_drawn) {
        kept.into()
    } else {
        kept.chars().filter(|c| is_drawn(*c)).collect::<String>().into()
    }
}

/// The cells a text takes when it is drawn on one line.
pub fn cells(text: &str) -> usize {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    Clusters::of(text, usize::MAX).width
}
