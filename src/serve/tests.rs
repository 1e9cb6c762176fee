#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::accept::{json, merge, record};
use super::access::{Denied, Identity, Role, may_write, protected};
use super::route::Route;
use crate::contract::feed::Subject;
use crate::contract::{Id, Kind, Record, clean};
use crate::text::Lang;
use proptest::prelude::*;
use serde_json::{Value, json};

fn who(role: Role) -> Identity {
    let agency = (role == Role::AgencyEditor).then(|| Id::new("a-1").unwrap());
    Identity {
        token: "t".into(),
        name: "n".into(),
        role,
        agency,
        expires: None,
    }
}

/// Any value for a field: missing, null, empty, or one of few, so that two records often agree.
fn any_value() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        Just(Some(json!([]))),
        Just(Some(json!("1403-05-01"))),
        Just(Some(json!(7))),
        Just(Some(json!({ "approved": 1 }))),
        Just(Some(json!({ "claimed": 1, "verified": 2 }))),
        Just(Some(json!([{ "title": "x", "due": "1403-05-01" }]))),
        Just(Some(json!([{ "title": "y", "due": "1403-05-01" }, { "title": "x" }]))),
    ]
}

fn any_record(kind: Kind) -> impl Strategy<Value = Value> {
    let fields: Vec<&str> = protected(kind)
        .iter()
        .map(|field| field.split('.').next().unwrap())
        .collect();
    let owner = if kind == Kind::Initiative { "sponsor" } else { "agency" };
    let values = proptest::collection::vec(any_value(), fields.len());
    (values, prop_oneof![3 => Just("a-1"), 1 => Just("a-2")], any::<bool>()).prop_map(move |(values, agency, done)| {
        let mut map = serde_json::Map::new();
        for (field, value) in fields.iter().zip(values) {
            if let Some(value) = value {
                map.insert((*field).to_owned(), value);
            }
        }
        map.insert(owner.to_owned(), agency.into());
        map.insert("state".to_owned(), if done { "accepted" } else { "submitted" }.into());
        map.into()
    })
}

/// Everything at a place, however deep, with nothing where there is nothing.
fn at<'v>(record: &'v Value, field: &str) -> Vec<&'v Value> {
    let given = |value: &&Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    match field.split_once('.') {
        None => record.get(field).filter(given).into_iter().collect(),
        Some((outer, inner)) => match record.get(outer) {
            Some(Value::Array(items)) => items.iter().filter_map(|item| item.get(inner)).filter(given).collect(),
            Some(object) => object.get(inner).filter(given).into_iter().collect(),
            None => Vec::new(),
        },
    }
}

proptest! {
    /// Authorized: whatever an agency is allowed leaves the owner and everything that is not its to set as it was.
    #[test]
    fn an_agency_never_sets_what_is_not_its_own(
        (kind, old, new) in prop_oneof![Just(Kind::Plan), Just(Kind::Project), Just(Kind::Initiative)]
            .prop_flat_map(|kind| (Just(kind), any_record(kind), any_record(kind))),
    ) {
        let owner = if kind == Kind::Initiative { "sponsor" } else { "agency" };
        let allowed = may_write(&who(Role::AgencyEditor), &Subject::Record(kind), Some(&old), Some(&new));
        if allowed.is_ok() {
            prop_assert_eq!((&old[owner], &new[owner]), (&json!("a-1"), &json!("a-1")));
            for field in protected(kind) {
                prop_assert_eq!(at(&old, field), at(&new, field), "{}", field);
            }
            if kind == Kind::Plan {
                prop_assert!(old["state"] == new["state"] || new["state"] != "accepted");
            }
        }
        // The same change is nobody's who has no agency, and everybody's in the secretariat.
        let mut nobody = who(Role::AgencyEditor);
        nobody.agency = None;
        prop_assert_eq!(may_write(&nobody, &Subject::Record(kind), Some(&old), Some(&new)), Err(Denied::Foreign));
        prop_assert_eq!(may_write(&who(Role::Secretariat), &Subject::Record(kind), Some(&old), Some(&new)), Ok(()));
        for role in [Role::Viewer, Role::Admin, Role::ChamberEditor] {
            prop_assert_eq!(may_write(&who(role), &Subject::Record(kind), Some(&old), Some(&new)), Err(Denied::Role));
        }
    }

    /// What is kept is what every reader reads without mending, and nothing in it reaches a terminal as an order.
    #[test]
    fn what_is_kept_needs_no_mending(
        name in "[ -~آ-ی\u{200c}\u{202e}\u{7}\u{300}]{0,12}",
        note in proptest::option::of("[a-zآ-ی\u{1b}]{0,6}"),
        later in proptest::option::of("[a-z\u{2066}]{1,6}"),
    ) {
        let mut sent = json!({ "id": "e-1", "name": name });
        if let Some(note) = note { sent["note"] = note.into(); }
        if let Some(later) = later { sent["x"] = json!({ later.clone(): [later] }); }
        let id = Id::new("e-1").unwrap();
        let kind = Subject::Record(Kind::Enterprise);
        let whole = clean::is_clean(&sent.to_string().replace("\\u001b", "\u{1b}").replace("\\u0007", "\u{7}"));
        match record(&kind, &id, &sent, Lang::En) {
            Ok(text) => {
                prop_assert!(clean::is_clean(&text));
                let mut problems = Vec::new();
                let value: Value = serde_json::from_str(&text).unwrap();
                let mut at = crate::contract::read::Reader::new(Default::default(), &mut problems);
                let read = Record::read(Kind::Enterprise, &value, &mut at).unwrap();
                prop_assert_eq!(serde_json::to_string(&read).unwrap(), text.to_string());
                prop_assert!(problems.iter().all(|problem| problem.level == crate::contract::Level::Note));
            }
            Err(faults) => prop_assert!(!whole && !faults.is_empty(), "{} {:?}", sent, faults),
        }
    }

    /// No path leads anywhere but to its own spelling.
    #[test]
    fn a_route_has_one_spelling(path in "/(v1/)?([a-z0-9%./-]{0,12}/){0,3}[a-z0-9%./-]{0,12}") {
        if let Some(route) = Route::of(&path) {
            prop_assert!(!path.contains('%') && !path.contains("//") && (!path.ends_with('/')), "{} {:?}", path, route);
        }
    }
}

/// The examples of RFC 7396, appendix A.
#[test]
fn a_merge_patch_is_the_standards() {
    let cases = [
        (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
        (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
        (json!({"a":"b"}), json!({"a":null}), json!({})),
        (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
        (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
        (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
        (
            json!({"a":{"b":"c"}}),
            json!({"a":{"b":"d","c":null}}),
            json!({"a":{"b":"d"}}),
        ),
        (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
        (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
        (json!({"a":"b"}), json!(["c"]), json!(["c"])),
        (json!({"a":"foo"}), Value::Null, Value::Null),
        (json!({"a":"foo"}), json!("bar"), json!("bar")),
        (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
        (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
        (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
    ];
    for (mut target, patch, expected) in cases {
        merge(&mut target, &patch);
        assert_eq!(target, expected);
    }
}

#[test]
fn json_that_is_none_is_named_in_either_language() {
    for lang in [Lang::Fa, Lang::En] {
        let faults = json("{\"a\":1,\"a\":2}", lang).unwrap_err();
        assert_eq!(
            (faults[0].path.as_str(), faults[0].code.as_str()),
            ("a", "duplicate-field")
        );
        assert_eq!(json("{", lang).unwrap_err()[0].code, "not-json");
        assert!(json(&"[".repeat(10_000), lang).is_err());
    }
}

/// Every refusal the code can give has its words in both languages.
#[test]
fn every_refusal_has_its_words() {
    let mut slugs = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ext| ext != "rs") || path.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (before, area) in [
            ("Refusal::bad(\"", "problem"),
            ("fault_of_request(nth, \"", "fault"),
            ("fault(\"", "fault"),
        ] {
            for part in flat.split(before).skip(1) {
                let slug = part.split('"').next().unwrap();
                for lang in [Lang::Fa, Lang::En] {
                    assert!(
                        crate::i18n::find(lang, &format!("serve.{area}.{slug}")).is_some(),
                        "{slug}"
                    );
                }
                slugs += 1;
            }
        }
        for part in flat
            .split("Refusal::new( StatusCode::")
            .chain(flat.split("Refusal::new(StatusCode::"))
            .skip(1)
        {
            let Some(slug) = part.split(", \"").nth(1).and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            if !part.starts_with(|c: char| c.is_ascii_uppercase())
                || slug.contains(|c: char| !c.is_ascii_lowercase() && c != '-')
            {
                continue;
            }
            for lang in [Lang::Fa, Lang::En] {
                assert!(
                    crate::i18n::find(lang, &format!("serve.problem.{slug}")).is_some(),
                    "{slug}"
                );
            }
            slugs += 1;
        }
    }
    assert!(slugs > 20, "the scan found only {slugs}: it has gone blind");
}

#[test]
fn the_description_names_every_route_and_every_reference_leads_somewhere() {
    let document = super::openapi::document();
    let paths = document["paths"].as_object().unwrap();
    for path in paths.keys() {
        let example = path.replace("{kind}", "project").replace("{id}", "p-1");
        assert!(Route::of(&example).is_some(), "{path}");
    }
    for known in [
        "/v1",
        "/v1/document",
        "/v1/changes",
        "/v1/watch",
        "/v1/schema.json",
        "/v1/openapi.json",
        "/v1/audit",
        "/v1/batch",
        "/v1/{kind}/{id}",
        "/v1/{kind}/{id}/history",
        "/healthz",
        "/readyz",
    ] {
        assert!(paths.contains_key(known), "{known}");
    }
    fn references(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                out.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, out));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, out)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    references(&document, &mut all);
    assert!(all.len() > 40);
    for reference in all {
        assert!(
            document.pointer(reference.trim_start_matches('#')).is_some(),
            "{reference}"
        );
    }
}
