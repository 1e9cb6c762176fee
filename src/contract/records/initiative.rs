//! Popular-participation initiatives, and the enterprises that go to them.

use crate::clock::Day;
use crate::contract::{Figure, Id, Moment, Text};

open_list! {
    /// What kind of popular capacity an initiative is.
    InitiativeKind in "initiative" {
        /// Home business.
        HomeBusiness = "home-business",
        /// Cooperative.
        Cooperative = "cooperative",
        /// Knowledge-based firm.
        KnowledgeBased = "knowledge-based",
        /// Digital economy.
        DigitalEconomy = "digital-economy",
        /// Micro-investor.
        MicroInvestor = "micro-investor",
        /// Another capacity.
        OtherCapacity = "other",
    }
}

open_list! {
    /// How far an initiative has come.
    Stage in "stage" {
        /// Identified.
        Identified = "identified",
        /// Empowered.
        Empowered = "empowered",
        /// Brought in.
        BroughtIn = "brought-in",
        /// Stalled.
        Stalled = "stalled",
        /// Closed.
        Closed = "closed",
    }
}

open_list! {
    /// Existing capacity or a new one.
    Origin in "origin" {
        /// It was there before.
        Existing = "existing",
        /// It came with the programme.
        New = "new",
    }
}

object! {
    /// One time somebody went to an initiative.
    Outreach {
        /// The day.
        on: Day,
        /// The agency or enterprise that went.
        by: Id,
        /// What came of it.
        result: Option<Text>,
    }
}

object! {
    /// A popular-participation initiative.
    Initiative {
        /// Its id.
        id: Id,
        /// What kind of capacity it is.
        initiative_kind: InitiativeKind,
        /// Its title.
        title: Text,
        /// The county it stands in.
        county: Option<Id>,
        /// Its sector.
        sector: Option<Text>,
        /// The measure it serves.
        measure: Option<Id>,
        /// The project it belongs to.
        project: Option<Id>,
        /// How far it has come.
        stage: Stage,
        /// When it was identified.
        identified: Option<Day>,
        /// When it was empowered.
        empowered: Option<Day>,
        /// When it was brought in.
        brought_in: Option<Day>,
        /// Existing capacity or a new one.
        origin: Origin,
        /// The agency or enterprise that stands by it.
        sponsor: Option<Id>,
        /// Who went to it, when, with what result.
        outreach: Vec<Outreach>,
        /// Members, for cooperatives.
        members: Option<u32>,
        /// Jobs.
        jobs: Option<Figure>,
        /// Capital in rial.
        capital: Option<Figure>,
        /// When it began to work.
        started: Option<Day>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// A large industrial unit that goes to small ones.
    Enterprise {
        /// Its id.
        id: Id,
        /// Its name.
        name: Text,
        /// Its sector.
        sector: Option<Text>,
        /// The county it stands in.
        county: Option<Id>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}
