//! The terms of what participation amounts to: a group of initiatives, who went to whom, and a county on the map.

use super::Draft;
use crate::app::screen::map::{Map, MapValue};
use crate::app::screen::participation::Figures;
use crate::app::screen::sheet::Why;
use crate::board::columns::Style;
use crate::board::outreach::Pair;
use crate::board::participation::By;
use crate::board::{Board, Reached, Tally};
use crate::contract::{Id, Kind, Step, figure};
use crate::i18n;
use crate::text::number;

/// Why a group of initiatives has the figures it has: those of its funnel, of its jobs, of its capital.
pub fn why_group(board: &Board, style: &Style, title: &str, tally: &Tally, figures: &[Figures]) -> Vec<Why> {
    let draft = Draft::asked(board, style);
    let why = |figures: &Figures| match figures {
        Figures::Funnel => draft.funnel(title, tally),
        Figures::Jobs => draft.sums(title, "field.initiative.jobs", false, |step| tally.jobs(step)),
        Figures::Capital => draft.sums(title, "field.initiative.capital", true, |step| tally.capital(step)),
    };
    figures.iter().map(why).collect()
}

/// Why a body, or an initiative one went to, has the contacts it has.
pub fn why_pair(board: &Board, style: &Style, body: Option<&Id>, pair: &Pair) -> Why {
    Draft::asked(board, style).pair(body, pair)
}

/// Why the selected county has the value it has on the map.
pub fn why_tile(board: &Board, style: &Style, map: &Map) -> Vec<Why> {
    let draft = Draft::asked(board, style);
    let Some(tile) = map.selected() else { return Vec::new() };
    let groups = board.told_apart(By::County, None, None);
    let named = groups.rows.into_iter();
    let tally = named.filter_map(|(key, tally)| (key? == tile.id.as_str()).then_some(tally));
    let tally = tally.last().unwrap_or_default();
    let title = board.county_name(tile.id.as_str(), style.lang).to_owned();
    let greatest = map.greatest();
    let bar = draft.fill(
        "terms.tile",
        &[
            ("what", draft.t(map.value.name_key()).to_owned()),
            ("n", draft.num(tile.value)),
            ("greatest", draft.num(greatest)),
            (
                "rate",
                draft.percent((greatest > 0.0).then(|| 100.0 * tile.value / greatest)),
            ),
        ],
    );
    let mut out = vec![Why {
        title: title.clone(),
        formula: "formula.tile",
        terms: vec![bar],
    }];
    match map.value {
        MapValue::Initiatives | MapValue::BroughtIn | MapValue::New => out.push(draft.funnel(&title, &tally)),
        MapValue::Committed | MapValue::Registered | MapValue::Verified => {
            out.push(draft.sums(&title, "field.initiative.jobs", false, |step| tally.jobs(step)));
        }
        MapValue::Projects | MapValue::Findings => {}
    }
    out
}

impl<'a> Draft<'a> {
    /// What terms are written with, without a sheet.
    pub(super) fn asked(board: &'a Board, style: &'a Style) -> Self {
        Self {
            board,
            style,
            width: 0,
            lines: Vec::new(),
            chart: None,
        }
    }

    /// How far the initiatives of a group have come, and how many of them are new.
    fn funnel(&self, title: &str, tally: &Tally) -> Why {
        let [identified, empowered, brought_in] = Reached::ALL.map(|stage| tally.at(stage));
        let part = |key: &'static str, part: usize, of: usize| {
            self.fill(
                "terms.value",
                &[("name", self.t(key).to_owned()), ("value", self.rate(part, of))],
            )
        };
        let count = |key: &'static str, n: usize| {
            self.fill(
                "terms.value",
                &[("name", self.t(key).to_owned()), ("value", self.int(n))],
            )
        };
        Why {
            title: title.to_owned(),
            formula: "formula.funnel",
            terms: vec![
                part("terms.identified-of-all", identified, tally.count),
                part("terms.empowered-of-identified", empowered, identified),
                part("terms.brought-in-of-empowered", brought_in, empowered),
                part("terms.brought-in-of-identified", brought_in, identified),
                part("terms.new-of-known", tally.new, tally.new + tally.existing),
                count(
                    "terms.origin-unknown",
                    tally.count.saturating_sub(tally.new + tally.existing),
                ),
                count("terms.stalled-now", tally.stalled),
                count("terms.closed-now", tally.closed),
            ],
        }
    }

    /// The sum of every step with how many initiatives state it, and the rates between steps.
    fn sums(&self, title: &str, what: &str, is_money: bool, sum: impl Fn(Step) -> Option<(f64, usize)>) -> Why {
        let shown = |n: f64| match is_money {
            true => number::money_rial(n as i64, self.style.money, self.lang()),
            false => self.num(n),
        };
        let name = |step: figure::Step| {
            let key = format!("figure.{}", step.as_str());
            i18n::find(self.lang(), &key).unwrap_or_default().to_owned()
        };
        let stated = |step: Step| {
            let (total, parts) = sum(step)?;
            let values = [("step", name(step)), ("sum", shown(total)), ("n", self.int(parts))];
            Some(self.fill("terms.sum", &values))
        };
        let rate = |(step, of): (Step, Step)| {
            let ((a, _), (b, _)) = (sum(step)?, sum(of)?);
            let rate = (b > 0.0).then(|| 100.0 * a / b);
            Some(self.fill(
                "terms.steps",
                &[
                    ("step", name(step)),
                    ("of", name(of)),
                    ("a", shown(a)),
                    ("b", shown(b)),
                    ("rate", self.percent(rate)),
                ],
            ))
        };
        let mut terms: Vec<String> = Step::ALL.into_iter().filter_map(stated).collect();
        let pairs = [
            (Step::Registered, Step::Committed),
            (Step::Verified, Step::Committed),
            (Step::Verified, Step::Claimed),
        ];
        terms.extend(pairs.into_iter().filter_map(rate));
        if terms.is_empty() {
            terms.push(self.t("terms.no-sum").to_owned());
        }
        let what = i18n::find(self.lang(), what).unwrap_or_default();
        Why {
            title: format!("{} · {what}", crate::text::isolate::auto(title)),
            formula: "formula.sums",
            terms,
        }
    }

    fn pair(&self, body: Option<&Id>, pair: &Pair) -> Why {
        let lang = self.lang();
        let days = |terms: &mut Vec<String>| terms.extend(pair.last.map(|last| self.days_since(last)));
        let mut terms = Vec::new();
        let title = match (&pair.id, body) {
            (None, _) => {
                terms.push(self.fill("terms.nobody", &[("n", self.int(pair.initiatives))]));
                self.t("outreach.nobody-name").to_owned()
            }
            (Some(id), Some(_)) => {
                terms.push(self.fill("terms.contacts", &[("n", self.int(pair.contacts))]));
                days(&mut terms);
                self.board.name_of(Kind::Initiative, id.as_str(), lang).to_string()
            }
            (Some(id), None) => {
                let values = [("n", self.int(pair.initiatives)), ("contacts", self.int(pair.contacts))];
                terms.push(self.fill("terms.gone-to", &values));
                days(&mut terms);
                let values = [
                    ("n", self.int(pair.sponsored)),
                    ("visited", self.int(pair.sponsored.saturating_sub(pair.unvisited))),
                    ("unvisited", self.int(pair.unvisited)),
                ];
                terms.push(self.fill("terms.sponsored", &values));
                let kind = [Kind::Agency, Kind::Enterprise].into_iter();
                let kind = kind.clone().find(|kind| self.board.contains(*kind, id.as_str()));
                kind.map_or_else(
                    || id.to_string(),
                    |kind| self.board.name_of(kind, id.as_str(), lang).to_string(),
                )
            }
        };
        Why {
            title,
            formula: "formula.pairing",
            terms,
        }
    }
}
