//! Settings: layering, validation, key map and themes.

pub mod chord;
pub mod keymap;
