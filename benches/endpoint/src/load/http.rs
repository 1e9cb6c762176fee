//! As much of HTTP/1.1 as a measurement needs.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The head of an answer.
pub struct Head {
    pub status: u16,
    pub length: usize,
}

/// Reads the head of an answer into `buffer` (emptied first); what came behind it stays in `buffer`.
pub async fn head(stream: &mut (impl AsyncRead + Unpin + ?Sized), buffer: &mut Vec<u8>) -> io::Result<Head> {
    buffer.clear();
    more_head(stream, buffer).await
}

/// The same, where something of the answer is in `buffer` already.
pub async fn more_head(stream: &mut (impl AsyncRead + Unpin + ?Sized), buffer: &mut Vec<u8>) -> io::Result<Head> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|value| value.trim().parse().ok())
                .unwrap_or(0);
            buffer.drain(..end + 4);
            return Ok(Head { status, length });
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Reads and throws away a body of which `buffer` holds the beginning.
pub async fn skip(stream: &mut (impl AsyncRead + Unpin + ?Sized), buffer: &mut Vec<u8>, length: usize) -> io::Result<()> {
    let mut left = length.saturating_sub(buffer.len());
    buffer.clear();
    let mut space = vec![0; (256 << 10).min(left.max(1))];
    while left > 0 {
        let most = left.min(space.len());
        match stream.read(&mut space[..most]).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => left -= n,
        }
    }
    Ok(())
}
