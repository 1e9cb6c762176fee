//! The same request again and again on some connections.

use super::http;
use super::{Args, at};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// `to=ADDRESS path=/… connections=32 seconds=5 status=200`
pub async fn run(args: &Args) -> io::Result<String> {
    let to = args.text("to").to_owned();
    let request: Arc<[u8]> = args.request("GET", args.text("path"), "").into();
    let status = args.number("status", 200) as u16;
    let (warm, seconds) = (Duration::from_millis(300), args.number("seconds", 5));
    let began = Instant::now() + warm;
    let until = began + Duration::from_secs(seconds);
    let mut tasks = Vec::new();
    for _ in 0..args.number("connections", 32) {
        let (to, request) = (to.clone(), Arc::clone(&request));
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(to).await?;
            stream.set_nodelay(true)?;
            let (mut buffer, mut times, mut bytes) = (Vec::with_capacity(64 << 10), Vec::new(), 0);
            loop {
                let sent = Instant::now();
                if sent >= until {
                    return Ok((times, bytes));
                }
                stream.write_all(&request).await?;
                let head = http::head(&mut stream, &mut buffer).await?;
                if head.status != status {
                    return Err(io::Error::other(format!("status {}", head.status)));
                }
                http::skip(&mut stream, &mut buffer, head.length).await?;
                if sent >= began {
                    times.push(sent.elapsed().as_secs_f64() * 1e3);
                    bytes += head.length;
                }
            }
        }));
    }
    let (mut times, mut bytes): (Vec<f64>, usize) = (Vec::new(), 0);
    for task in tasks {
        let (more, some) = task.await.map_err(io::Error::other)??;
        times.extend(more);
        bytes += some;
    }
    times.sort_by(f64::total_cmp);
    Ok(format!(
        "{{\"per_second\": {:.0}, \"mb_per_second\": {:.1}, \"p50_ms\": {:.3}, \"p99_ms\": {:.3}}}",
        times.len() as f64 / seconds as f64,
        bytes as f64 / 1e6 / seconds as f64,
        at(&times, 0.5),
        at(&times, 0.99),
    ))
}
