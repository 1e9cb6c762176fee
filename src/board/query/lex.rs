//! A filter taken apart: words, quoted phrases, fields with an operator and a value. It must not know any field.
//!
//! What a Persian keyboard types counts as well: «…» quotes, ، and ؛ part terms, − negates, ≤ ≥ ≠ compare.

use super::error::{QueryError, Wrong};
use std::ops::Range;

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `:` — contains, begins with, or shows as.
    Has,
    /// `=` — is exactly.
    Is,
    /// `!=` — is not.
    Not,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// A piece of the filter as it was written, quotes taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// True when it stood in quotes.
    pub quoted: bool,
    /// Its bytes in the filter, quotes included.
    pub span: Range<usize>,
}

/// A term of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// True behind a minus.
    pub negated: bool,
    /// The word, the phrase, or the field's name.
    pub piece: Piece,
    /// The operator and the value behind a field's name.
    pub test: Option<(Op, Piece)>,
    /// All its bytes in the filter.
    pub span: Range<usize>,
}

/// Parts terms: white space, and the commas of both keyboards between words.
fn parts(c: char) -> bool {
    c.is_whitespace() || matches!(c, '،' | '؛' | ';')
}

fn closing(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '«' => Some('»'),
        '“' => Some('”'),
        _ => None,
    }
}

/// The operator a text begins with, and its length in bytes.
fn operator(text: &str) -> Option<(Op, usize)> {
    const TABLE: [(&str, Op); 11] = [
        ("<=", Op::AtMost),
        (">=", Op::AtLeast),
        ("!=", Op::Not),
        ("≤", Op::AtMost),
        ("≥", Op::AtLeast),
        ("≠", Op::Not),
        ("<", Op::Below),
        (">", Op::Above),
        ("=", Op::Is),
        (":", Op::Has),
        ("：", Op::Has),
    ];
    TABLE
        .iter()
        .find(|(sign, _)| text.starts_with(sign))
        .map(|(sign, op)| (*op, sign.len()))
}

/// Takes a filter apart; every mistake is named, and what can be read is read all the same.
pub fn lex(text: &str) -> (Vec<Token>, Vec<QueryError>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        errors: Vec::new(),
    };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token() {
        tokens.extend(token);
    }
    (tokens, lexer.errors)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    errors: Vec<QueryError>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self, what: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(what).len();
    }

    fn wrong(&mut self, span: Range<usize>, wrong: Wrong) {
        self.errors.push(QueryError { span, wrong });
    }

    /// The next term; the inner nothing is one that could not be read, the outer the end.
    fn token(&mut self) -> Option<Option<Token>> {
        self.skip(parts);
        let start = self.at;
        let first = self.peek()?;
        let negated = matches!(first, '-' | '−' | '–');
        if negated {
            self.at += first.len_utf8();
            if self.peek().is_none_or(parts) {
                self.wrong(start..self.at, Wrong::NothingAfterMinus);
                return Some(None);
            }
        }
        let piece = self.piece(true);
        let Some((op, len)) = self.operator_ahead() else {
            let span = start..self.at;
            return Some(piece.map(|piece| Token {
                negated,
                piece,
                test: None,
                span,
            }));
        };
        self.at += len;
        let Some(field) = piece else {
            // Its value goes with it: half a term would filter by something nobody meant.
            self.piece(false);
            self.wrong(start..self.at, Wrong::NoField);
            return Some(None);
        };
        let end = self.at;
        self.skip(char::is_whitespace);
        let value = if self.peek().is_none_or(parts) {
            None
        } else {
            self.piece(false)
        };
        let Some(value) = value else {
            self.at = self.at.max(end);
            self.wrong(start..end, Wrong::NoValue(field.text));
            return Some(None);
        };
        Some(Some(Token {
            negated,
            piece: field,
            test: Some((op, value)),
            span: start..self.at,
        }))
    }

    /// The operator that comes next, perhaps after white space, with the bytes up to its end.
    fn operator_ahead(&self) -> Option<(Op, usize)> {
        let rest = self.rest();
        let trimmed = rest.trim_start();
        operator(trimmed).map(|(op, len)| (op, rest.len() - trimmed.len() + len))
    }

    /// A quoted phrase, or a bare word up to white space — and up to an operator where one may follow.
    fn piece(&mut self, before_operator: bool) -> Option<Piece> {
        let start = self.at;
        if let Some(close) = self.peek().and_then(closing) {
            let inside_at = self.at + self.peek().map_or(0, char::len_utf8);
            let inside = self.text.get(inside_at..).unwrap_or_default();
            let Some(len) = inside.find(close) else {
                self.at = self.text.len();
                self.wrong(start..self.at, Wrong::OpenQuote);
                return None;
            };
            self.at = inside_at + len + close.len_utf8();
            return Some(Piece {
                text: inside.get(..len).unwrap_or_default().to_owned(),
                quoted: true,
                span: start..self.at,
            });
        }
        while let Some(c) = self.peek() {
            let ends = parts(c) || closing(c).is_some() || (before_operator && operator(self.rest()).is_some());
            if ends {
                break;
            }
            self.at += c.len_utf8();
        }
        (self.at > start).then(|| Piece {
            text: self.text.get(start..self.at).unwrap_or_default().to_owned(),
            quoted: false,
            span: start..self.at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One term in short: `-field:op:value` or the bare piece, quotes kept as ".
    fn short(text: &str) -> Vec<String> {
        let quote = |p: &Piece| {
            if p.quoted {
                format!("\"{}\"", p.text)
            } else {
                p.text.clone()
            }
        };
        let (tokens, errors) = lex(text);
        let mut out: Vec<String> = tokens
            .iter()
            .map(|t| {
                let sign = if t.negated { "-" } else { "" };
                let test = t.test.as_ref().map(|(op, v)| format!(" {op:?} {}", quote(v)));
                format!("{sign}{}{}", quote(&t.piece), test.unwrap_or_default())
            })
            .collect();
        out.extend(
            errors
                .iter()
                .map(|e| format!("! {:?} {:?}", e.wrong, text.get(e.span.clone()))),
        );
        out
    }

    #[test]
    fn terms_are_told_apart() {
        for (text, terms) in [
            ("", vec![]),
            ("  تبریز   برق ", vec!["تبریز", "برق"]),
            ("تبریز، برق؛ آب", vec!["تبریز", "برق", "آب"]),
            ("-تبریز −برق", vec!["-تبریز", "-برق"]),
            ("p-0117", vec!["p-0117"]),
            ("نیمه‌تمام", vec!["نیمه‌تمام"]),
            ("\"برق تبریز\" «آب و خاک»", vec!["\"برق تبریز\"", "\"آب و خاک\""]),
            ("-«برق تبریز»", vec!["-\"برق تبریز\""]),
            ("state:submitted", vec!["state Has submitted"]),
            ("-state=submitted", vec!["-state Is submitted"]),
            ("due<1403/02/31", vec!["due Below 1403/02/31"]),
            ("due <= ۱۴۰۳/۰۲/۳۱ برق", vec!["due AtMost ۱۴۰۳/۰۲/۳۱", "برق"]),
            ("deviation<-5", vec!["deviation Below -5"]),
            ("physical≥۵۰", vec!["physical AtLeast ۵۰"]),
            ("physical != 50", vec!["physical Not 50"]),
            ("دستگاه:«برق تبریز»", vec!["دستگاه Has \"برق تبریز\""]),
            ("«پیشرفت فیزیکی» > ۵۰", vec!["\"پیشرفت فیزیکی\" Above ۵۰"]),
            ("title:12:30", vec!["title Has 12:30"]),
            ("a\"b c\"", vec!["a", "\"b c\""]),
            ("\"\"", vec!["\"\""]),
        ] {
            assert_eq!(short(text), terms, "{text}");
        }
    }

    #[test]
    fn a_mistake_is_named_where_it_stands() {
        for (text, terms) in [
            ("برق -", vec!["برق", "! NothingAfterMinus Some(\"-\")"]),
            ("- برق", vec!["برق", "! NothingAfterMinus Some(\"-\")"]),
            ("برق «تبریز", vec!["برق", "! OpenQuote Some(\"«تبریز\")"]),
            ("state:", vec!["! NoValue(\"state\") Some(\"state:\")"]),
            ("state: ، برق", vec!["برق", "! NoValue(\"state\") Some(\"state:\")"]),
            (":submitted برق", vec!["برق", "! NoField Some(\":submitted\")"]),
        ] {
            assert_eq!(short(text), terms, "{text}");
        }
    }
}
