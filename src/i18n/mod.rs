//! Message catalogue in Persian and English: every text shown to a person has a key and lives in `config/locales`.
//!
//! Plain text files, one per area: a line `key = text`, `#` for a comment. The build script lays them out as one text with a
//! table of positions, so the program parses nothing: the first frame is due within a few milliseconds of the start, and a
//! language nobody asks for is not even read from the disk.
//!
//! `{name}` in a text is replaced by the value of that name; `{n|day|days}` by the word that fits the number `n` (CLDR's
//! categories: English knows *one* and *other*, a Persian noun stays singular after a number and is written as it is).
//! It must not know who asks, what is drawn, or any record.

use crate::text::{Lang, number};
use fixed_decimal::Decimal;
use icu_locale_core::locale;
use icu_plurals::{PluralCategory, PluralOperands, PluralRules};
use slots::Slot;

mod slots;
#[cfg(test)]
mod tests;

macro_rules! areas {
    ($($area:literal),* $(,)?) => {
        /// The areas of the catalogue: one file each, in both languages.
        pub const AREAS: &[&str] = &[$($area),*];
        #[cfg(test)]
        const FA: &[&str] = &[$(include_str!(concat!("../../config/locales/fa/", $area, ".txt"))),*];
        #[cfg(test)]
        const EN: &[&str] = &[$(include_str!(concat!("../../config/locales/en/", $area, ".txt"))),*];
    };
}

areas!(
    "common", "app", "judge", "fields", "board", "rules", "columns", "query", "screens", "keys", "config", "settings",
    "cli", "doctor", "problems", "link", "comfort", "serve", "change", "people"
);

/// Keys that are put together at run time begin with one of these, so no source line shows them whole.
pub const BUILT_PREFIXES: &[&str] = &[
    "action.",
    "campaign.",
    "category.",
    "column.",
    "context.",
    "field.",
    "figure.",
    "formula.",
    "initiative.",
    "map.",
    "kind.",
    "kinds.",
    "origin.",
    "pillar.",
    "query.is.",
    "rule.",
    "serve.fault.",
    "serve.problem.",
    "setting.",
    "score-by.",
    "severity.",
    "short.",
    "stage.",
    "state.",
    "step.",
    "submission.",
    "trend.",
    "type.",
];

/// First strong isolate: the value's own first letter decides its direction, and nothing outside it.
const FSI: char = '\u{2068}';
/// Ends the isolate.
const PDI: char = '\u{2069}';

/// A language as the build script laid it out.
struct Catalogue {
    texts: &'static str,
    slots: &'static [Slot],
}

macro_rules! laid_out {
    ($lang:literal) => {
        Catalogue {
            texts: include_str!(concat!(env!("OUT_DIR"), "/", $lang, ".txt")),
            slots: &include!(concat!(env!("OUT_DIR"), "/", $lang, ".slots")),
        }
    };
}

static CATALOGUES: [Catalogue; 2] = [laid_out!("fa"), laid_out!("en")];

/// The text of a key, or nothing when the catalogue does not have it: for keys made of data.
pub fn find(lang: Lang, key: &str) -> Option<&'static str> {
    let [fa, en] = &CATALOGUES;
    let Catalogue { texts, slots } = match lang {
        Lang::Fa => fa,
        Lang::En => en,
    };
    slots::find(texts, slots, key)
}

/// What stands for the text of a key where the whole one does not fit: `short.` and the key, if the catalogue has it.
pub fn find_short(lang: Lang, key: &str) -> Option<&'static str> {
    find(lang, &smol_str::format_smolstr!("short.{key}"))
}

/// The text of a key in a field of so many cells: the short one where the whole one would be cut.
pub fn t_within(lang: Lang, key: &'static str, cells: u16) -> &'static str {
    let whole = t(lang, key);
    if crate::text::cells(whole) <= usize::from(cells) {
        return whole;
    }
    find_short(lang, key).unwrap_or(whole)
}

/// The text of a key; a key the catalogue does not have is returned as it stands, so that a mistake is seen and harms nothing.
pub fn t(lang: Lang, key: &'static str) -> &'static str {
    find(lang, key).unwrap_or(key)
}

/// The same of a key that was read from somewhere.
pub fn t_of(lang: Lang, key: &str) -> &str {
    find(lang, key).unwrap_or(key)
}

/// The text of a key with values put in bare: for standard output, logs and files.
pub fn tf(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    fill(lang, find(lang, key).unwrap_or(key), args, |out, value| {
        out.push_str(value)
    })
}

/// The text of a key with every value in an isolate (FSI … PDI), so that a Latin id or a signed number keeps its own order
/// inside Persian: for the text pipeline only, which consumes the isolates; they must never reach a file or a terminal.
pub fn tf_screen(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    fill(lang, find(lang, key).unwrap_or(key), args, |out, value| {
        if lang == Lang::En && value.is_ascii() {
            out.push_str(value);
        } else {
            out.push(FSI);
            out.push_str(value);
            out.push(PDI);
        }
    })
}

/// The name of a field of a kind of record (or of a part of one), or the field itself when it has none.
pub fn field<'a>(lang: Lang, owner: &str, field: &'a str) -> &'a str {
    // The catalogue's texts live for ever, so they also live as long as the field's name.
    find(lang, &format!("field.{owner}.{field}")).unwrap_or(field)
}

fn fill(lang: Lang, text: &str, args: &[(&str, &str)], mut put: impl FnMut(&mut String, &str)) -> String {
    let mut out = String::with_capacity(text.len() + 16 * args.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((inside, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let mut parts = inside.split('|');
        let name = parts.next().unwrap_or_default();
        let value = args.iter().find(|(arg, _)| *arg == name).map(|(_, value)| *value);
        match (value, parts.next()) {
            (Some(value), None) => put(&mut out, value),
            (Some(value), Some(one)) => out.push_str(if is_one(lang, value) {
                one
            } else {
                parts.next().unwrap_or(one)
            }),
            // A value nobody gave stays visible by its name.
            (None, _) => {
                out.push('{');
                out.push_str(inside);
                out.push('}');
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Whether a number, in any digits, is of CLDR's plural category *one* in a language; text that is no number is not.
fn is_one(lang: Lang, value: &str) -> bool {
    let locale = match lang {
        Lang::Fa => locale!("fa"),
        Lang::En => locale!("en"),
    };
    // Made each time: a look into data that are part of the program.
    let rules = PluralRules::try_new_cardinal(locale.into()).ok();
    let (Some(rules), Some(operands)) = (rules, operands(value)) else {
        return false;
    };
    rules.category_for(operands) == PluralCategory::One
}

/// A number as it is shown, as the rules of plurals see it: its size and the decimals that are written, without its sign.
fn operands(value: &str) -> Option<PluralOperands> {
    let mut plain = String::with_capacity(value.len());
    for c in value.chars() {
        match (number::digit_value(c), c) {
            (Some(digit), _) => plain.push(char::from(b'0' + digit)),
            (None, '.' | '٫') => plain.push('.'),
            (None, ',' | '٬') => {}
            (None, '-' | '−' | '+') if plain.is_empty() => {}
            _ => return None,
        }
    }
    plain.parse().ok().map(|decimal: Decimal| (&decimal).into())
}
