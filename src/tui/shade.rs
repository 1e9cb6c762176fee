//! Two shades of one colour, for terminals that reorder runs of equal cells.
//!
//! Pure: colours in, colours out; it must not know where they are used.

use ratatui::style::Color;

/// Two colours a person cannot tell apart, by column: a terminal that joins equal cells into runs then reorders none.
pub(super) fn alternate(colour: Color, x: u16) -> Color {
    let odd = x % 2 == 1;
    match colour {
        Color::Reset => Color::Indexed(if odd { 253 } else { 252 }),
        other => {
            let (r, g, b) = rgb(other);
            let b = match (odd, b) {
                (false, b) => b,
                (true, 255) => 254,
                (true, b) => b + 1,
            };
            Color::Rgb(r, g, b)
        }
    }
}

/// The colour in xterm's standard palette.
fn rgb(colour: Color) -> (u8, u8, u8) {
    const SIXTEEN: [(u8, u8, u8); 16] = [
        (0, 0, 0),
        (205, 0, 0),
        (0, 205, 0),
        (205, 205, 0),
        (0, 0, 238),
        (205, 0, 205),
        (0, 205, 205),
        (229, 229, 229),
        (127, 127, 127),
        (255, 0, 0),
        (0, 255, 0),
        (255, 255, 0),
        (92, 92, 255),
        (255, 0, 255),
        (0, 255, 255),
        (255, 255, 255),
    ];
    let index = match colour {
        Color::Rgb(r, g, b) => return (r, g, b),
        Color::Indexed(n) => n,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray | Color::Reset => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match index {
        0..=15 => SIXTEEN.get(usize::from(index)).copied().unwrap_or_default(),
        16..=231 => (
            level((index - 16) / 36),
            level((index - 16) / 6 % 6),
            level((index - 16) % 6),
        ),
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}
