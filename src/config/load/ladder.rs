//! The operator's own enforcement ladder: `[ladder]` with `step = days overdue`, lowest rung first whatever the order of the lines.

use super::super::error::{ConfigError, Wrong};
use super::super::settings::{MAX_DAYS, Shape, Value};
use super::super::spot::Spot;
use super::convert::from_toml;
use super::{Origin, Origins};
use crate::contract::LadderStep;
use crate::contract::records::Step;
use crate::text::near::nearest;
use toml::de::DeTable;

/// The section.
pub(in crate::config) const LADDER: &str = "ladder";
/// Letters a step may have: it is a word of the records.
const MAX_STEP: usize = 64;

/// The rungs in the order they come due (of one day as they are written), and every mistake in them.
pub(super) fn read(at: &Spot<'_>, steps: &DeTable<'_>, origins: &mut Origins) -> (Vec<LadderStep>, Vec<ConfigError>) {
    let mut errors = Vec::new();
    let mut rungs = Vec::new();
    for (name, value) in steps {
        let (slug, offset) = (name.get_ref().as_ref(), name.span().start);
        let step = Step::from(slug);
        if !step.is_known() {
            // Steps are an open list, but a slip of the pen must not become a step nobody ever takes.
            let like = nearest(slug, Step::KNOWN.iter().copied()).map(str::to_owned);
            if like.is_some() || !is_slug(slug) {
                let known = Step::KNOWN.join(", ");
                errors.push(at.error(offset, Wrong::BadStep(slug.to_owned(), like, known)));
                continue;
            }
        }
        let key = format!("{LADDER}.{slug}");
        match from_toml(&key, Shape::Whole(0, MAX_DAYS), value.get_ref()) {
            Ok(Value::Whole(days)) => {
                let after_days = u32::try_from(days).unwrap_or_default();
                let origin = Origin::File(at.path.to_owned(), at.line(offset));
                origins.by_key.insert(key, origin);
                rungs.push((after_days, offset, step));
            }
            Ok(_) => {}
            Err(wrong) => errors.push(at.error(value.span().start, wrong)),
        }
    }
    rungs.sort_by_key(|(after_days, offset, _)| (*after_days, *offset));
    let rung = |(after_days, _, step)| LadderStep {
        step,
        after_days,
        extra: None,
    };
    (rungs.into_iter().map(rung).collect(), errors)
}

/// Small Latin letters, digits and dashes, as all words of the records.
fn is_slug(word: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !word.is_empty() && word.len() <= MAX_STEP && word.chars().all(known)
}
