//! Sockets that begin a request and never end it, while others ask.

use super::http;
use super::{Args, at};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A socket that is still open after this is held for ever.
const EVER: Duration = Duration::from_secs(30);

/// `to=ADDRESS path=/… count=5000`
pub async fn run(args: &Args) -> io::Result<String> {
    let to: Arc<str> = args.text("to").into();
    let request: Arc<[u8]> = args.request("GET", args.text("path"), "").into();
    let count = args.number("count", 5_000);
    let began = Instant::now();
    let mut sockets = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(&*to).await?;
        sockets.push(tokio::spawn(async move {
            let opened = Instant::now();
            let mut byte = [0];
            let drip = async {
                stream.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await?;
                loop {
                    // Whatever it answers before it ends the connection does not matter.
                    match tokio::time::timeout(Duration::from_secs(1), stream.read(&mut byte)).await {
                        Ok(Ok(0)) => return Ok(()),
                        Ok(Err(error)) => return Err(error),
                        Ok(Ok(_)) => {}
                        Err(_) => stream.write_all(b"a").await?,
                    }
                }
            };
            let cut = tokio::time::timeout(EVER, drip).await;
            let _: io::Result<()> = cut.ok()?;
            Some(opened.elapsed().as_secs_f64())
        }));
    }
    let opened = began.elapsed().as_secs_f64();
    let mut times = Vec::new();
    let mut buffer = Vec::new();
    // A new connection each time: that is where a full server shows.
    while sockets.iter().any(|socket| !socket.is_finished()) {
        let sent = Instant::now();
        let mut stream = TcpStream::connect(&*to).await?;
        stream.write_all(&request).await?;
        let head = http::head(&mut stream, &mut buffer).await?;
        if head.status != 200 {
            return Err(io::Error::other(format!("status {}", head.status)));
        }
        http::skip(&mut stream, &mut buffer, head.length).await?;
        times.push(sent.elapsed().as_secs_f64() * 1e3);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut cut = Vec::new();
    let mut held = 0;
    for socket in sockets {
        match socket.await.map_err(io::Error::other)? {
            Some(after) => cut.push(after),
            None => held += 1,
        }
    }
    cut.sort_by(f64::total_cmp);
    times.sort_by(f64::total_cmp);
    Ok(format!(
        "{{\"opened_s\": {opened:.2}, \"requests\": {}, \"p50_ms\": {:.2}, \"p99_ms\": {:.2}, \"cut_s\": [{:.1}, {:.1}], \"held\": {held}}}",
        times.len(),
        at(&times, 0.5),
        at(&times, 0.99),
        at(&cut, 0.0),
        at(&cut, 1.0),
    ))
}
