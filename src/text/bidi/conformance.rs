//! All of the Unicode conformance tests, and the tables checked against the files they are facts of, through the functions that
//! every line on the screen goes through.

use super::super::joining::{self, Joining};
use super::super::{Direction, tables};
use super::*;
use std::collections::HashMap;
use std::fmt::Write as _;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn data(name: &str) -> Result<String, Box<dyn std::error::Error>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/unicode")
        .join(name)
        .with_extension("txt.zst");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zstd::Decoder::new(std::fs::File::open(path)?)?, &mut text)?;
    Ok(text)
}

/// The fields of every line that says something.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or("").trim())
        .filter(|line| !line.is_empty())
        .map(|line| line.split(';').map(str::trim).collect())
}

fn code(hex: &str) -> Option<char> {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
}

/// What the text gives, against levels (nothing where none is defined) and visual order.
fn compare(text: &str, base: Option<Direction>, levels: &[Option<u8>], order: &[usize]) -> Result<u8, String> {
    let paragraph = Paragraph::new(text, base);
    let line = paragraph.line(0..text.len());
    let mut visual = Vec::with_capacity(levels.len());
    for (i, ((at, _), expected)) in text.char_indices().zip(levels).enumerate() {
        if let Some(expected) = expected {
            if line.at(at) != *expected {
                return Err(format!("level {i} is {}", line.at(at)));
            }
            visual.push((i, line.at(at)));
        }
    }
    reorder(&mut visual, |(_, level)| *level);
    if visual.iter().map(|(i, _)| *i).ne(order.iter().copied()) {
        return Err(format!("order is {visual:?}"));
    }
    Ok(paragraph.level())
}

fn levels(text: &str) -> Vec<Option<u8>> {
    text.split_whitespace().map(|level| level.parse().ok()).collect()
}

fn order(text: &str) -> Vec<usize> {
    text.split_whitespace().filter_map(|at| at.parse().ok()).collect()
}

#[test]
fn every_case_of_bidi_character_test_has_its_levels_and_its_order() -> Outcome {
    let text = data("BidiCharacterTest")?;
    let mut cases = 0;
    let mut wrong = String::new();
    for row in rows(&text) {
        let [chars, base, level, wanted, visual] = row.as_slice() else {
            return Err(format!("{row:?}").into());
        };
        let input: String = chars.split(' ').filter_map(code).collect();
        let base = match *base {
            "0" => Some(Direction::Ltr),
            "1" => Some(Direction::Rtl),
            _ => None,
        };
        cases += 1;
        match compare(&input, base, &levels(wanted), &order(visual)) {
            Ok(found) if found.to_string() == *level => {}
            other => writeln!(wrong, "{chars} {base:?}: {other:?}")?,
        }
    }
    assert_eq!(wrong, "");
    assert_eq!(cases, 91_707);
    Ok(())
}

#[test]
fn every_case_of_bidi_test_has_its_levels_and_its_order() -> Outcome {
    let sample = HashMap::from([
        ("L", 'a'),
        ("R", 'א'),
        ("AL", 'ع'),
        ("EN", '۱'),
        ("AN", '٠'),
        ("ES", '−'),
        ("ET", '٪'),
        ("CS", '/'),
        ("NSM", '\u{654}'),
        ("BN", '\u{ad}'),
        ("B", '\u{2029}'),
        ("S", '\t'),
        ("WS", ' '),
        ("ON", '!'),
        ("LRE", '\u{202a}'),
        ("RLE", '\u{202b}'),
        ("PDF", '\u{202c}'),
        ("LRO", '\u{202d}'),
        ("RLO", '\u{202e}'),
        ("LRI", '\u{2066}'),
        ("RLI", '\u{2067}'),
        ("FSI", '\u{2068}'),
        ("PDI", '\u{2069}'),
    ]);
    let text = data("BidiTest")?;
    let (mut wanted, mut visual) = (Vec::new(), Vec::new());
    let mut cases = 0;
    let mut wrong = String::new();
    for row in rows(&text) {
        let head = row.first().copied().unwrap_or("");
        if let Some(rest) = head.strip_prefix("@Levels:") {
            wanted = levels(rest);
        } else if let Some(rest) = head.strip_prefix("@Reorder:") {
            visual = order(rest);
        } else if let [classes, bits] = row.as_slice() {
            let input: String = classes.split(' ').filter_map(|class| sample.get(class)).collect();
            let bits = u8::from_str_radix(bits, 16)?;
            for (bit, base) in [(1, None), (2, Some(Direction::Ltr)), (4, Some(Direction::Rtl))] {
                if bits & bit != 0 {
                    cases += 1;
                    if let Err(why) = compare(&input, base, &wanted, &visual) {
                        writeln!(wrong, "{classes} {base:?}: {why}")?;
                    }
                }
            }
        }
    }
    assert_eq!(wrong, "");
    assert_eq!(cases, 770_241);
    Ok(())
}

#[test]
fn joining_types_are_those_of_arabic_shaping() -> Outcome {
    let text = data("ArabicShaping")?;
    let listed: HashMap<char, String> = rows(&text)
        .filter_map(|row| Some((code(row.first()?)?, (*row.get(2)?).to_owned())))
        .collect();
    let unicode = data("UnicodeData-Arabic")?;
    let category: HashMap<char, String> = rows(&unicode)
        .filter_map(|row| Some((code(row.first()?)?, (*row.get(2)?).to_owned())))
        .collect();
    for c in ('\u{620}'..='\u{6ff}').chain('\u{750}'..='\u{77f}') {
        let transparent = category
            .get(&c)
            .is_some_and(|gc| matches!(gc.as_str(), "Mn" | "Me" | "Cf"));
        let expected = match listed.get(&c).map(String::as_str) {
            Some("D") => Joining::Dual,
            Some("R") => Joining::Right,
            Some("C") => Joining::Causing,
            None if transparent => Joining::Transparent,
            Some("U") | None => Joining::None,
            Some(other) => return Err(format!("{c:?}: {other}").into()),
        };
        assert_eq!(joining::joining(c), expected, "{:04X}", u32::from(c));
    }
    Ok(())
}

#[test]
fn every_form_decomposes_to_its_letter() -> Outcome {
    let text = data("UnicodeData-Arabic")?;
    let mut forms: HashMap<char, [char; 4]> = HashMap::new();
    for row in rows(&text) {
        let (Some(form), Some((kind, letters))) = (
            row.first().and_then(|hex| code(hex)),
            row.get(5).and_then(|d| d.split_once(' ')),
        ) else {
            continue;
        };
        let at = ["<isolated>", "<final>", "<initial>", "<medial>"]
            .iter()
            .position(|name| *name == kind);
        if let (Some(at), [letter]) = (at, letters.split(' ').filter_map(code).collect::<Vec<_>>().as_slice()) {
            forms.entry(*letter).or_insert([*letter; 4])[at] = form;
        }
    }
    // ه lends its forms to two letters (see the table), and the lone hamza looks the same as its form.
    forms.insert('ۀ', ['\u{fee9}', '\u{feea}', 'ۀ', 'ۀ']);
    forms.insert('ە', ['\u{fee9}', '\u{feea}', 'ە', 'ە']);
    forms.remove(&'ء');
    let mut checked = 0;
    for c in '\u{600}'..='\u{77f}' {
        let expected = forms.get(&c).copied().unwrap_or([c; 4]);
        for (form, (previous, next)) in
            expected
                .into_iter()
                .zip([(false, false), (true, false), (false, true), (true, true)])
        {
            assert_eq!(joining::form(c, previous, next), form, "{:04X}", u32::from(c));
            checked += usize::from(form != c);
            if form != c {
                assert_eq!(joining::connections(form), (previous, next), "{:04X}", u32::from(form));
            }
        }
    }
    assert_eq!(
        checked,
        tables::FORMS.iter().flatten().filter(|form| **form != 0).count()
    );
    for (mark, base) in [
        ("\u{653}", 'ا'),
        ("\u{654}", 'ا'),
        ("\u{655}", 'ا'),
        ("\u{654}", 'و'),
        ("\u{654}", 'ي'),
    ] {
        let composed = unicode_normalization::UnicodeNormalization::nfc(format!("{base}{mark}").as_str()).next();
        assert_eq!(
            mark.chars().next().and_then(|mark| joining::composed(base, mark)),
            composed
        );
    }
    Ok(())
}

#[test]
fn every_twin_of_bidi_mirroring_is_known_and_no_other() -> Outcome {
    let text = data("BidiMirroring")?;
    let pairs: HashMap<char, char> = rows(&text)
        .filter_map(|row| Some((code(row.first()?)?, code(row.get(1)?)?)))
        .collect();
    assert_eq!(pairs.len(), tables::MIRRORED.len());
    for c in '\0'..=char::MAX {
        assert_eq!(twin(c), pairs.get(&c).copied().unwrap_or(c), "{:04X}", u32::from(c));
    }
    Ok(())
}

#[test]
fn the_fast_classes_are_those_of_the_crate() {
    let classes = Classes::get();
    for c in '\0'..=char::MAX {
        assert_eq!(classes.bidi_class(c), HardcodedBidiData.bidi_class(c));
        let brackets = |found: Option<BidiMatchedOpeningBracket>| found.map(|b| (b.opening, b.is_open));
        assert_eq!(
            brackets(classes.bidi_matched_opening_bracket(c)),
            brackets(HardcodedBidiData.bidi_matched_opening_bracket(c)),
            "{:04X}",
            u32::from(c)
        );
    }
}
