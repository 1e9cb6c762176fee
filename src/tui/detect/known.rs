//! The terminals that were tried, by what they say of themselves, each with the profile that was seen right in it.
//!
//! Pure tables; the order in which they are asked is [`super::choose`]'s.

use super::{Answers, Choice, Hint};
use crate::text::profile::Profile;

/// By the name that the terminal gives itself.
pub(super) fn named(name: &str) -> Option<(Profile, Option<Hint>)> {
    let lower = name.to_ascii_lowercase();
    let version = version(&lower);
    Some(match () {
        () if lower.starts_with("konsole") && version >= (22, 8) => (Profile::Pinned, None),
        () if lower.starts_with("konsole") => (Profile::Sgr, None),
        () if lower.starts_with("kitty") && version >= (0, 40) => (Profile::Kitty66, None),
        () if lower.starts_with("kitty") => (Profile::Plain, Some(Hint::KittyForceLtr)),
        () if ["xterm(", "foot", "wezterm", "ghostty", "terminology"]
            .iter()
            .any(|known| lower.starts_with(known)) =>
        {
            (Profile::Plain, None)
        }
        () => return None,
    })
}

/// The first two numbers in a name: `kitty(0.41.1)` is (0, 41).
fn version(name: &str) -> (u32, u32) {
    let mut numbers = name
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .find(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or_default()
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// By the secondary attributes: kind and version.
pub(super) fn attributes(values: &[u32]) -> Option<(Profile, Option<Hint>)> {
    let kind = values.first().copied()?;
    let version = values.get(1).copied().unwrap_or(0);
    Some(match (kind, version) {
        (1, 115) | (0, 276) => (Profile::Pinned, None),
        (0, 115) => (Profile::Sgr, None),
        (0, 136) => (Profile::Fenced, Some(Hint::PuttyDisableBidi)),
        (24, 279) => (Profile::Mlterm, None),
        // terminology calls itself 61 as well, with a version below 1000.
        (61 | 65, 5_000..=99_999) => (Profile::Explicit, None),
        // xterm, alacritty, foot, urxvt, zutty, terminology.
        (41, _) | (0, 1_000..=99_999) | (1, 12_000..=12_999) | (85, 95) | (64, 0) | (61, 0..=999) => {
            (Profile::Plain, None)
        }
        _ => return None,
    })
}

/// By what tmux knows of its client: `termtype|termname`, the first being the outer terminal's own name.
pub(super) fn tmux_client(client: &str) -> Option<(Profile, Option<Hint>)> {
    let client = client.trim();
    let (kind, term) = client.split_once('|').unwrap_or((client, ""));
    let (kind, term) = (kind.to_ascii_lowercase(), term.to_ascii_lowercase());
    let term = term
        .strip_prefix("xterm-")
        .filter(|rest| *rest == "kitty")
        .unwrap_or(&term);
    let begins = |names: &[&str]| {
        names
            .iter()
            .any(|name| kind.starts_with(name) || term.starts_with(name))
    };
    Some(match () {
        // Every second terminal calls itself xterm in TERM: only the answer counts here.
        () if kind.starts_with("xterm(") => (Profile::Plain, None),
        () if begins(&["foot", "alacritty", "rxvt", "st-", "st(", "stterm"]) || kind == "st" || term == "st" => {
            (Profile::Plain, None)
        }
        () if begins(&["putty"]) => (Profile::Fenced, Some(Hint::PuttyDisableBidi)),
        () if begins(&["kitty"]) => (Profile::Plain, Some(Hint::KittyForceLtr)),
        () if begins(&["qterminal", "mlterm"]) => (Profile::Plain, Some(Hint::LeaveMultiplexer)),
        () if begins(&["konsole", "vte"]) => (Profile::Pinned, None),
        // Nameless and simply "xterm": PuTTY as it comes, and what was made of it. The others say their name or 256 colours.
        () if kind.is_empty() && term == "xterm" => (Profile::Fenced, Some(Hint::Doctor)),
        () => return None,
    })
}

/// What a choice for the outer terminal becomes inside GNU screen, which swallows the sequences some profiles need.
pub(super) fn through_screen(outer: &Choice) -> (Profile, Option<Hint>) {
    match outer.profile {
        Profile::Explicit => (Profile::Pinned, None),
        Profile::Kitty66 => (Profile::Plain, Some(Hint::KittyForceLtr)),
        Profile::Sgr => (Profile::Plain, Some(Hint::LeaveMultiplexer)),
        profile => (profile, outer.hint),
    }
}

/// Whether the terminal gives a combining mark a cell of its own (terminology).
pub(super) fn draws_marks_apart(answers: &Answers) -> bool {
    let answers = answers.outer.as_deref().unwrap_or(answers);
    let named = answers
        .name
        .as_deref()
        .is_some_and(|name| name.starts_with("terminology"));
    let attributes = answers.da2.as_deref();
    named || answers.name.is_none() && matches!(attributes, Some([61, 0..=999, ..]))
}
