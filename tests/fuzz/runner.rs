//! Runs a target over its corpus, and over what becomes of it.

use super::change::{Chance, MOST, change};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What came of an input, as far as it tells inputs apart.
pub type Outcome = u64;

/// A number of anything that can be compared.
pub fn outcome(of: impl Hash) -> Outcome {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Inputs are twice as long as the middle file of the corpus, and this many bytes at least; one in so many may be as long as any.
/// Changes make inputs longer rather than shorter, and long ones find new things by their length alone: soon one would try none but
/// long ones, and few of them.
const USUAL: usize = 128;
const LONG: usize = 32;
/// Inputs kept to be changed, and files written to a corpus.
const POOL: usize = 4_000;
const FILES: usize = 60;
/// An input that takes longer is a fault of its own: no input may keep a key waiting.
const SLOW: Duration = Duration::from_secs(2);

fn number(name: &str, otherwise: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(otherwise, |text| {
        text.parse().unwrap_or_else(|_| panic!("{name}={text}"))
    })
}

fn corpus(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(name)
}

pub fn run(name: &str, target: &dyn Fn(&[u8]) -> Outcome) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(corpus(name))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut pool: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    assert!(!pool.is_empty(), "the corpus of {name} is empty");
    let (mut seen, began) = (HashSet::new(), Instant::now());
    let mut slowest = Duration::ZERO;
    let mut try_one = |input: &[u8]| {
        let began = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| target(input)));
        let took = began.elapsed();
        slowest = slowest.max(took);
        let broken = |what: &str| {
            let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
            std::fs::create_dir_all(&dir).unwrap();
            let file = dir.join(format!("{name}-{:016x}", outcome(input)));
            std::fs::write(&file, input).unwrap();
            eprintln!(
                "{name} {what}: {}\n{:?}",
                file.display(),
                String::from_utf8_lossy(input)
            );
        };
        match done {
            Ok(outcome) => {
                if took > SLOW {
                    broken("is slow");
                    panic!("{name} took {took:?}");
                }
                outcome
            }
            Err(why) => {
                broken("broke");
                std::panic::resume_unwind(why)
            }
        }
    };
    for input in &pool {
        seen.insert(try_one(input));
    }
    let seed = number("TEST_FUZZ_SEED", 1);
    let mut chance = Chance::new(seed ^ outcome(name));
    let inputs = number("TEST_INPUTS", 3_000);
    let known = pool.len();
    let mut lengths: Vec<usize> = pool.iter().map(Vec::len).collect();
    lengths.sort_unstable();
    let usual = (2 * lengths[known / 2]).max(USUAL);
    for _ in 0..inputs {
        let (one, other) = (&pool[chance.below(pool.len())], &pool[chance.below(pool.len())]);
        let mut input = change(one, other, &mut chance);
        input.truncate(if chance.below(LONG) == 0 { MOST } else { usual });
        if seen.insert(try_one(&input)) && pool.len() < POOL {
            pool.push(input);
        }
    }
    if std::env::var_os("TEST_REGENERATE").is_some() {
        // Short ones say the same with less.
        let mut found: Vec<&Vec<u8>> = pool[known..].iter().collect();
        found.sort_by_key(|input| input.len());
        for input in found.into_iter().take(FILES.saturating_sub(known)) {
            std::fs::write(corpus(name).join(format!("{:016x}", outcome(input))), input).unwrap();
        }
    }
    eprintln!(
        "\nsaid: {name}: {inputs} inputs from {seed}, {} outcomes, slowest {slowest:?}, {:?}",
        seen.len(),
        began.elapsed()
    );
}
