//! Randomness and hashes, all from the one cryptography library of the program.

use super::store::Trouble;
use ring::rand::SecureRandom as _;

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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of a new life of a store: 40 random bits.
pub(super) fn epoch() -> Result<String, Trouble> {
    random::<5>().map(|bytes| hex(&bytes))
}

/// The number of a request or an import: 64 random bits, which say nothing.
pub fn number() -> String {
    random::<8>().map(|bytes| hex(&bytes)).unwrap_or_default()
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
