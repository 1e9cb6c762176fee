//! What is on screen as a file: exactly the rows and columns shown, in the order shown. Makes bytes; it must not write them.

use super::popup::{Ask, Choice, Pick, Popup, Purpose};
use super::screen::Screen;
use super::screen::overview::Pane;
use super::words;
use super::{App, Done, Effect};
use crate::board::columns::{Column, Value};
use crate::board::{Board, Delta, Severity};
use crate::config::keymap::Action;
use crate::contract::{Id, Kind, Step};
use crate::exchange::{Cell, csv, document, json, md, record};
use crate::i18n;
use crate::text::{isolate, number, visible};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::io;

/// The form of a file, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values, as people read them.
    Csv,
    /// JSON, values as they travel.
    Json,
    /// A table in Markdown.
    Markdown,
}

impl Form {
    /// The form a file name asks for.
    pub fn of(name: &str) -> Option<Self> {
        let end = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match end.as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "md" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// A file ready to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its path as the operator typed it.
    pub path: String,
    /// Its contents.
    pub bytes: Vec<u8>,
    /// How many rows it holds.
    pub rows: usize,
    /// Whether it may replace a file that is there.
    pub over: bool,
}

impl std::fmt::Debug for ExportFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let size = self.bytes.len();
        write!(f, "ExportFile({:?}, {size} bytes, over: {})", self.path, self.over)
    }
}

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
fn logical(text: &str) -> String {
    isolate::strip(text)
        .chars()
        .filter(|c| !visible::is_forbidden(*c))
        .collect()
}

fn text(said: &str) -> (Cell, Json) {
    let said = logical(said);
    (Cell::Text(said.clone()), Json::String(said))
}

fn count(n: f64) -> (Cell, Json) {
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

/// Whether a finding of this severity is told of beside the screen.
fn is_told(severity: Severity, from: Severity) -> bool {
    severity != Severity::Data && severity >= from
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
    fn shown_sheet(&self, sheet: &super::screen::sheet::Sheet) -> Shown {
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

    fn heads(&self, keys: &[&'static str], numbers: &[usize]) -> Vec<Head> {
        let name = |key: &'static str| key.rsplit('.').next().unwrap_or(key);
        let heads = keys.iter().enumerate().map(|(at, key)| Head {
            key: name(key).replace('-', "_").into(),
            title: i18n::t(self.lang(), key).to_owned(),
            number: numbers.contains(&at),
        });
        heads.collect()
    }

    fn shown_kind(&self, kind: Kind, ids: &[Id]) -> Shown {
        let columns = crate::board::columns::columns(kind).iter().filter(|c| c.shown);
        Shown {
            title: i18n::t(self.lang(), kind.plural_key()).to_owned(),
            slug: kind.plural().to_owned(),
            ..self.shown_records(kind, &columns.collect::<Vec<_>>(), ids)
        }
    }

    fn shown_records(&self, kind: Kind, columns: &[&'static Column], ids: &[Id]) -> Shown {
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

    fn shown_counties(&self, counties: &super::screen::counties::Counties) -> Shown {
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

    fn shown_participation(&self) -> Shown {
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

    fn shown_changes(&self, changes: &super::screen::changes::Changes) -> Shown {
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

    fn shown_history(&self, history: &super::screen::history::History) -> Shown {
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

    /// Every figure of every row, whichever the screen shows just now: a file has room for all.
    fn shown_groups(&self, view: &super::screen::participation::ParticipationView) -> Shown {
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

    fn part_key(&self, name: &str, step: Step) -> &'static str {
        let key = format!("{name}_{}", step.as_str());
        crate::board::columns::column(Kind::Initiative, &key).map_or("", |column| column.title_key)
    }

    fn shown_outreach(&self, view: &super::screen::outreach::OutreachView) -> Shown {
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

    fn shown_map(&self, map: &super::screen::map::Map) -> Shown {
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

    fn shown_findings(&self) -> Shown {
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

    fn shown_problems(&self) -> Shown {
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

    /// Asks which file to write what is shown into.
    pub(super) fn ask_export(&mut self) {
        if self.options.kiosk {
            self.warn("kiosk.denied", &[]);
            return;
        }
        if matches!(self.screen(), Screen::Brief(_)) {
            let name = format!("brief-{}.html", self.board.today());
            let title = i18n::t(self.lang(), "export.brief").to_owned();
            self.popup = Some(Popup::Ask(Ask::new(Purpose::Export, title, &name)));
            return;
        }
        // A list knows how many rows it has without making a table of them.
        if let Screen::List(list) = self.screen() {
            let rows = list.rows.len() - usize::from(list.rows.gone().is_some());
            let slug = list.spec.kind.plural();
            self.ask_where(slug, rows);
            return;
        }
        let Some(shown) = self.shown() else {
            self.warn("export.nothing", &[]);
            return;
        };
        self.ask_where(&shown.slug, shown.rows.len());
    }

    fn ask_where(&mut self, slug: &str, rows: usize) {
        if rows == 0 {
            self.warn("export.nothing", &[]);
            return;
        }
        let name = format!("{slug}-{}.csv", self.board.today());
        let rows = number::integer(rows as i64, self.lang());
        let title = i18n::tf_screen(self.lang(), "export.title", &[("n", &rows)]);
        self.popup = Some(Popup::Ask(Ask::new(Purpose::Export, title, &name)));
    }

    /// Takes the answer of a question; a wrong one is told and can be mended.
    pub(super) fn answer(&mut self, purpose: Purpose, answer: &str) {
        match purpose {
            Purpose::View => {
                self.popup = None;
                self.save_view(answer);
            }
            Purpose::Export => self.export(answer.trim()),
            Purpose::Since => self.day_typed(None, answer),
            Purpose::Until(since) => self.day_typed(Some(since), answer),
        }
    }

    /// Writes the brief as the document it is.
    fn export_brief(&mut self, path: &str) {
        let form = match path
            .rsplit_once('.')
            .map(|(_, end)| end.to_ascii_lowercase())
            .as_deref()
        {
            Some("html") => document::Form::Html,
            Some("md") => document::Form::Markdown,
            Some("txt") => document::Form::Text,
            _ => {
                let wrong = i18n::tf_screen(self.lang(), "export.form", &[("known", ".html .md .txt")]);
                if let Some(Popup::Ask(ask)) = &mut self.popup {
                    ask.wrong = Some(wrong);
                }
                return;
            }
        };
        let Screen::Brief(brief) = self.screen() else { return };
        let mut bytes = Vec::new();
        let written = brief
            .document
            .as_ref()
            .map(|document| document.write(&mut bytes, form, None));
        let rows = brief.lines.len();
        self.popup = None;
        match written {
            Some(Ok(())) => self.export_to(ExportFile {
                path: path.to_owned(),
                bytes,
                rows,
                over: false,
            }),
            Some(Err(error)) => self.warn("export.failed", &[("path", path), ("why", &error.to_string())]),
            None => {}
        }
    }

    fn export(&mut self, path: &str) {
        if matches!(self.screen(), Screen::Brief(_)) {
            self.export_brief(path);
            return;
        }
        let Some(form) = Form::of(path) else {
            let wrong = i18n::tf_screen(self.lang(), "export.form", &[("known", ".csv .json .md")]);
            if let Some(Popup::Ask(ask)) = &mut self.popup {
                ask.wrong = Some(wrong);
            }
            return;
        };
        self.popup = None;
        let Some(shown) = self.shown() else { return };
        match shown.write(form, &self.board, &self.options.source) {
            Ok(bytes) => self.export_to(ExportFile {
                path: path.to_owned(),
                bytes,
                rows: shown.rows.len(),
                over: false,
            }),
            Err(error) => self.warn("export.failed", &[("path", path), ("why", &error.to_string())]),
        }
    }

    /// Has a file written; in a kiosk none is.
    pub(super) fn export_to(&mut self, file: ExportFile) {
        if self.options.kiosk {
            self.warn("kiosk.denied", &[]);
        } else {
            self.pending.push(Effect::Export(file));
        }
    }

    /// Says what came of a file.
    pub(super) fn done(&mut self, done: Done) {
        match done {
            Done::Exported(path) => self.say("export.done", &[("path", &path)]),
            Done::Exists(file) => {
                let lang = self.lang();
                let title = i18n::tf_screen(lang, "export.exists", &[("path", &file.path)]);
                let another = (
                    i18n::t(lang, "export.another").to_owned(),
                    String::new(),
                    Pick::Act(Action::Export),
                );
                let over = Pick::Replace(ExportFile { over: true, ..file });
                let replace = (i18n::t(lang, "export.replace").to_owned(), String::new(), over);
                self.popup = Some(Popup::Choice(Choice::new(
                    Action::Export,
                    title,
                    vec![another, replace],
                )));
            }
            Done::CopiedTo(path) => self.say("message.copied-to", &[("path", &path)]),
            Done::TooLong => self.warn("message.too-long", &[]),
            Done::Failed(path, why) => self.warn("export.failed", &[("path", &path), ("why", &why)]),
        }
    }

    /// Says a sentence that was made elsewhere, as a warning.
    pub fn complain(&mut self, text: String) {
        self.message = Some(super::Message { text, warning: true });
    }

    /// Tells of new findings beside the screen; never of those the first reading brings.
    pub(super) fn alert(&mut self, delta: &Delta, old: &Board) {
        let Some((way, from)) = self.options.alert else { return };
        // Rules wait for kinds: what a kind that was just read brings has long been so.
        let filling = !Kind::ALL.iter().all(|kind| old.is_whole(*kind)) || delta.today;
        let new: Vec<_> = delta
            .findings_new
            .iter()
            .filter(|finding| is_told(finding.severity, from))
            .collect();
        let Some(worst) = new.iter().max_by_key(|finding| finding.severity).filter(|_| !filling) else {
            return;
        };
        let lang = self.lang();
        let n = number::integer(new.len() as i64, lang);
        let rule = i18n::t(lang, worst.title_key());
        let subject = words::subject(&self.board, worst.kind, &worst.id, lang);
        let values = [("n", n.as_str()), ("rule", rule), ("subject", &subject)];
        let said = i18n::tf(lang, "alert.new", &values);
        self.pending.push(Effect::Alert(way, logical(&said)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Options;
    use crate::board::Settings;
    use crate::board::columns::Style;
    use crate::text::Lang;
    use crate::text::calendar::CalendarKind;
    use crate::text::number::MoneyUnit;
    use std::sync::Arc;

    /// The last door: whatever asks for a file, in a kiosk none is to be written.
    #[test]
    fn a_file_that_is_ready_is_written_in_an_ordinary_session_and_in_no_kiosk() {
        for kiosk in [false, true] {
            let style = Style {
                lang: Lang::En,
                calendar: CalendarKind::Jalali,
                money: MoneyUnit::BillionRial,
            };
            let options = Options {
                kiosk,
                ..Options::new(style, Arc::default(), String::new())
            };
            let board = Board::new(Settings::default(), crate::clock::Day::from_days(0));
            let mut app = App::new(options, board, (80, 24));
            app.export_to(ExportFile {
                path: "plans.csv".into(),
                bytes: b"id".to_vec(),
                rows: 0,
                over: true,
            });
            assert_eq!(app.pending.is_empty(), kiosk);
            assert_eq!(app.message().is_some(), kiosk);
        }
    }
}
