//! The JSON Schema of a whole document, generated from the types; `config/schema.json` is its printed form.

use super::{Headquarters, Kind, VERSION};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Where the schema says it is published; the address is a name, nothing is fetched.
const ID: &str = "urn:rasad:document:1";

/// The schema of a document of this version (JSON Schema, draft 2020-12).
pub fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut properties = Map::new();
    properties.insert(
        "rasad".into(),
        json!({ "const": VERSION, "description": "Version of the contract." }),
    );
    properties.insert(
        "headquarters".into(),
        generator.subschema_for::<Headquarters>().to_value(),
    );
    macro_rules! kinds {
        ($($kind:ident $type:ident $field:ident),*) => {$(
            let item = generator.subschema_for::<super::$type>();
            let list = json!({ "type": ["array", "null"], "items": item });
            properties.insert(Kind::$kind.plural().into(), list);
        )*};
    }
    super::kind::for_each_kind!(kinds);
    let mut definitions = generator.take_definitions(true);
    for definition in definitions.values_mut() {
        lists_may_be_absent(definition);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "rasad document, version 1",
        "description": "Members outside this list are allowed and reported as notes.",
        "type": "object",
        "required": ["rasad", "headquarters"],
        "properties": properties,
        "$defs": definitions,
    })
}

/// A list may be left out when it is empty, and `null` counts as missing; the generator cannot know either.
fn lists_may_be_absent(definition: &mut Value) {
    let mut absent = Vec::new();
    if let Some(properties) = definition.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, schema) in properties {
            if schema.get("type").and_then(Value::as_str) == Some("array") {
                absent.push(name.clone());
                if let Some(schema) = schema.as_object_mut() {
                    schema.insert("type".into(), json!(["array", "null"]));
                }
            }
        }
    }
    if let Some(required) = definition.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !absent.iter().any(|absent| name == absent));
    }
}

/// The schema as it is printed and kept.
pub fn printed() -> String {
    let mut out = serde_json::to_string_pretty(&document()).unwrap_or_default();
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::contract::Record;

    fn accepts(document: &Value) -> Result<(), String> {
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.add_resource(ID, super::document()).unwrap();
        let index = compiler.compile(ID, &mut schemas).unwrap();
        schemas.validate(document, index).map_err(|error| error.to_string())
    }

    fn document() -> Value {
        json!({
            "rasad": 1,
            "headquarters": {
                "name": {"fa": "ستاد", "en": "Headquarters"}, "province": "آذربایجان شرقی", "programme_year": 1403,
                "plan_due": "1403-01-31", "counties": [{"id": "tabriz", "name": "تبریز", "tile": [3, 4]}],
                "ladder": [{"step": "reminder", "after_days": 1}], "x-own": true
            },
            "measures": [{"id": "m", "number": 1, "title": "", "pillar": "another", "lead": "a", "updated": "2024-05-01T08:00:00Z",
                "indicators": [{"id": "i", "title": "", "unit": "نفر", "direction": "up", "readings": [{"on": "1403-02-01", "value": 3.5}]}]}],
            "projects": [{"id": "p", "measure": "m", "agency": "a", "title": "", "state": "done", "physical": 130, "budget": 5, "jobs": {"claimed": 3}}],
            "agencies": [{"id": "a", "name": "", "category": "driver", "expert": {"post": "کارشناس"}}],
            "plans": null,
            "budgets": []
        })
    }

    #[test]
    fn the_kept_schema_is_the_generated_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/schema.json");
        if std::env::var_os("TEST_REGENERATE").is_some() {
            std::fs::write(path, printed()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == printed(),
            "config/schema.json is old: run this test with TEST_REGENERATE=1"
        );
    }

    #[test]
    fn a_document_with_everything_in_it_is_accepted() {
        assert_eq!(accepts(&document()), Ok(()));
    }

    #[test]
    fn what_no_reader_may_accept_is_refused() {
        let bad: [(&str, Value); 9] = [
            ("/rasad", json!(2)),
            ("/headquarters/plan_due", json!("31 Farvardin")),
            ("/headquarters/programme_year", json!("1403")),
            ("/measures/0/id", json!("no spaces")),
            ("/measures/0/pillar", json!("")),
            ("/projects/0/physical", json!("12")),
            ("/projects/0/budget", json!(1.5)),
            ("/projects/0/jobs/claimed", json!([])),
            ("/agencies", json!({})),
        ];
        for (at, value) in bad {
            let mut document = document();
            *document.pointer_mut(at).unwrap() = value;
            assert!(accepts(&document).is_err(), "{at}");
        }
        for (of, field) in [("/headquarters", "name"), ("/measures/0", "lead"), ("", "headquarters")] {
            let mut document = document();
            document.pointer_mut(of).unwrap().as_object_mut().unwrap().remove(field);
            assert!(accepts(&document).is_err(), "{field}");
        }
    }

    #[test]
    fn required_in_the_schema_is_required_by_the_reader() {
        let schema = super::document();
        for &kind in Kind::ALL {
            let item = &schema["properties"][kind.plural()]["items"]["$ref"];
            let name = item.as_str().unwrap().rsplit('/').next().unwrap();
            let required: Vec<&str> = schema["$defs"][name]["required"]
                .as_array()
                .unwrap()
                .iter()
                .map(|v| v.as_str().unwrap())
                .collect();
            let mut problems = Vec::new();
            Record::read(
                kind,
                &json!({}),
                &mut crate::contract::read::Reader::new(Default::default(), &mut problems),
            );
            let missing: Vec<String> = problems.iter().map(|p| p.place.path.to_string()).collect();
            assert_eq!(missing, required, "{kind}");
        }
    }
}
