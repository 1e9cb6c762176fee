//! The map of the counties, drawn. A map does not mirror: the west is at the left of the screen in Persian as well; only the words
//! inside a tile follow their own direction.

use crate::app::App;
use crate::app::screen::map::Map;
use crate::config::theme::Role;
use crate::i18n;
use crate::text::{Direction, number};
use crate::view::canvas::{Align, Canvas};

/// Rows of a tile: the name, the value, and the bar that shows it against the greatest.
const HEIGHT: u16 = 3;
/// Rows where the whole map would not fit otherwise: the bar stands behind the value.
const LOW: u16 = 2;
/// Columns of the value where the bar stands behind it.
const VALUE: u16 = 6;
/// Columns of a tile at most; wider ones tell no more.
const WIDEST: u16 = 16;
/// Columns of a tile at least: fewer and no name is told from another.
const NARROWEST: u16 = 6;

/// Draws the map, the counties without a place below it, and the legend.
pub fn draw(app: &App, map: &Map, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let board = app.board();
    let value = i18n::t(lang, map.value.name_key());
    let title = i18n::tf_screen(lang, "map.title", &[("value", value)]);
    let note = i18n::t(lang, "map.note");
    let mut inner = canvas.frame(&title, note, look.style(Role::BorderFocused), look.style(Role::Title));
    let (width, height) = (inner.width(), inner.height());
    if map.tiles.is_empty() {
        let key = if board.headquarters().is_some() {
            "map.none"
        } else {
            super::list::waiting(app)
        };
        inner.text(0, 1, width, Align::Middle, i18n::t(lang, key), look.style(Role::Dim));
        return;
    }
    let figure = |n: f64| number::decimal(n, 0, lang);
    let greatest = map.greatest();
    let places: Vec<(u32, u32)> = map.tiles.iter().filter_map(|tile| tile.place).collect();
    let (west, east) = (places.iter().map(|p| p.0).min(), places.iter().map(|p| p.0).max());
    let (north, south) = (places.iter().map(|p| p.1).min(), places.iter().map(|p| p.1).max());
    // The legend and the listed counties keep the lowest rows.
    let listed: Vec<usize> = (0..map.tiles.len())
        .filter(|at| map.tiles[*at].place.is_none())
        .collect();
    let below = 1 + u16::from(!listed.is_empty());
    let room = height.saturating_sub(below);
    if let (Some(west), Some(east), Some(north), Some(south)) = (west, east, north, south) {
        let columns = u16::try_from(east - west + 1).unwrap_or(u16::MAX);
        let tile = (width / columns.max(1)).clamp(NARROWEST, WIDEST);
        let left = width.saturating_sub(tile.saturating_mul(columns)) / 2;
        // Where not all rows fit, those around the selected county are shown.
        let rows = u16::try_from(south - north + 1).unwrap_or(u16::MAX);
        let tall = if rows.saturating_mul(HEIGHT) > room {
            LOW
        } else {
            HEIGHT
        };
        let fit = (room / tall).max(1);
        let here = map.selected().and_then(|tile| tile.place).map_or(0, |(_, y)| y - north);
        let here = u16::try_from(here).unwrap_or(0);
        let first = here.saturating_sub(fit / 2).min(rows.saturating_sub(fit));
        for (at, county) in map.tiles.iter().enumerate() {
            let Some((x, y)) = county.place else { continue };
            let (x, y) = (
                u16::try_from(x - west).unwrap_or(0),
                u16::try_from(y - north).unwrap_or(0),
            );
            if y < first || y >= first + fit {
                continue;
            }
            let physical = left + x * tile;
            let top = (y - first) * tall;
            if physical + tile > width || top + tall > room {
                continue;
            }
            // From the physical left edge to the reading one: the tile stands where it lies, whatever the language.
            let start = match look.direction() {
                Direction::Ltr => physical,
                Direction::Rtl => width - physical - tile,
            };
            let mut part = inner.part(start, top, tile - 1, tall);
            let wide = part.width();
            let selected = at == map.at;
            let name = board.county_name(county.id.as_str(), lang);
            let style = if selected {
                look.style(Role::Selected)
            } else {
                look.style(Role::Text)
            };
            if selected {
                part.fill(0, 0, wide, " ", style);
                part.put(0, 0, look.glyphs().marker, look.style(Role::Marker));
            }
            part.text(1, 0, wide.saturating_sub(1), Align::Start, name, style);
            let role = if county.value == 0.0 { Role::Dim } else { Role::Title };
            part.text(
                1,
                1,
                wide.saturating_sub(1),
                Align::Start,
                &figure(county.value),
                look.style(role),
            );
            let (bar_x, bar_y) = if tall == LOW { (1 + VALUE, 1) } else { (1, 2) };
            let length = wide.saturating_sub(bar_x);
            let filled = if greatest > 0.0 {
                (county.value / greatest * f64::from(length)).ceil() as u16
            } else {
                0
            };
            for cell in 0..length {
                let (glyph, role) = if cell < filled {
                    (look.glyphs().bar[7], Role::BarActual)
                } else {
                    (look.glyphs().bar_empty, Role::BarEmpty)
                };
                part.put(bar_x + cell, bar_y, glyph, look.style(role));
            }
        }
    }
    let mut y = height.saturating_sub(below);
    if !listed.is_empty() {
        let mut x = 1 + inner.start(1, y, width, i18n::t(lang, "map.listed"), look.style(Role::Dim)) + 1;
        for at in listed {
            let county = &map.tiles[at];
            let said = format!(
                "{} {}",
                board.county_name(county.id.as_str(), lang),
                figure(county.value)
            );
            let style = if at == map.at {
                look.style(Role::Selected)
            } else {
                look.style(Role::Text)
            };
            x += inner.start(x, y, width.saturating_sub(x), &said, style) + 2;
        }
        y += 1;
    }
    let mut values = vec![("value", value.to_owned()), ("greatest", figure(greatest))];
    let here = map
        .selected()
        .map(|tile| board.county_name(tile.id.as_str(), lang).to_owned());
    values.push(("county", here.unwrap_or_default()));
    values.push(("n", map.selected().map(|tile| figure(tile.value)).unwrap_or_default()));
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let legend = i18n::tf_screen(lang, "map.legend", &values);
    inner.start(1, y, width.saturating_sub(2), &legend, look.style(Role::Notice));
}
