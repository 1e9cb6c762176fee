//! Lines printed among other output, on the screen the shell is on: the same cells as in the program, written in the same way,
//! but where the cursor is.

use super::frames::Row;
use super::writer::FrameWriter;
use crate::text::profile::{self, Emission, Profile};
use crate::text::{Direction, Line};
use ratatui::buffer::Cell;
use ratatui::layout::Size;

/// The bytes of one row of `width` cells that holds a line where reading starts, ending behind its last cell. In the profile
/// `explicit` the terminal is switched for this row alone.
pub fn row(line: &Line, width: u16, direction: Direction, emission: Emission) -> Vec<u8> {
    let mut cells = vec![Cell::default(); usize::from(width)];
    let mut at = match direction {
        Direction::Ltr => 0,
        Direction::Rtl => usize::from(width.saturating_sub(line.width)),
    };
    for glyph in &line.glyphs {
        // Half of a wide symbol at the edge is a blank.
        if at + usize::from(glyph.width) > cells.len() {
            break;
        }
        if let Some(cell) = cells.get_mut(at) {
            cell.set_symbol(&glyph.symbol);
        }
        at += usize::from(glyph.width);
    }
    profile::decorate(emission, &mut Row(&mut cells));
    let used = cells
        .iter()
        .rposition(|cell| cell.symbol() != " ")
        .map_or(0, |last| last + 1);
    let mut bytes = FrameWriter::inline(&cells, used, emission.profile);
    if emission.profile == Profile::Explicit {
        // The switch counts for a row from its erasing on.
        bytes.splice(0..0, *b"\x1b[8l\x1b[2K");
        bytes.extend_from_slice(b"\x1b[8h");
    }
    bytes
}

impl FrameWriter<Vec<u8>> {
    /// The bytes of a row's first cells from where the cursor is, in the default pen before and after.
    fn inline(cells: &[Cell], used: usize, profile: Profile) -> Vec<u8> {
        let width = u16::try_from(cells.len()).unwrap_or(u16::MAX);
        let mut writer = Self::new(Vec::new(), Size { width, height: 1 }, false);
        writer.set_profile(profile);
        writer.start_here();
        let mut x = 0;
        while usize::from(x) < used {
            let Some(cell) = cells.get(usize::from(x)) else { break };
            x += writer.cell(x, 0, cell).max(1);
        }
        writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    fn written(text: &str, width: u16, direction: Direction, profile: Profile) -> String {
        let bytes = row(&text::line(text, direction), width, direction, profile.into());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn a_line_begins_where_reading_starts_and_moves_no_cursor() {
        assert_eq!(written("ab", 6, Direction::Ltr, Profile::Plain), "ab");
        assert_eq!(written("آب", 6, Direction::Rtl, Profile::Plain), "    \u{fe8f}\u{fe81}");
        assert_eq!(written("", 6, Direction::Rtl, Profile::Pinned), "");
    }

    #[test]
    fn each_profile_writes_as_in_the_program() {
        assert_eq!(
            written("آب", 2, Direction::Rtl, Profile::Pinned),
            "\u{fe8f}\u{200e}\u{fe81}\u{200e}"
        );
        assert_eq!(
            written("آب", 2, Direction::Rtl, Profile::Explicit),
            "\u{1b}[8l\u{1b}[2K\u{fe8f}\u{fe81}\u{1b}[8h"
        );
        assert_eq!(
            written("آب", 3, Direction::Rtl, Profile::Fenced),
            "\u{2800}\u{fe81}\u{fe8f}"
        );
        let kitty = written("آب", 2, Direction::Rtl, Profile::Kitty66);
        assert_eq!(kitty.matches("\u{1b}]66;").count(), 2, "{kitty:?}");
        let shaded = written("آب", 2, Direction::Rtl, Profile::Sgr);
        assert!(shaded.ends_with("\u{1b}[m"), "{shaded:?}");
    }

    #[test]
    fn a_line_wider_than_its_row_is_cut_at_the_edge() {
        assert_eq!(written("abc世", 4, Direction::Ltr, Profile::Plain), "abc");
        assert_eq!(written("abcdef", 4, Direction::Ltr, Profile::Plain), "abcd");
    }
}
