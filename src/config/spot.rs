//! From a byte of a text to its line and column. It must not know what stands there.

use super::error::{ConfigError, Place, Wrong};
use std::path::Path;

/// A text and the file it came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    /// The file.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
}

impl Spot<'_> {
    /// The line of a byte, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.before(offset).matches('\n').count() + 1
    }

    /// Line and column of a byte, from 1; columns count characters.
    pub fn place(&self, offset: usize) -> Place {
        let before = self.before(offset);
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Place::File {
            path: self.path.to_owned(),
            line: self.line(offset),
            column,
        }
    }

    /// A mistake at a byte.
    pub fn error(&self, offset: usize, wrong: Wrong) -> ConfigError {
        ConfigError {
            place: self.place(offset),
            wrong,
        }
    }

    /// What the TOML parser could not read, said as a mistake of ours.
    pub fn syntax(&self, problem: &toml::de::Error) -> ConfigError {
        let span = problem.span().unwrap_or(self.text.len()..self.text.len());
        let wrong = match self.text.get(span.clone()) {
            Some(name) if problem.message().contains("duplicate key") => Wrong::Duplicate(name.trim().to_owned()),
            _ => Wrong::Syntax(problem.message().to_owned()),
        };
        self.error(span.start, wrong)
    }

    fn before(&self, offset: usize) -> &str {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(..end).unwrap_or_default()
    }
}
