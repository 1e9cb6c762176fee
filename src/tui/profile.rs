//! The emission profiles as this room uses them; a stand-in until `text::profile` is there.

/// How right-to-left cells are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// As they are.
    #[default]
    Plain,
    /// As they are, the terminal's own reordering switched off.
    Explicit,
    /// Every cell pinned by LRM and joiners.
    Pinned,
    /// Words fenced by U+2800.
    Fenced,
    /// OSC 66 per cell.
    Kitty66,
    /// Alternating foreground.
    Sgr,
    /// OSC 5379.
    Mlterm,
    /// Nothing is done.
    Off,
}

/// One finished row of cells in visual order.
pub trait CellRow {
    /// Cells in the row.
    fn len(&self) -> usize;
    /// The symbol of cell `x`.
    fn symbol(&self, x: usize) -> &str;
    /// Replaces the symbol of cell `x`.
    fn set_symbol(&mut self, x: usize, symbol: &str);
    /// Exchanges two cells with their styles.
    fn swap(&mut self, a: usize, b: usize);
}

/// Whether a cell holds a right-to-left character.
pub fn is_rtl_cell(symbol: &str) -> bool {
    symbol
        .chars()
        .next()
        .is_some_and(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
}

/// Decorates a finished row for the profile.
pub fn decorate(profile: Profile, row: &mut impl CellRow) {
    if profile != Profile::Pinned {
        return;
    }
    for x in 0..row.len() {
        if is_rtl_cell(row.symbol(x)) {
            let symbol = format!("{}\u{200e}", row.symbol(x));
            row.set_symbol(x, &symbol);
        }
    }
}
