//! Lines as they are drawn: order, joined letters, mirrored brackets, cut and wrapped to a width.
//!
//! Cutting and wrapping happen in logical order, before anything is shaped, so that a word that lost its end is joined like a
//! word that ends there. It must not know of terminals, colours or buffers.

use super::Direction;
use super::bidi::{self, Levels, Paragraph, Seen};
use super::cells::{self, Cluster, Clusters, Link, Shape};
use super::isolate;
use super::joining;
use smol_str::{SmolStr, SmolStrBuilder};
use std::ops::Range;

/// One symbol as it is drawn, in one or two cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// What is written to the terminal: a letter in its form with its marks, or an emoji sequence.
    pub symbol: SmolStr,
    /// Cells it takes: 1 or 2.
    pub width: u8,
    /// Whether it stands at a right-to-left level.
    pub rtl: bool,
    /// Bytes of the logical string it stands for.
    pub source: Range<u32>,
}

/// One line in visual order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The symbols from left to right.
    pub glyphs: Vec<Glyph>,
    /// Cells of all of them.
    pub width: u16,
    /// Whether something was cut off and «…» put in its place.
    pub truncated: bool,
}

impl Line {
    /// The symbols as one string, left to right: for tests and for tools, never for a terminal that may reorder it.
    pub fn visual(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.symbol.as_str()).collect()
    }
}

const ELLIPSIS: char = '…';

/// A text as one line, whole.
pub fn line(text: &str, base: Direction) -> Line {
    if let Some(line) = ascii(text, base, usize::MAX) {
        return line;
    }
    let clusters = Clusters::of(text, usize::MAX);
    whole(text, &clusters, base)
}

/// A text as one line of at most `max` cells: what does not fit is cut off at the logical end and «…» put there.
pub fn fit(text: &str, base: Direction, max: usize) -> Line {
    if let Some(line) = ascii(text, base, max) {
        return line;
    }
    let clusters = Clusters::of(text, max);
    if clusters.width <= max {
        return whole(text, &clusters, base);
    }
    if max == 0 {
        return Line {
            truncated: true,
            ..Line::default()
        };
    }
    let mut width = 0;
    let mut kept = 0;
    for cluster in &clusters.all {
        width += usize::from(cluster.width);
        if width >= max {
            break;
        }
        kept = cluster.end as usize;
    }
    let kept = text.get(..kept).unwrap_or("").trim_end();
    let mut cut = String::with_capacity(kept.len() + ELLIPSIS.len_utf8());
    cut.push_str(kept);
    // A cut inside an isolate closes it: the ellipsis belongs to the line, not to the number before it.
    cut.extend(std::iter::repeat_n(isolate::PDI, isolate::open(kept)));
    cut.push(ELLIPSIS);
    let clusters = Clusters::of(&cut, usize::MAX);
    let mut line = whole(&cut, &clusters, base);
    line.truncated = true;
    // The ellipsis stands for everything behind the cut.
    let (from, to) = (offset(kept.len()), offset(text.len()));
    if let Some(ellipsis) = line.glyphs.iter_mut().find(|glyph| glyph.source.start >= from) {
        ellipsis.source = from..to;
    }
    line
}

/// A text as lines of at most `width` cells (at least 1), broken between words where that is possible and at every `\n`.
pub fn wrap(text: &str, base: Direction, width: usize) -> Vec<Line> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        let bare = paragraph.strip_suffix('\r').unwrap_or(paragraph);
        wrap_paragraph(bare, base, width, start, &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

fn wrap_paragraph(text: &str, base: Direction, width: usize, start: usize, lines: &mut Vec<Line>) {
    let clusters = Clusters::of(text, usize::MAX);
    let tailored = isolate::numbers(text, base);
    let levels = tailored.paragraph(base);
    let mut from = 0;
    loop {
        let (first, upto, next) = next_line(&clusters.all, from, width);
        let shown = clusters.all.get(first..upto).unwrap_or(&[]);
        let range = match (shown.first(), shown.last()) {
            (Some(first), Some(last)) => first.start as usize..last.end as usize,
            _ => 0..0,
        };
        let levels = levels.line(tailored.map(range.start)..tailored.map(range.end));
        let mut line = lay(text, shown, &clusters, &levels, |byte| tailored.map(byte));
        for glyph in &mut line.glyphs {
            glyph.source = glyph.source.start + offset(start)..glyph.source.end + offset(start);
        }
        lines.push(line);
        if next >= clusters.all.len() {
            break;
        }
        from = next;
    }
}

/// Where the line after `from` starts and ends, and where the next one starts (blanks in between are not drawn).
fn next_line(all: &[Cluster], from: usize, width: usize) -> (usize, usize, usize) {
    let mut cells = 0;
    // The last place a line may end, and where the next would start.
    let mut last: Option<(usize, usize)> = None;
    let mut blank = None;
    for (at, cluster) in all.iter().enumerate().skip(from) {
        if is_blank(cluster) {
            // Blanks at the end of a line may stand beyond its width.
            last = Some((*blank.get_or_insert(at), at + 1));
            cells += usize::from(cluster.width);
            continue;
        }
        blank = None;
        cells += usize::from(cluster.width);
        if cells > width {
            return match last {
                Some((end, next)) if end > from => (from, end, next),
                // Nothing but blanks before a word that has no room beside them.
                Some((_, next)) if next > from => next_line(all, next, width),
                // One word wider than the line, or one symbol wider than it.
                _ => (from, at.max(from + 1), at.max(from + 1)),
            };
        }
        // Ideographs may be parted anywhere.
        if cluster.width == 2 {
            last = Some((at + 1, at + 1));
        }
    }
    (from, blank.unwrap_or(all.len()), all.len())
}

fn is_blank(cluster: &Cluster) -> bool {
    cluster.base == ' ' || (cluster.base.is_whitespace() && !matches!(cluster.base, '\u{a0}' | '\u{2007}' | '\u{202f}'))
}

/// Plain ASCII from left to right is drawn as it is written.
fn ascii(text: &str, base: Direction, max: usize) -> Option<Line> {
    if base == Direction::Rtl || text.len() > max || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    let glyphs = text.char_indices().map(|(at, c)| Glyph {
        symbol: symbol(c),
        width: 1,
        rtl: false,
        source: offset(at)..offset(at + 1),
    });
    Some(Line {
        glyphs: glyphs.collect(),
        width: cells_u16(text.len()),
        truncated: false,
    })
}

fn whole(text: &str, clusters: &Clusters, base: Direction) -> Line {
    let seen = Seen::of(text);
    if seen.may_hold_signed_number(base) {
        let tailored = isolate::numbers(text, base);
        let levels = tailored.paragraph(base).line(0..usize::MAX);
        return lay(text, &clusters.all, clusters, &levels, |byte| tailored.map(byte));
    }
    let levels = Paragraph::with(text, base, seen).line(0..usize::MAX);
    lay(text, &clusters.all, clusters, &levels, |byte| byte)
}

/// The glyphs of consecutive clusters. `place` says where a byte of the text stands in the text the levels are of.
fn lay(text: &str, shown: &[Cluster], clusters: &Clusters, levels: &Levels, place: impl Fn(usize) -> usize) -> Line {
    let level_of = |cluster: &Cluster| levels.at(place(cluster.start as usize));
    let glyph = |at: usize, level: u8| glyph(text, shown, clusters, at, level, &level_of);
    let glyphs: Vec<Glyph> = match levels {
        Levels::Uniform(level) if level % 2 == 1 => (0..shown.len()).rev().filter_map(|at| glyph(at, *level)).collect(),
        Levels::Uniform(level) => (0..shown.len()).filter_map(|at| glyph(at, *level)).collect(),
        Levels::PerByte(_) => {
            let mut order: Vec<(usize, u8)> = shown.iter().map(level_of).enumerate().collect();
            bidi::reorder(&mut order, |(_, level)| *level);
            order.into_iter().filter_map(|(at, level)| glyph(at, level)).collect()
        }
    };
    Line {
        width: cells_u16(glyphs.iter().map(|glyph| usize::from(glyph.width)).sum()),
        glyphs,
        truncated: false,
    }
}

fn glyph(
    text: &str,
    shown: &[Cluster],
    clusters: &Clusters,
    at: usize,
    level: u8,
    level_of: &impl Fn(&Cluster) -> u8,
) -> Option<Glyph> {
    let cluster = shown.get(at)?;
    let rtl = level % 2 == 1;
    let form = if cluster.joining == joining::Joining::None {
        if rtl {
            bidi::mirrored(cluster.base)
        } else {
            cluster.base
        }
    } else {
        // Letters forced to run from left to right are not joined: their forms would not meet.
        let previous = at.checked_sub(1).and_then(|at| shown.get(at));
        let meets = |other: &Cluster| level_of(other) % 2 == 1;
        let joined_before = rtl
            && cluster.joining.joins_previous()
            && match cluster.before {
                Link::Joined => true,
                Link::Broken => false,
                Link::Open => previous.is_some_and(|other| other.joining.joins_next() && meets(other)),
            };
        let joined_after = rtl
            && cluster.joining.joins_next()
            && match cluster.after {
                Link::Joined => true,
                Link::Broken => false,
                Link::Open => shown
                    .get(at + 1)
                    .is_some_and(|other| other.joining.joins_previous() && meets(other)),
            };
        joining::form(cluster.base, joined_before, joined_after)
    };
    let symbol = match cluster.shape {
        Shape::Sequence => {
            let source = text.get(cluster.start as usize..cluster.end as usize).unwrap_or("");
            SmolStr::new(cells::drawn(source))
        }
        Shape::Letter => {
            let marks = clusters.marks(cluster);
            if marks.is_empty() {
                symbol(form)
            } else {
                let mut symbol = SmolStrBuilder::new();
                symbol.push(form);
                marks.iter().for_each(|mark| symbol.push(*mark));
                symbol.finish()
            }
        }
    };
    Some(Glyph {
        symbol,
        width: cluster.width,
        rtl,
        source: cluster.start..cluster.end,
    })
}

#[inline]
fn symbol(c: char) -> SmolStr {
    let mut bytes = [0; 4];
    SmolStr::new_inline(c.encode_utf8(&mut bytes))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn cells_u16(cells: usize) -> u16 {
    u16::try_from(cells).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
