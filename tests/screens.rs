//! The screens as an operator sees them, and the app's rules as an operator meets them: keys in, drawn cells out. No terminal, no
//! threads, no clock; the data are the two made-up provinces.
//!
//! After a change of looks: `INSTA_UPDATE=always cargo test --test screens`, then read the difference like any other change.

mod screens {
    mod changes;
    mod comfort;
    mod export;
    mod harness;
    mod hostile;
    mod judge;
    mod keys;
    mod meaning;
    mod people;
    mod questions;
    mod refresh;
    mod sizes;
    mod snapshots;
    mod way;
    mod why;
}
