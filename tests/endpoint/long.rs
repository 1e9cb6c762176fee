//! How much is done: little each time, much in the long run (`tests/long`), which says so in the environment.

use std::time::Duration;

/// The number of that name in the environment, or the short one.
pub fn often(name: &str, short: usize) -> usize {
    let set = std::env::var(name).ok();
    set.map_or(short, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

/// The same in seconds.
pub fn seconds(name: &str, short: usize) -> Duration {
    Duration::from_secs(often(name, short) as u64)
}

/// What the summary of the long run shows of a test.
pub fn said(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "\nsaid: {text}");
}

/// Numbers that look like chance and are the same for a seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}
