//! The endpoint, spoken to over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod cases;
mod client;
mod command;
mod conformance;
mod disaster;
mod double;
mod feed;
mod harness;
mod matrix;
mod promises;
mod replicas;
mod rough;
mod secure;
mod shut;
mod stores;
