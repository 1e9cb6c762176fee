//! Inputs nobody foresaw, for everything that reads what others wrote: changed pieces of a corpus, millions of them in the long run.
//!
//! There is no instrumentation: a target says of each input what came of it, and an input of which something new came joins those
//! that are changed further. `TEST_INPUTS` says how many inputs each target gets, `TEST_FUZZ_SEED` where chance begins,
//! `TEST_REGENERATE` writes what was found worth keeping into the corpus. What breaks a target is written to `target/fuzz`; put
//! into the corpus, it is tried first ever after.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail by panicking, and says what failed"
)]

mod change;
mod runner;
mod targets;

use runner::run;

macro_rules! targets {
    ($($name:ident),*) => { $(
        #[test]
        fn $name() {
            run(stringify!($name), &targets::$name);
        }
    )* };
}

targets!(document, ndjson, page, sse, cleaning, config, query, csv, keys, shaping);
