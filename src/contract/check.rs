//! What one record says that another must bear out, or that lies outside what is known: references, open lists, ranges.
//!
//! Pure: whoever holds all ids decides whether a reference leads anywhere.

use super::figure::Num;
use super::{Figure, Headquarters, Id, Kind, Path, Record, Step};
use std::sync::Arc;

/// Where in a record something stands: a field, or a field of one element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The list and the element in it, or an inner object.
    pub outer: Option<(&'static str, Option<usize>)>,
    /// The field.
    pub field: &'static str,
}

impl At {
    /// Goes from the record's path down to the field.
    pub fn push_onto(self, path: &mut Path) {
        if let Some((list, index)) = self.outer {
            path.push_key(list);
            if let Some(index) = index {
                path.push_index(index);
            }
        }
        path.push_key(self.field);
    }
}

/// What a reference may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A record of this kind.
    Record(Kind),
    /// An agency, or an enterprise.
    Sponsor,
    /// A county of the headquarters.
    County,
}

/// Something a record says that has to be looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Remark<'r> {
    /// It refers to another record.
    Reference(Target, &'r Id),
    /// A value outside an open list's known ones.
    Unknown(&'r str),
    /// A figure outside its range, which is named in the second place.
    OutOfRange(Num, &'static str),
}

/// The range of a progress or a score.
pub const PERCENT: &str = "0–100";
/// The range of a step of a figure.
pub const NOT_NEGATIVE: &str = "≥ 0";

/// What is told about each remark.
pub type Tell<'t, 'r> = &'t mut dyn FnMut(At, Remark<'r>);

struct Visit<'t, 'r> {
    tell: Tell<'t, 'r>,
    outer: Option<(&'static str, Option<usize>)>,
}

impl<'r> Visit<'_, 'r> {
    fn say(&mut self, field: &'static str, remark: Remark<'r>) {
        let outer = self.outer;
        (self.tell)(At { outer, field }, remark);
    }

    fn to(&mut self, field: &'static str, target: Target, id: impl Into<Option<&'r Id>>) {
        if let Some(id) = id.into() {
            self.say(field, Remark::Reference(target, id));
        }
    }

    fn record(&mut self, field: &'static str, kind: Kind, id: impl Into<Option<&'r Id>>) {
        self.to(field, Target::Record(kind), id);
    }

    fn word(&mut self, field: &'static str, known: bool, word: &'r str) {
        if !known {
            self.say(field, Remark::Unknown(word));
        }
    }

    fn percent(&mut self, field: &'static str, value: Option<Num>) {
        if let Some(value) = value.filter(|v| !(0.0..=100.0).contains(&v.get())) {
            self.say(field, Remark::OutOfRange(value, PERCENT));
        }
    }

    fn figure(&mut self, field: &'static str, figure: Option<&'r Figure>) {
        for step in Step::ALL {
            let value = figure.and_then(|f| f.at(step)).filter(|v| *v < 0.0);
            if let Some(value) = value.and_then(Num::new) {
                let outer = Some((field, None));
                (self.tell)(
                    At {
                        outer,
                        field: step.as_str(),
                    },
                    Remark::OutOfRange(value, NOT_NEGATIVE),
                );
            }
        }
    }

    fn each<T>(&mut self, list: &'static str, items: &'r [T], mut visit: impl FnMut(&mut Self, &'r T)) {
        for (index, item) in items.iter().enumerate() {
            self.outer = Some((list, Some(index)));
            visit(self, item);
        }
        self.outer = None;
    }
}

macro_rules! word {
    ($visit:ident, $record:ident . $field:ident) => {
        $visit.word(stringify!($field), $record.$field.is_known(), $record.$field.as_str())
    };
}
macro_rules! maybe_word {
    ($visit:ident, $record:ident . $field:ident) => {
        if let Some(word) = &$record.$field {
            $visit.word(stringify!($field), word.is_known(), word.as_str());
        }
    };
}

/// Tells every remark about the headquarters.
pub fn headquarters<'r>(hq: &'r Headquarters, tell: Tell<'_, 'r>) {
    let mut v = Visit { tell, outer: None };
    if hq.zone().1 {
        v.word("time_zone", false, hq.time_zone.as_deref().unwrap_or_default());
    }
    v.each("ladder", &hq.ladder, |v, s| word!(v, s.step));
}

/// Tells every remark about a record.
pub fn record<'r>(record: &'r Record, tell: Tell<'_, 'r>) {
    let v = &mut Visit { tell, outer: None };
    match record {
        Record::Measure(r) => {
            word!(v, r.pillar);
            v.record("lead", Kind::Agency, &r.lead);
            v.each("indicators", &r.indicators, |v, i| word!(v, i.direction));
        }
        Record::Project(r) => {
            v.record("measure", Kind::Measure, &r.measure);
            v.record("agency", Kind::Agency, &r.agency);
            v.to("county", Target::County, r.county.as_ref());
            word!(v, r.state);
            v.percent("physical", r.physical);
            v.percent("financial", r.financial);
            v.each("path", &r.path, |v, p| v.percent("percent", Some(p.percent)));
            v.each("readings", &r.readings, |v, p| {
                v.percent("physical", p.physical);
                v.percent("financial", p.financial);
            });
            v.figure("jobs", r.jobs.as_ref());
        }
        Record::Agency(r) => {
            word!(v, r.category);
            v.each("duties", &r.duties, |v, d| {
                v.record("measure", Kind::Measure, d.measure.as_ref());
                maybe_word!(v, d.state);
            });
        }
        Record::Plan(r) => {
            v.record("agency", Kind::Agency, &r.agency);
            word!(v, r.state);
            v.percent("score", r.score);
            v.each("follow_ups", &r.follow_ups, |v, f| word!(v, f.step));
        }
        Record::Enterprise(r) => v.to("county", Target::County, r.county.as_ref()),
        Record::Meeting(_) => {}
        Record::Decision(r) => {
            v.record("meeting", Kind::Meeting, &r.meeting);
            v.record("agency", Kind::Agency, &r.agency);
            word!(v, r.state);
            v.record("measure", Kind::Measure, r.measure.as_ref());
            v.record("project", Kind::Project, r.project.as_ref());
        }
        Record::Demand(r) => {
            v.record("agency", Kind::Agency, r.agency.as_ref());
            word!(v, r.state);
            v.record("decision", Kind::Decision, r.decision.as_ref());
        }
        Record::Campaign(r) => {
            word!(v, r.campaign_kind);
            v.record("agency", Kind::Agency, &r.agency);
            maybe_word!(v, r.state);
        }
        Record::Evaluation(r) => {
            match (Kind::named(&r.subject_kind), &*r.subject_kind) {
                (Some(kind), _) => v.record("subject", kind, &r.subject),
                // The body may judge the headquarters as a whole.
                (None, "headquarters") => {}
                (None, other) => v.word("subject_kind", false, other),
            }
            v.record("meeting", Kind::Meeting, r.meeting.as_ref());
            v.percent("score", r.score);
        }
        Record::Initiative(r) => {
            word!(v, r.initiative_kind);
            v.to("county", Target::County, r.county.as_ref());
            v.record("measure", Kind::Measure, r.measure.as_ref());
            v.record("project", Kind::Project, r.project.as_ref());
            word!(v, r.stage);
            word!(v, r.origin);
            v.to("sponsor", Target::Sponsor, r.sponsor.as_ref());
            v.each("outreach", &r.outreach, |v, o| v.to("by", Target::Sponsor, &o.by));
            v.figure("jobs", r.jobs.as_ref());
            v.figure("capital", r.capital.as_ref());
        }
    }
}

/// A part left out because one of its id stands before it: the list, the place in it, the id.
pub type Repeated = (&'static str, usize, Id);

/// Leaves one part of each id in a list: the first.
fn keep_first<T>(list: &'static str, parts: &mut Vec<T>, id: impl Fn(&T) -> &Id, repeated: &mut Vec<Repeated>) {
    let mut seen = std::collections::HashSet::new();
    let again: Vec<bool> = parts.iter().map(|part| !seen.insert(id(part).clone())).collect();
    for (index, (part, _)) in parts.iter().zip(&again).enumerate().filter(|(_, (_, again))| **again) {
        repeated.push((list, index, id(part).clone()));
    }
    let mut again = again.into_iter();
    parts.retain(|_| !again.next().unwrap_or(false));
}

fn all_differ<'p, T>(parts: &'p [T], id: impl Fn(&'p T) -> &'p Id) -> bool {
    parts
        .iter()
        .enumerate()
        .all(|(i, part)| parts.iter().take(i).all(|other| id(other) != id(part)))
}

/// Leaves one county of each id, the first, and tells the others.
pub fn unique_counties(hq: &mut Headquarters) -> Vec<Repeated> {
    let mut repeated = Vec::new();
    keep_first("counties", &mut hq.counties, |county| &county.id, &mut repeated);
    repeated
}

/// Leaves one duty or indicator of each id in a record, the first, and tells the others.
pub fn unique_parts(record: &mut Record) -> Vec<Repeated> {
    let mut repeated = Vec::new();
    match record {
        // Nothing is copied unless something must go.
        Record::Agency(r) if !all_differ(&r.duties, |d| &d.id) => {
            keep_first("duties", &mut Arc::make_mut(r).duties, |d| &d.id, &mut repeated);
        }
        Record::Measure(r) if !all_differ(&r.indicators, |i| &i.id) => {
            keep_first("indicators", &mut Arc::make_mut(r).indicators, |i| &i.id, &mut repeated);
        }
        _ => {}
    }
    repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every field of the contract that names another record, by the names of `records.md`.
    #[test]
    fn every_reference_of_every_kind_is_told_with_its_place() -> Result<(), Box<dyn std::error::Error>> {
        let cases = [
            (
                Kind::Measure,
                r#"{"id":"m","number":1,"title":"","pillar":"x","lead":"a"}"#,
                &["pillar=x", "lead"][..],
            ),
            (
                Kind::Project,
                r#"{"id":"p","measure":"m","agency":"a","title":"","county":"c","state":"done","physical":101,
                    "path":[{"on":"1403-01-01","percent":5},{"on":"1403-01-02","percent":-5}],"jobs":{"claimed":-1}}"#,
                &[
                    "measure",
                    "agency",
                    "county",
                    "physical!",
                    "path[1].percent!",
                    "jobs.claimed!",
                ],
            ),
            (
                Kind::Agency,
                r#"{"id":"a","name":"","category":"driver","duties":[{"id":"d","title":""},{"id":"e","title":"","measure":"m","state":"s"}]}"#,
                &["duties[1].measure", "duties[1].state=s"],
            ),
            (
                Kind::Plan,
                r#"{"id":"n","agency":"a","title":"","due":"1403-01-31","state":"lost","score":100,"follow_ups":[{"on":"1403-02-01","step":"call"}]}"#,
                &["agency", "state=lost", "follow_ups[0].step=call"],
            ),
            (Kind::Enterprise, r#"{"id":"e","name":"","county":"c"}"#, &["county"]),
            (
                Kind::Meeting,
                r#"{"id":"t","number":1,"body":"","on":"1403-01-31"}"#,
                &[],
            ),
            (
                Kind::Decision,
                r#"{"id":"d","meeting":"t","number":1,"text":"","agency":"a","state":"decided","measure":"m","project":"p"}"#,
                &["meeting", "agency", "measure", "project"],
            ),
            (
                Kind::Demand,
                r#"{"id":"d","raised_by":"","topic":"","text":"","agency":"a","received":"1403-01-31","state":"?","decision":"d"}"#,
                &["agency", "state=?", "decision"],
            ),
            (
                Kind::Campaign,
                r#"{"id":"c","campaign_kind":"song","title":"","agency":"a","state":"x"}"#,
                &["campaign_kind=song", "agency", "state=x"],
            ),
            (
                Kind::Evaluation,
                r#"{"id":"v","subject_kind":"plan","subject":"n","meeting":"t","on":"1403-01-31","by":"","verdict":"","score":-1}"#,
                &["subject", "meeting", "score!"],
            ),
            (
                Kind::Initiative,
                r#"{"id":"i","initiative_kind":"cooperative","title":"","county":"c","measure":"m","project":"p","stage":"lost",
                    "origin":"new","sponsor":"a","outreach":[{"on":"1403-01-31","by":"e"}],"capital":{"verified":-0.5}}"#,
                &[
                    "county",
                    "measure",
                    "project",
                    "stage=lost",
                    "sponsor",
                    "outreach[0].by",
                    "capital.verified!",
                ],
            ),
        ];
        for (kind, json, expected) in cases {
            let read = Record::from_json(kind, json)?;
            let mut told = Vec::new();
            record(&read, &mut |at, remark| {
                let mut path = Path::root();
                at.push_onto(&mut path);
                told.push(match remark {
                    Remark::Reference(..) => path.to_string(),
                    Remark::Unknown(word) => format!("{path}={word}"),
                    Remark::OutOfRange(..) => format!("{path}!"),
                });
            });
            assert_eq!(told, expected, "{kind}");
        }
        Ok(())
    }
}
