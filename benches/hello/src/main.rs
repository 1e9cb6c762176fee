//! `hello`: one sentence. `hello list`: a list of 1,000 rows with a highlighted one, drawn by the stock widget.

use ratatui::crossterm::event::{self, Event, KeyCode};
use ratatui::style::Style;
use ratatui::widgets::{List, ListState, Paragraph};

fn main() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    let list = std::env::args().nth(1).is_some();
    let rows: Vec<String> = (1..=1000)
        .map(|n| format!("{n:04} rug workshop at home, Ahar · identified · 3 jobs claimed · 2 verified · 2024-05-22"))
        .collect();
    let mut state = ListState::default();
    state.select(Some(0));
    loop {
        terminal.draw(|frame| {
            if list {
                let widget = List::new(rows.iter().map(String::as_str))
                    .highlight_symbol("> ")
                    .highlight_style(Style::new().reversed());
                frame.render_stateful_widget(widget, frame.area(), &mut state);
            } else {
                frame.render_widget(Paragraph::new("hello"), frame.area());
            }
        })?;
        if let Event::Key(key) = event::read()? {
            match key.code {
                KeyCode::Char('q') => break,
                KeyCode::Down => state.select_next(),
                _ => {}
            }
        }
    }
    ratatui::restore();
    Ok(())
}
