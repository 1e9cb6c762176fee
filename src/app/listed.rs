//! The keys of a list: ids one by one, or of a million initiatives a view of where they are packed. It must not know screens.

use super::rows::{Keys, Rows};
use crate::board::arranged::Arranged;
use crate::contract::Id;
use std::sync::Arc;

/// The rows of a list.
#[derive(Clone, Debug)]
pub enum Listed {
    /// Each by itself.
    Each(Vec<Id>),
    /// Initiatives where they are packed, and one that is among them no more, at a position.
    Packed(Arc<Arranged>, Option<(usize, Id)>),
}

impl Default for Listed {
    fn default() -> Self {
        Self::Each(Vec::new())
    }
}

impl Listed {
    /// The initiatives as they were arranged, when they were.
    pub fn arranged(&self) -> Option<&Arc<Arranged>> {
        match self {
            Self::Each(_) => None,
            Self::Packed(list, _) => Some(list),
        }
    }
}

impl Keys<Id> for Listed {
    fn len(&self) -> usize {
        match self {
            Self::Each(ids) => ids.len(),
            Self::Packed(list, gone) => list.len() + usize::from(gone.is_some()),
        }
    }

    fn get(&self, at: usize) -> Option<Id> {
        match self {
            Self::Each(ids) => ids.as_slice().get(at).cloned(),
            Self::Packed(_, Some((place, id))) if *place == at => Some(id.clone()),
            Self::Packed(list, Some((place, _))) if *place < at => list.get(at - 1),
            Self::Packed(list, _) => list.get(at),
        }
    }

    fn position(&self, key: &Id) -> Option<usize> {
        match self {
            Self::Each(ids) => ids.iter().position(|id| id == key),
            Self::Packed(_, Some((place, id))) if id == key => Some(*place),
            Self::Packed(list, gone) => {
                let at = list.position(key)?;
                Some(at + usize::from(gone.as_ref().is_some_and(|(place, _)| *place <= at)))
            }
        }
    }

    fn insert(&mut self, at: usize, key: Id) {
        match self {
            Self::Each(ids) => ids.insert(at, key),
            Self::Packed(_, gone) => *gone = Some((at, key)),
        }
    }

    fn remove(&mut self, at: usize) {
        match self {
            Self::Each(ids) => drop(ids.remove(at)),
            // Only a vanished row is ever taken out.
            Self::Packed(_, gone) => *gone = None,
        }
    }
}

impl Rows<Id, Listed> {
    /// All ids in order, a vanished one included while it is shown.
    pub fn ids(&self) -> impl Iterator<Item = Id> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}
