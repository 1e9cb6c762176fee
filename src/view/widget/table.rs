//! Tables: columns get their share of the width, only visible rows are drawn.

use super::field;
use crate::board::columns::{Column, ValueKind, Width};
use crate::board::rows::Direction as Order;
use crate::config::theme::Role;
use crate::text::Lang;
use crate::view::canvas::{Align, Canvas, columns as cells};
use ratatui::style::Style;

/// Columns before the first: the selection's marker and the mark of a changed row.
pub const GUTTER: u16 = 2;
/// Between two columns.
const GAP: u16 = 1;

/// As much of a name as mostly tells rows apart.
const ENOUGH: u16 = 20;

/// What a column of words gets before names have their room: the few longer words are said in short.
const MOST_OF_WORDS: u16 = 14;

/// A column with the width it got.
#[derive(Clone, Copy)]
pub struct Placed {
    /// The column.
    pub column: &'static Column,
    /// Where it begins, from the start of the reading.
    pub x: u16,
    /// How wide it is.
    pub width: u16,
}

/// Shares `width` among columns: everybody's minimum first, then what is ideal, then growth by share. Columns that do not fit
/// even at their minimum are left out from the end.
pub fn place(columns: impl Iterator<Item = &'static Column>, width: u16, lang: Lang) -> Vec<Placed> {
    let mut columns: Vec<(&'static Column, Width)> = columns.map(|column| (column, column.width(lang))).collect();
    let room = width.saturating_sub(GUTTER);
    let needs = |columns: &[(&Column, Width)]| -> u16 {
        let least = columns.iter().map(|(_, wants)| wants.min + GAP);
        least.sum::<u16>().saturating_sub(GAP)
    };
    while columns.len() > 1 && needs(&columns) > room {
        columns.pop();
    }
    let mut widths: Vec<u16> = columns.iter().map(|(_, wants)| wants.min).collect();
    let mut left = room.saturating_sub(needs(&columns));
    let mut widen = |width: &mut u16, ideal: u16| {
        let more = ideal.saturating_sub(*width).min(left);
        *width += more;
        left -= more;
    };
    // First as much of the name as tells rows apart, then what cannot be said shorter, words, days and figures; then the rest of names.
    if let Some(named) = naming(columns.iter().map(|(column, _)| *column))
        && let (Some((_, wants)), Some(width)) = (columns.get(named), widths.get_mut(named))
    {
        widen(width, wants.ideal.min(ENOUGH));
    }
    for grows in [false, true] {
        for ((column, wants), width) in columns.iter().zip(&mut widths) {
            if (wants.grow > 0) == grows {
                let most = match column.value {
                    ValueKind::Word { .. } => MOST_OF_WORDS,
                    _ => u16::MAX,
                };
                widen(width, wants.ideal.min(most));
            }
        }
    }
    for ((column, wants), width) in columns.iter().zip(&mut widths) {
        widen(width, wants.ideal);
        // The whole title, with a place for the arrow of the order, where there is room.
        widen(width, cells(column.title(lang)) + 1);
    }
    let shares: u16 = columns.iter().map(|(_, wants)| wants.grow).sum();
    if shares > 0 {
        let mut taken = 0;
        let mut before = 0;
        for ((_, wants), width) in columns.iter().zip(&mut widths) {
            before += u32::from(wants.grow);
            let upto = (u32::from(left) * before / u32::from(shares)) as u16;
            *width += upto - taken;
            taken = upto;
        }
    }
    let mut x = GUTTER;
    columns
        .into_iter()
        .zip(widths)
        .map(|((column, _), width)| {
            let placed = Placed {
                column,
                x,
                width: width.min(room),
            };
            x += width + GAP;
            placed
        })
        .collect()
}

/// Which column names the row: the one that grows most, else the first.
pub fn naming<'a>(columns: impl Iterator<Item = &'a Column>) -> Option<usize> {
    let widest = columns
        .enumerate()
        .max_by_key(|(n, column)| (column.width.grow, usize::MAX - n));
    widest.map(|(n, _)| n)
}

/// Draws the names of the columns, the one sorted by with an arrow.
pub fn head(canvas: &mut Canvas<'_>, y: u16, columns: &[Placed], sorted: impl Fn(&str) -> Option<Order>) {
    let look = canvas.look;
    let style = look.style(Role::Column);
    for placed in columns {
        let (align, _) = field::align(placed.column.value);
        let arrow = sorted(placed.column.key).map(|order| match order {
            Order::Descending => look.glyphs().down,
            Order::Ascending => look.glyphs().up,
        });
        let whole = placed.column.title(look.lang);
        let name = if cells(whole) + u16::from(arrow.is_some()) <= placed.width {
            whole
        } else {
            placed.column.short_title(look.lang)
        };
        match arrow {
            Some(arrow) => {
                // The arrow stands at the reading end of the name, whichever edge the name keeps to; behind a name as wide as its
                // column between the columns.
                let last = canvas.width().saturating_sub(placed.x + 1);
                let used = canvas.text(placed.x, y, placed.width.min(last), Align::Start, name, style);
                canvas.put(placed.x + used, y, arrow, style);
            }
            None => {
                canvas.text(placed.x, y, placed.width, align, name, style);
            }
        }
    }
}

/// Marks the selected row: a sign at its start and the theme's style over all of it; a changed row has a sign of its own.
pub fn gutter(canvas: &mut Canvas<'_>, y: u16, selected: bool, focused: bool, changed: bool) {
    let look = canvas.look;
    if changed {
        canvas.put(1, y, look.glyphs().changed, look.style(Role::Changed));
    }
    if selected {
        let role = if focused { Role::Marker } else { Role::Dim };
        canvas.put(0, y, look.glyphs().marker, look.style(role));
    }
}

/// The style of a row's text.
pub fn row_style(canvas: &Canvas<'_>, stale: bool) -> Style {
    canvas.look.style(if stale { Role::Stale } else { Role::Text })
}

/// The style of the cell that names the row: the selection covers it alone, so that moving it sends little over a slow link.
pub fn name_style(canvas: &Canvas<'_>, selected: bool, focused: bool, stale: bool) -> Style {
    let base = row_style(canvas, stale);
    if selected && focused {
        base.patch(canvas.look.style(Role::Selected))
    } else {
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Severity;
    use crate::board::columns::{columns, short_word_name, word_name};
    use crate::contract::Kind;
    use crate::i18n;

    /// The width inside the frame of a terminal of 80 columns.
    const INSIDE: u16 = 78;

    fn shown(kind: Kind, lang: Lang) -> Vec<Placed> {
        place(columns(kind).iter().filter(|column| column.shown), INSIDE, lang)
    }

    #[test]
    fn no_title_is_cut_in_a_terminal_of_eighty_columns() {
        for lang in [Lang::En, Lang::Fa] {
            for kind in Kind::ALL {
                for placed in shown(*kind, lang) {
                    let title = cells(placed.column.title(lang)).min(cells(placed.column.short_title(lang)));
                    assert!(
                        title <= placed.width,
                        "{lang:?} {:?} has {}",
                        placed.column,
                        placed.width
                    );
                }
            }
        }
    }

    /// A cut word can be guessed; a cut id or figure is another one.
    #[test]
    fn ids_days_and_figures_are_whole_in_a_terminal_of_eighty_columns() {
        for lang in [Lang::En, Lang::Fa] {
            for kind in Kind::ALL {
                for placed in shown(*kind, lang) {
                    let least = match (placed.column.key, placed.column.value) {
                        ("reach", _) => cells("101,850"),
                        (_, ValueKind::Id) if *kind == Kind::Initiative => cells("i-000219"),
                        (_, ValueKind::Id) => cells("p-0117"),
                        (_, ValueKind::Day) => cells("1403/02/31"),
                        (_, ValueKind::Percent) => cells("100%"),
                        (_, ValueKind::Days | ValueKind::Number) => cells("-999"),
                        (_, ValueKind::Findings) => {
                            let names = Severity::ALL.iter().map(|severity| {
                                let key = severity.name_key();
                                let whole = i18n::find(lang, key).map_or(0, cells);
                                i18n::find_short(lang, key).map_or(whole, cells)
                            });
                            // And how many, below ten.
                            names.max().unwrap_or_default() + 2
                        }
                        _ => 0,
                    };
                    assert!(
                        least <= placed.width,
                        "{lang:?} {:?} has {}",
                        placed.column,
                        placed.width
                    );
                }
            }
        }
    }

    #[test]
    fn no_word_is_cut_in_a_terminal_of_eighty_columns() {
        for lang in [Lang::En, Lang::Fa] {
            for kind in Kind::ALL {
                for placed in shown(*kind, lang) {
                    let ValueKind::Word { prefix, known } = placed.column.value else {
                        continue;
                    };
                    for word in known {
                        let (whole, short) = (word_name(lang, prefix, word), short_word_name(lang, prefix, word));
                        assert!(
                            cells(short) <= cells(whole),
                            "{lang:?} {prefix}.{word}: {short} for {whole}"
                        );
                        assert!(
                            cells(short) <= placed.width,
                            "{lang:?} {:?} has {} for {short}",
                            placed.column,
                            placed.width
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn short_words_of_one_list_differ() {
        for lang in [Lang::En, Lang::Fa] {
            for column in Kind::ALL.iter().flat_map(|kind| columns(*kind)) {
                let ValueKind::Word { prefix, known } = column.value else {
                    continue;
                };
                let short: std::collections::BTreeSet<_> =
                    known.iter().map(|word| short_word_name(lang, prefix, word)).collect();
                assert_eq!(short.len(), known.len(), "{lang:?} {prefix}: {short:?}");
            }
        }
    }

    #[test]
    fn short_titles_of_one_list_differ() {
        for lang in [Lang::En, Lang::Fa] {
            for kind in Kind::ALL {
                let mut seen = std::collections::BTreeSet::new();
                for placed in shown(*kind, lang) {
                    let title = placed.column.short_title(lang);
                    assert!(seen.insert(title), "{lang:?} {kind}: {title} twice");
                }
            }
        }
    }
}
