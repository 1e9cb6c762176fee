//! Settings: layering, validation, key map and themes.
