//! The fenced profile: a row written so that a terminal which puts every row through UAX #9 itself arrives at the row we meant.
//!
//! Blanks become strong left-to-right cells, which parts the row into segments that such a terminal orders one by one. In each,
//! what runs from the first right-to-left letter to the last is written backwards. The result is tried on our own
//! implementation of the algorithm; where brackets or digits glued to letters spoil a segment, a second way of writing it is.

use super::super::Direction;
use super::super::bidi::{self, Paragraph};
use super::{CellRow, is_rtl};
use unicode_width::UnicodeWidthStr;

/// A blank cell of strong left-to-right direction: BRAILLE PATTERN BLANK.
const FENCE: char = '\u{2800}';

/// What is to be written: for each cell, which of the cells that are to be seen it takes, and whether mirrored.
#[derive(Clone)]
struct Plan(Vec<(usize, bool)>);

impl Plan {
    fn unchanged(length: usize) -> Self {
        Self((0..length).map(|at| (at, false)).collect())
    }

    fn written(&self, seen: &[char]) -> Vec<char> {
        let twin = |(from, mirrored): &(usize, bool)| {
            let c = seen.get(*from).copied().unwrap_or(' ');
            if *mirrored { bidi::twin(c) } else { c }
        };
        self.0.iter().map(twin).collect()
    }

    /// The cells that a terminal would show elsewhere or mirrored.
    fn wrong(&self, seen: &[char]) -> Vec<usize> {
        let written = self.written(seen);
        let levels = levels(&written);
        let mut shown: Vec<usize> = (0..written.len()).collect();
        bidi::reorder(&mut shown, |at| levels.get(*at).copied().unwrap_or(0));
        let right = |(x, at): (usize, usize)| {
            let odd = levels.get(at).is_some_and(|level| level % 2 == 1);
            let c = written.get(at).copied().unwrap_or(' ');
            self.0.get(at).is_some_and(|(from, _)| *from == x)
                && seen.get(x) == Some(&if odd { bidi::twin(c) } else { c })
        };
        shown
            .into_iter()
            .enumerate()
            .filter(|pair| !right(*pair))
            .map(|(x, _)| x)
            .collect()
    }
}

pub(super) fn fence(row: &mut impl CellRow) {
    let seen = put_fences(row);
    let segments = segments(&seen);
    let mut plan = Plan::unchanged(seen.len());
    for (start, end) in &segments {
        write_backwards(&mut plan, &seen, &[], *start, *end);
    }
    let mut wrong = plan.wrong(&seen);
    let levels = if wrong.is_empty() { Vec::new() } else { levels(&seen) };
    // Another way of writing one segment can put right or spoil another: brackets pair across them. So each is tried alone.
    for (start, end) in segments.iter().chain(&segments) {
        for way in [write_by_levels, write_words_backwards, write_backwards] {
            if !wrong.iter().any(|x| (start..end).contains(&x)) {
                break;
            }
            let before = plan.clone();
            way(&mut plan, &seen, &levels, *start, *end);
            let now = plan.wrong(&seen);
            if now.len() < wrong.len() {
                wrong = now;
            } else {
                plan = before;
            }
        }
    }
    apply(row, &plan);
}

/// Replaces blanks and returns one character for each cell, as the terminal will see it.
fn put_fences(row: &mut impl CellRow) -> Vec<char> {
    let mut seen = Vec::with_capacity(row.len());
    let mut bytes = [0; 4];
    let mut x = 0;
    while x < row.len() {
        let symbol = row.symbol(x);
        let width = symbol.width().clamp(1, 2);
        let first = symbol.chars().next();
        if matches!(symbol, " " | "" | "\u{a0}") {
            row.set_symbol(x, FENCE.encode_utf8(&mut bytes));
            seen.push(FENCE);
        } else if width == 2 && x + 1 < row.len() {
            // Whatever a wide character is to the algorithm, it must not be torn from the cell behind it.
            seen.extend([FENCE, FENCE]);
        } else {
            seen.push(first.unwrap_or(' '));
        }
        x += width;
    }
    // The first strong character decides how the terminal runs the whole row. A frame in the first column is none: better a
    // gap in it than a row turned around.
    let first_strong = seen.iter().find(|c| is_letter(**c) || bidi::is_strong_ltr(**c));
    if first_strong.is_some_and(|c| is_letter(*c))
        && let Some(first) = seen.first_mut()
        && matches!(first, '\u{2500}'..='\u{257f}')
    {
        row.set_symbol(0, FENCE.encode_utf8(&mut bytes));
        *first = FENCE;
    }
    seen
}

fn is_letter(c: char) -> bool {
    is_rtl(c) && bidi::is_rtl_letter(c)
}

/// The stretches without strong left-to-right cells that have a right-to-left letter in them.
fn segments(seen: &[char]) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut start = 0;
    for part in seen.chunk_by(|a, b| bidi::is_strong_ltr(*a) == bidi::is_strong_ltr(*b)) {
        let end = start + part.len();
        if part.iter().any(|c| is_letter(*c)) {
            all.push((start, end));
        }
        start = end;
    }
    all
}

/// From the first letter to the last backwards, numbers in between forwards.
fn write_backwards(plan: &mut Plan, seen: &[char], _: &[u8], start: usize, end: usize) {
    for (at, slot) in plan.0.iter_mut().enumerate().take(end).skip(start) {
        *slot = (at, false);
    }
    write_stretch(plan, seen, start, end);
}

fn write_stretch(plan: &mut Plan, seen: &[char], start: usize, end: usize) {
    let cells = seen.get(start..end).unwrap_or(&[]);
    let (Some(first), Some(last)) = (
        cells.iter().position(|c| is_letter(*c)),
        cells.iter().rposition(|c| is_letter(*c)),
    ) else {
        return;
    };
    let Some(stretch) = plan.0.get_mut(start + first..=start + last) else {
        return;
    };
    stretch.reverse();
    let digit = |at: usize| {
        seen.get(at)
            .is_some_and(|c| super::super::number::digit_value(*c).is_some())
    };
    let separator = |at: usize| {
        seen.get(at)
            .is_some_and(|c| matches!(c, '.' | ',' | '/' | ':' | '٫' | '٬'))
    };
    // Going down through the places, as the stretch now does.
    let part_of_number = |at: usize| digit(at) || separator(at) && at > 0 && digit(at - 1) && digit(at + 1);
    for run in stretch.chunk_by_mut(|a, b| part_of_number(a.0) == part_of_number(b.0)) {
        if run.first().is_some_and(|first| part_of_number(first.0)) {
            run.reverse();
        } else {
            run.iter_mut().for_each(|slot| slot.1 = true);
        }
    }
}

/// Every run of letters by itself, what is between them in its place: for brackets that the algorithm pairs with brackets of
/// another field and so leaves where they are.
fn write_words_backwards(plan: &mut Plan, seen: &[char], _: &[u8], start: usize, end: usize) {
    for (at, slot) in plan.0.iter_mut().enumerate().take(end).skip(start) {
        *slot = (at, false);
    }
    let bracket = |at: usize| seen.get(at).is_some_and(|c| bidi::is_bracket(*c));
    let mut from = start;
    for at in start..=end {
        if at == end || bracket(at) {
            write_stretch(plan, seen, from, at);
            from = at + 1;
        }
    }
}

/// As the algorithm would order what is to be seen: its own inverse where the levels stay where they were.
fn write_by_levels(plan: &mut Plan, _: &[char], levels: &[u8], start: usize, end: usize) {
    let level = |at: usize| levels.get(at).copied().unwrap_or(0);
    let mut order: Vec<usize> = (start..end).collect();
    bidi::reorder(&mut order, |at| level(*at));
    for (slot, from) in plan.0.iter_mut().skip(start).zip(order) {
        *slot = (from, level(from) % 2 == 1);
    }
}

/// The levels cells get in a row that runs from left to right.
fn levels(cells: &[char]) -> Vec<u8> {
    let text: String = cells.iter().collect();
    let levels = Paragraph::new(&text, Some(Direction::Ltr)).line(0..text.len());
    text.char_indices().map(|(at, _)| levels.at(at)).collect()
}

/// Brings the cells into the order of the plan, by exchanges, and mirrors them.
fn apply(row: &mut impl CellRow, plan: &Plan) {
    // Which cell of the plan each cell of the row holds, and where each is.
    let mut holds: Vec<usize> = (0..plan.0.len()).collect();
    let mut place = holds.clone();
    for (to, (from, mirrored)) in plan.0.iter().enumerate() {
        let at = place.get(*from).copied().unwrap_or(to);
        if at != to {
            row.swap(to, at);
            let moved = holds.get(to).copied().unwrap_or(to);
            holds.swap(to, at);
            if let Some(place) = place.get_mut(moved) {
                *place = at;
            }
        }
        if *mirrored {
            mirror(row, to);
        }
    }
}

fn mirror(row: &mut impl CellRow, x: usize) {
    let mut chars = row.symbol(x).chars();
    let Some(first) = chars.next() else {
        return;
    };
    let twin = bidi::twin(first);
    if twin != first {
        let symbol: String = std::iter::once(twin).chain(chars).collect();
        row.set_symbol(x, &symbol);
    }
}
