//! From the pieces of a filter to its conditions: fields found by either language's name, values read as the field wants them.
//! It must not know records.

use super::error::{QueryError, Wrong};
use super::lex::{self, Op, Piece, Token};
use super::{Compare, FieldTest, Flag, Query, Span, Term, Test, flags, squash};
use crate::board::Severity;
use crate::board::columns::{Column, ValueKind, columns, word_name};
use crate::clock::Day;
use crate::contract::Kind;
use crate::i18n;
use crate::text::calendar::{self, DateError};
use crate::text::near::near;
use crate::text::number::parse_number;
use crate::text::{Lang, fold};
use std::sync::OnceLock;

/// Words before a field's last one that may belong to its name: «پیشرفت فیزیکی>۵۰».
const NAME_WORDS: usize = 3;

const LANGS: [Lang; 2] = [Lang::Fa, Lang::En];

pub(super) fn parse(text: &str, kind: Kind) -> Result<Query, Vec<QueryError>> {
    let (tokens, mut errors) = lex::lex(text);
    // One place a token, because a field may take words before it back into its name.
    let mut terms: Vec<Option<Term>> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let Some((op, value)) = &token.test else {
            terms.push(word(token));
            continue;
        };
        match field(text, kind, tokens.get(..=at).unwrap_or_default()) {
            Ok(Found { name, words, negated }) => {
                let taken = terms.len().saturating_sub(words);
                for term in terms.iter_mut().skip(taken) {
                    *term = None;
                }
                let test = match name {
                    Name::Is => is(kind, *op, value).map(|flag| (Test::Is(flag), false)),
                    Name::Column(column) => {
                        let typed = token.piece.text.as_str();
                        field_test(column, typed, *op, value).map(|test| (Test::Field(column, test), *op == Op::Not))
                    }
                };
                match test {
                    Ok((test, flipped)) => terms.push(Some(Term {
                        negated: negated != flipped,
                        test,
                    })),
                    Err(wrong) => {
                        let span = match wrong {
                            Wrong::IsTakesColon | Wrong::NoOrder(_) => token.span.clone(),
                            _ => value.span.clone(),
                        };
                        errors.push(QueryError { span, wrong });
                        terms.push(None);
                    }
                }
            }
            Err(wrong) => {
                errors.push(QueryError {
                    span: token.piece.span.clone(),
                    wrong,
                });
                terms.push(None);
            }
        }
    }
    if errors.is_empty() {
        return Ok(Query {
            terms: terms.into_iter().flatten().collect(),
        });
    }
    errors.sort_by_key(|error| error.span.start);
    Err(errors)
}

/// A word or a phrase; nothing when folding leaves nothing of it to look for.
fn word(token: &Token) -> Option<Term> {
    let folded = fold::fold(&token.piece.text);
    let folded = folded.trim();
    (!squash(folded).is_empty()).then(|| Term {
        negated: token.negated,
        test: if token.piece.quoted {
            Test::Phrase(folded.to_owned())
        } else {
            Test::Word(folded.to_owned())
        },
    })
}

/// The column of a kind that a name means, in either language or as it travels.
///
/// # Errors
/// The nearest known names, when there is no such column.
pub fn column_named(kind: Kind, name: &str) -> Result<&'static Column, Vec<String>> {
    let names = Names::of(kind);
    let squashed = squash(name);
    match names.find(&squashed) {
        Some(Name::Column(column)) => Ok(column),
        Some(Name::Is) | None => Err(names.near(&squashed)),
    }
}

enum Name {
    Is,
    Column(&'static Column),
}

struct Found {
    name: Name,
    /// Words before the term that belong to the name.
    words: usize,
    negated: bool,
}

/// The field the last token names, with as many of the words before it as make a known name.
fn field(text: &str, kind: Kind, tokens: &[Token]) -> Result<Found, Wrong> {
    let Some((last, before)) = tokens.split_last() else {
        return Err(Wrong::NoField);
    };
    let names = Names::of(kind);
    for words in (0..=NAME_WORDS.min(before.len())).rev() {
        let taken = before.get(before.len() - words..).unwrap_or_default();
        let negated = match taken.first() {
            // With words before it the minus stands before the first of them, and only there.
            Some(_) if last.negated || !belong_together(text, taken, last) => continue,
            Some(first) => first.negated,
            None => last.negated,
        };
        let name: String = taken
            .iter()
            .chain([last])
            .map(|token| squash(&token.piece.text))
            .collect();
        if let Some(name) = names.find(&name) {
            return Ok(Found { name, words, negated });
        }
    }
    let typed = &last.piece.text;
    Err(Wrong::UnknownField(typed.clone(), names.near(&squash(typed))))
}

/// True when words stand side by side before a field, with nothing but white space between.
fn belong_together(text: &str, words: &[Token], field: &Token) -> bool {
    let plain = |token: &Token| token.test.is_none() && !token.piece.quoted;
    let only_first_negated = words.iter().skip(1).all(|token| !token.negated);
    let next = words.iter().skip(1).chain([field]);
    let adjacent = words.iter().zip(next).all(|(word, next)| {
        text.get(word.span.end..next.span.start)
            .is_some_and(|between| between.chars().all(char::is_whitespace))
    });
    words.iter().all(plain) && only_first_negated && adjacent
}

/// The names a filter of a kind may use, squashed, each with what people are shown.
struct Names(Vec<(String, String, Option<&'static Column>)>);

impl Names {
    /// They stay the same, and are asked for with every field of every filter.
    fn of(kind: Kind) -> &'static Self {
        static KNOWN: [OnceLock<Names>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
        static OTHER: Names = Names(Vec::new());
        let known = KNOWN.get(kind as usize);
        known.map_or(&OTHER, |known| known.get_or_init(|| Self::new(kind)))
    }

    fn new(kind: Kind) -> Self {
        let mut names = Vec::new();
        for column in columns(kind) {
            names.push((squash(column.key), column.key.to_owned(), Some(column)));
        }
        // Keys come first: should a title equal another column's key, the key wins.
        for column in columns(kind) {
            for lang in LANGS {
                let title = column.title(lang);
                names.push((squash(title), title.replace(' ', "_"), Some(column)));
            }
        }
        for lang in LANGS {
            let name = i18n::t(lang, "query.is-name");
            names.push((squash(name), name.to_owned(), None));
        }
        Self(names)
    }

    fn find(&self, squashed: &str) -> Option<Name> {
        let (_, _, column) = self.0.iter().find(|(name, _, _)| name == squashed)?;
        Some(column.map_or(Name::Is, Name::Column))
    }

    /// The known names nearest to a wrong one, as they may be typed; failing that, those it is a part of.
    fn near(&self, squashed: &str) -> Vec<String> {
        /// Shorter pieces are part of too many names to help.
        const PIECE: usize = 3;
        let all = || self.0.iter().map(|(name, _, _)| name.as_str());
        let mut near = near(squashed, all());
        if near.is_empty() && squashed.chars().count() >= PIECE {
            near = all().filter(|name| name.contains(squashed)).collect();
            near.dedup();
        }
        let shown = |name: &str| {
            let found = self.0.iter().find(|(n, _, _)| n == name);
            found.map(|(_, shown, _)| shown.clone())
        };
        near.into_iter().filter_map(shown).collect()
    }
}

fn is(kind: Kind, op: Op, value: &Piece) -> Result<&'static Flag, Wrong> {
    if op != Op::Has {
        return Err(Wrong::IsTakesColon);
    }
    let typed = squash(&value.text);
    let mut known: Vec<(String, &str)> = Vec::new();
    for flag in flags(kind) {
        known.push((squash(flag.slug), flag.slug));
        for lang in LANGS {
            let name = word_name(lang, "query.is", flag.slug);
            known.push((squash(name), name));
        }
        if known.iter().rev().take(3).any(|(name, _)| *name == typed) {
            return Ok(flag);
        }
    }
    let close = near(&typed, known.iter().map(|(name, _)| name.as_str()));
    let proposed = if close.is_empty() {
        flags(kind).map(|flag| flag.slug.to_owned()).collect()
    } else {
        let shown = |near: &&str| known.iter().find(|(name, _)| name == near);
        close
            .iter()
            .filter_map(shown)
            .map(|(_, shown)| shown.replace(' ', "_"))
            .collect()
    };
    Err(Wrong::UnknownIs(value.text.clone(), proposed))
}

/// True when a value says, in either language, what a catalogue text says.
fn says(value: &Piece, key: &'static str) -> bool {
    let typed = squash(&value.text);
    !value.quoted && LANGS.iter().any(|lang| squash(i18n::t(*lang, key)) == typed)
}

fn field_test(column: &'static Column, typed: &str, op: Op, value: &Piece) -> Result<FieldTest, Wrong> {
    let ordered = matches!(op, Op::Below | Op::AtMost | Op::Above | Op::AtLeast);
    if !ordered {
        if says(value, "query.nothing") || (!value.quoted && value.text == "—") {
            return Ok(FieldTest::Nothing);
        }
        if says(value, "query.something") || (!value.quoted && value.text == "*") {
            return Ok(FieldTest::Something);
        }
    }
    let name = || typed.to_owned();
    match column.value {
        ValueKind::Text
        | ValueKind::Id
        | ValueKind::Link
        | ValueKind::County
        | ValueKind::Word { .. }
        | ValueKind::Flag
            if ordered =>
        {
            Err(Wrong::NoOrder(name()))
        }
        ValueKind::Text | ValueKind::Id | ValueKind::Link | ValueKind::County => {
            let squashed = squash(&value.text);
            Ok(match op {
                _ if squashed.is_empty() => FieldTest::Something,
                Op::Has => FieldTest::Contains(fold::fold(&value.text).trim().to_owned()),
                _ => FieldTest::Equals(squashed),
            })
        }
        ValueKind::Word { prefix, known } => Ok(word_test(prefix, known, op, value)),
        ValueKind::Flag => {
            let is = |key, words: &[&str]| says(value, key) || words.contains(&squash(&value.text).as_str());
            if is("word.yes", &["true", "1"]) {
                Ok(FieldTest::Flag(true))
            } else if is("word.no", &["false", "0"]) {
                Ok(FieldTest::Flag(false))
            } else {
                Err(Wrong::NotAFlag(name(), value.text.clone()))
            }
        }
        ValueKind::Day => match span(&value.text) {
            Ok(span) => Ok(FieldTest::Day(compare(op), span)),
            Err(DateError::NoSuchDay) => Err(Wrong::NoSuchDay(value.text.clone())),
            Err(DateError::NotADate) => Err(Wrong::NotADate(name(), value.text.clone())),
        },
        ValueKind::Findings if !ordered && severity(value).is_some() => {
            severity(value).map(FieldTest::Worst).ok_or(Wrong::NoField)
        }
        ValueKind::Number
        | ValueKind::Percent
        | ValueKind::Points
        | ValueKind::Days
        | ValueKind::Money
        | ValueKind::Progress
        | ValueKind::Findings => match amount(&value.text) {
            Some((n, unit)) if matches!(op, Op::Has | Op::Not) => Ok(FieldTest::Shown(n, unit / 2.0)),
            Some((n, _)) => Ok(FieldTest::Number(compare(op), n)),
            None => Err(Wrong::NotANumber(name(), value.text.clone())),
        },
    }
}

fn compare(op: Op) -> Compare {
    match op {
        Op::Has | Op::Is | Op::Not => Compare::Equal,
        Op::Below => Compare::Below,
        Op::AtMost => Compare::AtMost,
        Op::Above => Compare::Above,
        Op::AtLeast => Compare::AtLeast,
    }
}

/// The known words a value means: those it is, else (with `:`) those it begins, in either language or as they travel.
fn word_test(prefix: &'static str, known: &'static [&'static str], op: Op, value: &Piece) -> FieldTest {
    let squashed = squash(&value.text);
    let names = |word: &'static str| {
        let [fa, en] = LANGS.map(|lang| squash(word_name(lang, prefix, word)));
        [squash(word), fa, en]
    };
    let meant = |fits: &dyn Fn(&str) -> bool| -> Vec<&'static str> {
        let fits = |word: &&&'static str| names(word).iter().any(|name| fits(name));
        known.iter().filter(fits).copied().collect()
    };
    let exactly = meant(&|name| name == squashed);
    let whole = op != Op::Has || !exactly.is_empty();
    FieldTest::Word {
        known: if whole {
            exactly
        } else {
            meant(&|name| name.starts_with(&squashed))
        },
        squashed,
        whole,
    }
}

fn severity(value: &Piece) -> Option<Severity> {
    let typed = squash(&value.text);
    Severity::ALL.into_iter().find(|severity| {
        squash(severity.as_str()) == typed
            || LANGS
                .iter()
                .any(|lang| i18n::find(*lang, severity.name_key()).is_some_and(|name| squash(name) == typed))
    })
}

/// A number as people write it — sign, any digits, percent sign, thousand to milliard behind it — and the unit of its last digit.
fn amount(text: &str) -> Option<(f64, f64)> {
    const TIMES: [(&str, f64); 7] = [
        ("میلیارد", 1e9),
        ("میلیون", 1e6),
        ("هزار", 1e3),
        ("bn", 1e9),
        ("b", 1e9),
        ("m", 1e6),
        ("k", 1e3),
    ];
    let text = text.trim().to_lowercase().replace(['−', '–'], "-");
    let text = text
        .trim_end_matches(['%', '٪'])
        .trim_start_matches(['%', '٪'])
        .trim_end();
    let (text, times) = TIMES
        .iter()
        .find_map(|(suffix, times)| text.strip_suffix(suffix).map(|rest| (rest.trim_end(), *times)))
        .unwrap_or((text, 1.0));
    let n = parse_number(text)?;
    let decimals = text
        .rsplit_once(['.', '٫'])
        .map_or(0, |(_, after)| after.chars().count());
    let unit = 10_f64.powi(-i32::try_from(decimals.min(15)).unwrap_or(0));
    Some((n * times, unit * times)).filter(|(n, _)| n.is_finite())
}

/// A day, a month (`1403/02`), a year (`1403`) or so many days from today (`today+7`), in either calendar and any digits.
fn span(text: &str) -> Result<Span, DateError> {
    let text = text.trim();
    if let Some(days) = from_today(text) {
        return Ok(Span::Today(days));
    }
    let parts: Vec<Option<u16>> = text.split(['/', '-']).map(whole).collect();
    let day = |year: u16, month: u16, day: u16| calendar::parse_date(&format!("{year:04}-{month:02}-{day:02}"));
    // A year of two digits could be of any century: it is not guessed.
    let is_year = |year: &u16| (1_000..=9_999).contains(year);
    match parts.as_slice() {
        [Some(year)] if is_year(year) => {
            let next = day(year + 1, 1, 1)?;
            Ok(Span::Fixed(day(*year, 1, 1)?, next.plus(-1)))
        }
        [Some(year), Some(month)] if is_year(year) => {
            let first = day(*year, *month, 1)?;
            let next = if *month >= 12 {
                day(year + 1, 1, 1)?
            } else {
                day(*year, month + 1, 1)?
            };
            Ok(Span::Fixed(first, next.plus(-1)))
        }
        [Some(year), Some(month), Some(of_month)] if is_year(year) => {
            let day: Day = day(*year, *month, *of_month)?;
            Ok(Span::Fixed(day, day))
        }
        _ => Err(DateError::NotADate),
    }
}

fn whole(part: &str) -> Option<u16> {
    let signed = part.starts_with(['-', '+', '−']);
    let n = parse_number(part).filter(|n| !signed && n.fract() == 0.0 && (0.0..=9_999.0).contains(n))?;
    Some(n as u16)
}

fn from_today(text: &str) -> Option<i32> {
    /// Days from today anybody may ask for: a century and more.
    const MOST: f64 = 50_000.0;
    let folded = fold::fold(text);
    let rest = LANGS
        .iter()
        .find_map(|lang| folded.strip_prefix(fold::fold(i18n::t(*lang, "word.today")).as_str()))?;
    let rest = rest.trim().replace(['−', '–'], "-");
    if rest.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
        (Some(digits), _) => (1.0, digits),
        (_, Some(digits)) => (-1.0, digits),
        _ => return None,
    };
    let days = parse_number(digits.trim()).filter(|n| n.fract() == 0.0 && (0.0..=MOST).contains(n))?;
    Some((sign * days) as i32)
}
