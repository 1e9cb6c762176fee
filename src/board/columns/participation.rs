//! Columns of initiatives and enterprises. It must not know lists or screens.

use super::{
    Value, ValueKind, a_word, body, count, county, day, findings, link, moment, number, rials, step, table, text, word,
};
use crate::board::reference::Field;
use crate::board::{Reached, reached};
use crate::contract::figure::Step as FigureStep;
use crate::contract::{InitiativeKind, Kind, Origin, Stage};

table! { INITIATIVE of Initiative "initiative":
    Field id: ValueKind::Id, true, (8, 8, 0), |_b, r| Value::Id(Kind::Initiative, r.id.clone());
    Field initiative_kind: word!(InitiativeKind), true, (0, 0, 0), |_b, r| a_word!(InitiativeKind, r.initiative_kind);
    Field title: ValueKind::Text, true, (12, 32, 3), |_b, r| Value::Text(r.title.clone());
    Field county: ValueKind::County, true, (6, 10, 0), |_b, r| county(r.county.as_ref());
    Field sector: ValueKind::Text, false, (6, 12, 0), |_b, r| text(&r.sector);
    Field measure: ValueKind::Link, false, (10, 24, 1), |_b, r| link(Kind::Measure, r.measure.as_ref());
    Field project: ValueKind::Link, false, (10, 24, 1), |_b, r| link(Kind::Project, r.project.as_ref());
    Field stage: word!(Stage), true, (0, 0, 0), |_b, r| a_word!(Stage, r.stage);
    Derived reached: word!(Stage), false, (0, 0, 0), |b, r| match reached(r, b.today()) {
        Some(Reached::Identified) => a_word!(Stage, Stage::Identified),
        Some(Reached::Empowered) => a_word!(Stage, Stage::Empowered),
        Some(Reached::BroughtIn) => a_word!(Stage, Stage::BroughtIn),
        None => Value::Nothing,
    };
    Field identified: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.identified);
    Field empowered: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.empowered);
    Field brought_in: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.brought_in);
    Field origin: word!(Origin), true, (0, 0, 0), |_b, r| a_word!(Origin, r.origin);
    Field sponsor: ValueKind::Link, false, (10, 24, 1), |b, r| body(b, r.sponsor.as_ref());
    Field outreach: ValueKind::Number, false, (4, 7, 0), |_b, r| count(r.outreach.len());
    Field members: ValueKind::Number, false, (4, 6, 0), |_b, r| number(r.members);
    Part jobs_committed: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Committed);
    Part jobs_claimed: ValueKind::Number, true, (6, 8, 0), |_b, r| step(&r.jobs, FigureStep::Claimed);
    Part jobs_registered: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Registered);
    Part jobs_approved: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Approved);
    Part jobs_verified: ValueKind::Number, true, (6, 8, 0), |_b, r| step(&r.jobs, FigureStep::Verified);
    Part capital_committed: ValueKind::Money, false, (8, 18, 0), |_b, r| rials(&r.capital, FigureStep::Committed);
    Part capital_claimed: ValueKind::Money, false, (8, 18, 0), |_b, r| rials(&r.capital, FigureStep::Claimed);
    Part capital_registered: ValueKind::Money, false, (8, 18, 0), |_b, r| rials(&r.capital, FigureStep::Registered);
    Part capital_approved: ValueKind::Money, false, (8, 18, 0), |_b, r| rials(&r.capital, FigureStep::Approved);
    Part capital_verified: ValueKind::Money, false, (8, 18, 0), |_b, r| rials(&r.capital, FigureStep::Verified);
    Field started: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.started);
    Derived findings: ValueKind::Findings, false, (9, 11, 0), |b, r| findings(b, Kind::Initiative, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { ENTERPRISE of Enterprise "enterprise":
    Field id: ValueKind::Id, true, (8, 8, 0), |_b, r| Value::Id(Kind::Enterprise, r.id.clone());
    Field name: ValueKind::Text, true, (12, 32, 3), |_b, r| Value::Text(r.name.clone());
    Field sector: ValueKind::Text, true, (6, 14, 1), |_b, r| text(&r.sector);
    Field county: ValueKind::County, true, (6, 10, 0), |_b, r| county(r.county.as_ref());
    Derived initiatives: ValueKind::Number, true, (4, 8, 0), |b, r| if b.is_whole(Kind::Initiative) {
        count(b.count_referring(Field::InitiativeSponsor, r.id.as_str()))
    } else {
        Value::Nothing
    };
    Derived visited: ValueKind::Number, true, (4, 8, 0), |b, r| if b.is_whole(Kind::Initiative) {
        count(b.count_visited_by(r.id.as_str()))
    } else {
        Value::Nothing
    };
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Enterprise, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}
