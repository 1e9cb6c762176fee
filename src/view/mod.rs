//! App state to cells; pure.
