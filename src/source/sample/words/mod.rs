//! The words of the sample in Persian and English, as tables. Invented throughout: categories and leads are illustrative, and no
//! person is named. Knows nothing of records.

pub mod agencies;
pub mod campaigns;
pub mod council;
pub mod measures;
pub mod people;
pub mod places;
pub mod projects;

/// The same thing in Persian and in English.
pub type Pair = (&'static str, &'static str);
