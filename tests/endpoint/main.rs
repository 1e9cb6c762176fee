//! The dashboard's side of an endpoint against real sockets: access, faults of the network, conformance of the feed's reader.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod tls;
