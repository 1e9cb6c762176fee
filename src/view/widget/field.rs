//! One value in one field: the direction of a field is the value's, not the screen's.

use crate::board::columns::{Value, ValueKind};
use crate::config::theme::Role;
use crate::text::Direction;
use crate::view::canvas::{Align, Canvas};
use ratatui::style::Style;

/// Draws a number, date, id or code: left to right inside, at the right edge when `align` says so.
pub fn ltr(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, align: Align, text: &str, style: Style) -> u16 {
    let line = canvas.look.fit_in(text, width, Direction::Ltr);
    canvas.line(x, y, width, align, &line, style)
}

/// The style a value has by itself: what is behind or overdue stands out, nothing else does.
pub fn style_of(canvas: &Canvas<'_>, value: &Value, base: Style) -> Style {
    let look = canvas.look;
    match value {
        Value::Points(points) if *points <= -15.0 => base.patch(look.style(Role::Critical)),
        Value::Points(points) if *points <= -5.0 => base.patch(look.style(Role::Warning)),
        Value::Days(days) if *days > 14 => base.patch(look.style(Role::Critical)),
        Value::Days(days) if *days > 0 => base.patch(look.style(Role::Warning)),
        Value::Findings(worst, _) => base.patch(look.style(severity(*worst))),
        _ => base,
    }
}

/// The role of a severity.
pub fn severity(severity: crate::board::Severity) -> Role {
    use crate::board::Severity;
    match severity {
        Severity::Critical => Role::Critical,
        Severity::Warning => Role::Warning,
        Severity::Notice => Role::Notice,
        Severity::Data => Role::Data,
    }
}

/// Where a column's values stand in their field.
pub fn align(kind: ValueKind) -> (Align, bool) {
    match kind {
        // Amounts carry the name of their unit, so they are read in the direction of the screen.
        ValueKind::Money => (Align::Right, false),
        kind if kind.is_numeric() => (Align::Right, true),
        ValueKind::Day | ValueKind::Id => (Align::Start, true),
        _ => (Align::Start, false),
    }
}

/// The sign of a severity.
pub fn sign(canvas: &Canvas<'_>, severity: crate::board::Severity) -> &'static str {
    use crate::board::Severity;
    let [critical, warning, notice, data] = canvas.look.glyphs().severity;
    match severity {
        Severity::Critical => critical,
        Severity::Warning => warning,
        Severity::Notice => notice,
        Severity::Data => data,
    }
}
