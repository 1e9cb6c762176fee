//! The dashboard's side of an endpoint against real sockets: access, faults of the network, conformance of the feed's reader.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail by panicking, and says what failed"
)]

mod bench;
mod conformance;
mod faults;
mod kept;
mod life;
mod naive;
mod proxy;
mod script;
mod server;
mod store;
mod tls;
