//! How the texts of a language are laid out for looking up: by the build script, which lays them, and by the program, which
//! looks. Positions instead of references: a reference would have to be relocated at every start.

/// Where an entry lies: its first byte, the length of its key, and that of the text right behind. A key of no length is none.
pub type Slot = (u32, u16, u16);

/// The text of a key.
pub fn find<'a>(texts: &'a str, slots: &[Slot], key: &str) -> Option<&'a str> {
    let mut at = hash(key);
    // Every table has a free place, and a free place ends the search; the count only keeps a broken one from going round.
    for _ in slots {
        let (start, key_len, text_len) = *slots.get(at & (slots.len() - 1))?;
        if key_len == 0 {
            return None;
        }
        let start = start as usize;
        let middle = start + usize::from(key_len);
        if texts.get(start..middle)? == key {
            return texts.get(middle..middle + usize::from(text_len));
        }
        at = at.wrapping_add(1);
    }
    None
}

/// FNV-1a: the keys are our own and short, so speed counts and hostile collisions cannot come.
pub fn hash(key: &str) -> usize {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The low half alone is taken, on every machine alike: the table may be laid on another one than it is used on.
    (hash ^ (hash >> 32)) as u32 as usize
}
