//! What `text::cells` says is what is drawn, for any string: measured on the buffer that goes to the terminal.

use proptest::prelude::*;
use rasad::text::{self, Direction};
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;

/// The columns a line takes in a buffer, and whether every symbol takes as many as it says.
fn drawn(text: &str, base: Direction) -> (usize, bool) {
    let line = text::line(text, base);
    let mut buffer = Buffer::empty(Rect::new(0, 0, line.width.max(1), 1));
    let mut x = 0;
    let mut right = true;
    for glyph in &line.glyphs {
        let cell = &mut buffer[(x, 0)];
        cell.set_symbol(&glyph.symbol);
        right &= cell.cell_width() == u16::from(glyph.width);
        x += cell.cell_width();
    }
    (usize::from(x), right)
}

proptest! {
    #[test]
    fn any_text_takes_the_cells_it_was_measured_for(
        text in "(.|[ا-ی]|[آپچژکگیۀة]|ل[\u{64b}-\u{655}]?[اآأإ]|[0-9۰-۹٠-٩]|[-+−٪%/.()«»]|[a-c ]|[\u{200b}-\u{200f}\u{2066}-\u{2069}]|\\p{M}|\\p{Cc}|\\p{Lo}|[世👍🏽👩\u{fe0f}\u{200d}🇮🇷ᄀ\u{1161}ｶﾞ\u{17d2}क्ष]){0,40}",
        rtl: bool,
    ) {
        let base = if rtl { Direction::Rtl } else { Direction::Ltr };
        prop_assert_eq!(drawn(&text, base), (text::cells(&text), true), "{:?}", text);
    }

    #[test]
    fn any_single_character_takes_the_cells_it_was_measured_for(c: char) {
        let text = c.to_string();
        prop_assert_eq!(drawn(&text, Direction::Ltr), (text::cells(&text), true), "{:?}", c);
    }
}

#[test]
fn every_character_by_itself_takes_the_cells_it_was_measured_for() {
    for c in '\0'..=char::MAX {
        let text = format!("a{c}");
        assert_eq!(drawn(&text, Direction::Rtl), (text::cells(&text), true), "{c:?}");
    }
}
