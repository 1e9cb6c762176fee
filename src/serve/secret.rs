//! Randomness and hashes, all from the one cryptography library of the program.

use super::store::Trouble;
use ring::rand::SecureRandom as _;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Random bytes of the operating system.
///
/// # Errors
/// When it has none.
fn random<const N: usize>() -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    ring::rand::SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Trouble::Unavailable("the operating system gives no random numbers".to_owned()))?;
    Ok(bytes)
}

fn digit(nibble: u8) -> u8 {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0')
}

fn hex(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(digit(nibble))).collect()
}

/// The name of a new life of a store: 40 random bits.
pub(super) fn epoch() -> Result<String, Trouble> {
    random::<5>().map(|bytes| hex(&bytes))
}

/// The number of a request or an import: 64 bits, which say nothing. They need not be unforeseeable, so the operating system is
/// asked for a key once, and a counter is hashed with it.
pub fn number() -> String {
    digits().iter().map(|digit| char::from(*digit)).collect()
}

/// The same number as its sixteen digits.
pub(super) fn digits() -> [u8; 16] {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = KEY.hash_one(NEXT.fetch_add(1, Ordering::Relaxed)).to_be_bytes();
    std::array::from_fn(|at| {
        let byte = number.get(at / 2).copied().unwrap_or_default();
        digit(if at % 2 == 0 { byte >> 4 } else { byte & 15 })
    })
}

/// What every secret of ours begins with, so that one that leaked into a file can be found by a search.
const PREFIX: &str = "rasad_";

/// A new token's secret (256 random bits) and its id.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn token() -> Result<(String, String), Trouble> {
    let secret = format!("{PREFIX}{}", hex(&random::<32>()?));
    Ok((secret, format!("t-{}", hex(&random::<4>()?))))
}

/// SHA-256.
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
    out
}

/// A random number below `end`, for spreading what would otherwise come all at once; the end itself when there is none.
pub(super) fn spread(end: u64) -> u64 {
    random::<8>().map_or(end, |bytes| u64::from_le_bytes(bytes) % end.max(1))
}
