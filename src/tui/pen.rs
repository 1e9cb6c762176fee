//! The terminal's pen: which colours and attributes are in force, and the fewest bytes from one set to another.
//!
//! Pure: it must know neither positions nor symbols.

use ratatui::style::{Color, Modifier};
use smallvec::SmallVec;

/// Colours and attributes of a cell, and of the terminal's pen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
}

/// Attributes a terminal knows, each with the codes that switch it on and off.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Attributes that can be seen on a blank cell.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

impl Pen {
    /// Default colours, no attributes: what `CSI m` gives.
    pub const DEFAULT: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    /// Whether a blank in this pen looks like an erased cell.
    pub fn is_blank(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(SEEN_ON_BLANK)
    }

    /// Appends the shortest sequence that leads from this pen to another; nothing when they are equal.
    #[inline]
    pub fn change(self, to: Self, out: &mut Vec<u8>) {
        if self == to {
            return;
        }
        let (mut step, mut fresh) = (Codes::default(), Codes::default());
        self.step(to, &mut step);
        if to != Self::DEFAULT {
            fresh.number(0);
            Self::DEFAULT.step(to, &mut fresh);
        }
        let shorter = if fresh.0.len() < step.0.len() { fresh } else { step };
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(&shorter.0);
        out.push(b'm');
    }

    fn step(self, to: Self, codes: &mut Codes) {
        let mut gone = self.modifier.difference(to.modifier);
        let mut new = to.modifier.difference(self.modifier);
        for (attribute, _, off) in ATTRIBUTES {
            if gone.contains(attribute) {
                codes.number(off);
                // One code ends two attributes: the other is out as well, and back on if it is wanted.
                for (other, _, other_off) in ATTRIBUTES {
                    if other_off == off {
                        gone.remove(other);
                        if to.modifier.contains(other) {
                            new.insert(other);
                        }
                    }
                }
            }
        }
        for (attribute, on, _) in ATTRIBUTES {
            if new.contains(attribute) {
                codes.number(on);
            }
        }
        if self.fg != to.fg {
            codes.colour(to.fg, 30, 90, 38);
        }
        if self.bg != to.bg {
            codes.colour(to.bg, 40, 100, 48);
        }
    }
}

/// Parameters of one SGR sequence, separated by semicolons.
#[derive(Default)]
struct Codes(SmallVec<[u8; 48]>);

impl Codes {
    fn number(&mut self, n: u8) {
        if !self.0.is_empty() {
            self.0.push(b';');
        }
        decimal(u16::from(n), &mut self.0);
    }

    fn colour(&mut self, colour: Color, dark: u8, bright: u8, extended: u8) {
        match colour {
            Color::Reset => self.number(extended + 1),
            Color::Black => self.number(dark),
            Color::Red => self.number(dark + 1),
            Color::Green => self.number(dark + 2),
            Color::Yellow => self.number(dark + 3),
            Color::Blue => self.number(dark + 4),
            Color::Magenta => self.number(dark + 5),
            Color::Cyan => self.number(dark + 6),
            Color::Gray => self.number(dark + 7),
            Color::DarkGray => self.number(bright),
            Color::LightRed => self.number(bright + 1),
            Color::LightGreen => self.number(bright + 2),
            Color::LightYellow => self.number(bright + 3),
            Color::LightBlue => self.number(bright + 4),
            Color::LightMagenta => self.number(bright + 5),
            Color::LightCyan => self.number(bright + 6),
            Color::White => self.number(bright + 7),
            Color::Indexed(n) => [extended, 5, n].into_iter().for_each(|n| self.number(n)),
            Color::Rgb(r, g, b) => [extended, 2, r, g, b].into_iter().for_each(|n| self.number(n)),
        }
    }
}

/// Appends a number in decimal.
pub(super) fn decimal(n: u16, out: &mut impl Extend<u8>) {
    let digit = |n: u16| b'0' + (n % 10) as u8;
    match n {
        0..=9 => out.extend([digit(n)]),
        10..=99 => out.extend([digit(n / 10), digit(n)]),
        100..=999 => out.extend([digit(n / 100), digit(n / 10), digit(n)]),
        1000..=9999 => out.extend([digit(n / 1000), digit(n / 100), digit(n / 10), digit(n)]),
        _ => out.extend([
            digit(n / 10_000),
            digit(n / 1000),
            digit(n / 100),
            digit(n / 10),
            digit(n),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(from: Pen, to: Pen) -> String {
        let mut out = Vec::new();
        from.change(to, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    const BOLD: Pen = Pen {
        modifier: Modifier::BOLD,
        ..Pen::DEFAULT
    };

    #[test]
    fn no_change_no_bytes() {
        assert_eq!(bytes(BOLD, BOLD), "");
    }

    #[test]
    fn the_way_back_to_default_is_three_bytes_at_most_four() {
        let loud = Pen {
            fg: Color::Rgb(1, 2, 3),
            bg: Color::Indexed(200),
            modifier: Modifier::all(),
        };
        assert_eq!(bytes(loud, Pen::DEFAULT), "\x1b[m");
        assert_eq!(bytes(BOLD, Pen::DEFAULT), "\x1b[m");
    }

    #[test]
    fn a_colour_is_named_in_the_shortest_way() {
        let green = Pen {
            fg: Color::Green,
            ..Pen::DEFAULT
        };
        assert_eq!(bytes(Pen::DEFAULT, green), "\x1b[32m");
        let white = Pen {
            fg: Color::White,
            ..green
        };
        assert_eq!(bytes(green, white), "\x1b[97m");
        let rgb = Pen {
            bg: Color::Rgb(1, 20, 255),
            ..green
        };
        assert_eq!(bytes(green, rgb), "\x1b[48;2;1;20;255m");
    }

    #[test]
    fn dim_stays_when_bold_goes() {
        let both = Pen {
            modifier: Modifier::BOLD | Modifier::DIM,
            ..Pen::DEFAULT
        };
        let dim = Pen {
            modifier: Modifier::DIM,
            ..Pen::DEFAULT
        };
        assert_eq!(bytes(both, dim), "\x1b[0;2m");
        let green = |pen: Pen| Pen {
            fg: Color::Rgb(1, 1, 1),
            ..pen
        };
        assert_eq!(bytes(green(both), green(dim)), "\x1b[22;2m");
    }

    fn colour() -> impl Strategy<Value = Color> {
        prop_oneof![
            Just(Color::Reset),
            Just(Color::Black),
            Just(Color::White),
            Just(Color::DarkGray),
            any::<u8>().prop_map(Color::Indexed),
            any::<(u8, u8, u8)>().prop_map(|(r, g, b)| Color::Rgb(r, g, b)),
        ]
    }

    fn pen() -> impl Strategy<Value = Pen> {
        (colour(), colour(), any::<u16>()).prop_map(|(fg, bg, bits)| Pen {
            fg,
            bg,
            modifier: Modifier::from_bits_truncate(bits),
        })
    }

    /// A terminal's own reading of SGR, written independently of the writer.
    fn obey(pen: Pen, text: &str) -> Pen {
        let mut pen = pen;
        let Some(body) = text.strip_prefix("\x1b[").and_then(|t| t.strip_suffix('m')) else {
            return pen;
        };
        let mut codes = body.split(';').map(|n| n.parse::<u8>().unwrap_or(0));
        while let Some(code) = codes.next() {
            let base = |n: u8| {
                [
                    Color::Black,
                    Color::Red,
                    Color::Green,
                    Color::Yellow,
                    Color::Blue,
                    Color::Magenta,
                    Color::Cyan,
                    Color::Gray,
                ][usize::from(n)]
            };
            let bright = |n: u8| if n == 0 { Color::DarkGray } else { Color::White };
            match code {
                0 => pen = Pen::DEFAULT,
                1..=9 => pen.modifier.insert(ATTRIBUTES[usize::from(code) - 1].0),
                22 => pen.modifier.remove(Modifier::BOLD | Modifier::DIM),
                23 => pen.modifier.remove(Modifier::ITALIC),
                24 => pen.modifier.remove(Modifier::UNDERLINED),
                25 => pen.modifier.remove(Modifier::SLOW_BLINK | Modifier::RAPID_BLINK),
                27 => pen.modifier.remove(Modifier::REVERSED),
                28 => pen.modifier.remove(Modifier::HIDDEN),
                29 => pen.modifier.remove(Modifier::CROSSED_OUT),
                30..=37 => pen.fg = base(code - 30),
                40..=47 => pen.bg = base(code - 40),
                90..=97 => pen.fg = bright(code - 90),
                100..=107 => pen.bg = bright(code - 100),
                39 => pen.fg = Color::Reset,
                49 => pen.bg = Color::Reset,
                38 | 48 => {
                    let mut next = || codes.next().unwrap_or(0);
                    let colour = match next() {
                        5 => Color::Indexed(next()),
                        _ => Color::Rgb(next(), next(), next()),
                    };
                    if code == 38 {
                        pen.fg = colour;
                    } else {
                        pen.bg = colour;
                    }
                }
                _ => {}
            }
        }
        pen
    }

    proptest! {
        #[test]
        fn a_terminal_that_obeys_arrives_at_the_wanted_pen(from in pen(), to in pen()) {
            prop_assert_eq!(obey(from, &bytes(from, to)), to);
        }

        #[test]
        fn numbers_are_written_in_full(n in any::<u16>()) {
            let mut out = Vec::new();
            decimal(n, &mut out);
            prop_assert_eq!(String::from_utf8_lossy(&out), n.to_string());
        }
    }
}
