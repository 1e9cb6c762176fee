//! Secure connections: who is trusted, who is refused, and that each refusal is told in one plain sentence.

use rasad::contract::Problem;
use rasad::source::http::Http;
use rasad::source::{Access, Failure, Interrupt, Limits, Secret, Stop, Token};
use rasad::text::Lang;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

const DOCUMENT: &str =
    r#"{"rasad":1,"headquarters":{"name":"ستاد","province":"","programme_year":1403,"plan_due":"1403-01-31"}}"#;

/// An authority of our own, in a directory.
pub struct Authority {
    dir: tempfile::TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Self {
            dir: tempfile::tempdir().unwrap(),
            issuer,
        };
        std::fs::write(authority.ca(), authority.issuer.pem()).unwrap();
        authority
    }

    pub fn ca(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// A certificate for a name, changed as `with` says, and its key.
    pub fn sign(&self, name: &str, with: impl FnOnce(&mut CertificateParams)) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        with(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate, key)
    }

    /// A server with this certificate; it wants one of this authority itself when `mutual`. What it was asked comes back.
    pub fn serve(&self, (certificate, key): (rcgen::Certificate, KeyPair), mutual: bool) -> (String, Receiver<String>) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = if mutual {
            let mut roots = RootCertStore::empty();
            roots.add(self.issuer.der().clone()).unwrap();
            ServerConfig::builder()
                .with_client_cert_verifier(WebPkiClientVerifier::builder(roots.into()).build().unwrap())
        } else {
            ServerConfig::builder().with_no_client_auth()
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("https://localhost:{}/hq.json", listener.local_addr().unwrap().port());
        let (asked, requests) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(connection, stream);
                let mut request = String::new();
                let mut lines = BufReader::new(&mut stream);
                while lines.read_line(&mut request).is_ok_and(|read| read > 2) {}
                if asked.send(request).is_err() {
                    return;
                }
                let length = DOCUMENT.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{DOCUMENT}"
                );
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        (address, requests)
    }
}

fn fetch(address: &str, access: &Access) -> Result<(), Box<Problem>> {
    let problem = |stop| match stop {
        Stop::Problem(problem) => problem,
        Stop::Cancelled => panic!("nobody called it off"),
    };
    let mut http = Http::new(address, access, Interrupt::default()).map_err(problem)?;
    match http.fetch(&Limits::default(), &mut |_| ControlFlow::Continue(())) {
        Ok(_) => Ok(()),
        Err(Failure::Stop(stop)) => Err(problem(stop)),
        Err(Failure::Unreachable(problem, _) | Failure::Unauthorised(problem)) => Err(problem),
    }
}

fn slug(result: Result<(), Box<Problem>>) -> &'static str {
    match result {
        Ok(()) => "let in",
        Err(problem) => {
            for lang in [Lang::Fa, Lang::En] {
                assert!(!problem.sentence(lang).contains("fault."), "{}", problem.sentence(lang));
            }
            problem.slug()
        }
    }
}

#[test]
fn an_authority_of_ones_own_is_trusted_and_no_other() {
    let (ours, others) = (Authority::new(), Authority::new());
    let (address, requests) = ours.serve(ours.sign("localhost", |_| {}), false);
    let with = |authority: &Authority| Access {
        ca: Some(authority.ca()),
        token: Token::Given(Secret::new("sesame"), "RASAD_TOKEN"),
        ..Access::default()
    };
    assert_eq!(slug(fetch(&address, &with(&ours))), "let in");
    assert!(
        requests
            .recv()
            .unwrap()
            .to_lowercase()
            .contains("authorization: bearer sesame")
    );
    assert_eq!(slug(fetch(&address, &with(&others))), "unknown-authority");
    assert_eq!(slug(fetch(&address, &Access::default())), "unknown-authority");
    // Whoever was not trusted heard nothing of the token.
    assert!(requests.recv().is_ok_and(|heard| heard.is_empty()));
}

#[test]
fn a_certificate_that_is_old_early_or_anothers_is_told_apart() {
    let ours = Authority::new();
    let access = Access {
        ca: Some(ours.ca()),
        ..Access::default()
    };
    let expired = ours.sign("localhost", |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    assert_eq!(
        slug(fetch(&ours.serve(expired, false).0, &access)),
        "certificate-expired"
    );
    let early = ours.sign("localhost", |params| {
        params.not_before = date_time_ymd(2090, 1, 1);
        params.not_after = date_time_ymd(2091, 1, 1);
    });
    assert_eq!(slug(fetch(&ours.serve(early, false).0, &access)), "certificate-not-yet");
    let other = ours.sign("elsewhere.example", |_| {});
    assert_eq!(slug(fetch(&ours.serve(other, false).0, &access)), "wrong-name");
}

#[test]
fn a_client_certificate_opens_where_one_is_wanted() {
    use std::os::unix::fs::PermissionsExt;
    let ours = Authority::new();
    let (address, _requests) = ours.serve(ours.sign("localhost", |_| {}), true);
    let (certificate, key) = ours.sign("viewer", |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    let file = |name: &str, text: String| {
        let path = ours.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path
    };
    let mut access = Access {
        ca: Some(ours.ca()),
        certificate: Some(file("viewer.pem", certificate.pem())),
        key: Some(file("viewer.key", key.serialize_pem())),
        ..Access::default()
    };
    assert_eq!(slug(fetch(&address, &access)), "let in");
    std::fs::set_permissions(access.key.as_ref().unwrap(), PermissionsExt::from_mode(0o644)).unwrap();
    assert_eq!(slug(fetch(&address, &access)), "readable-by-others");
    access.key = None;
    assert_eq!(slug(fetch(&address, &access)), "half-identity");
    access.certificate = None;
    assert_eq!(slug(fetch(&address, &access)), "handshake");
    access.ca = Some(file("empty.pem", String::new()));
    assert_eq!(slug(fetch(&address, &access)), "not-pem");
    access.ca = Some(ours.dir.path().join("none.pem"));
    assert_eq!(slug(fetch(&address, &access)), "access-file");
}
