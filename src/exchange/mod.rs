//! Tables and text out: one owner of every output format.
