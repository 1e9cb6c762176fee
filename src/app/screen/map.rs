//! The counties of the province where they lie, each a tile with a value. North is up and west is left in every language.

use super::Target;
use crate::board::participation::By;
use crate::board::{Board, Reached, Tally};
use crate::contract::{Id, Kind, Step};
use std::collections::BTreeMap;

/// What the tiles say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapValue {
    /// Initiatives.
    #[default]
    Initiatives,
    /// Initiatives brought in.
    BroughtIn,
    /// Initiatives of new capacity.
    New,
    /// Jobs committed.
    Committed,
    /// Jobs registered.
    Registered,
    /// Jobs verified.
    Verified,
    /// Projects.
    Projects,
    /// Findings above a notice on projects and initiatives.
    Findings,
}

impl MapValue {
    /// All of them, in the order the key goes through.
    pub const ALL: [Self; 8] = [
        Self::Initiatives,
        Self::BroughtIn,
        Self::New,
        Self::Committed,
        Self::Registered,
        Self::Verified,
        Self::Projects,
        Self::Findings,
    ];

    /// The next one.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The catalogue key of its name.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Initiatives => "map.initiatives",
            Self::BroughtIn => "map.brought-in",
            Self::New => "map.new",
            Self::Committed => "map.committed",
            Self::Registered => "map.registered",
            Self::Verified => "map.verified",
            Self::Projects => "map.projects",
            Self::Findings => "map.findings",
        }
    }

    fn of(self, board: &Board, county: &Id, tally: &Tally) -> f64 {
        let jobs = |step| tally.jobs(step).map_or(0.0, |(sum, _)| sum);
        match self {
            Self::Initiatives => tally.count as f64,
            Self::BroughtIn => tally.at(Reached::BroughtIn) as f64,
            Self::New => tally.new as f64,
            Self::Committed => jobs(Step::Committed),
            Self::Registered => jobs(Step::Registered),
            Self::Verified => jobs(Step::Verified),
            Self::Projects => board.projects_of_county(county.as_str()).count() as f64,
            Self::Findings => {
                let grave = |kind, id: &Id| {
                    let findings = board.findings().of(kind, id.as_str()).iter();
                    findings
                        .filter(|f| f.severity >= crate::board::Severity::Warning)
                        .count()
                };
                let projects = board.projects_of_county(county.as_str());
                let initiatives = board.initiatives_of_county(county.as_str());
                let projects: usize = projects.map(|p| grave(Kind::Project, &p.id)).sum();
                let initiatives: usize = initiatives.map(|i| grave(Kind::Initiative, &i.id)).sum();
                (projects + initiatives) as f64
            }
        }
    }
}

/// A county on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// The county.
    pub id: Id,
    /// Column and row from the north-west; nothing for a county without a place.
    pub place: Option<(u32, u32)>,
    /// The value.
    pub value: f64,
}

/// Which way the selection moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the west.
    West,
    /// To the east.
    East,
    /// To the north.
    North,
    /// To the south.
    South,
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct Map {
    /// What the tiles say.
    pub value: MapValue,
    /// The counties, those with a place first, from north to south and west to east.
    pub tiles: Vec<Tile>,
    /// The selected county, by position.
    pub at: usize,
}

/// No map is larger; a tile further out is listed instead.
const LARGEST: u32 = 64;

impl Map {
    /// The map of a board.
    pub fn new(board: &Board) -> Self {
        let mut map = Self::default();
        map.refresh(board);
        map
    }

    /// Takes a newer board; the selection stays on its county.
    pub fn refresh(&mut self, board: &Board) {
        let selected = self.selected().map(|tile| tile.id.clone());
        let groups = board.told_apart(By::County, None, None);
        let tallies: BTreeMap<_, _> = groups
            .rows
            .into_iter()
            .filter_map(|(key, tally)| Some((key?, tally)))
            .collect();
        let none = Tally::default();
        let counties = board
            .headquarters()
            .map(|hq| hq.counties.as_slice())
            .unwrap_or_default();
        let mut taken = std::collections::BTreeSet::new();
        self.tiles = counties
            .iter()
            .map(|county| {
                let place = match county.tile.as_deref() {
                    // Of two counties in one place the first has it; the other is listed.
                    Some([x, y]) if *x < LARGEST && *y < LARGEST && taken.insert((*x, *y)) => Some((*x, *y)),
                    _ => None,
                };
                let tally = tallies.get(county.id.as_str()).unwrap_or(&none);
                Tile {
                    place,
                    value: self.value.of(board, &county.id, tally),
                    id: county.id.clone(),
                }
            })
            .collect();
        self.tiles
            .sort_by_key(|tile| (tile.place.is_none(), tile.place.map(|(x, y)| (y, x))));
        let at = selected.and_then(|id| self.tiles.iter().position(|tile| tile.id == id));
        self.at = at.unwrap_or(0);
    }

    /// The selected county.
    pub fn selected(&self) -> Option<&Tile> {
        self.tiles.get(self.at)
    }

    /// The greatest value.
    pub fn greatest(&self) -> f64 {
        self.tiles.iter().map(|tile| tile.value).fold(0.0, f64::max)
    }

    /// Moves the selection to the nearest county in a direction; the listed ones come after the southernmost.
    pub fn step(&mut self, way: Way) {
        let Some(here) = self.selected() else { return };
        let placed = self.tiles.iter().filter(|tile| tile.place.is_some()).count();
        let Some((x, y)) = here.place else {
            // Among the listed ones, one after the other; north of the first is the map again.
            self.at = match way {
                Way::West | Way::North => self.at.saturating_sub(1),
                Way::East | Way::South => (self.at + 1).min(self.tiles.len() - 1),
            };
            return;
        };
        let (x, y) = (i64::from(x), i64::from(y));
        let distance = |tile: &Tile| -> Option<i64> {
            let (tx, ty) = tile.place?;
            let (dx, dy) = (i64::from(tx) - x, i64::from(ty) - y);
            let (along, across) = match way {
                Way::West => (-dx, dy),
                Way::East => (dx, dy),
                Way::North => (-dy, dx),
                Way::South => (dy, dx),
            };
            // Straight on counts less than aside.
            (along > 0).then(|| along + 3 * across.abs())
        };
        let nearest = self
            .tiles
            .iter()
            .enumerate()
            .filter_map(|(at, tile)| Some((distance(tile)?, at)))
            .min();
        match nearest {
            Some((_, at)) => self.at = at,
            None if way == Way::South && placed < self.tiles.len() => self.at = placed,
            None => {}
        }
    }

    /// To the first county, or to the last.
    pub fn end(&mut self, last: bool) {
        self.at = if last { self.tiles.len().saturating_sub(1) } else { 0 };
    }

    /// Where Enter leads: to what there is in the county.
    pub fn target(&self) -> Option<Target> {
        let county = self.selected()?.id.clone();
        Some(Target::Participation {
            by: By::Kind,
            figures: super::participation::Figures::default(),
            kind: None,
            county: Some(county),
        })
    }
}
