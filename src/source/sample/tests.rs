//! What the sample promises, on both provinces.
