//! What travels: records, their cleaning, checking and schema; no I/O.
