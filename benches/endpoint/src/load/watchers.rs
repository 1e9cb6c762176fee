//! Many streams: one event to all of them, or all of them coming back after the server was away.

use super::http;
use super::{Args, at};
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};

/// How a dashboard waits before it comes back: its very own code.
#[path = "../../../../src/source/backoff.rs"]
mod backoff;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Connections being made at once.
const AT_ONCE: usize = 64;

/// Reads the next bytes into `buffer` until it holds `what`.
async fn until(stream: &mut dyn Stream, buffer: &mut Vec<u8>, what: &[u8]) -> io::Result<()> {
    loop {
        if let Some(at) = buffer.windows(what.len()).position(|window| window == what) {
            buffer.drain(..at + what.len());
            return Ok(());
        }
        // Enough is kept for a mark that lies over two pieces.
        if buffer.len() > 4_096 {
            buffer.drain(..buffer.len() - what.len());
        }
        // Small pieces: ten thousand clients must not need more memory than the server.
        let mut piece = [0; 512];
        match stream.read(&mut piece).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => buffer.extend_from_slice(&piece[..n]),
        }
    }
}

fn tls(args: &Args) -> io::Result<Option<tokio_rustls::TlsConnector>> {
    use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};
    use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};
    if args.text("ca").is_empty() {
        return Ok(None);
    }
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(args.text("ca")).map_err(io::Error::other)?;
    roots.add(certificate).map_err(io::Error::other)?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(Arc::new(config).into()))
}

async fn connect(to: &str, tls: Option<&tokio_rustls::TlsConnector>) -> io::Result<Box<dyn Stream>> {
    let stream = TcpStream::connect(to).await?;
    Ok(match tls {
        None => Box::new(stream),
        Some(tls) => {
            let name = "localhost".try_into().map_err(io::Error::other)?;
            Box::new(tls.connect(name, stream).await?)
        }
    })
}

async fn line(lines: &mut tokio::io::Lines<BufReader<tokio::io::Stdin>>) -> io::Result<()> {
    lines.next_line().await?.map(drop).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// `to=ADDRESS path=/watch count=10000 trigger=PUT trigger_path=/… body=… mark=… type=… events=5 [ca=FILE]`
///
/// Prints `ready` when all of them stand, and begins when it is sent a line. `{n}` in the path, the body and the mark is the event's number.
pub async fn run(args: &Args) -> io::Result<String> {
    let count = args.number("count", 10_000) as usize;
    let events = args.number("events", 5) as usize;
    let request: Arc<[u8]> = args.request("GET", args.text("path"), "").into();
    let (to, tls) = (Arc::<str>::from(args.text("to")), tls(args)?);
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let (tell, mut told) = mpsc::unbounded_channel();
    let mark: Arc<str> = args.text("mark").into();
    for _ in 0..count {
        let (to, tls, request, mark) = (Arc::clone(&to), tls.clone(), Arc::clone(&request), Arc::clone(&mark));
        let (slots, tell) = (Arc::clone(&slots), tell.clone());
        tokio::spawn(async move {
            let outcome: io::Result<()> = async {
                let slot = slots.acquire().await.map_err(io::Error::other)?;
                let mut stream = connect(&to, tls.as_ref()).await?;
                stream.write_all(&request).await?;
                let mut buffer = Vec::new();
                let head = http::head(&mut *stream, &mut buffer).await?;
                if head.status != 200 {
                    return Err(io::Error::other(format!("status {}", head.status)));
                }
                until(&mut *stream, &mut buffer, b"event: sync").await?;
                drop(slot);
                let _ = tell.send(Ok(Instant::now()));
                for nth in 0..events {
                    until(&mut *stream, &mut buffer, mark.replace("{n}", &nth.to_string()).as_bytes()).await?;
                    let _ = tell.send(Ok(Instant::now()));
                }
                // Open until the end, so that the last event is counted like the first.
                std::future::pending().await
            }
            .await;
            if let Err(error) = outcome {
                let _ = tell.send(Err(error));
            }
        });
    }
    let mut all = async || -> io::Result<Vec<Instant>> {
        let mut times = Vec::with_capacity(count);
        while times.len() < count {
            let next = tokio::time::timeout(Duration::from_secs(120), told.recv()).await;
            let next = next.map_err(|_| io::Error::other(format!("only {} of {count}", times.len())))?;
            times.push(next.ok_or(io::ErrorKind::UnexpectedEof)??);
        }
        Ok(times)
    };
    let began = Instant::now();
    all().await?;
    let opened = began.elapsed().as_secs_f64();
    println!("ready");
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    line(&mut lines).await?;
    let mut trigger = connect(&to, tls.as_ref()).await?;
    let mut out = format!("{{\"opened_s\": {opened:.2}, \"events\": [");
    for nth in 0..events {
        // A quiet moment, so that nothing of the event before is left.
        tokio::time::sleep(Duration::from_millis(700)).await;
        let body = args.text("body").replace("{n}", &nth.to_string());
        let more = format!("content-type: {}\r\ncontent-length: {}\r\n", args.text("type"), body.len());
        let mut request = args.request(args.text("trigger"), &args.text("trigger_path").replace("{n}", &nth.to_string()), &more);
        request.extend_from_slice(body.as_bytes());
        let sent = Instant::now();
        trigger.write_all(&request).await?;
        let mut buffer = Vec::new();
        let head = http::head(&mut *trigger, &mut buffer).await?;
        if head.status >= 300 {
            return Err(io::Error::other(format!("status {} {}", head.status, String::from_utf8_lossy(&buffer))));
        }
        http::skip(&mut *trigger, &mut buffer, head.length).await?;
        let mut times: Vec<f64> =
            all().await?.into_iter().map(|at| at.duration_since(sent).as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let comma = if nth > 0 { ", " } else { "" };
        let _ = write!(
            out,
            "{comma}{{\"first\": {:.1}, \"p50\": {:.1}, \"p99\": {:.1}, \"last\": {:.1}}}",
            at(&times, 0.0),
            at(&times, 0.5),
            at(&times, 0.99),
            at(&times, 1.0)
        );
    }
    out += "]}";
    Ok(out)
}

/// `to=ADDRESS path=/v1/watch count=1000`: every stream waits and comes back as a dashboard does.
///
/// Prints `ready` when all are live; the server is restarted when a line is sent, and the times are counted from then on.
pub async fn restart(args: &Args) -> io::Result<String> {
    let count = args.number("count", 1_000) as usize;
    let to: Arc<str> = args.text("to").into();
    let request = args.request("GET", args.text("path"), "");
    let request: Arc<str> = String::from_utf8_lossy(&request).into_owned().into();
    let (tell, mut told) = mpsc::unbounded_channel();
    let relisted = Arc::new(AtomicUsize::new(0));
    let refused = Arc::new(AtomicUsize::new(0));
    for nth in 0..count {
        let (to, request, tell) = (Arc::clone(&to), Arc::clone(&request), tell.clone());
        let (relisted, refused) = (Arc::clone(&relisted), Arc::clone(&refused));
        tokio::spawn(async move {
            // Not all at once at the beginning either.
            tokio::time::sleep(Duration::from_millis((nth as u64) * 2)).await;
            let mut backoff = backoff::Backoff::new((Duration::from_secs(1), Duration::from_secs(30)));
            let mut cursor: Option<String> = None;
            loop {
                let ended = stay(&to, &request, &mut cursor, &tell, &mut backoff).await;
                let wait = match ended {
                    Ok(Ended::Bye(wait)) => wait,
                    Ok(Ended::Gone) => {
                        relisted.fetch_add(1, Ordering::Relaxed);
                        cursor = None;
                        backoff.wait(random(), None)
                    }
                    Ok(Ended::Refused(asked)) => {
                        refused.fetch_add(1, Ordering::Relaxed);
                        backoff.wait(random(), asked)
                    }
                    Err(_) => backoff.wait(random(), None),
                };
                tokio::time::sleep(wait).await;
            }
        });
    }
    for _ in 0..count {
        told.recv().await;
    }
    println!("ready");
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    line(&mut lines).await?;
    let began = Instant::now();
    // Heartbeats of the old server do not count: told() speaks of a new stream's first sync only.
    let mut times = Vec::new();
    while times.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(90), told.recv()).await;
        let Ok(Some(at)) = next else { break };
        times.push(Instant::duration_since(&at, began).as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(format!(
        "{{\"back\": {}, \"p50_s\": {:.2}, \"p95_s\": {:.2}, \"all_s\": {:.2}, \"relisted\": {}, \"refused\": {}}}",
        times.len(),
        at(&times, 0.5),
        at(&times, 0.95),
        at(&times, 1.0),
        relisted.load(Ordering::Relaxed),
        refused.load(Ordering::Relaxed),
    ))
}

enum Ended {
    Bye(Duration),
    Gone,
    Refused(Option<Duration>),
}

fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish()
}

async fn stay(
    to: &str,
    request: &str,
    cursor: &mut Option<String>,
    tell: &mpsc::UnboundedSender<Instant>,
    backoff: &mut backoff::Backoff,
) -> io::Result<Ended> {
    let mut stream = TcpStream::connect(to).await?;
    let mut request = request.to_owned();
    if let Some(cursor) = cursor {
        request.truncate(request.len() - 2);
        let _ = write!(request, "last-event-id: {cursor}\r\n\r\n");
    }
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    let answer = http::head(&mut stream, &mut head).await?;
    match answer.status {
        200 => {}
        410 => return Ok(Ended::Gone),
        _ => return Ok(Ended::Refused(None)),
    }
    let mut lines = BufReader::new(io::Cursor::new(head).chain(stream)).lines();
    let (mut event, mut synced) = (String::new(), false);
    // A silent line for 45 seconds is given up.
    while let Some(line) = tokio::time::timeout(Duration::from_secs(45), lines.next_line()).await?? {
        if let Some(name) = line.strip_prefix("event: ") {
            name.clone_into(&mut event);
        } else if let Some(id) = line.strip_prefix("id: ") {
            *cursor = Some(id.to_owned());
        } else if let Some(data) = line.strip_prefix("data: ") {
            match event.as_str() {
                "sync" if !synced => {
                    synced = true;
                    backoff.reset();
                    let _ = tell.send(Instant::now());
                }
                "reset" => return Ok(Ended::Gone),
                "bye" => {
                    let at = data.find("\"retry_ms\":").map_or(0, |at| at + 11);
                    let ms: String = data[at..].chars().take_while(char::is_ascii_digit).collect();
                    return Ok(Ended::Bye(Duration::from_millis(ms.parse().unwrap_or(1_000))));
                }
                _ => {}
            }
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
