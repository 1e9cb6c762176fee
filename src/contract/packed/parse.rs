//! A draft straight from JSON, nothing copied: the fast way. It is as strict as the one into a record, and stricter still: a text with an
//! escape in it has no place to stand, so it is refused too. Whatever is refused goes another way.

use super::draft::{Draft, Steps, TextRef, VisitRef};
use super::quick::{self, Seen};
use crate::clock::Day;
use crate::contract::read::Key;
use crate::contract::{Id, Moment, clean};
use crate::text::calendar;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A piece of text as it stands, checked.
trait Checked {
    const WHAT: &'static str;
    fn holds(text: &str) -> bool;
}

/// A text that passed its check.
struct Str<'a, C>(&'a str, PhantomData<C>);

struct AnId;
impl Checked for AnId {
    const WHAT: &'static str = "an id";
    fn holds(text: &str) -> bool {
        Id::is_one(text)
    }
}

struct AWord;
impl Checked for AWord {
    const WHAT: &'static str = "a word";
    fn holds(text: &str) -> bool {
        !text.is_empty() && clean::is_clean(text)
    }
}

impl<'de, C: Checked> Deserialize<'de> for Str<'de, C> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct As<C>(PhantomData<C>);
        impl<'de, C: Checked> Visitor<'de> for As<C> {
            type Value = Str<'de, C>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(C::WHAT)
            }
            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Str<'de, C>, E> {
                match C::holds(text) {
                    true => Ok(Str(text, PhantomData)),
                    false => Err(E::custom("another text")),
                }
            }
        }
        d.deserialize_str(As(PhantomData))
    }
}

impl<'de> Deserialize<'de> for TextRef<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = TextRef<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<TextRef<'de>, E> {
                match clean::is_clean(text) {
                    true => Ok(TextRef::One(text)),
                    false => Err(E::custom("text to clean")),
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TextRef<'de>, A::Error> {
                let mut each = [None, None];
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    let slot = match key.as_str() {
                        "fa" => 0,
                        "en" => 1,
                        _ => return Err(A::Error::custom("unknown language")),
                    };
                    let TextRef::One(text) = map.next_value::<TextRef<'de>>()? else {
                        return Err(A::Error::custom("text expected"));
                    };
                    if each[slot].replace(text).is_some() {
                        return Err(A::Error::custom("the same language twice"));
                    }
                }
                if each.iter().all(Option::is_none) {
                    return Err(A::Error::custom("no language"));
                }
                Ok(TextRef::Each(each))
            }
        }
        d.deserialize_any(Either)
    }
}

/// A day as it mostly stands, `2024-05-09`, read without looking for other forms.
pub(super) fn plain_day(text: &[u8]) -> Option<Day> {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = *text else {
        return None;
    };
    let digits = |digits: &[u8]| {
        digits.iter().try_fold(0_u16, |n, digit| {
            digit.is_ascii_digit().then(|| n * 10 + u16::from(digit - b'0'))
        })
    };
    let (year, month, day) = (digits(&[a, b, c, d])?, digits(&[e, f])?, digits(&[g, h])?);
    // Years below this are Solar Hijri.
    (year >= 1_700)
        .then(|| Day::from_gregorian(i32::from(year), month as u8, day as u8))
        .flatten()
}

/// A day in any form that is read without a note.
pub(super) fn day_of(text: &str) -> Option<Day> {
    plain_day(text.as_bytes()).or_else(|| calendar::parse_date(text).ok())
}

struct ADay(Day);

impl<'de> Deserialize<'de> for ADay {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let Str(text, _) = Str::<'de, AWord>::deserialize(d)?;
        day_of(text).map(Self).ok_or_else(|| D::Error::custom("not a date"))
    }
}

struct AFigure(Steps);

impl<'de> Deserialize<'de> for AFigure {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct AsSteps;
        impl<'de> Visitor<'de> for AsSteps {
            type Value = AFigure;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a figure")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AFigure, A::Error> {
                let mut steps = [None; 5];
                let mut seen = [false; 5];
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    let at = match key.as_str() {
                        "committed" => 0,
                        "claimed" => 1,
                        "registered" => 2,
                        "approved" => 3,
                        "verified" => 4,
                        _ => return Err(A::Error::custom("unknown field")),
                    };
                    if std::mem::replace(&mut seen[at], true) {
                        return Err(A::Error::duplicate_field("figure"));
                    }
                    let value = map.next_value::<Option<f64>>()?;
                    if value.is_some_and(|value| !value.is_finite()) {
                        return Err(A::Error::custom("not a finite number"));
                    }
                    steps[at] = value;
                }
                Ok(AFigure(steps))
            }
        }
        d.deserialize_map(AsSteps)
    }
}

impl<'de> Deserialize<'de> for VisitRef<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct AsVisit;
        impl<'de> Visitor<'de> for AsVisit {
            type Value = VisitRef<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a visit")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<VisitRef<'de>, A::Error> {
                let (mut on, mut by, mut result) = (None, None, None);
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    match key.as_str() {
                        "on" if on.is_none() => on = Some(map.next_value::<ADay>()?.0),
                        "by" if by.is_none() => by = Some(map.next_value::<Str<'de, AnId>>()?.0),
                        "result" if result.is_none() => result = Some(map.next_value()?),
                        _ => return Err(A::Error::custom("unknown field, or twice")),
                    }
                }
                Ok(VisitRef {
                    on: on.ok_or_else(|| A::Error::missing_field("on"))?,
                    by: by.ok_or_else(|| A::Error::missing_field("by"))?,
                    result: result.flatten(),
                })
            }
        }
        d.deserialize_map(AsVisit)
    }
}

struct Visits<'a>(Vec<VisitRef<'a>>);

impl<'de> Deserialize<'de> for Visits<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct AsList;
        impl<'de> Visitor<'de> for AsList {
            type Value = Visits<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Visits<'de>, A::Error> {
                let mut out = Vec::new();
                while let Some(visit) = seq.next_element()? {
                    out.push(visit);
                }
                Ok(Visits(out))
            }
        }
        d.deserialize_seq(AsList)
    }
}

/// The fields of an initiative, as bits: which were there already.
macro_rules! fields {
    ($($name:ident),*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(non_camel_case_types, reason = "these are the names of the fields themselves")]
        pub(super) enum F { $($name),* }
        impl F {
            pub(super) fn of(name: &str) -> Option<Self> {
                match name { $(stringify!($name) => Some(Self::$name),)* _ => None }
            }

            /// Every field and its name.
            pub(super) const EACH: [(Self, &str); [$(F::$name),*].len()] = [$((F::$name, stringify!($name))),*];

            pub(super) fn bit(self) -> u32 {
                1 << self as u32
            }
        }
    };
}
fields!(
    id,
    initiative_kind,
    title,
    county,
    sector,
    measure,
    project,
    stage,
    identified,
    empowered,
    brought_in,
    origin,
    sponsor,
    outreach,
    members,
    jobs,
    capital,
    started,
    updated,
    note
);

impl F {
    /// What every initiative has.
    pub(super) const REQUIRED: u32 = 1 << Self::id as u32
        | 1 << Self::title as u32
        | 1 << Self::initiative_kind as u32
        | 1 << Self::stage as u32
        | 1 << Self::origin as u32;
}

impl<'de> Deserialize<'de> for Draft<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct AsDraft;
        impl<'de> Visitor<'de> for AsDraft {
            type Value = Draft<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft<'de>, A::Error> {
                let (mut id, mut title) = (None, None);
                let mut words = [None; 3];
                let mut names = [None; 4];
                let mut days = [None; 4];
                let (mut sector, mut note, mut members, mut updated) = (None, None, None, None);
                let (mut jobs, mut capital) = (None, None);
                let mut visits = Vec::new();
                let mut seen = 0_u32;
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    let Some(field) = F::of(key.as_str()) else {
                        return Err(A::Error::custom("unknown field"));
                    };
                    let bit = field.bit();
                    if seen & bit != 0 {
                        return Err(A::Error::custom("a field twice"));
                    }
                    seen |= bit;
                    type IdStr<'de> = Str<'de, AnId>;
                    type WordStr<'de> = Str<'de, AWord>;
                    let day = |map: &mut A| Ok::<_, A::Error>(map.next_value::<Option<ADay>>()?.map(|day| day.0));
                    let name = |map: &mut A| Ok::<_, A::Error>(map.next_value::<Option<IdStr<'de>>>()?.map(|id| id.0));
                    let steps = |map: &mut A| Ok::<_, A::Error>(map.next_value::<Option<AFigure>>()?.map(|f| f.0));
                    match field {
                        F::id => id = Some(map.next_value::<IdStr<'de>>()?.0),
                        F::initiative_kind => words[0] = Some(map.next_value::<WordStr<'de>>()?.0),
                        F::stage => words[1] = Some(map.next_value::<WordStr<'de>>()?.0),
                        F::origin => words[2] = Some(map.next_value::<WordStr<'de>>()?.0),
                        F::title => title = Some(map.next_value::<TextRef<'de>>()?),
                        F::county => names[0] = name(&mut map)?,
                        F::measure => names[1] = name(&mut map)?,
                        F::project => names[2] = name(&mut map)?,
                        F::sponsor => names[3] = name(&mut map)?,
                        F::sector => sector = map.next_value()?,
                        F::identified => days[0] = day(&mut map)?,
                        F::empowered => days[1] = day(&mut map)?,
                        F::brought_in => days[2] = day(&mut map)?,
                        F::started => days[3] = day(&mut map)?,
                        F::outreach => visits = map.next_value::<Visits<'de>>()?.0,
                        F::members => members = map.next_value()?,
                        F::jobs => jobs = steps(&mut map)?,
                        F::capital => capital = steps(&mut map)?,
                        F::updated => updated = map.next_value::<Option<Moment>>()?,
                        F::note => note = map.next_value()?,
                    }
                }
                let missing = || A::Error::custom("a field is missing");
                let [Some(kind), Some(stage), Some(origin)] = words else {
                    return Err(missing());
                };
                Ok(Draft {
                    id: id.ok_or_else(missing)?,
                    words: [kind, stage, origin],
                    title: title.ok_or_else(missing)?,
                    names,
                    sector,
                    days,
                    visits,
                    members,
                    jobs,
                    capital,
                    updated,
                    note,
                    whole: None,
                })
            }
        }
        d.deserialize_map(AsDraft)
    }
}

impl<'a> Draft<'a> {
    /// Becomes the draft that a text begins with; how many bytes that took. `seen` is what the texts read before held.
    ///
    /// # Errors
    /// Whatever needs more than the fast way: mending, unknown fields, escapes in texts; and what is no initiative at all. The draft is
    /// none then.
    pub fn read_start(&mut self, json: &'a str, seen: &mut Seen<'a>) -> serde_json::Result<usize> {
        if let Some(len) = quick::read(json, self, seen) {
            return Ok(len);
        }
        let (draft, len) = Self::strictly(json)?;
        *self = draft;
        Ok(len)
    }

    /// The draft that a text begins with by the parser everything else is read with, and its length.
    pub(super) fn strictly(json: &'a str) -> serde_json::Result<(Self, usize)> {
        let mut drafts = serde_json::Deserializer::from_str(json).into_iter::<Self>();
        match drafts.next() {
            Some(draft) => Ok((draft?, drafts.byte_offset())),
            None => Err(serde_json::Error::custom("no record")),
        }
    }
}
