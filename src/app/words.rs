//! Words for a screen: fields of a record, and why a rule fired. It must not know how they are drawn.

use crate::board::columns::{self, Style, word_name};
use crate::board::compare::{FieldChange, Moved, RecordChange};
use crate::board::participation::By;
use crate::board::{Board, Fact, Fate, Finding, Term};
use crate::contract::{Figure, Id, InitiativeKind, Kind, Record, Step};
use crate::i18n;
use crate::text::{Lang, calendar, number};
use serde_json::{Map, Value};

/// Why a rule fired, in the screen's language, every value an isolate.
pub fn why(finding: &Finding, board: &Board, style: &Style) -> String {
    let owned: Vec<(&str, String)> = finding
        .why
        .values
        .iter()
        .map(|(name, fact)| (*name, said(fact, board, style)))
        .collect();
    let values: Vec<(&str, &str)> = owned.iter().map(|(name, value)| (*name, value.as_str())).collect();
    i18n::tf_screen(style.lang, finding.why.key, &values)
}

fn said(fact: &Fact, board: &Board, style: &Style) -> String {
    let lang = style.lang;
    match fact {
        Fact::Number(n) => number::decimal((n * 10.0).round() / 10.0, 1, lang),
        Fact::Money(rial) => number::money_rial(*rial, style.money, lang),
        Fact::Day(day) => calendar::short(*day, style.calendar, lang),
        Fact::Text(text) => text.get(lang).to_owned(),
        Fact::Word(prefix, word) => word_name(lang, prefix, word).to_owned(),
        Fact::Link(kind, id) => board.name_of(*kind, id.as_str(), lang).into(),
        Fact::County(id) => board.county_name(id.as_str(), lang).to_owned(),
        Fact::Field(owner, name) => i18n::field(lang, owner, name).to_owned(),
    }
}

/// What moved the wrong way in a record, in the screen's language.
pub fn moved(moved: &Moved, board: &Board, style: &Style) -> String {
    let lang = style.lang;
    match moved {
        Moved::Date { field, part, was, now } => {
            let name = i18n::field(lang, field.0, field.1);
            let name = if part.is_empty() {
                name.to_owned()
            } else {
                format!("{name} ({})", crate::text::isolate::auto(part))
            };
            let day = |day| calendar::short(day, style.calendar, lang);
            let (was, now) = (day(*was), now.map(day));
            let values = [
                ("field", name.as_str()),
                ("was", &was),
                ("now", now.as_deref().unwrap_or("—")),
            ];
            i18n::tf_screen(lang, "change.date", &values)
        }
        Moved::Fell { field, step, was, now } => {
            let mut name = i18n::field(lang, field.0, field.1).to_owned();
            if let Some(step) = step {
                name = format!("{name} ({})", word_name(lang, "figure", step.as_str()));
            }
            let figure = |n: &f64| match field.1 {
                "capital" | "spent" => number::money_rial(*n as i64, style.money, lang),
                _ => said(&Fact::Number(*n), board, style),
            };
            let values = [("field", name.as_str()), ("was", &figure(was)), ("now", &figure(now))];
            i18n::tf_screen(lang, "change.fell", &values)
        }
    }
}

/// What became of a record, in one line: what moved the wrong way first, then every field that says something else.
pub fn change(change: &RecordChange, old: &Board, new: &Board, style: &Style) -> String {
    let of = |board: &Board| board.record(change.kind, change.id.as_str());
    match change.fate {
        Fate::Appeared => of(new).map_or_else(String::new, |record| summary(&record, new, style)),
        Fate::Vanished => of(old).map_or_else(String::new, |record| summary(&record, old, style)),
        Fate::Changed => {
            let Some(record) = of(new) else { return String::new() };
            if change.fields.iter().all(|field| field.name == "updated") {
                return i18n::t(style.lang, "change.only-updated").to_owned();
            }
            let mut parts: Vec<String> = change.moved.iter().map(|one| moved(one, new, style)).collect();
            // When it was looked after says nothing of what changed.
            let fields = change.fields.iter().filter(|field| field.name != "updated");
            parts.extend(fields.map(|field| {
                let name = self::field(style.lang, change.kind, &field.name);
                format!("{name}: {}", was_and_is(field, &record, new, style))
            }));
            parts.join(if style.lang == Lang::Fa { "؛ " } else { "; " })
        }
    }
}

/// What a field was and what it is; of a list that only grew, what was added.
pub fn was_and_is(change: &FieldChange, record: &Record, board: &Board, style: &Style) -> String {
    let said = |json: &Value| {
        let owner = if record.kind() == Kind::Measure && change.name == "readings" {
            "reading"
        } else {
            part(&change.name)
        };
        match (json, columns::column(record.kind(), &change.name)) {
            (Value::Null, _) => "—".to_owned(),
            // A word or a reference is called by its name, an amount has its unit.
            (Value::String(text), Some(column)) => named(column, text, board, style),
            (Value::Number(n), Some(column)) if column.value == columns::ValueKind::Money => n
                .as_i64()
                .map_or_else(|| n.to_string(), |n| number::money_rial(n, style.money, style.lang)),
            (json, _) => json_value(owner, &change.name, json, board, style),
        }
    };
    if let (Value::Array(was), Value::Array(now)) = (&change.was, &change.now)
        && let Some(added) = now.strip_prefix(was.as_slice())
    {
        let added: Vec<String> = added.iter().map(said).collect();
        let added = added.join(if style.lang == Lang::Fa { "؛ " } else { "; " });
        return i18n::tf_screen(style.lang, "change.added", &[("added", &added)]);
    }
    let values = [("was", said(&change.was)), ("now", said(&change.now))];
    i18n::tf_screen(
        style.lang,
        "change.field",
        &values.each_ref().map(|(n, v)| (*n, v.as_str())),
    )
}

fn named(column: &columns::Column, text: &str, board: &Board, style: &Style) -> String {
    let lang = style.lang;
    match column.value {
        columns::ValueKind::Word { prefix, .. } => word_name(lang, prefix, text).to_owned(),
        columns::ValueKind::County => board.county_name(text, lang).to_owned(),
        columns::ValueKind::Link => Kind::ALL
            .iter()
            .find(|kind| board.contains(**kind, text))
            .map_or_else(|| text.to_owned(), |kind| board.name_of(*kind, text, lang).to_string()),
        columns::ValueKind::Day => match calendar::parse_date(text) {
            Ok(day) => calendar::short(day, style.calendar, lang),
            Err(_) => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// What a group of initiatives is called: a kind, a county, a sector, or those that name none.
pub fn group_name(board: &Board, by: By, key: Option<&str>, lang: Lang) -> String {
    match (by, key) {
        (By::Kind, Some(kind)) => word_name(lang, InitiativeKind::PREFIX, kind).to_owned(),
        (By::County, Some(county)) => board.county_name(county, lang).to_owned(),
        (By::Sector, Some(sector)) => sector.to_owned(),
        (By::County, None) => i18n::t(lang, "county.none").to_owned(),
        (_, None) => i18n::t(lang, "part.none").to_owned(),
    }
}

/// By which term one finding stands above another, with the values of both.
pub fn ranked(above: &Finding, below: &Finding, board: &Board, style: &Style) -> String {
    let lang = style.lang;
    let name = |finding: &Finding| {
        let title = i18n::t(lang, finding.title_key());
        format!(
            "{title}: {}",
            crate::text::isolate::auto(&subject(board, finding.kind, &finding.id, lang))
        )
    };
    let day = |finding: &Finding| {
        let since = finding.since.map(|day| calendar::short(day, style.calendar, lang));
        since.unwrap_or_default()
    };
    let severity = |finding: &Finding| i18n::t(lang, finding.severity.name_key()).to_owned();
    let (key, a, b) = match Term::between(above, below) {
        Some(Term::Severity) => ("rank.severity", severity(above), severity(below)),
        Some(Term::Dated) => ("rank.dated", day(above), String::new()),
        Some(Term::Since) => ("rank.since", day(above), day(below)),
        Some(Term::Kind) => (
            "rank.kind",
            i18n::t(lang, above.kind.name_key()).to_owned(),
            i18n::t(lang, below.kind.name_key()).to_owned(),
        ),
        Some(Term::Id) => ("rank.id", above.id.to_string(), below.id.to_string()),
        Some(Term::Rule) | None => ("rank.rule", above.rule.to_owned(), below.rule.to_owned()),
    };
    let values = [("above", name(above)), ("below", name(below)), ("a", a), ("b", b)];
    i18n::tf_screen(
        lang,
        key,
        &values.each_ref().map(|(name, value)| (*name, value.as_str())),
    )
}

/// The title of a field of a kind.
pub fn field(lang: Lang, kind: Kind, name: &str) -> &str {
    i18n::field(lang, kind.as_str(), name)
}

/// The record a field refers to, when it names one that exists: its kind and id.
pub fn reference(board: &Board, record: &Record, name: &str) -> Option<(Kind, Id)> {
    let mut found = None;
    crate::board::references(record, |field, target, id| {
        if field.name() == name && found.is_none() {
            found = target
                .kinds()
                .iter()
                .find(|kind| board.contains(**kind, id.as_str()))
                .map(|kind| (*kind, id.clone()));
        }
    });
    found
}

/// The parts a field's list consists of, by the catalogue's name of the part.
fn part(name: &str) -> &'static str {
    match name {
        "duties" => "duty",
        "expert" => "expert",
        "visits" => "visit",
        "follow_ups" => "follow_up",
        "indicators" => "indicator",
        "milestones" => "milestone",
        "outreach" => "outreach",
        "path" => "path",
        "readings" => "progress",
        _ => "",
    }
}

/// True for a field whose value is made of objects of its own.
fn has_parts(name: &str) -> bool {
    !part(name).is_empty() || matches!(name, "agenda" | "obstacles" | "evidence")
}

/// A field of a record as one line of text; a list's element is given on its own.
pub fn value(record: &Record, name: &str, json: &Value, board: &Board, style: &Style) -> String {
    // What a list shows and what a page shows is the same value, written the same way; a list only counts the parts of a
    // field that has parts.
    if !has_parts(name)
        && let Some(column) = columns::column(record.kind(), name).filter(|c| c.origin == columns::Origin::Field)
    {
        let text = (column.get)(board, record).format(board, style);
        if !text.is_empty() {
            return text;
        }
    }
    let owner = if record.kind() == Kind::Measure && name == "readings" {
        "reading"
    } else {
        part(name)
    };
    json_value(owner, name, json, board, style)
}

fn json_value(owner: &str, name: &str, json: &Value, board: &Board, style: &Style) -> String {
    let lang = style.lang;
    match json {
        Value::Null => String::new(),
        Value::Bool(flag) => i18n::t(lang, if *flag { "word.yes" } else { "word.no" }).to_owned(),
        Value::Number(n) => n
            .as_f64()
            .map_or_else(|| n.to_string(), |n| number::decimal(n, 2, lang)),
        Value::String(text) => string(owner, name, text, board, style),
        Value::Array(items) => {
            let owner = match (owner, part(name)) {
                ("indicator", "path" | "progress") => "reading",
                (_, part) => part,
            };
            let items: Vec<String> = items
                .iter()
                .map(|item| json_value(owner, name, item, board, style))
                .collect();
            items.join(if lang == Lang::Fa { "؛ " } else { "; " })
        }
        Value::Object(map) => object(owner, name, map, board, style),
    }
}

fn string(owner: &str, name: &str, text: &str, board: &Board, style: &Style) -> String {
    let lang = style.lang;
    match (owner, name) {
        ("follow_up", "step") => word_name(lang, "step", text).to_owned(),
        ("duty", "state") => word_name(lang, "state.duty", text).to_owned(),
        ("indicator", "direction") => word_name(lang, "trend", text).to_owned(),
        ("duty", "measure") => board.measure_title(text, lang).to_owned(),
        ("outreach", "by") => board.body_name(text, lang).to_owned(),
        _ => match calendar::parse_date(text) {
            Ok(day) => calendar::short(day, style.calendar, lang),
            Err(_) => text.to_owned(),
        },
    }
}

fn object(owner: &str, name: &str, map: &Map<String, Value>, board: &Board, style: &Style) -> String {
    let lang = style.lang;
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    // A text of the data in one or two languages.
    let (fa, en) = (text("fa"), text("en"));
    if fa.or(en).is_some() && map.keys().all(|key| key == "fa" || key == "en") {
        let (first, second) = if lang == Lang::Fa { (fa, en) } else { (en, fa) };
        return first.or(second).unwrap_or_default().to_owned();
    }
    let is_figure = map.keys().all(|key| Figure::FIELDS.contains(&key.as_str()));
    let mut parts = Vec::new();
    if is_figure {
        for step in Step::ALL {
            if let Some(n) = map.get(step.as_str()).and_then(Value::as_f64) {
                let step = i18n::find(lang, &format!("figure.{}", step.as_str())).unwrap_or(step.as_str());
                // The one figure that is money names its unit like every amount.
                let said = match name {
                    "capital" => number::money_rial(n as i64, style.money, lang),
                    _ => number::decimal(n, 2, lang),
                };
                parts.push(format!("{step} {said}"));
            }
        }
    } else {
        for (key, value) in map.iter().filter(|(key, _)| *key != "id") {
            let said = json_value(owner, key, value, board, style);
            // The day and the name of a part need no title: they are what one looks for.
            let bare = matches!(key.as_str(), "on" | "title" | "step" | "value");
            let isolated = crate::text::isolate::auto(&said);
            parts.push(if bare {
                isolated
            } else {
                format!("{}: {isolated}", i18n::field(lang, owner, key))
            });
        }
    }
    parts.join(" · ")
}

/// One line about a record for a list of related ones: its title and what matters first for its kind.
pub fn summary(record: &Record, board: &Board, style: &Style) -> String {
    let title = columns::title(record, style.lang).into_owned();
    let keys: &[&str] = match record.kind() {
        Kind::Project => &["state", "deviation"],
        Kind::Plan => &["state", "days_overdue"],
        Kind::Decision | Kind::Demand => &["state", "due"],
        Kind::Initiative => &["initiative_kind", "stage"],
        Kind::Campaign => &["campaign_kind", "state"],
        Kind::Evaluation => &["on", "score"],
        Kind::Agency => &["category"],
        Kind::Measure | Kind::Meeting | Kind::Enterprise => &[],
    };
    let mut out = crate::text::isolate::auto(&title);
    for key in keys {
        if let Some(column) = columns::column(record.kind(), key) {
            let text = (column.get)(board, record).format(board, style);
            if !text.is_empty() {
                out.push_str(" · ");
                out.push_str(&crate::text::isolate::auto(&text));
            }
        }
    }
    out
}

/// The part of a text that a wrapped line shows, without the blanks it was broken at.
pub fn part_of(text: &str, line: &crate::text::Line) -> String {
    let from = line.glyphs.iter().map(|g| g.source.start).min().unwrap_or(0) as usize;
    let to = line.glyphs.iter().map(|g| g.source.end).max().unwrap_or(0) as usize;
    text.get(from..to).unwrap_or(text).trim().to_owned()
}

/// What a finding is about, in a few words: the record's title, or whose it is where all titles are alike.
pub fn subject(board: &Board, kind: Kind, id: &Id, lang: Lang) -> String {
    match board.record(kind, id.as_str()) {
        Some(Record::Plan(plan)) => board.agency_name(plan.agency.as_str(), lang).to_owned(),
        Some(record) => columns::title(&record, lang).into_owned(),
        // One that is no more is called what it was called.
        None => match board.past() {
            Some(past) => subject(&past.board, kind, id, lang),
            None => id.to_string(),
        },
    }
}
