//! Where a JSON value ends, and where inside it a path leads; without reading what it says.

use crate::contract::path::Segment;

/// Deepest nesting of one value; the parser's own limit.
pub(super) const MAX_DEPTH: usize = 128;

/// A search for the end of a value, which can go on when more of it has been read.
#[derive(Default)]
pub(super) struct Extent {
    at: usize,
    depth: usize,
    in_string: bool,
    /// Where nesting first exceeded [`MAX_DEPTH`].
    pub(super) too_deep: Option<usize>,
}

impl Extent {
    /// The end of the value `bytes` begins with; nothing while more bytes are needed. `bytes` must begin at the same
    /// place each time. Brackets are only counted: whether they match is the parser's business.
    pub(super) fn find(&mut self, bytes: &[u8], ended: bool) -> Option<usize> {
        while let Some(&byte) = bytes.get(self.at) {
            if self.in_string {
                let rest = bytes.get(self.at..).unwrap_or_default();
                let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
                    self.at = bytes.len();
                    return None;
                };
                self.at += found;
                if rest.get(found) == Some(&b'\\') {
                    // The escaped byte may not have been read yet; then the search comes back to the backslash.
                    if self.at + 1 >= bytes.len() {
                        return None;
                    }
                    self.at += 2;
                } else {
                    self.at += 1;
                    self.in_string = false;
                    if self.depth == 0 {
                        return Some(self.at);
                    }
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH && self.too_deep.is_none() {
                        self.too_deep = Some(self.at);
                    }
                }
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(self.at + 1);
                    }
                }
                // A bare word or number ends before what separates values.
                b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 => return Some(self.at),
                _ => {}
            }
            self.at += 1;
        }
        (ended && self.depth == 0 && !self.in_string).then_some(self.at)
    }
}

/// The extent of the value `text` begins with.
fn value_len(text: &str) -> usize {
    Extent::default().find(text.as_bytes(), true).unwrap_or(text.len())
}

/// Bytes of white space and `also` that `text` begins with.
fn skip(text: &str, also: char) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\n', '\r', also]).len()
}

/// Where in a JSON text the path leads: the offset of the value, or of the deepest one on the way that is there.
/// The last of several equal members counts.
pub(super) fn locate(text: &str, path: &[Segment]) -> usize {
    let mut at = skip(text, ' ');
    for segment in path {
        let inside = text.get(at + 1..).unwrap_or_default();
        let found = match (text.as_bytes().get(at), segment) {
            (Some(b'{'), Segment::Key(key)) => members(inside).filter(|(name, _)| name == key.as_str()).last(),
            (Some(b'['), Segment::Index(index)) => elements(inside).nth(*index).map(|at| (String::new(), at)),
            _ => None,
        };
        match found {
            Some((_, inner)) => at += 1 + inner,
            None => break,
        }
    }
    at
}

/// Offsets of an array's elements in the text behind its bracket.
fn elements(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += skip(text.get(at..)?, ',');
        let rest = text.get(at..)?;
        if rest.is_empty() || rest.starts_with(']') {
            return None;
        }
        let start = at;
        at += value_len(rest).max(1);
        Some(start)
    })
}

/// Names and offsets of an object's members in the text behind its brace.
fn members(text: &str) -> impl Iterator<Item = (String, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += skip(text.get(at..)?, ',');
        let rest = text.get(at..)?;
        if !rest.starts_with('"') {
            return None;
        }
        let name = rest.get(..value_len(rest))?;
        at += name.len();
        at += skip(text.get(at..)?, ':');
        let start = at;
        at += value_len(text.get(at..)?).max(1);
        Some((serde_json::from_str(name).unwrap_or_default(), start))
    })
}

/// The text with lone surrogate escapes (`\ud800` without its other half) replaced by `\ufffd`, and how many there were.
/// The length stays the same, so that places stay right.
pub(super) fn mend_surrogates(text: &str) -> (String, usize) {
    let mut out = text.as_bytes().to_vec();
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (mut at, mut count) = (0, 0);
    while let Some(found) = text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        let first = unit(at);
        let second = unit(at + 6);
        match (first, second) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
            (Some(0xD800..=0xDFFF), _) => {
                if let Some(escape) = out.get_mut(at..at + 6) {
                    escape.copy_from_slice(b"\\ufffd");
                    count += 1;
                }
                at += 6;
            }
            (Some(_), _) => at += 6,
            (None, _) => at += 2,
        }
    }
    (String::from_utf8(out).unwrap_or_default(), count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end_of(text: &str) -> Option<usize> {
        Extent::default().find(text.as_bytes(), true)
    }

    #[test]
    fn a_value_ends_where_its_last_bracket_or_quote_does() {
        assert_eq!(end_of(r#"{"a":"}","b":[1,{}]},next"#), Some(20));
        assert_eq!(end_of(r#""a\"b\\" ,"#), Some(8));
        assert_eq!(end_of("12.5e3,"), Some(6));
        assert_eq!(end_of("true"), Some(4));
        assert_eq!(end_of("{\"a\":["), None);
        assert_eq!(end_of(""), Some(0));
    }

    #[test]
    fn a_search_goes_on_where_it_stopped() {
        let text = r#"{"a\\\"":{"b":[1,"]\u0022"]}} "#;
        for step in 1..5 {
            let mut extent = Extent::default();
            let mut found = None;
            for end in (0..text.len()).step_by(step).chain([text.len()]) {
                found = extent.find(&text.as_bytes()[..end], false);
                if found.is_some() {
                    break;
                }
            }
            assert_eq!(found, Some(text.len() - 1), "steps of {step}");
        }
    }

    #[test]
    fn a_path_leads_to_its_value_and_else_as_far_as_it_can() {
        let text = r#" {"a" : [ 1, {"ب":true} ], "a\u0062": 7, "c": {"d": 1, "d": 2}}"#;
        let key = |name: &str| Segment::Key(name.into());
        assert_eq!(
            &text[locate(text, &[key("a"), Segment::Index(1), key("ب")])..][..4],
            "true"
        );
        assert_eq!(&text[locate(text, &[key("ab")])..][..1], "7");
        assert_eq!(&text[locate(text, &[key("c"), key("d")])..][..1], "2");
        assert_eq!(&text[locate(text, &[key("c"), key("none")])..][..4], "{\"d\"");
        assert_eq!(locate(text, &[key("none")]), 1);
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_are_kept() {
        let (text, count) = mend_surrogates(r#""\ud83d\ude00 \ud800 \\ud800 \udc00x""#);
        assert_eq!(count, 2);
        assert_eq!(
            serde_json::from_str::<String>(&text).ok().as_deref(),
            Some("😀 \u{FFFD} \\ud800 \u{FFFD}x")
        );
    }
}
