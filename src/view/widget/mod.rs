//! Pieces screens are made of, drawn in reading order.

pub mod bar;
pub mod field;
pub mod grid;
pub mod table;
