//! Where the parts of the screen stand, in reading coordinates: one answer for drawing and for paging.

use super::screen::overview::Pane;

/// A rectangle in reading coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Columns from where reading starts.
    pub x: u16,
    /// Rows from the top.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Narrower than this, or lower, only a sentence is shown.
pub const MIN: (u16, u16) = (20, 5);
/// From this width on, lists and panes may stand side by side.
const WIDE: u16 = 100;
/// From this height on, all panes are shown at once when the screen is wide.
const TALL: u16 = 24;
/// From this height of the content on, stacked panes that have not the keys show a heading over two rows.
const ROOMY: u16 = 22;
/// Below this width one pane is shown at a time.
const NARROW: u16 = 60;

/// True when nothing but a sentence fits.
pub fn too_small((width, height): (u16, u16)) -> bool {
    width < MIN.0 || height < MIN.1
}

/// The rows between header and footer: from where, and how many.
pub fn content((_, height): (u16, u16)) -> (u16, u16) {
    (1, height.saturating_sub(2))
}

/// The panes of the overview that are on screen, with their places below the header.
pub fn panes(size: (u16, u16), focus: Pane, zoom: bool) -> Vec<(Pane, Field)> {
    let (top, height) = content(size);
    let width = size.0;
    let whole = Field {
        x: 0,
        y: top,
        width,
        height,
    };
    if zoom || width < NARROW || height < 12 {
        return vec![(focus, whole)];
    }
    if width >= WIDE && height >= TALL {
        return wide(whole);
    }
    stacked(whole, focus)
}

/// Measures beside overdue plans, then participation and what needs attention over the whole width.
fn wide(whole: Field) -> Vec<(Pane, Field)> {
    // Frames take two rows each; participation has a row per kind, the rest is shared, attention first.
    let participation = 9;
    let rest = whole.height - participation;
    let upper = (rest * 11 / 20).clamp(8, 16);
    let half = whole.width / 2;
    let lower = rest - upper;
    vec![
        (
            Pane::Measures,
            Field {
                x: 0,
                y: whole.y,
                width: half,
                height: upper,
            },
        ),
        (
            Pane::Overdue,
            Field {
                x: half,
                y: whole.y,
                width: whole.width - half,
                height: upper,
            },
        ),
        (
            Pane::Participation,
            Field {
                x: 0,
                y: whole.y + upper,
                width: whole.width,
                height: participation,
            },
        ),
        (
            Pane::Attention,
            Field {
                x: 0,
                y: whole.y + upper + participation,
                width: whole.width,
                height: lower,
            },
        ),
    ]
}

/// One below the other; the focused pane takes what the others leave.
fn stacked(whole: Field, focus: Pane) -> Vec<(Pane, Field)> {
    let small = (whole.height / 5).clamp(3, 6);
    // Two rows of a table and their heading, as soon as there is room: figures without one say nothing.
    let small = |pane: Pane| small + u16::from(small == 4 && whole.height >= ROOMY && pane != Pane::Attention);
    let others = Pane::ALL.iter().filter(|pane| **pane != focus);
    let large = whole.height - others.map(|pane| small(*pane)).sum::<u16>();
    let mut y = whole.y;
    Pane::ALL
        .iter()
        .map(|&pane| {
            let height = if pane == focus { large } else { small(pane) };
            let field = Field {
                x: 0,
                y,
                width: whole.width,
                height,
            };
            y += height;
            (pane, field)
        })
        .collect()
}

/// Columns of the help window, its frame included.
pub fn help(width: u16) -> u16 {
    width.saturating_sub(4).min(100)
}

/// Columns a line of its own has in the help window.
pub fn help_text(width: u16) -> u16 {
    help(width).saturating_sub(7).max(10)
}

/// Rows inside a framed field that hold list rows, below `head` heading rows.
pub fn rows_inside(height: u16, head: u16) -> usize {
    usize::from(height.saturating_sub(2 + head)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_never_overlap_nor_leave_the_screen_at_any_size() {
        for width in 1..=210 {
            for height in 1..=70 {
                for focus in Pane::ALL {
                    let fields = panes((width, height), focus, false);
                    let area: u32 = fields
                        .iter()
                        .map(|(_, f)| u32::from(f.width) * u32::from(f.height))
                        .sum();
                    assert_eq!(
                        area,
                        u32::from(width) * u32::from(content((width, height)).1),
                        "{width}×{height}"
                    );
                    for (_, f) in &fields {
                        assert!(
                            f.x + f.width <= width && f.y + f.height <= height.max(f.y),
                            "{width}×{height} {f:?}"
                        );
                    }
                    assert!(fields.iter().any(|(pane, _)| *pane == focus));
                }
            }
        }
    }

    #[test]
    fn the_focused_pane_grows_where_panes_are_stacked() {
        for focus in Pane::ALL {
            let fields = panes((80, 24), focus, false);
            assert_eq!(fields.len(), 4);
            let height = |p: Pane| fields.iter().find(|(pane, _)| *pane == p).map_or(0, |(_, f)| f.height);
            assert!(
                Pane::ALL
                    .iter()
                    .filter(|p| **p != focus)
                    .all(|p| height(*p) < height(focus))
            );
        }
    }
}
