//! The only code that measures, orders, joins, shapes, folds or formats text.

pub mod calendar;
pub mod visible;

/// A language of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Persian.
    Fa,
    /// English.
    En,
}
