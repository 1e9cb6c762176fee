//! The screens of participation as tables.

use super::{Head, Shown, count, logical, text};
use crate::app::{App, words};
use crate::board::columns::Value;
use crate::contract::{Kind, Step};
use crate::exchange::{Cell, record};
use crate::i18n;
use serde_json::Value as Json;

impl App {
    pub(in crate::app) fn shown_counties(&self, counties: &crate::app::screen::counties::Counties) -> Shown {
        let lang = self.lang();
        let keys = [
            "county.name",
            "county.count",
            "county.new",
            "county.brought-in",
            "county.claimed",
            "county.verified",
        ];
        let rows = counties.figures.iter().map(|county| {
            let tally = &county.tally;
            let name = match &county.id {
                Some(id) => self.board.county_name(id.as_str(), lang),
                None => i18n::t(lang, "county.none"),
            };
            let jobs = |step| tally.jobs(step).map_or(0.0, |(sum, _)| sum);
            vec![
                text(name),
                count(tally.count as f64),
                count(tally.new as f64),
                count(tally.at(crate::board::Reached::BroughtIn) as f64),
                count(jobs(Step::Claimed)),
                count(jobs(Step::Verified)),
            ]
        });
        Shown {
            title: counties.initiative_kind.name(lang).to_string(),
            slug: format!("counties-{}", counties.initiative_kind.as_str()),
            heads: self.heads(&keys, &[1, 2, 3, 4, 5]),
            rows: rows.collect(),
            ..Shown::default()
        }
    }

    pub(in crate::app) fn shown_participation(&self) -> Shown {
        let lang = self.lang();
        let keys = [
            "pane.initiatives",
            "pane.count",
            "pane.empowered",
            "pane.brought-in",
            "pane.new",
            "pane.jobs-committed",
            "pane.jobs-claimed",
            "pane.jobs-verified",
        ];
        let rows = self.board.participation().kinds.iter().map(|(kind, group)| {
            let tally = &group.tally;
            let jobs = |step| count(tally.jobs(step).map_or(0.0, |(sum, _)| sum));
            let mut row = vec![text(&kind.name(lang))];
            row.extend(crate::board::Reached::ALL.map(|stage| count(tally.at(stage) as f64)));
            row.push(count(tally.new as f64));
            row.extend([Step::Committed, Step::Claimed, Step::Verified].map(jobs));
            row
        });
        Shown {
            title: i18n::t(lang, "pane.participation").to_owned(),
            slug: "participation".to_owned(),
            heads: self.heads(&keys, &[1, 2, 3, 4, 5, 6, 7]),
            rows: rows.collect(),
            ..Shown::default()
        }
    }

    /// Every figure of every row, whichever the screen shows just now: a file has room for all.
    pub(in crate::app) fn shown_groups(&self, view: &crate::app::screen::participation::ParticipationView) -> Shown {
        use crate::board::participation::By;
        let lang = self.lang();
        let first = match view.by {
            By::Kind => "part.by-kind",
            By::County => "part.by-county",
            By::Sector => "part.by-sector",
        };
        let mut heads = self.heads(
            &[
                first,
                "pane.count",
                "pane.empowered",
                "pane.brought-in",
                "part.stalled",
                "part.closed",
                "part.existing",
                "pane.new",
            ],
            &[1, 2, 3, 4, 5, 6, 7],
        );
        for name in ["jobs", "capital"] {
            heads.extend(Step::ALL.map(|step| Head {
                key: format!("{name}_{}", step.as_str()).into(),
                title: i18n::t(lang, self.part_key(name, step)).to_owned(),
                number: true,
            }));
        }
        let rows = view.rows.keys().iter().zip(&view.tallies).map(|(key, tally)| {
            let name = words::group_name(&self.board, view.by, key.as_deref(), lang);
            let json = key.as_ref().map_or(Json::Null, |key| Json::from(key.as_str()));
            let mut row = vec![(Cell::Text(logical(&name)), json)];
            row.extend(crate::board::Reached::ALL.map(|stage| count(tally.at(stage) as f64)));
            row.extend([tally.stalled, tally.closed, tally.existing, tally.new].map(|n| count(n as f64)));
            let sum = |sum: Option<(f64, usize)>| sum.map_or((Cell::Empty, Json::Null), |(sum, _)| count(sum));
            row.extend(Step::ALL.map(|step| sum(tally.jobs(step))));
            row.extend(Step::ALL.map(|step| sum(tally.capital(step))));
            row
        });
        Shown {
            title: i18n::t(lang, "screen.participation").to_owned(),
            slug: "participation".to_owned(),
            rows: rows.collect(),
            heads,
            ..Shown::default()
        }
    }

    pub(in crate::app) fn part_key(&self, name: &str, step: Step) -> &'static str {
        let key = format!("{name}_{}", step.as_str());
        crate::board::columns::column(Kind::Initiative, &key).map_or("", |column| column.title_key)
    }

    pub(in crate::app) fn shown_outreach(&self, view: &crate::app::screen::outreach::OutreachView) -> Shown {
        let lang = self.lang();
        let keys = [
            "export.id",
            "outreach.body",
            "outreach.last",
            "outreach.gone-to",
            "outreach.contacts",
            "outreach.sponsored",
            "outreach.unvisited",
        ];
        let rows = view.pairs.iter().map(|pair| {
            let id = pair.id.as_ref().map(ToString::to_string).unwrap_or_default();
            let name = match (&pair.id, &view.body) {
                (None, _) => i18n::t(lang, "outreach.nobody-name").to_owned(),
                (Some(id), Some(_)) => words::subject(&self.board, Kind::Initiative, id, lang),
                (Some(id), None) => self.board.body_name(id.as_str(), lang).to_owned(),
            };
            let last = pair.last.map_or(Value::Nothing, Value::Day);
            let figures = [pair.initiatives, pair.contacts, pair.sponsored, pair.unvisited];
            let mut row = vec![
                text(&id),
                text(&name),
                (
                    record::readable_cell(&self.board, &last, &self.options.style),
                    record::value(&last),
                ),
            ];
            row.extend(figures.map(|n| count(n as f64)));
            row
        });
        Shown {
            title: i18n::t(lang, "screen.outreach").to_owned(),
            slug: "outreach".to_owned(),
            rows: rows.collect(),
            heads: self.heads(&keys, &[3, 4, 5, 6]),
            ..Shown::default()
        }
    }

    pub(in crate::app) fn shown_map(&self, map: &crate::app::screen::map::Map) -> Shown {
        let lang = self.lang();
        let rows = map.tiles.iter().map(|tile| {
            let name = self.board.county_name(tile.id.as_str(), lang);
            vec![text(tile.id.as_str()), text(name), count(tile.value)]
        });
        Shown {
            title: i18n::t(lang, map.value.name_key()).to_owned(),
            slug: "counties".to_owned(),
            rows: rows.collect(),
            heads: self.heads(&["export.id", "county.name", map.value.name_key()], &[2]),
            ..Shown::default()
        }
    }
}
