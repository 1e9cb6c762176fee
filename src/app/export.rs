//! Files asked for: under which name and in which form what is on screen is to be written, and what came of it. Makes bytes; it must not
//! write them.

use super::popup::{Ask, Choice, Pick, Popup, Purpose};
use super::screen::Screen;
use super::{App, Done, Effect};
use crate::config::keymap::Action;
use crate::exchange::document;
use crate::i18n;
use crate::text::number;

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

impl App {
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
    pub(super) fn answer(&mut self, purpose: Purpose, answer: &str) -> Vec<Effect> {
        match purpose {
            Purpose::View => {
                self.popup = None;
                self.save_view(answer);
            }
            Purpose::Export => self.export(answer.trim()),
            Purpose::Since => self.day_typed(None, answer),
            Purpose::Until(since) => self.day_typed(Some(since), answer),
            Purpose::AsOf => return self.as_of_typed(answer),
        }
        Vec::new()
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Options;
    use crate::board::columns::Style;
    use crate::board::{Board, Settings};
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
