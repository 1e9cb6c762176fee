//! What many rows say alike, kept once and called by number.

use super::draft::TextRef;
use crate::contract::{Id, Text};
use hashbrown::HashTable;
use smol_str::SmolStr;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, OnceLock, PoisonError};
use twox_hash::XxHash3_64;

/// The number of a name; 0 stands for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub u32);

impl Sym {
    /// Nothing.
    pub const NONE: Self = Self(0);
}

/// Something that is kept once.
pub trait Name: Sized {
    /// How it is looked up.
    type Key<'k>: Copy;
    /// The key of a kept one.
    fn key(&self) -> Self::Key<'_>;
    /// One to keep; nothing when the key is none of its kind.
    fn make(key: Self::Key<'_>) -> Option<Self>;
    /// True when two keys are the same.
    fn same(a: Self::Key<'_>, b: Self::Key<'_>) -> bool;
    /// A hash of a key.
    fn hash(key: Self::Key<'_>, seed: u64) -> u64;
    /// A number that mostly differs between keys and costs next to nothing.
    fn glance(key: Self::Key<'_>) -> u64;
}

/// A number of how a text begins and ends and how long it is.
pub(super) fn glance(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (begin, end) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(begin), Some(end)) => (u64::from_le_bytes(*begin), u64::from_le_bytes(*end)),
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(begin), Some(end)) => (u32::from_le_bytes(*begin).into(), u32::from_le_bytes(*end).into()),
            _ => (
                bytes.first().copied().unwrap_or_default().into(),
                bytes.last().copied().unwrap_or_default().into(),
            ),
        },
    };
    (begin ^ end.rotate_left(29) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

impl Name for Id {
    type Key<'k> = &'k str;
    fn key(&self) -> &str {
        self.as_str()
    }
    fn make(key: &str) -> Option<Self> {
        Self::new(key)
    }
    fn same(a: &str, b: &str) -> bool {
        a == b
    }
    fn hash(key: &str, seed: u64) -> u64 {
        XxHash3_64::oneshot_with_seed(seed, key.as_bytes())
    }
    fn glance(key: &str) -> u64 {
        glance(key)
    }
}

impl Name for SmolStr {
    type Key<'k> = &'k str;
    fn key(&self) -> &str {
        self
    }
    fn make(key: &str) -> Option<Self> {
        Some(key.into())
    }
    fn same(a: &str, b: &str) -> bool {
        a == b
    }
    fn hash(key: &str, seed: u64) -> u64 {
        XxHash3_64::oneshot_with_seed(seed, key.as_bytes())
    }
    fn glance(key: &str) -> u64 {
        glance(key)
    }
}

impl Name for Text {
    type Key<'k> = TextRef<'k>;
    fn key(&self) -> TextRef<'_> {
        self.into()
    }
    fn make(key: TextRef<'_>) -> Option<Self> {
        Some(key.owned())
    }
    fn same(a: TextRef<'_>, b: TextRef<'_>) -> bool {
        a == b
    }
    fn hash(key: TextRef<'_>, seed: u64) -> u64 {
        match key {
            TextRef::One(text) => XxHash3_64::oneshot_with_seed(seed, text.as_bytes()),
            TextRef::Each([fa, en]) => {
                let each = |seed, text: Option<&str>| {
                    text.map_or(seed ^ 1, |text| XxHash3_64::oneshot_with_seed(seed, text.as_bytes()))
                };
                each(each(seed ^ 2, fa), en)
            }
        }
    }
    fn glance(key: TextRef<'_>) -> u64 {
        match key {
            TextRef::One(text) => glance(text),
            TextRef::Each([fa, en]) => glance(fa.or(en).unwrap_or_default()),
        }
    }
}

/// Names of the first segment; every further one is twice as long.
const FIRST: usize = 64;
/// Enough segments for every number.
const SEGMENTS: usize = 26;

/// Names by number: whoever has a number has the name for ever, without waiting for anybody.
pub struct Kept<N> {
    segments: [OnceLock<Box<[OnceLock<N>]>>; SEGMENTS],
    /// Which numbers there are, by hash of the name.
    index: Mutex<HashTable<u32>>,
    seed: u64,
}

impl<N: Name> Default for Kept<N> {
    fn default() -> Self {
        Self {
            segments: [const { OnceLock::new() }; SEGMENTS],
            index: Mutex::default(),
            // Foreign names must not be able to choose their places.
            seed: RandomState::new().hash_one(0),
        }
    }
}

/// Segment and place in it.
fn split(at: usize) -> (usize, usize) {
    let segment = (at / FIRST + 1).ilog2() as usize;
    (segment, at - FIRST * ((1 << segment) - 1))
}

impl<N: Name> Kept<N> {
    /// The name of a number.
    pub fn get(&self, sym: Sym) -> Option<&N> {
        let (segment, place) = split(sym.0.checked_sub(1)? as usize);
        self.segments.get(segment)?.get()?.get(place)?.get()
    }

    /// The number of a name that is known; it is not kept by asking.
    pub fn find(&self, key: N::Key<'_>) -> Option<Sym> {
        let hash = N::hash(key, self.seed);
        let index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        index.find(hash, |at| self.is(Sym(*at), key)).map(|at| Sym(*at))
    }

    fn is(&self, sym: Sym, key: N::Key<'_>) -> bool {
        self.get(sym).is_some_and(|name| N::same(name.key(), key))
    }

    /// The number of a name, new if it must be; nothing for what is no name, or when there are too many.
    pub fn intern(&self, key: N::Key<'_>) -> Option<Sym> {
        self.intern_hashed(key, N::hash(key, self.seed))
    }

    fn intern_hashed(&self, key: N::Key<'_>, hash: u64) -> Option<Sym> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = index.find(hash, |at| self.is(Sym(*at), key)) {
            return Some(Sym(*at));
        }
        let at = index.len();
        let (segment, place) = split(at);
        let names = self
            .segments
            .get(segment)?
            .get_or_init(|| (0..FIRST << segment).map(|_| OnceLock::new()).collect());
        names.get(place)?.set(N::make(key)?).ok()?;
        let sym = u32::try_from(at + 1).ok()?;
        index.insert_unique(hash, sym, |at| {
            self.get(Sym(*at)).map_or(0, |name| N::hash(name.key(), self.seed))
        });
        Some(Sym(sym))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.index.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// True without a name.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What the rows of a table say alike. It only grows: numbers hold for every version of the table.
#[derive(Default)]
pub struct Names {
    /// Ids of counties, measures, projects and bodies.
    pub ids: Kept<Id>,
    /// Words of open lists.
    pub words: Kept<SmolStr>,
    /// Sectors, and what came of visits.
    pub texts: Kept<Text>,
}

impl Names {
    /// How many there are in all.
    pub fn len(&self) -> usize {
        self.ids.len() + self.words.len() + self.texts.len()
    }

    /// True without a name.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Names").field("len", &self.len()).finish()
    }
}

/// Names one thread has met, so that it need not wait for another one to ask again.
pub(super) struct Met<N> {
    /// The last one met of each glance: nearly all names are met again and again.
    recent: Vec<Option<(N, Sym)>>,
    known: HashTable<(u64, u32)>,
}

/// Glances told apart.
const GLANCES: usize = 512;
/// More than these are not remembered: names that never repeat are not met again either.
const MOST_MET: usize = 16_384;

impl<N> Default for Met<N> {
    fn default() -> Self {
        Self {
            recent: Vec::new(),
            known: HashTable::new(),
        }
    }
}

impl<N: Name + Clone> Met<N> {
    pub(super) fn sym(&mut self, names: &Kept<N>, key: N::Key<'_>) -> Option<Sym> {
        let at = N::glance(key) as usize % GLANCES;
        if let Some(Some((name, sym))) = self.recent.get(at)
            && N::same(name.key(), key)
        {
            return Some(*sym);
        }
        let sym = self.looked_up(names, key)?;
        if self.recent.is_empty() {
            self.recent.resize_with(GLANCES, || None);
        }
        if let (Some(slot), Some(name)) = (self.recent.get_mut(at), names.get(sym)) {
            *slot = Some((name.clone(), sym));
        }
        Some(sym)
    }

    fn looked_up(&mut self, names: &Kept<N>, key: N::Key<'_>) -> Option<Sym> {
        let hash = N::hash(key, names.seed);
        if let Some((_, at)) = self.known.find(hash, |(h, at)| *h == hash && names.is(Sym(*at), key)) {
            return Some(Sym(*at));
        }
        let sym = names.intern_hashed(key, hash)?;
        if self.known.len() >= MOST_MET {
            self.known.clear();
        }
        self.known.insert_unique(hash, (hash, sym.0), |(hash, _)| *hash);
        Some(sym)
    }
}
