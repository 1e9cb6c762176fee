//! Where in a document something stands: `projects[17].milestones[0].due`.

use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};

/// One step down into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Segment {
    /// A member of an object.
    Key(smol_str::SmolStr),
    /// An element of an array, from 0.
    Index(usize),
}

/// A place inside a JSON document, printed as `projects[17].due`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The document itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// The place of element `index` of the top-level array `key`.
    pub fn of_record(key: &str, index: usize) -> Self {
        Self(vec![Segment::Key(key.into()), Segment::Index(index)])
    }

    /// Goes down into a member.
    pub fn push_key(&mut self, key: &str) {
        self.0.push(Segment::Key(key.into()));
    }

    /// Goes down into an element.
    pub fn push_index(&mut self, index: usize) {
        self.0.push(Segment::Index(index));
    }

    /// Goes one step up.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// The steps from the top.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }
}

/// Characters of a member name that are printed; the contract's own names are far shorter.
const SHOWN: usize = 80;

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => {
                    if i > 0 {
                        f.write_char('.')?;
                    }
                    // A member name is foreign text too: nothing unprintable may reach a terminal through a path.
                    for c in key.chars().take(SHOWN) {
                        f.write_char(if super::clean::is_printable(c) { c } else { '\u{FFFD}' })?;
                    }
                    if key.chars().nth(SHOWN).is_some() {
                        f.write_char('…')?;
                    }
                }
            }
        }
        Ok(())
    }
}
