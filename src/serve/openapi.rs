//! The description of the endpoint for other programs (OpenAPI 3.1), put together from the contract's own types and limits.

use super::answer::{Answer, whole};
use super::{KEY_HOURS, TOMBSTONE_DAYS};
use crate::contract::feed::{
    BATCH_OPERATIONS, EVENT_STREAM, NDJSON, PAGE_LINES, PROBLEM, PROBLEM_PREFIX, SYNC_SECONDS, Subject,
};
use crate::contract::schema;
use bytes::Bytes;
use hyper::StatusCode;
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

pub(super) fn answer() -> Answer {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let bytes = TEXT
        .get_or_init(|| serde_json::to_vec_pretty(&document()).unwrap_or_default().into())
        .clone();
    whole(StatusCode::OK, "application/json", bytes)
}

/// References inside the document's schema lead to `$defs`; here they lead to the components.
fn at_home(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(to)) = map.get_mut("$ref")
                && let Some(name) = to.strip_prefix("#/$defs/")
            {
                *to = format!("#/components/schemas/{name}");
            }
            map.values_mut().for_each(at_home);
        }
        Value::Array(items) => items.iter_mut().for_each(at_home),
        _ => {}
    }
}

/// The whole description.
pub(super) fn document() -> Value {
    let mut contract = schema::document();
    at_home(&mut contract);
    let mut schemas = contract
        .get("$defs")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut records = vec![json!({ "$ref": "#/components/schemas/Headquarters" })];
    if let Some(members) = contract.get("properties").and_then(Value::as_object) {
        records.extend(members.values().filter_map(|member| member.get("items").cloned()));
    }
    schemas.insert(
        "Record".into(),
        json!({ "description": "A record, by the kind in the path.", "anyOf": records }),
    );
    schemas.insert("Problem".into(), problem());
    schemas.insert(
        "Cursor".into(),
        json!({ "type": "string", "pattern": "^(0|[a-z0-9]{1,16}\\.(0|[1-9][0-9]*))$" }),
    );
    schemas.insert("Batch".into(), batch());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "rasad endpoint", "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "List and watch. Start with changes?since=0, follow next until up_to_date, then watch. Streams send a sync every \
                 {SYNC_SECONDS} s. Deletions are remembered {TOMBSTONE_DAYS} days, idempotency keys {KEY_HOURS} hours."
            ),
        },
        "security": [{ "token": [] }],
        "paths": paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn problem() -> Value {
    json!({
        "type": "object", "required": ["type", "title", "status"],
        "properties": {
            "type": { "type": "string", "pattern": format!("^{PROBLEM_PREFIX}") }, "title": { "type": "string" },
            "status": { "type": "integer" }, "detail": { "type": "string" }, "request": { "type": "string" },
            "reason": { "enum": ["compacted", "other-epoch", "future"] }, "current": { "type": "object" },
            "errors": { "type": "array", "items": {
                "type": "object", "required": ["path", "code", "message"],
                "properties": {
                    "operation": { "type": "integer" }, "path": { "type": "string" }, "code": { "type": "string" },
                    "message": { "type": "string" },
                },
            } },
        },
    })
}

fn batch() -> Value {
    json!({
        "type": "object", "required": ["operations"], "additionalProperties": false,
        "properties": {
            "import": { "type": ["string", "null"] },
            "operations": { "type": "array", "minItems": 1, "maxItems": BATCH_OPERATIONS, "items": {
                "type": "object", "required": ["op", "kind", "id"], "additionalProperties": false,
                "properties": {
                    "op": { "enum": ["put", "del"] }, "kind": kind(), "id": { "$ref": "#/components/schemas/Id" },
                    "obj": { "$ref": "#/components/schemas/Record" }, "if_match": { "type": "string" },
                    "if_none_match": { "const": "*" },
                },
            } },
        },
    })
}

fn kind() -> Value {
    json!({ "enum": Subject::known().map(|kind| kind.as_str().to_owned()).collect::<Vec<_>>() })
}

fn parameter(name: &str, place: &str, required: bool, schema: &Value) -> Value {
    json!({ "name": name, "in": place, "required": required, "schema": schema })
}

/// The answers of a route: what it may say when it works, and the refusals everything shares.
fn answers(works: &[(u16, Option<(&str, Value)>)], refusals: &[u16]) -> Value {
    let mut out = Map::new();
    for (status, body) in works {
        let content = body
            .as_ref()
            .map(|(media, schema)| json!({ *media: { "schema": schema } }));
        let mut answer = json!({ "description": "It worked." });
        if let (Some(content), Some(answer)) = (content, answer.as_object_mut()) {
            answer.insert("content".into(), content);
        }
        out.insert(status.to_string(), answer);
    }
    for status in refusals.iter().chain(&[400, 401, 429, 503]) {
        let content = json!({ PROBLEM: { "schema": { "$ref": "#/components/schemas/Problem" } } });
        out.insert(
            status.to_string(),
            json!({ "description": "Refused.", "content": content }),
        );
    }
    out.into()
}

fn paths() -> Value {
    let object = || Some(("application/json", json!({ "type": "object" })));
    let record = || Some(("application/json", json!({ "$ref": "#/components/schemas/Record" })));
    let text = |media| Some((media, json!({ "type": "string" })));
    let get = |parameters: Vec<Value>, works: &[(u16, Option<(&str, Value)>)], refusals: &[u16]| json!({ "get": { "parameters": parameters, "responses": answers(works, refusals) } });
    let since = parameter(
        "since",
        "query",
        false,
        &json!({ "$ref": "#/components/schemas/Cursor" }),
    );
    let limit = |most: u32| {
        parameter(
            "limit",
            "query",
            false,
            &json!({ "type": "integer", "minimum": 1, "maximum": most }),
        )
    };
    let before = || parameter("before", "query", false, &json!({ "type": "integer", "minimum": 1 }));
    let kinds = parameter(
        "kinds",
        "query",
        false,
        &json!({ "type": "string", "description": "Kinds with commas between." }),
    );
    let at = parameter(
        "at",
        "query",
        true,
        &json!({
            "description": "An instant, or the cursor of a state.",
            "anyOf": [{ "type": "string", "format": "date-time" }, { "$ref": "#/components/schemas/Cursor" }],
        }),
    );
    let last = parameter(
        "Last-Event-ID",
        "header",
        false,
        &json!({ "$ref": "#/components/schemas/Cursor" }),
    );
    let of_record = || {
        vec![
            parameter("kind", "path", true, &kind()),
            parameter("id", "path", true, &json!({ "$ref": "#/components/schemas/Id" })),
        ]
    };
    let open = |media: &'static str| {
        let mut get = get(vec![], &[(200, text(media))], &[]);
        if let Some(get) = get.pointer_mut("/get").and_then(Value::as_object_mut) {
            get.insert("security".into(), json!([]));
        }
        get
    };
    let mut history = of_record();
    history.extend([before(), limit(1_000)]);
    json!({
        "/v1": get(vec![], &[(200, object())], &[]),
        "/v1/document": get(vec![], &[(200, object()), (304, None)], &[404]),
        "/v1/changes": get(vec![since.clone(), kinds, limit(PAGE_LINES)], &[(200, text(NDJSON))], &[410]),
        "/v1/past": get(vec![at, since.clone(), limit(PAGE_LINES)], &[(200, text(NDJSON))], &[410]),
        "/v1/watch": get(vec![since, last], &[(200, text(EVENT_STREAM))], &[410]),
        "/v1/schema.json": get(vec![], &[(200, Some(("application/schema+json", json!({ "type": "object" }))))], &[]),
        "/v1/openapi.json": get(vec![], &[(200, object())], &[]),
        "/v1/audit": get(vec![before(), limit(1_000)], &[(200, object())], &[403]),
        "/v1/batch": { "post": write(vec![], Some(("application/json", json!({ "$ref": "#/components/schemas/Batch" }))), &[(200, object())]) },
        "/v1/{kind}/{id}": {
            "parameters": of_record(),
            "get": { "responses": answers(&[(200, record()), (304, None)], &[404]) },
            "put": write(conditions(), record(), &[(200, record()), (201, record())]),
            "patch": write(conditions(), Some(("application/merge-patch+json", json!({ "type": "object" }))), &[(200, record())]),
            "delete": write(conditions(), None, &[(204, None)]),
        },
        "/v1/{kind}/{id}/history": get(history, &[(200, object())], &[404]),
        "/healthz": open("text/plain"),
        "/readyz": open("text/plain"),
    })
}

fn conditions() -> Vec<Value> {
    vec![
        parameter("If-Match", "header", false, &json!({ "type": "string" })),
        parameter("If-None-Match", "header", false, &json!({ "const": "*" })),
    ]
}

fn write(mut parameters: Vec<Value>, body: Option<(&str, Value)>, works: &[(u16, Option<(&str, Value)>)]) -> Value {
    let key = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
    parameters.push(parameter("Idempotency-Key", "header", false, &key));
    let refusals = [403, 404, 408, 412, 413, 415, 422, 428];
    let mut out = json!({ "parameters": parameters, "responses": answers(works, &refusals) });
    if let (Some((media, schema)), Some(out)) = (body, out.as_object_mut()) {
        out.insert(
            "requestBody".into(),
            json!({ "required": true, "content": { media: { "schema": schema } } }),
        );
    }
    out
}
