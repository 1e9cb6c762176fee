//! Special measures and the projects under them.

use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{Figure, Id, Moment, Text};
use smol_str::SmolStr;

open_list! {
    /// Which of the three conditions a measure serves.
    Pillar in "pillar" {
        /// State support.
        StateSupport = "state-support",
        /// Private-sector drive.
        PrivateDrive = "private-drive",
        /// People's empowerment.
        Empowerment = "empowerment",
    }
}

open_list! {
    /// Which way an indicator should move.
    Trend in "trend" {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
    }
}

open_list! {
    /// Where a project stands.
    ProjectState in "state.project" {
        /// Not begun.
        NotStarted = "not-started",
        /// Going on.
        InProgress = "in-progress",
        /// Halted.
        Stopped = "stopped",
        /// Ready for opening.
        Ready = "ready",
        /// Finished.
        Done = "done",
        /// Given up.
        Cancelled = "cancelled",
    }
}

object! {
    /// A reading of an indicator.
    Reading {
        /// The day it describes.
        on: Day,
        /// The value, in the indicator's unit.
        value: Num,
    }
}

object! {
    /// What a measure is judged by.
    Indicator {
        /// Its id within the measure.
        id: Id,
        /// Its title.
        title: Text,
        /// The unit of its values.
        unit: Text,
        /// Which way it should move.
        direction: Trend,
        /// The value at the start.
        baseline: Option<Num>,
        /// The value to reach.
        target: Option<Num>,
        /// The day by which to reach it.
        due: Option<Day>,
        /// The planned values on the way.
        path: Vec<Reading>,
        /// The values read.
        readings: Vec<Reading>,
    }
}

object! {
    /// One of the special measures.
    Measure {
        /// Its id.
        id: Id,
        /// Its number, as people call it.
        number: u32,
        /// Its title.
        title: Text,
        /// The condition it serves.
        pillar: Pillar,
        /// The agency in charge.
        lead: Id,
        /// Its weight among the measures; 1 when absent.
        weight: Option<Num>,
        /// First day.
        start: Option<Day>,
        /// Last day.
        due: Option<Day>,
        /// What it is judged by.
        indicators: Vec<Indicator>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// A point of a planned path.
    PathPoint {
        /// The day.
        on: Day,
        /// The percentage planned for it.
        percent: Num,
    }
}

object! {
    /// Progress as read on a day.
    ProgressReading {
        /// The day.
        on: Day,
        /// Physical progress in percent.
        physical: Option<Num>,
        /// Financial progress in percent.
        financial: Option<Num>,
    }
}

object! {
    /// A milestone of a project.
    Milestone {
        /// What is to be reached.
        title: Text,
        /// By when.
        due: Day,
        /// When it was reached.
        done: Option<Day>,
    }
}

object! {
    /// A project under a measure.
    Project {
        /// Its id.
        id: Id,
        /// The measure it belongs to.
        measure: Id,
        /// The agency responsible.
        agency: Id,
        /// Its title.
        title: Text,
        /// The county it stands in.
        county: Option<Id>,
        /// Where it stands.
        state: ProjectState,
        /// First day.
        start: Option<Day>,
        /// Last day.
        due: Option<Day>,
        /// The day it was finished.
        completed: Option<Day>,
        /// Physical progress in percent; out of range is kept and flagged.
        physical: Option<Num>,
        /// Financial progress in percent; out of range is kept and flagged.
        financial: Option<Num>,
        /// Its weight within the measure; 1 when absent.
        weight: Option<Num>,
        /// Planned percentages by day.
        path: Vec<PathPoint>,
        /// Progress as read over time.
        readings: Vec<ProgressReading>,
        /// Milestones in order.
        milestones: Vec<Milestone>,
        /// What stands in the way.
        obstacles: Vec<Text>,
        /// What proves it is done.
        evidence: Vec<Text>,
        /// Budget in rial.
        budget: Option<i64>,
        /// Allocated in rial.
        allocated: Option<i64>,
        /// Spent in rial.
        spent: Option<i64>,
        /// Jobs.
        jobs: Option<Figure>,
        /// False for routine statutory work, which does not count as leap; true when absent.
        leap: Option<bool>,
        /// The post responsible, never a person.
        responsible: Option<SmolStr>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}
