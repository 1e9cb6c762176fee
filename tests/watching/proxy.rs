//! A proxy between us and the server: asked for a tunnel, told no secret of ours, and left out where the environment says so. The
//! environment belongs to a process, so the program itself is run. Once with a proxy of our own that tells what it was asked, and once
//! with a real one, where it is installed.

use crate::tls::Authority;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A proxy that makes tunnels; what it was asked comes back.
fn proxy() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asked, requests) = channel();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let asked = asked.clone();
            std::thread::spawn(move || {
                let mut lines = BufReader::new(client.try_clone().unwrap());
                let mut request = String::new();
                while lines.read_line(&mut request).is_ok_and(|read| read > 2) {}
                let to = request.split(' ').nth(1).unwrap_or_default().to_owned();
                let _ = asked.send(request);
                let mut client = client;
                let Ok(mut server) = TcpStream::connect(&to) else {
                    let _ = write!(client, "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
                    return;
                };
                let _ = write!(client, "HTTP/1.1 200 Connection established\r\n\r\n");
                let (mut up, mut back) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut up, &mut server));
                let _ = std::io::copy(&mut back, &mut client);
                let _ = client.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    (port, requests)
}

/// Checks a document behind an address, with this environment and no other proxy in it.
fn check(address: &str, authority: &Authority, env: &[(&str, String)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rasad"));
    command
        .args(["check", address, "--lang", "en", "--ca"])
        .arg(authority.ca());
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
        .env("RASAD_TOKEN", "very-secret")
        .env("XDG_CONFIG_HOME", authority.ca().parent().unwrap())
        .envs(env.iter().cloned())
        .output()
        .unwrap()
}

fn server(authority: &Authority) -> (String, Receiver<String>) {
    authority.serve(authority.sign("localhost", |_| {}), false)
}

#[test]
fn the_proxy_of_the_environment_makes_a_tunnel_and_hears_no_secret() {
    let authority = Authority::new();
    let (address, requests) = server(&authority);
    let (port, asked) = proxy();
    let host = address
        .trim_start_matches("https://")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let through = |user: &str| ("HTTPS_PROXY", format!("http://{user}127.0.0.1:{port}"));
    for user in ["", "clerk:word@"] {
        let done = check(&address, &authority, &[through(user)]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        // Whoever asks what is there asks more than once; each time through the tunnel.
        let seen: Vec<String> = asked.try_iter().collect();
        assert!(!seen.is_empty(), "the proxy was passed by");
        for request in &seen {
            assert!(request.starts_with(&format!("CONNECT {host} HTTP/1.1")), "{request}");
            assert!(!request.contains("very-secret"), "{request}");
            assert_eq!(
                request.to_lowercase().contains("proxy-authorization: basic"),
                !user.is_empty(),
                "{request}"
            );
        }
        assert!(requests.try_iter().all(|request| request.contains("very-secret")));
    }
    // Left out where the environment says so.
    let done = check(
        &address,
        &authority,
        &[through(""), ("NO_PROXY", "localhost".to_owned())],
    );
    assert!(done.status.success() && asked.try_recv().is_err());
    // A proxy that is not there, or makes no tunnel: said, and not gone around.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let done = check(&address, &authority, &[("HTTPS_PROXY", format!("http://{gone}"))]);
    assert_eq!(done.status.code(), Some(2), "{}", String::from_utf8_lossy(&done.stdout));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = format!("https://localhost:{}/hq.json", closed.port());
    let done = check(&nowhere, &authority, &[through("")]);
    assert_eq!(done.status.code(), Some(2), "{}", String::from_utf8_lossy(&done.stdout));
    assert!(!format!("{done:?}").contains("very-secret"));
}

#[test]
fn this_machine_is_spoken_to_in_the_clear_without_a_proxy() {
    let authority = Authority::new();
    let (port, asked) = proxy();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hq.json", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = String::new();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            while lines.read_line(&mut request).is_ok_and(|read| read > 2) {}
            let body = r#"{"rasad":1,"headquarters":{"name":"ستاد","province":"","programme_year":1403,"plan_due":"1403-01-31"}}"#;
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    let proxy = format!("http://127.0.0.1:{port}");
    let done = check(
        &address,
        &authority,
        &[("HTTP_PROXY", proxy.clone()), ("ALL_PROXY", proxy)],
    );
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(asked.try_recv().is_err(), "the proxy heard of it");
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_real_proxy_makes_the_same_tunnel() {
    let authority = Authority::new();
    let (address, requests) = server(&authority);
    let dir = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = dir.path().join("tinyproxy.conf");
    let log = dir.path().join("log");
    let said = "LogLevel Connect\nMaxClients 20\nTimeout 60\nAllow 127.0.0.1\nBasicAuth clerk word\n";
    std::fs::write(
        &config,
        format!("Port {port}\nListen 127.0.0.1\n{said}LogFile \"{}\"\n", log.display()),
    )
    .unwrap();
    let started = Command::new("tinyproxy")
        .arg("-d")
        .arg("-c")
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(child) = started else {
        assert!(
            std::env::var_os("TEST_ALL_STORES").is_none(),
            "tinyproxy is not installed"
        );
        return;
    };
    let _ended = Ended(child);
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    let done = check(
        &address,
        &authority,
        &[("HTTPS_PROXY", format!("http://clerk:word@127.0.0.1:{port}"))],
    );
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(requests.try_iter().count() > 0);
    let heard = std::fs::read_to_string(&log).unwrap_or_default();
    assert!(heard.contains("CONNECT localhost:"), "{heard}");
    // It lets nobody through without its own password, and that is said.
    let done = check(
        &address,
        &authority,
        &[("HTTPS_PROXY", format!("http://127.0.0.1:{port}"))],
    );
    assert_eq!(done.status.code(), Some(2), "{}", String::from_utf8_lossy(&done.stdout));
}
