//! How an input becomes another one.

/// Numbers that look like chance and are the same for a seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Longest input, in bytes.
pub const MOST: usize = 4_096;

/// Pieces that mean something to one of the targets, or to Unicode.
const PIECES: &[&str] = &[
    "\0",
    "\u{1b}[",
    "\u{1b}]0;",
    "\u{7}",
    "\u{9b}",
    "\u{9f}",
    "\r\n",
    "\n\n",
    "\u{2028}",
    "\u{200c}",
    "\u{200d}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{feff}",
    "\u{fffd}",
    "\u{e0041}",
    "\u{fe0f}",
    "\u{1f468}\u{200d}\u{1f469}",
    "\u{1f1ee}\u{1f1f7}",
    "\u{301}",
    "\u{654}",
    "\u{64b}",
    "ک",
    "ي",
    "ۀ",
    "لا",
    "ﻻ",
    "می‌خواهم",
    "۱۴۰۳/۰۲/۳۱",
    "٪",
    "«",
    "»",
    "ـ",
    "\u{10ffff}",
    "ﷺ",
    "ߊ",
    "א",
    "漢",
    "\t",
    "null",
    "true",
    "{}",
    "[]",
    "{\"",
    "\":",
    "[[[[[[[[",
    "]]]]",
    "\\u0000",
    "\\ud800",
    "\\udfff\\ud800",
    "1e999",
    "-0",
    "18446744073709551616",
    "9223372036854775807",
    "-1",
    "0.1",
    "NaN",
    "\"id\":\"",
    "\"fa\":",
    "\"en\":",
    "1403-12-30",
    "2024-02-30",
    "9999-12-31",
    "0000-00-00",
    "2024-05-22T08:30:00Z",
    "\"rasad\":1",
    "\"headquarters\":{",
    "\"projects\":[",
    "\"initiatives\":[",
    "\"op\":\"put\"",
    "\"op\":\"del\"",
    "\"rev\":",
    "\"next\":\"e.1\"",
    "\"count\":",
    "data: ",
    "event: ",
    "id: ",
    "retry: ",
    ":",
    "= ",
    "[text]",
    "'''",
    "\"\"\"",
    "#",
    "is:overdue",
    "due<",
    ">=",
    "-",
    "\"",
    "'",
    "=1+1",
    "@",
    "+",
    ",",
    ";",
    "\u{1b}[200~",
    "\u{1b}[201~",
    "\u{1b}[<0;1;1M",
    "\u{1b}[1;5A",
    "\u{1b}OP",
    "\u{1b}[?1;2c",
    "\u{1b}P",
    "\u{1b}\\",
    "\u{1b}[97;5u",
    "\u{1b}_G",
    "\u{1f}\u{8b}",
    "(\u{b5}/\u{fd}",
];

/// Another input made of one, and sometimes of a second one.
pub fn change(one: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut input = one.to_vec();
    for _ in 0..=chance.below(5) {
        let at = chance.below(input.len() + 1);
        let end = (at + 1 + chance.below(16)).min(input.len());
        match chance.below(12) {
            0 if at < input.len() => input[at] ^= 1 << chance.below(8),
            1 if at < input.len() => input[at] = chance.next() as u8,
            2 => input.insert(at, chance.next() as u8),
            3 if at < end => drop(input.drain(at..end)),
            4 if at < end => {
                let piece = input[at..end].to_vec();
                let most = if chance.below(50) == 0 { 100 } else { 3 };
                let many = 1 + chance.below(most);
                let to = chance.below(input.len() + 1);
                input.splice(to..to, piece.repeat(many));
            }
            5 => input.truncate(at),
            6 if !other.is_empty() => {
                let from = chance.below(other.len());
                let to = from + 1 + chance.below(other.len() - from);
                input.splice(at..at, other[from..to].iter().copied());
            }
            7 if !other.is_empty() => {
                let from = chance.below(other.len());
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            8 => {
                // Any character at all, the rare planes too.
                let planes = [0x80, 0x800, 0x3000, 0x1_0000, 0x11_0000];
                let plane = planes[chance.below(planes.len())];
                let code = chance.below(plane) as u32;
                let mut utf8 = [0; 4];
                let text = char::from_u32(code).unwrap_or('\u{fffd}').encode_utf8(&mut utf8);
                input.splice(at..at, text.bytes());
            }
            9 if at < input.len() && input[at].is_ascii_digit() => input[at] = b'0' + chance.below(10) as u8,
            _ => {
                let piece = PIECES[chance.below(PIECES.len())];
                input.splice(at..at, piece.bytes());
            }
        }
    }
    input
}
