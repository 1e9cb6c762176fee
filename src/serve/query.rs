//! The query of a request, read strictly: no parameter twice, no broken escape, and never a secret.

use super::answer::Refusal;
use std::collections::BTreeMap;

/// Parameters by name; those nobody asks for are passed over.
pub(super) struct Query(BTreeMap<String, String>);

/// Names under which people put secrets into addresses, where every log keeps them.
const SECRETS: [&str; 5] = ["token", "access_token", "authorization", "api_key", "key"];

impl Query {
    pub(super) fn parse(query: Option<&str>) -> Result<Self, Refusal> {
        let mut all = BTreeMap::new();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                return Err(Refusal::bad("query"));
            };
            if SECRETS.contains(&name.as_str()) {
                return Err(Refusal::bad("secret-in-address"));
            }
            if all.insert(name, value).is_some() {
                return Err(Refusal::bad("query"));
            }
        }
        Ok(Self(all))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A whole number from 1 on; a larger one than `most` counts as `most`, a missing one as `default`.
    pub(super) fn number(&self, name: &str, default: u64, most: u64) -> Result<u64, Refusal> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        let digits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number = if digits {
            Some(text.parse().unwrap_or(u64::MAX))
        } else {
            None
        };
        number
            .filter(|n| *n > 0)
            .map(|n: u64| n.min(most))
            .ok_or_else(|| Refusal::bad("query"))
    }
}

/// Takes percent escapes out; nothing when one is broken or the bytes are not UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let (high, low) = (
                    char::from(bytes.next()?).to_digit(16)?,
                    char::from(bytes.next()?).to_digit(16)?,
                );
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(out).ok()
}
