//! What is copied: the id or the row under the cursor, as logical text. It must not know how a text reaches a clipboard.

use super::screen::Screen;
use super::{App, Effect};
use crate::board::columns;

impl App {
    pub(super) fn copy_id(&mut self) -> Vec<Effect> {
        let id = match self.screen() {
            Screen::Overview(overview) => overview.selected_id(),
            Screen::List(list) => list.rows.current().map(|id| id.to_string()),
            Screen::Page(page) => Some(page.id.to_string()),
            Screen::Counties(counties) => counties
                .rows
                .selected()
                .and_then(|id| id.as_ref().map(ToString::to_string)),
            Screen::Sheet(_) => self.selected_record().map(|(_, id)| id.to_string()),
            Screen::Changes(changes) => changes.rows.selected().map(|(_, id)| id.to_string()),
            Screen::History(history) => Some(history.id.to_string()),
            Screen::Participation(view) => view
                .rows
                .selected()
                .and_then(|key| key.as_ref().map(ToString::to_string)),
            Screen::Outreach(view) => view
                .rows
                .selected()
                .and_then(|key| key.as_ref().map(ToString::to_string)),
            Screen::Map(map) => map.selected().map(|tile| tile.id.to_string()),
            Screen::Problems(_) | Screen::Brief(_) => None,
        };
        self.copy(id)
    }

    pub(super) fn copy_row(&mut self) -> Vec<Effect> {
        let row = self.selected_record().and_then(|(kind, id)| {
            let record = self.board.record(kind, id.as_str())?;
            // Of a list what is shown, as the operator has chosen it.
            let shown = match self.screen() {
                Screen::List(list) => list.columns(),
                _ => columns::columns(kind).iter().filter(|column| column.shown).collect(),
            };
            let cells = shown
                .into_iter()
                .map(|c| (c.get)(&self.board, &record).format(&self.board, &self.options.style));
            Some(cells.collect::<Vec<_>>().join("\t"))
        });
        self.copy(row)
    }

    pub(super) fn copy(&mut self, text: Option<String>) -> Vec<Effect> {
        match text {
            Some(text) => {
                // What leaves the program is logical text: isolates and other controls stay on the screen's side.
                let text: String = text
                    .chars()
                    .filter(|c| *c == '\t' || !crate::text::visible::is_forbidden(*c))
                    .collect();
                self.say("message.copied", &[("text", &text.replace('\t', " "))]);
                vec![Effect::Copy(text)]
            }
            None => Vec::new(),
        }
    }
}
