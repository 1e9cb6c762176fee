//! What is on screen as a table: exactly the rows and columns shown, in the order shown, and the file made of them.

mod people;

use super::App;
use super::export::Form;
use super::screen::Screen;
use super::screen::overview::Pane;
use super::words;
use crate::board::Board;
use crate::board::columns::{Column, Value};
use crate::contract::{Id, Kind};
use crate::exchange::{Cell, csv, json, md, record};
use crate::i18n;
use crate::text::{isolate, number, visible};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::io;

/// A column of what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name for programs.
    pub key: Cow<'static, str>,
    /// Its title for people.
    pub title: String,
    /// Whether numbers stand in it.
    pub number: bool,
}

/// What is shown, as a table: each value as people read it and as it travels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// What the screen calls it.
    pub title: String,
    /// What names it in a file's name.
    pub slug: String,
    /// The filter in force.
    pub filter: String,
    /// The columns.
    pub heads: Vec<Head>,
    /// The rows.
    pub rows: Vec<Vec<(Cell, Json)>>,
}

/// Logical text: isolates and other signs of the screen stay there.
pub(in crate::app) fn logical(text: &str) -> String {
    isolate::strip(text)
        .chars()
        .filter(|c| !visible::is_forbidden(*c))
        .collect()
}

pub(in crate::app) fn text(said: &str) -> (Cell, Json) {
    let said = logical(said);
    (Cell::Text(said.clone()), Json::String(said))
}

pub(in crate::app) fn count(n: f64) -> (Cell, Json) {
    let json = record::value(&Value::Number(n));
    (record::cell(&Value::Number(n), crate::text::Lang::En), json)
}

impl Shown {
    /// The file in a form.
    ///
    /// # Errors
    /// None that memory can give; whatever serialising reports.
    pub fn write(&self, form: Form, board: &Board, source: &str) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        match form {
            Form::Csv => {
                let titles = self.heads.iter().map(|head| head.title.as_str());
                let mut csv = csv::Writer::new(&mut out, csv::Options { bom: true }, titles)?;
                for row in &self.rows {
                    csv.row(&row.iter().map(|(cell, _)| cell.clone()).collect::<Vec<_>>())?;
                }
                csv.end()?;
            }
            Form::Json => {
                let members = [
                    ("as_of", Json::from(board.today().to_string())),
                    ("source", source.into()),
                    ("title", logical(&self.title).into()),
                    ("filter", self.filter.clone().into()),
                    ("total", self.rows.len().into()),
                ];
                let mut json = json::Writer::new(&mut out, &members, "rows")?;
                for row in &self.rows {
                    let fields = self.heads.iter().zip(row);
                    let row: Map<String, Json> = fields
                        .map(|(head, (_, value))| (head.key.clone().into_owned(), value.clone()))
                        .collect();
                    json.row(&row)?;
                }
                json.end()?;
            }
            Form::Markdown => {
                let heads: Vec<md::Head<'_>> = self
                    .heads
                    .iter()
                    .map(|head| (head.title.as_str(), head.number))
                    .collect();
                let rows = self
                    .rows
                    .iter()
                    .map(|row| row.iter().map(|(cell, _)| cell.clone()).collect());
                md::table(&mut out, &heads, rows)?;
            }
        }
        Ok(out)
    }
}

impl App {
    /// What the present screen shows, as a table; nothing where it shows none.
    pub fn shown(&self) -> Option<Shown> {
        match self.screen() {
            Screen::List(list) => Some(Shown {
                title: i18n::t(self.lang(), list.spec.kind.plural_key()).to_owned(),
                slug: list.spec.kind.plural().to_owned(),
                filter: list.typed.clone(),
                ..self.shown_records(list.spec.kind, &list.columns(), &list.rows.ids().collect::<Vec<_>>())
            }),
            Screen::Page(page) => {
                let rows = page
                    .lines
                    .iter()
                    .filter(|line| !line.text.is_empty() || !line.label.is_empty());
                Some(Shown {
                    title: page.title.clone(),
                    slug: page.id.to_string(),
                    heads: self.heads(&["export.field", "export.value"], &[]),
                    rows: rows.map(|line| vec![text(&line.label), text(&line.text)]).collect(),
                    ..Shown::default()
                })
            }
            Screen::Counties(counties) => Some(self.shown_counties(counties)),
            Screen::Problems(_) => Some(self.shown_problems()),
            Screen::Sheet(sheet) => Some(self.shown_sheet(sheet)),
            Screen::Changes(changes) => Some(self.shown_changes(changes)),
            Screen::History(history) => Some(self.shown_history(history)),
            Screen::Participation(view) => Some(self.shown_groups(view)),
            Screen::Outreach(view) => Some(self.shown_outreach(view)),
            Screen::Map(map) => Some(self.shown_map(map)),
            // A document, no table: it is written as one.
            Screen::Brief(_) => None,
            Screen::Overview(overview) => Some(match overview.focus {
                Pane::Measures => self.shown_kind(Kind::Measure, overview.measures.keys()),
                Pane::Overdue => self.shown_kind(Kind::Agency, overview.overdue.keys()),
                Pane::Participation => self.shown_participation(),
                Pane::Attention => self.shown_findings(),
            }),
        }
    }

    /// A sheet holds sentences and several tables: its lines as they stand, cell by cell, under numbered columns.
    pub(in crate::app) fn shown_sheet(&self, sheet: &crate::app::screen::sheet::Sheet) -> Shown {
        use super::screen::sheet::Cell as Part;
        let said = |part: &Part| match part {
            Part::Text(said, _) | Part::Figure(said, _) => text(said),
            Part::Bar(actual, planned) => {
                let side = |n: &Option<f64>| n.map_or_else(|| "—".to_owned(), |n| number::decimal(n, 1, self.lang()));
                text(&format!("{}/{}", side(actual), side(planned)))
            }
        };
        let lines = sheet.lines.iter().filter(|line| !line.cells.is_empty());
        let most = lines.clone().map(|line| line.cells.len()).max().unwrap_or(1);
        let rows = lines.map(|line| {
            let mut row: Vec<_> = line.cells.iter().map(said).collect();
            row.resize_with(most, || (Cell::Empty, Json::Null));
            row
        });
        let heads = (1..=most).map(|n| Head {
            key: n.to_string().into(),
            title: number::integer(n as i64, self.lang()),
            number: false,
        });
        Shown {
            title: sheet.topic.title(&self.board, self.lang()),
            slug: sheet.topic.name_key().replace("sheet.", ""),
            heads: heads.collect(),
            rows: rows.collect(),
            ..Shown::default()
        }
    }

    pub(in crate::app) fn heads(&self, keys: &[&'static str], numbers: &[usize]) -> Vec<Head> {
        let name = |key: &'static str| key.rsplit('.').next().unwrap_or(key);
        let heads = keys.iter().enumerate().map(|(at, key)| Head {
            key: name(key).replace('-', "_").into(),
            title: i18n::t(self.lang(), key).to_owned(),
            number: numbers.contains(&at),
        });
        heads.collect()
    }

    pub(in crate::app) fn shown_kind(&self, kind: Kind, ids: &[Id]) -> Shown {
        let columns = crate::board::columns::columns(kind).iter().filter(|c| c.shown);
        Shown {
            title: i18n::t(self.lang(), kind.plural_key()).to_owned(),
            slug: kind.plural().to_owned(),
            ..self.shown_records(kind, &columns.collect::<Vec<_>>(), ids)
        }
    }

    pub(in crate::app) fn shown_records(&self, kind: Kind, columns: &[&'static Column], ids: &[Id]) -> Shown {
        let (board, style) = (&self.board, &self.options.style);
        let heads = columns.iter().map(|column| Head {
            key: column.key.into(),
            title: column.title(style.lang).to_owned(),
            number: column.value.is_numeric(),
        });
        let rows = ids.iter().filter_map(|id| board.record(kind, id.as_str()));
        let rows = rows.map(|record| {
            let cell = |column: &&'static Column| {
                let value = (column.get)(board, &record);
                (record::readable_cell(board, &value, style), record::value(&value))
            };
            columns.iter().map(cell).collect()
        });
        Shown {
            heads: heads.collect(),
            rows: rows.collect(),
            ..Shown::default()
        }
    }

    pub(in crate::app) fn shown_changes(&self, changes: &crate::app::screen::changes::Changes) -> Shown {
        let lang = self.lang();
        let keys = [
            "change.fate",
            "export.kind",
            "export.id",
            "change.record",
            "change.what",
        ];
        let later = changes.later(&self.board);
        let rows = changes.from.iter().flat_map(|from| {
            changes.changes.iter().map(|change| {
                let fate = match change.fate {
                    crate::board::Fate::Appeared => "change.appeared",
                    crate::board::Fate::Changed => "change.changed",
                    crate::board::Fate::Vanished => "change.vanished",
                };
                let board = if later.contains(change.kind, change.id.as_str()) {
                    later
                } else {
                    &from.board
                };
                vec![
                    text(i18n::t(lang, fate)),
                    (
                        Cell::Text(i18n::t(lang, change.kind.name_key()).into()),
                        change.kind.as_str().into(),
                    ),
                    text(change.id.as_str()),
                    text(&words::subject(board, change.kind, &change.id, lang)),
                    text(&words::change(change, &from.board, later, &self.options.style)),
                ]
            })
        });
        Shown {
            title: i18n::t(lang, "screen.changes").to_owned(),
            slug: "changes".to_owned(),
            rows: rows.collect(),
            heads: self.heads(&keys, &[]),
            ..Shown::default()
        }
    }

    pub(in crate::app) fn shown_history(&self, history: &crate::app::screen::history::History) -> Shown {
        let rows = history.lines.iter().map(|line| {
            let day = line.day.map_or(Value::Nothing, Value::Day);
            let day = (
                record::readable_cell(&self.board, &day, &self.options.style),
                record::value(&day),
            );
            vec![day, text(&line.label), text(&line.text)]
        });
        Shown {
            title: history.id.to_string(),
            slug: format!("history-{}", history.id),
            rows: rows.collect(),
            heads: self.heads(&["export.since", "export.field", "change.what"], &[]),
            ..Shown::default()
        }
    }

    pub(in crate::app) fn shown_findings(&self) -> Shown {
        let (board, style) = (&self.board, &self.options.style);
        let keys = [
            "export.severity",
            "export.rule",
            "export.kind",
            "export.id",
            "export.subject",
            "export.since",
            "export.why",
        ];
        let rows = board.findings().ranked().map(|finding| {
            let severity = i18n::t(style.lang, finding.severity.name_key());
            let since = finding.since.map_or(Value::Nothing, Value::Day);
            vec![
                (Cell::Text(severity.into()), finding.severity.as_str().into()),
                (
                    Cell::Text(i18n::t(style.lang, finding.title_key()).into()),
                    finding.rule.into(),
                ),
                (
                    Cell::Text(i18n::t(style.lang, finding.kind.name_key()).into()),
                    finding.kind.as_str().into(),
                ),
                text(finding.id.as_str()),
                text(&words::subject(board, finding.kind, &finding.id, style.lang)),
                (record::readable_cell(board, &since, style), record::value(&since)),
                text(&words::why(finding, board, style)),
            ]
        });
        Shown {
            title: i18n::t(style.lang, "pane.attention").to_owned(),
            slug: "findings".to_owned(),
            heads: self.heads(&keys, &[]),
            rows: rows.collect(),
            ..Shown::default()
        }
    }

    pub(in crate::app) fn shown_problems(&self) -> Shown {
        let lang = self.lang();
        let rows = self.board.problems().iter().map(|problem| {
            vec![
                text(i18n::t(lang, problem.level.name_key())),
                text(&problem.place.to_string()),
                text(&problem.sentence(lang)),
            ]
        });
        Shown {
            title: i18n::t(lang, "screen.problems").to_owned(),
            slug: "problems".to_owned(),
            heads: self.heads(&["export.level", "export.place", "export.problem"], &[]),
            rows: rows.collect(),
            ..Shown::default()
        }
    }
}
