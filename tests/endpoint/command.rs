//! The commands around a store, as somebody types them.

use crate::harness::FIXTURE;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

fn rasad(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rasad"))
        .current_dir(dir)
        .env("XDG_CONFIG_HOME", dir)
        .env("XDG_STATE_HOME", dir)
        .env("XDG_CACHE_HOME", dir)
        .env_remove("PGPASSWORD")
        .args(args)
        .args(["--lang", "en"])
        .output()
        .unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn an_import_says_what_it_would_do_does_it_and_does_nothing_twice() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("hq.json"), FIXTURE).unwrap();
    let (code, out, _) = said(&rasad(dir, &["import", "hq.json", "--store", "hq.db", "--dry-run"]));
    assert!(
        code == 0 && out.contains("+ project p-1\n") && !dir.join("hq.db").exists(),
        "{out}"
    );
    let (code, out, _) = said(&rasad(dir, &["import", "hq.json", "--store", "hq.db"]));
    assert!(
        code == 0 && out.contains("Written in 1 revision; the newest is 1"),
        "{out}"
    );
    assert_eq!(
        std::fs::metadata(dir.join("hq.db")).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let (code, out, _) = said(&rasad(dir, &["import", "hq.json", "--store", "hq.db"]));
    assert!(code == 0 && !out.contains("Written"), "{out}");
    // One record changed, one gone.
    let mut document: serde_json::Value = serde_json::from_str(FIXTURE).unwrap();
    document["projects"][0]["physical"] = 45.into();
    document["projects"][0].as_object_mut().unwrap().remove("due");
    document["enterprises"] = serde_json::json!([]);
    std::fs::write(dir.join("hq.json"), document.to_string()).unwrap();
    let (_, out, _) = said(&rasad(dir, &["import", "hq.json", "--store", "hq.db", "--dry-run"]));
    assert!(
        out.contains("~ project p-1 physical, due\n") && !out.contains("- enterprise"),
        "{out}"
    );
    let (_, out, _) = said(&rasad(
        dir,
        &["import", "hq.json", "--store", "hq.db", "--dry-run", "--delete-missing"],
    ));
    assert!(out.contains("- enterprise e-1\n"), "{out}");
    let (code, out, _) = said(&rasad(
        dir,
        &["import", "hq.json", "--store", "hq.db", "--delete-missing"],
    ));
    assert!(code == 0 && out.contains("the newest is 2"), "{out}");
    let (code, out, _) = said(&rasad(dir, &["db", "check", "--store", "hq.db"]));
    assert_eq!((code, out.trim()), (0, "The store is whole"));
    let sql = "SELECT action, id FROM audit WHERE rev = 2 ORDER BY id";
    let (_, out, _) = said(&rasad(dir, &["db", "shell", "--store", "hq.db", sql]));
    assert_eq!(out, "action\tid\ndel\te-1\nput\tp-1\n");
}

#[test]
fn a_document_with_problems_is_not_imported_unless_asked() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut document: serde_json::Value = serde_json::from_str(FIXTURE).unwrap();
    document["enterprises"] = serde_json::json!([{ "id": "e-1" }, { "id": "e-2", "name": "a\u{202e}b" }]);
    std::fs::write(dir.join("hq.json"), document.to_string()).unwrap();
    let (code, _, err) = said(&rasad(dir, &["import", "hq.json", "--store", "hq.db"]));
    assert!(
        code == 1 && err.contains("2 problems") && !dir.join("hq.db").exists(),
        "{err}"
    );
    let (code, _, _) = said(&rasad(
        dir,
        &["import", "hq.json", "--store", "hq.db", "--accept-problems"],
    ));
    assert_eq!(code, 0);
    let (code, _, err) = said(&rasad(dir, &["import", "nowhere.json", "--store", "hq.db"]));
    assert!(code == 2 && err.contains("nowhere.json"), "{err}");
}

#[test]
fn a_token_is_shown_once_and_its_secret_is_kept_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let add = [
        "token",
        "add",
        "--store",
        "hq.db",
        "--name",
        "داشبورد",
        "--role",
        "viewer",
    ];
    let (code, secret, err) = said(&rasad(dir, &add));
    let secret = secret.trim();
    assert!(
        code == 0 && secret.len() == 70 && secret.starts_with("rasad_") && !err.contains(secret),
        "{err}"
    );
    let bytes = std::fs::read(dir.join("hq.db")).unwrap();
    assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    let (_, list, _) = said(&rasad(dir, &["token", "list", "--store", "hq.db"]));
    let id = list.split('\t').next().unwrap();
    assert!(
        list.contains("viewer") && list.contains("valid") && list.contains("داشبورد") && !list.contains("rasad_"),
        "{list}"
    );
    assert_eq!(said(&rasad(dir, &["token", "revoke", "--store", "hq.db", id])).0, 0);
    assert_eq!(said(&rasad(dir, &["token", "revoke", "--store", "hq.db", id])).0, 1);
    assert!(
        said(&rasad(dir, &["token", "list", "--store", "hq.db"]))
            .1
            .contains("revoked")
    );
    for wrong in [
        &["--role", "agency-editor", "--name", "x"][..],
        &["--role", "viewer", "--agency", "a-1", "--name", "x"],
        &["--role", "agency-editor", "--agency", "../x", "--name", "x"],
        &["--role", "viewer", "--name", "\u{1b}[31m"],
        &["--role", "king", "--name", "x"],
        &["--role", "viewer", "--name", "x", "--days", "0"],
    ] {
        let args: Vec<&str> = ["token", "add", "--store", "hq.db"]
            .iter()
            .chain(wrong)
            .copied()
            .collect();
        let (code, out, _) = said(&rasad(dir, &args));
        assert_eq!((code, out.as_str()), (64, ""), "{wrong:?}");
    }
}

#[test]
fn a_store_is_looked_after_without_being_changed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("hq.json"), FIXTURE).unwrap();
    said(&rasad(dir, &["import", "hq.json", "--store", "hq.db"]));
    assert_eq!(said(&rasad(dir, &["db", "backup", "--store", "hq.db", "copy.db"])).0, 0);
    assert_eq!(
        std::fs::metadata(dir.join("copy.db")).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let (code, _, err) = said(&rasad(dir, &["db", "backup", "--store", "hq.db", "copy.db"]));
    assert!(code == 1 && err.contains("--force"), "{err}");
    assert_eq!(said(&rasad(dir, &["db", "check", "--store", "copy.db"])).0, 0);
    for sql in [
        "DELETE FROM record",
        "PRAGMA journal_mode = DELETE",
        "ATTACH 'x' AS y",
        "not sql",
    ] {
        assert_eq!(
            said(&rasad(dir, &["db", "shell", "--store", "hq.db", sql])).0,
            1,
            "{sql}"
        );
    }
    // Not a store at all.
    std::fs::write(dir.join("other"), "nothing").unwrap();
    rusqlite::Connection::open(dir.join("foreign.db"))
        .unwrap()
        .execute("CREATE TABLE t (x)", [])
        .unwrap();
    for file in ["other", "foreign.db", "missing.db"] {
        let (code, _, err) = said(&rasad(dir, &["db", "check", "--store", file]));
        assert!(code == 1 && err.contains(file), "{err}");
    }
    // A damaged checksum is found.
    let db = rusqlite::Connection::open(dir.join("hq.db")).unwrap();
    db.execute("UPDATE kind_state SET sum = sum + 1 WHERE kind = 'project'", [])
        .unwrap();
    drop(db);
    let (code, _, err) = said(&rasad(dir, &["db", "check", "--store", "hq.db"]));
    assert!(code == 1 && err.contains("checksum of the kind project"), "{err}");
    // A store of a newer program is left alone.
    let db = rusqlite::Connection::open(dir.join("hq.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let (code, _, err) = said(&rasad(dir, &["import", "hq.json", "--store", "hq.db"]));
    assert!(code == 1 && err.contains("newer version"), "{err}");
}

#[test]
fn a_password_in_an_argument_and_a_database_far_away_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for store in [
        "postgres://rasad:geheim@localhost/hq",
        "postgres://rasad@db.example/hq",
        "postgres://[",
        "mysql://x/y",
    ] {
        let (code, out, err) = said(&rasad(dir.path(), &["token", "list", "--store", store]));
        assert!(
            code == 64 && out.is_empty() && !err.contains("geheim"),
            "{store}: {code} {err}"
        );
    }
    let wide = ["serve", "--store", "hq.db", "--listen", "0.0.0.0:0"];
    let (code, _, err) = said(&rasad(dir.path(), &wide));
    assert!(code == 64 && err.contains("--tls-cert"), "{err}");
}
