//! What follows from a chunk and only a search asks for: known when the chunk is made of a document, found out when it is first asked for
//! when one change made it. What changes all the time is seldom searched.

use std::sync::OnceLock;

/// Something that follows from the rest of a chunk.
#[derive(Clone, Debug)]
pub(super) struct Late<T>(OnceLock<T>);

impl<T> Default for Late<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

/// Whoever compares what it follows from has compared all.
impl<T> PartialEq for Late<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Late<T> {}

impl<T> From<T> for Late<T> {
    fn from(known: T) -> Self {
        Self(known.into())
    }
}

impl<T> Late<T> {
    /// It, found out by `make` if it must be, which must find the same every time.
    #[inline]
    pub(super) fn or_made(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(make)
    }

    /// It, when it is known.
    #[inline]
    pub(super) fn known(&self) -> Option<&T> {
        self.0.get()
    }
}
