//! Message catalogue in Persian and English.
