//! A database on another machine: encrypted, and only with whom the address trusts. Played on a port of this one, which refuses whoever
//! speaks in the clear.

use crate::harness::{Endpoint, FIXTURE, as_it_is, runtime, settings};
use crate::stores::{PgServer, Place};
use rasad::serve::store::postgres::{BadAddress, Postgres, address};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::{Path, PathBuf};

fn authority(dir: &Path, name: &str) -> (CertifiedIssuer<'static, KeyPair>, PathBuf) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let file = dir.join(name);
    std::fs::write(&file, issuer.pem()).unwrap();
    (issuer, file)
}

#[test]
fn a_database_is_spoken_to_in_secret_and_only_with_whom_the_address_trusts() {
    let Some(server) = PgServer::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (issuer, ours) = authority(dir.path(), "our own.pem");
    let (_, theirs) = authority(dir.path(), "theirs.pem");
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let port = server.encrypt(&certificate.pem(), &key.serialize_pem());
    let ours = ours.display().to_string().replace(' ', "%20");
    let theirs = theirs.display().to_string();
    let runtime = runtime();
    let open = |host: &str, query: &str| {
        let text = format!("postgres://rasad@{host}:{port}/postgres?{query}");
        let address = address(&text, None).unwrap_or_else(|bad| panic!("{text}: {bad:?}"));
        runtime.block_on(Postgres::open(&address)).map(|_| address)
    };
    let mut good = Vec::new();
    for (host, query) in [
        ("localhost", format!("sslmode=verify-full&sslrootcert={ours}")),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={ours}")),
        ("127.0.0.1", format!("sslrootcert={ours}&sslmode=require")),
        ("127.0.0.1", "sslmode=require".to_owned()),
    ] {
        good.push(open(host, &query).unwrap_or_else(|why| panic!("{host} {query}: {why}")));
    }
    for (host, query) in [
        // In the clear, which a database on this machine may be spoken to: it is the server that refuses.
        ("localhost", String::new()),
        ("localhost", "sslmode=prefer".to_owned()),
        // Another name, another authority, one the machine does not know.
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={ours}")),
        ("localhost", format!("sslmode=verify-full&sslrootcert={theirs}")),
        ("localhost", format!("sslmode=verify-ca&sslrootcert={theirs}")),
        ("localhost", format!("sslmode=require&sslrootcert={theirs}")),
        ("localhost", "sslmode=verify-full".to_owned()),
    ] {
        assert!(open(host, &query).is_err(), "{host} {query}");
    }
    // An endpoint over it, with its listener: what is written is read.
    let endpoint = Endpoint::at(Place::in_database(good.remove(0)), &as_it_is, &settings(), FIXTURE);
    assert_eq!(endpoint.get("viewer", "/v1/document").status, 200);
}

#[test]
fn an_address_beyond_this_machine_must_ask_for_encryption() {
    let dir = tempfile::tempdir().unwrap();
    let (_, root) = authority(dir.path(), "root.pem");
    let root = root.display();
    let far = |query: &str| address(&format!("postgres://rasad@db.example/hq?{query}"), None).map(drop);
    for clear in [
        "",
        "sslmode=disable",
        "sslmode=allow",
        "sslmode=prefer",
        "connect_timeout=3",
    ] {
        assert_eq!(far(clear), Err(BadAddress::Remote), "{clear}");
    }
    assert_eq!(far(&format!("sslmode=verify-full&sslrootcert={root}")), Ok(()));
    assert_eq!(far("sslmode=require"), Ok(()));
    let words = format!("host=db.example user=rasad dbname=hq sslmode=verify-ca sslrootcert={root}");
    assert_eq!(address(&words, None).map(drop), Ok(()));
    // What is misspelt, missing or empty is said, not passed over.
    std::fs::write(dir.path().join("empty.pem"), "").unwrap();
    let empty = dir.path().join("empty.pem");
    for wrong in [
        "sslmode=verify_full".to_owned(),
        "sslmode=verify-ca".to_owned(),
        "sslmode=verify-full&sslrootcert=/none/such.pem".to_owned(),
        format!("sslmode=verify-full&sslrootcert={}", empty.display()),
    ] {
        assert!(matches!(far(&wrong), Err(BadAddress::Wrong(_))), "{wrong}");
    }
    let secret = address("postgres://rasad:word@db.example/hq?sslmode=require", None).map(drop);
    assert_eq!(secret, Err(BadAddress::Secret));
}
