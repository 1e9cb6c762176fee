//! The whole feed from its beginning, page by page, as a dashboard reads it.

use super::Args;
use super::http;
use std::io::{self, BufRead as _};
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let at = text.find(&format!("\"{name}\":"))? + name.len() + 3;
    text[at..].split([',', '}']).next()
}

/// `to=ADDRESS readers=1`
pub async fn run(args: &Args) -> io::Result<String> {
    let began = Instant::now();
    let (mut records, mut pages, mut sent) = (0, 0, 0);
    let readers = (0..args.number("readers", 1)).map(|_| one(args));
    for outcome in futures_util::future::join_all(readers).await {
        let (more, some, bytes) = outcome?;
        records += more;
        pages += some;
        sent += bytes;
    }
    Ok(format!(
        "{{\"records\": {records}, \"pages\": {pages}, \"mb\": {:.1}, \"seconds\": {:.2}}}",
        sent as f64 / 1e6,
        began.elapsed().as_secs_f64()
    ))
}

async fn one(args: &Args) -> io::Result<(u64, u64, usize)> {
    let mut stream = TcpStream::connect(args.text("to")).await?;
    let (mut cursor, mut records, mut pages, mut sent) = ("0".to_owned(), 0, 0, 0);
    let mut buffer = Vec::new();
    loop {
        let request = args.request("GET", &format!("/v1/changes?since={cursor}"), "accept-encoding: zstd\r\n");
        stream.write_all(&request).await?;
        let head = http::head(&mut stream, &mut buffer).await?;
        if head.status != 200 {
            return Err(io::Error::other(format!("status {}", head.status)));
        }
        while buffer.len() < head.length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let body = buffer.get(..head.length).unwrap_or_default();
        sent += body.len();
        pages += 1;
        let packed = body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]);
        let plain: Box<dyn io::BufRead> = if packed {
            Box::new(io::BufReader::new(zstd::Decoder::new(body)?))
        } else {
            Box::new(body)
        };
        let mut last = String::new();
        let mut lines = 0;
        for line in plain.lines() {
            last = line?;
            lines += 1;
        }
        records += lines - 1;
        let next = field(&last, "next").ok_or_else(|| io::Error::other("no trailer"))?;
        cursor = next.trim_matches('"').to_owned();
        if field(&last, "up_to_date") == Some("true") {
            return Ok((records, pages, sent));
        }
    }
}
