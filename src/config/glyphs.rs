//! The signs things are drawn with: Unicode, or ASCII for fonts and consoles that have nothing else. One cell each.

use super::GlyphSet;

/// The signs of a set. Left and right are meant as drawn from left to right; the mirrored layout turns them round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Horizontal line.
    pub horizontal: &'static str,
    /// Vertical line.
    pub vertical: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Where lines meet: from the left, from the right, from the top, from the bottom, crossing.
    pub joints: [&'static str; 5],
    /// A bar's cells by eighths: 1/8 … 8/8. With ASCII, only whole and half cells differ.
    pub bar: [&'static str; 8],
    /// A bar's empty cell.
    pub bar_empty: &'static str,
    /// The planned path's mark in a bar.
    pub bar_path: &'static str,
    /// A sparkline's cells, lowest first.
    pub spark: [&'static str; 8],
    /// A sparkline's cell without a value.
    pub spark_empty: &'static str,
    /// Before the selected row.
    pub marker: &'static str,
    /// Before a row that just changed.
    pub changed: &'static str,
    /// Before a row that was pinned.
    pub pinned: &'static str,
    /// Between the steps of the breadcrumb.
    pub crumb: &'static str,
    /// Rising.
    pub up: &'static str,
    /// Falling.
    pub down: &'static str,
    /// Forward, in a layout from left to right.
    pub forward: &'static str,
    /// Severities: critical, warning, notice, data.
    pub severity: [&'static str; 4],
    /// As it should be.
    pub good: &'static str,
    /// Connected, or data fresh.
    pub live: &'static str,
    /// Not connected, or data old.
    pub stale: &'static str,
    /// Nothing to show.
    pub nothing: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// The scrollbar's thumb.
    pub thumb: &'static str,
    /// The scrollbar's track.
    pub track: &'static str,
}

const UNICODE: Glyphs = Glyphs {
    horizontal: "─",
    vertical: "│",
    corners: ["┌", "┐", "└", "┘"],
    joints: ["├", "┤", "┬", "┴", "┼"],
    bar: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    bar_empty: "·",
    bar_path: "│",
    spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    spark_empty: " ",
    marker: "▌",
    changed: "•",
    pinned: "┬",
    crumb: "›",
    up: "▲",
    down: "▼",
    forward: "→",
    severity: ["‼", "!", "·", "?"],
    good: "✓",
    live: "●",
    stale: "○",
    nothing: "—",
    dot: "·",
    thumb: "█",
    track: "│",
};

const ASCII: Glyphs = Glyphs {
    horizontal: "-",
    vertical: "|",
    corners: ["+"; 4],
    joints: ["+"; 5],
    bar: [".", ".", ".", "=", "=", "=", "=", "#"],
    bar_empty: ".",
    bar_path: "|",
    spark: ["_", ".", ":", "-", "=", "+", "*", "#"],
    spark_empty: " ",
    marker: ">",
    changed: "*",
    pinned: "T",
    crumb: ">",
    up: "^",
    down: "v",
    forward: ">",
    severity: ["X", "!", "-", "?"],
    good: "+",
    live: "*",
    stale: "o",
    nothing: "-",
    dot: "-",
    thumb: "#",
    track: "|",
};

impl Glyphs {
    /// The signs of a set.
    pub const fn of(set: GlyphSet) -> &'static Self {
        match set {
            GlyphSet::Unicode => &UNICODE,
            GlyphSet::Ascii => &ASCII,
        }
    }

    /// Every sign, for tests and for showing what a font has.
    pub fn all(&self) -> Vec<&'static str> {
        let mut all = vec![
            self.horizontal,
            self.vertical,
            self.bar_empty,
            self.bar_path,
            self.spark_empty,
            self.marker,
            self.changed,
            self.pinned,
            self.crumb,
            self.up,
            self.down,
            self.forward,
            self.good,
            self.live,
            self.stale,
            self.nothing,
            self.dot,
            self.thumb,
            self.track,
        ];
        all.extend(
            self.corners
                .iter()
                .chain(&self.joints)
                .chain(&self.bar)
                .chain(&self.spark)
                .chain(&self.severity),
        );
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use unicode_width::UnicodeWidthStr as _;

    #[test]
    fn every_sign_is_one_cell_wide() {
        for set in [GlyphSet::Unicode, GlyphSet::Ascii] {
            for sign in Glyphs::of(set).all() {
                assert_eq!(sign.width(), 1, "{sign:?}");
            }
        }
    }

    #[test]
    fn the_ascii_set_is_ascii() {
        assert!(ASCII.all().iter().all(|sign| sign.is_ascii()));
    }

    #[test]
    fn severities_are_told_apart_by_their_signs_alone() {
        for set in [GlyphSet::Unicode, GlyphSet::Ascii] {
            let signs: BTreeSet<_> = Glyphs::of(set).severity.into_iter().collect();
            assert_eq!(signs.len(), 4);
        }
    }
}
