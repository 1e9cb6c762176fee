//! The endpoint, spoken to over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod again;
mod cases;
mod client;
mod clock;
mod command;
mod conformance;
mod crowd;
mod database;
mod disaster;
mod disk;
mod double;
mod feed;
mod harness;
mod hot;
mod line;
mod long;
mod matrix;
mod past;
mod promises;
mod reading;
mod replicas;
mod resume;
mod rough;
mod secure;
mod shut;
mod soak;
mod stores;
