//! Bytes in, checked changes out; owns all input, output and retry.
