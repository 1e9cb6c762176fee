//! A draft from JSON written plainly, read byte by byte: the fastest way, and the narrowest. What it takes, [`super::parse`] takes and
//! reads alike; whatever it does not know at sight it leaves to that one. It must not know what is wrong with a text, only that it is not plain.

use super::draft::{Draft, Steps, TextRef, VisitRef};
use super::names::glance;
use super::parse::{F, day_of, plain_day};
use crate::clock::Day;
use crate::contract::{Id, Moment, clean};
use crate::text::visible::is_plain_line;

/// Digits of a whole number that a float holds exactly, whatever they are.
const EXACT_DIGITS: usize = 15;

/// How many bytes stand before the next quote, which is near: eight are looked at together.
#[inline]
fn quote(text: &[u8]) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut at = 0;
    while let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        // A byte that is a quote becomes 0, and the lowest 0 is the one that borrows first.
        let zero = u64::from_le_bytes(*eight) ^ (EACH * u64::from(b'"'));
        let found = zero.wrapping_sub(EACH) & !zero & (EACH << 7);
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = text.get(at..)?;
    rest.iter().position(|byte| *byte == b'"').map(|more| at + more)
}

/// Texts in two languages told apart at a glance.
const GLANCES: usize = 128;

/// Texts in two languages that stood in a text already, each as it is written: what sectors are called and what came of visits is said in
/// the same words again and again, and looked at once.
///
/// And which field followed which: whoever writes records writes each like the last.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    met: [Option<(&'a str, TextRef<'a>)>; GLANCES],
    follows: [F; FIELDS],
}

impl Default for Seen<'_> {
    fn default() -> Self {
        Self {
            met: [None; GLANCES],
            follows: std::array::from_fn(|at| F::EACH.get(at + 1).map_or(F::id, |(field, _)| *field)),
        }
    }
}

const FIELDS: usize = F::EACH.len();

/// How each field is written, its quotes and colon included, as the number its bytes make, and which bits of sixteen bytes these are; no
/// number where it takes more.
static WRITTEN: [Option<(u128, u128, usize)>; FIELDS] = {
    let mut out = [None; FIELDS];
    let mut field = 0;
    while field < FIELDS {
        let name = F::EACH[field].1.as_bytes();
        let len = name.len() + 3;
        if len <= 16 {
            let (mut number, mut at) = (
                (b':' as u128) << (8 * (len - 1)) | (b'"' as u128) << (8 * (len - 2)) | b'"' as u128,
                0,
            );
            while at < name.len() {
                number |= (name[at] as u128) << (8 * (at + 1));
                at += 1;
            }
            let bits = if len == 16 { u128::MAX } else { (1 << (8 * len)) - 1 };
            out[field] = Some((number, bits, len));
        }
        field += 1;
    }
    out
};

/// A place in a text.
struct Scan<'a, 's> {
    text: &'a str,
    at: usize,
    seen: &'s mut Seen<'a>,
}

impl<'a> Scan<'a, '_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no blank, where reading then stands.
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Goes past a byte, blanks before it as well.
    fn pass(&mut self, byte: u8) -> Option<()> {
        (self.token()? == byte).then(|| self.at += 1)
    }

    /// Goes past `null`; false when something else stands here.
    fn null(&mut self) -> Option<bool> {
        if self.token()? != b'n' {
            return Some(false);
        }
        self.rest().starts_with(b"null").then(|| {
            self.at += 4;
            true
        })
    }

    /// What stands between here and a quote `len` bytes on, which is gone past.
    fn quoted(&mut self, len: usize) -> Option<&'a str> {
        let text = self.text.get(self.at..self.at + len)?;
        self.at += len + 1;
        Some(text)
    }

    /// A name of a member and its colon. Ours are of small letters.
    fn key(&mut self) -> Option<&'a str> {
        self.pass(b'"')?;
        let len = quote(self.rest())?;
        let key = self.quoted(len)?;
        self.pass(b':')?;
        Some(key)
    }

    fn id(&mut self) -> Option<&'a str> {
        self.pass(b'"')?;
        let len = quote(self.rest())?;
        self.quoted(len).filter(|id| Id::is_one(id))
    }

    /// A clean text.
    fn text(&mut self) -> Option<&'a str> {
        self.pass(b'"')?;
        let len = memchr::memchr2(b'"', b'\\', self.rest())?;
        let plain = self.rest().get(len) == Some(&b'"');
        let text = self.quoted(len)?;
        let clean = || text.bytes().all(|byte| byte >= b' ') && clean::is_clean(text);
        (plain && (len <= clean::MAX_CHARS && is_plain_line(text) || clean())).then_some(text)
    }

    fn word(&mut self) -> Option<&'a str> {
        self.text().filter(|text| !text.is_empty())
    }

    fn day(&mut self) -> Option<Day> {
        self.token()?;
        // As it mostly stands: ten characters between quotes.
        if let [b'"', day @ .., b'"'] = self.rest().get(..12)?
            && let Some(day) = plain_day(day)
        {
            self.at += 12;
            return Some(day);
        }
        day_of(self.word()?)
    }

    fn moment(&mut self) -> Option<Moment> {
        let text = self.word()?;
        Moment::parse(text).ok()
    }

    /// A whole number of few digits, with nothing behind it that belongs to a number.
    fn whole(&mut self) -> Option<u64> {
        self.token()?;
        let rest = self.rest();
        let (mut len, mut n) = (0, 0_u64);
        while let Some(digit @ b'0'..=b'9') = rest.get(len) {
            n = n.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            len += 1;
        }
        let behind = rest.get(len);
        let leading = len > 1 && rest.first() == Some(&b'0');
        if len == 0 || len > EXACT_DIGITS || leading || matches!(behind, Some(b'.' | b'e' | b'E')) {
            return None;
        }
        self.at += len;
        Some(n)
    }

    fn number(&mut self) -> Option<f64> {
        if let Some(whole) = self.whole() {
            return Some(whole as f64);
        }
        let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let len = self.rest().iter().position(|byte| !of_number(byte))?;
        let number: f64 = serde_json::from_str(self.text.get(self.at..self.at + len)?).ok()?;
        self.at += len;
        number.is_finite().then_some(number)
    }

    /// A value, or nothing where `null` stands.
    fn or_null<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.null()? {
            true => Some(None),
            false => read(self).map(Some),
        }
    }

    /// Reads what stands between brackets, separated by commas.
    fn between(&mut self, open: u8, close: u8, mut each: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.pass(open)?;
        if self.token()? == close {
            self.at += 1;
            return Some(());
        }
        loop {
            each(self)?;
            let next = self.token()?;
            self.at += 1;
            if next == close {
                return Some(());
            }
            (next == b',').then_some(())?;
        }
    }

    fn members(&mut self, mut each: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.between(b'{', b'}', |scan| {
            let key = scan.key()?;
            each(scan, key)
        })
    }

    /// The name of a field and its colon; the `last` one tells what to expect.
    fn field(&mut self, last: F) -> Option<F> {
        self.token()?;
        let expected = *self.seen.follows.get(last as usize)?;
        if let (Some(Some((number, bits, len))), Some(bytes)) =
            (WRITTEN.get(expected as usize), self.rest().first_chunk::<16>())
            && u128::from_le_bytes(*bytes) & bits == *number
        {
            self.at += len;
            return Some(expected);
        }
        let field = F::of(self.key()?)?;
        *self.seen.follows.get_mut(last as usize)? = field;
        Some(field)
    }

    /// A text in one form or the other.
    fn either(&mut self) -> Option<TextRef<'a>> {
        if self.token()? == b'"' {
            return self.text().map(TextRef::One);
        }
        let mut each = [None, None];
        self.members(|scan, key| {
            let slot = match key {
                "fa" => each.first_mut(),
                "en" => each.last_mut(),
                _ => None,
            }?;
            slot.replace(scan.text()?).is_none().then_some(())
        })?;
        each.iter().any(Option::is_some).then_some(TextRef::Each(each))
    }

    /// The same of what is often said in the same words.
    fn saying(&mut self) -> Option<TextRef<'a>> {
        self.token()?;
        // Up to the first bracket, be it in a wording: what was met was met as a whole.
        let written = memchr::memchr(b'}', self.rest()).and_then(|len| self.text.get(self.at..=self.at + len));
        let Some(written) = written.filter(|written| written.starts_with('{')) else {
            return self.either();
        };
        let glance = glance(written) as usize % GLANCES;
        if let Some((_, said)) = self.seen.met.get(glance)?.filter(|(met, _)| *met == written) {
            self.at += written.len();
            return Some(said);
        }
        let start = self.at;
        let said = self.either()?;
        if self.at == start + written.len() {
            *self.seen.met.get_mut(glance)? = Some((written, said));
        }
        Some(said)
    }

    fn steps(&mut self) -> Option<Steps> {
        let mut steps = [None; 5];
        let mut seen = 0_u8;
        self.members(|scan, key| {
            let at = match key {
                "committed" => 0,
                "claimed" => 1,
                "registered" => 2,
                "approved" => 3,
                "verified" => 4,
                _ => return None,
            };
            let bit = 1 << at;
            (seen & bit == 0).then_some(())?;
            seen |= bit;
            *steps.get_mut(at)? = scan.or_null(Self::number)?;
            Some(())
        })?;
        Some(steps)
    }

    fn visit(&mut self) -> Option<VisitRef<'a>> {
        let (mut on, mut by, mut result) = (None, None, None);
        self.members(|scan, key| {
            let first = match key {
                "on" => on.replace(scan.day()?).is_none(),
                "by" => by.replace(scan.id()?).is_none(),
                "result" => result.replace(scan.or_null(Self::saying)?).is_none(),
                _ => false,
            };
            first.then_some(())
        })?;
        Some(VisitRef {
            on: on?,
            by: by?,
            result: result.flatten(),
        })
    }
}

/// Reads the draft that a text begins with, and says how many bytes it took; nothing for what is not written plainly, and then the draft
/// holds anything. A draft is half a kilobyte: it is filled where it is.
pub(super) fn read<'a>(text: &'a str, draft: &mut Draft<'a>, seen: &mut Seen<'a>) -> Option<usize> {
    let mut scan = Scan { text, at: 0, seen };
    draft.clear();
    let [kind, stage, origin] = &mut draft.words;
    let [county, measure, project, sponsor] = &mut draft.names;
    let [identified, empowered, brought_in, started] = &mut draft.days;
    let mut seen = 0_u32;
    let mut last = F::note;
    scan.between(b'{', b'}', |scan| {
        let field = scan.field(last)?;
        last = field;
        let bit = field.bit();
        (seen & bit == 0).then_some(())?;
        seen |= bit;
        match field {
            F::id => draft.id = scan.id()?,
            F::initiative_kind => *kind = scan.word()?,
            F::stage => *stage = scan.word()?,
            F::origin => *origin = scan.word()?,
            F::title => draft.title = scan.either()?,
            F::county => *county = scan.or_null(Scan::id)?,
            F::measure => *measure = scan.or_null(Scan::id)?,
            F::project => *project = scan.or_null(Scan::id)?,
            F::sponsor => *sponsor = scan.or_null(Scan::id)?,
            F::sector => draft.sector = scan.or_null(Scan::saying)?,
            F::identified => *identified = scan.or_null(Scan::day)?,
            F::empowered => *empowered = scan.or_null(Scan::day)?,
            F::brought_in => *brought_in = scan.or_null(Scan::day)?,
            F::started => *started = scan.or_null(Scan::day)?,
            F::outreach => scan.between(b'[', b']', |scan| {
                draft.visits.push(scan.visit()?);
                Some(())
            })?,
            F::members => {
                draft.members = match scan.or_null(Scan::whole)? {
                    Some(count) => Some(u32::try_from(count).ok()?),
                    None => None,
                };
            }
            F::jobs => draft.jobs = scan.or_null(Scan::steps)?,
            F::capital => draft.capital = scan.or_null(Scan::steps)?,
            F::updated => draft.updated = scan.or_null(Scan::moment)?,
            F::note => draft.note = scan.or_null(Scan::either)?,
        }
        Some(())
    })?;
    (seen & F::REQUIRED == F::REQUIRED).then_some(scan.at)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::contract::packed::tests::record;
    use proptest::prelude::*;

    /// A record with everything.
    const BEFORE: &str = r#"{"id":"b","initiative_kind":"k","stage":"s","origin":"o","title":"t","county":"c","measure":"m","project":"p",
        "sponsor":"s","sector":"x","identified":"2024-01-01","empowered":"2024-01-02","brought_in":"2024-01-03","started":"2024-01-04",
        "outreach":[{"on":"2024-01-05","by":"v"}],"members":7,"jobs":{"committed":1},"capital":{"verified":2},"updated":"2024-01-06","note":"n"}"#;

    /// The strict way says the same of whatever is taken here, whatever was read `before`.
    fn same(text: &str, before: &str) -> Result<bool, TestCaseError> {
        // What another record left in the draft is not seen in the next.
        let (mut quick, mut seen) = (Draft::default(), Seen::default());
        read(before, &mut quick, &mut seen);
        read(BEFORE, &mut quick, &mut seen).unwrap();
        let len = read(text, &mut quick, &mut seen);
        if let Some(len) = len {
            let strict = Draft::strictly(text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
            prop_assert_eq!(format!("{:?}", (quick, len)), format!("{strict:?}"));
        }
        Ok(len.is_some())
    }

    /// A record in another spelling: blanks, `null` for what is not there, its members in another order.
    fn spelled(json: &str, blanks: bool, nulls: bool, turn: usize) -> String {
        let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap();
        let mut members: Vec<(String, serde_json::Value)> = value.into_iter().collect();
        if nulls {
            for field in [
                "county", "sector", "jobs", "capital", "members", "updated", "note", "started",
            ] {
                if !members.iter().any(|(name, _)| name == field) {
                    members.push((field.to_owned(), serde_json::Value::Null));
                }
            }
        }
        let len = members.len();
        members.rotate_left(turn % len.max(1));
        let value = serde_json::Value::Object(members.into_iter().collect());
        match blanks {
            true => serde_json::to_string_pretty(&value).unwrap(),
            false => value.to_string(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_read_quickly_is_read_strictly_alike(
            record in record(), blanks in any::<bool>(), nulls in any::<bool>(), turn in 0..20_usize, tail in "[,\\] \n}]{0,3}",
        ) {
            let text = spelled(&serde_json::to_string(&record).unwrap(), blanks, nulls, turn) + &tail;
            same(&text, &text)?;
        }

        #[test]
        fn a_text_changed_anywhere_is_read_alike_or_left(
            record in record(), blanks in any::<bool>(), at in any::<prop::sample::Index>(),
            by in prop_oneof![
                prop::sample::select(vec!["", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "0", "-", ".", "e9", "\n", "\t", "\u{7f}",
                    "\u{654}", "ه\u{654}", "ه\u{654}\u{654}", "ا\u{654}", "\u{202e}", "\u{200c}", "ﷲ", "é", "e\u{301}", "1e400", "00", "\"fa\":\"x\",",
                    "\"id\":\"a\",", "true"]).prop_map(str::to_owned),
                "\\PC{1}",
            ],
            take in 0..3_usize,
        ) {
            let text = spelled(&serde_json::to_string(&record).unwrap(), blanks, false, 0);
            let start = text.floor_char_boundary(at.index(text.len()));
            let end = text.ceil_char_boundary((start + take).min(text.len()));
            same(&format!("{}{by}{}", &text[..start], &text[end..]), &text)?;
        }
    }

    /// What begins and ends alike and is as long is known at a glance for the same, and is not.
    #[test]
    fn what_is_said_almost_alike_is_told_apart() {
        let mut seen = Seen::default();
        let sayings = [
            r#"{"fa":"خدمات","en":"Services of carts"}"#,
            r#"{"fa":"خدمات","en":"Services on carts"}"#,
            r#"{"fa":"a}b","en":"Services"}"#,
            r#"{"fa":"a}c","en":"Services"}"#,
            r#""Services""#,
        ];
        let record = |saying: &str| {
            format!(
                r#"{{"id":"a","initiative_kind":"k","stage":"s","origin":"o","title":"t","sector":{saying},
                "outreach":[{{"on":"2024-01-05","by":"v","result":{saying}}}]}}"#
            )
        };
        let records: Vec<String> = sayings.iter().cycle().take(15).map(|saying| record(saying)).collect();
        for text in &records {
            let mut quick = Draft::default();
            let len = read(text, &mut quick, &mut seen).unwrap();
            let strict = Draft::strictly(text).unwrap();
            assert_eq!(format!("{:?}", (quick, len)), format!("{strict:?}"));
        }
        let kept = seen.met.iter().flatten().count();
        assert!(
            (1..=2).contains(&kept),
            "the first two share a place, those with a bracket have none: {kept}"
        );
    }

    #[test]
    fn what_programs_write_is_taken() {
        let start = r#"{"id":"INI.1","initiative_kind":"other","stage":"identified","origin":"new""#;
        for rest in [
            r#","title":"تعاونی گلخانه‌داران، ۲۸ عضو"}"#,
            r#","title":{"fa":"زنجیرهٔ ارزش","en":"Value chain"},"county":null,"members":28}"#,
            r#", "title": "a", "jobs": {"committed": 12.5, "claimed": -3, "verified": null}, "outreach": [ ] }"#,
            r#","title":"a","outreach":[{"on":"2025-01-31","by":"ORG.1","result":{"fa":"گفت‌وگو"}},{"on":"1403/11/12","by":"b"}]}"#,
            r#","title":"مسئول پیگیریِ کار","updated":"2025-06-29","capital":{"committed":4300000000}}"#,
        ] {
            assert!(same(&format!("{start}{rest}"), "").unwrap(), "{rest}");
        }
        for rest in [
            r#","title":"\u06a9"}"#,
            r#","title":"a","x":1}"#,
            r#","title":"a","title":"b"}"#,
            r#","title":"a","members":1.0}"#,
            r#","title":"a","members":4294967296}"#,
            r#","title":"a","jobs":{"committed":01}}"#,
            r#","title":"a","county":"ا"}"#,
            r#","title":"a","identified":"2025-02-30"}"#,
            r#","title":"ك"#,
            r#","title":"a",}"#,
            "}",
        ] {
            assert!(!same(&format!("{start}{rest}"), "").unwrap(), "{rest}");
        }
        assert!(!same("", "").unwrap() && !same("{}", "").unwrap());
    }
}
