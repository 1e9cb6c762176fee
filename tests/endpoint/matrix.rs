//! Role × verb × kind × own or foreign agency: the whole table, each cell asked over HTTP.

use crate::harness::{Endpoint, FIXTURE, settings};
use rasad::contract::feed::Subject;
use rasad::serve::access::Role;
use serde_json::Value;

/// One record of a kind, its agency where it has one.
struct Target {
    kind: &'static str,
    id: &'static str,
    own: bool,
}

const TARGETS: &[Target] = &[
    Target {
        kind: "headquarters",
        id: "hq",
        own: false,
    },
    Target {
        kind: "measure",
        id: "m-1",
        own: false,
    },
    Target {
        kind: "project",
        id: "p-1",
        own: true,
    },
    Target {
        kind: "project",
        id: "p-2",
        own: false,
    },
    Target {
        kind: "agency",
        id: "a-1",
        own: true,
    },
    Target {
        kind: "agency",
        id: "a-2",
        own: false,
    },
    Target {
        kind: "plan",
        id: "n-1",
        own: true,
    },
    Target {
        kind: "plan",
        id: "n-2",
        own: false,
    },
    Target {
        kind: "enterprise",
        id: "e-1",
        own: false,
    },
    Target {
        kind: "meeting",
        id: "t-1",
        own: false,
    },
    Target {
        kind: "decision",
        id: "c-1",
        own: true,
    },
    Target {
        kind: "demand",
        id: "d-1",
        own: false,
    },
    Target {
        kind: "campaign",
        id: "k-1",
        own: false,
    },
    Target {
        kind: "evaluation",
        id: "v-1",
        own: false,
    },
    Target {
        kind: "initiative",
        id: "i-1",
        own: true,
    },
    Target {
        kind: "initiative",
        id: "i-2",
        own: false,
    },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Get,
    History,
    Create,
    Replace,
    Patch,
    Delete,
    BatchPut,
    BatchDelete,
}

const VERBS: [Verb; 8] = [
    Verb::Get,
    Verb::History,
    Verb::Create,
    Verb::Replace,
    Verb::Patch,
    Verb::Delete,
    Verb::BatchPut,
    Verb::BatchDelete,
];

/// The table, as the specification says it.
fn allowed(role: Option<Role>, verb: Verb, target: &Target) -> bool {
    let Some(role) = role else { return false };
    match (role, verb) {
        (_, Verb::Get | Verb::History) | (Role::Secretariat, _) => true,
        (Role::Viewer | Role::Admin, _) => false,
        (Role::ChamberEditor, _) => target.kind == "demand",
        (Role::AgencyEditor, Verb::Create) => target.own && target.kind == "initiative",
        (Role::AgencyEditor, Verb::Delete | Verb::BatchDelete) => target.own && target.kind == "initiative",
        (Role::AgencyEditor, Verb::Replace | Verb::Patch | Verb::BatchPut) => {
            target.own && matches!(target.kind, "plan" | "project" | "initiative")
        }
    }
}

fn ask(endpoint: &Endpoint, who: &str, verb: Verb, target: &Target, record: &Value) -> u16 {
    let tag = format!("\"{}.1\"", endpoint.epoch());
    let path = format!("/v1/{}/{}", target.kind, target.id);
    let json = ("Content-Type", "application/json");
    let noted = |id: &str| {
        let mut record = record.clone();
        record["id"] = id.into();
        record["note"] = "یادداشت".into();
        record
    };
    let batch = |operation: Value| serde_json::json!({ "operations": [operation] }).to_string();
    let response = match verb {
        Verb::Get => endpoint.get(who, &path),
        Verb::History => endpoint.get(who, &format!("{path}/history")),
        Verb::Create => {
            let new = format!("/v1/{}/new-1", target.kind);
            endpoint.send(
                who,
                "PUT",
                &new,
                &[("If-None-Match", "*"), json],
                Some(&noted("new-1").to_string()),
            )
        }
        Verb::Replace => endpoint.send(
            who,
            "PUT",
            &path,
            &[("If-Match", &tag), json],
            Some(&noted(target.id).to_string()),
        ),
        Verb::Patch => {
            let merge = ("Content-Type", "application/merge-patch+json");
            endpoint.send(
                who,
                "PATCH",
                &path,
                &[("If-Match", &tag), merge],
                Some(r#"{"note":"یادداشت"}"#),
            )
        }
        Verb::Delete => endpoint.send(who, "DELETE", &path, &[("If-Match", &tag)], None),
        Verb::BatchPut => {
            let put = serde_json::json!({ "op": "put", "kind": target.kind, "id": target.id, "if_match": tag, "obj": noted(target.id) });
            endpoint.send(who, "POST", "/v1/batch", &[json], Some(&batch(put)))
        }
        Verb::BatchDelete => {
            let del = serde_json::json!({ "op": "del", "kind": target.kind, "id": target.id, "if_match": tag });
            endpoint.send(who, "POST", "/v1/batch", &[json], Some(&batch(del)))
        }
    };
    response.status
}

#[test]
fn every_cell_of_the_table_is_as_the_specification_says() {
    let kinds: Vec<String> = Subject::known().map(|kind| kind.to_string()).collect();
    assert!(
        kinds
            .iter()
            .all(|kind| TARGETS.iter().any(|target| target.kind == kind))
    );
    let roles: Vec<Option<Role>> = Role::ALL.into_iter().map(Some).chain([None]).collect();
    let (mut cells, mut wrong) = (0, Vec::new());
    let reader = Endpoint::start();
    for target in TARGETS {
        let record = reader
            .get("viewer", &format!("/v1/{}/{}", target.kind, target.id))
            .json();
        for role in &roles {
            let who = role.map_or("nobody", Role::as_str);
            for verb in VERBS {
                if verb == Verb::Create && target.kind == "headquarters" {
                    // There is one headquarters only.
                    continue;
                }
                cells += 1;
                let permitted = allowed(*role, verb, target);
                // Whoever may not write cannot have changed the store, so it serves for the next cell.
                let status = if permitted {
                    ask(
                        &Endpoint::with(&crate::harness::as_it_is, &settings(), FIXTURE),
                        who,
                        verb,
                        target,
                        &record,
                    )
                } else {
                    ask(&reader, who, verb, target, &record)
                };
                let refused = if role.is_none() { 401 } else { 403 };
                let right = if permitted {
                    (200..300).contains(&status)
                } else {
                    status == refused
                };
                if !right {
                    wrong.push(format!(
                        "{who} {verb:?} {} {} (own: {}): {status}",
                        target.kind, target.id, target.own
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cells, (TARGETS.len() * VERBS.len() - 1) * roles.len());
    assert_eq!(
        reader.get("viewer", "/v1").json()["head"],
        1,
        "a refused write wrote something"
    );
}
