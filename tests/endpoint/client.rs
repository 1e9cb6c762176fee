//! A client that sends exactly the bytes it is told to: a well-behaved library could not send what a bad one does.

use crate::line::{Line, Trust};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// An answer, its body whole and unpacked.
#[derive(Clone, Debug, Default)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn lines(&self) -> Vec<serde_json::Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_default())
            .collect()
    }
}

/// How long any answer may take here.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
pub struct Client {
    stream: BufReader<Line>,
}

impl Client {
    pub fn connect(to: SocketAddr) -> io::Result<Self> {
        Self::trusting(to, &None)
    }

    pub fn trusting(to: SocketAddr, trust: &Trust) -> io::Result<Self> {
        let line = Line::over(TcpStream::connect(to)?, trust)?;
        Ok(Self {
            stream: BufReader::new(line),
        })
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    pub fn head(&mut self) -> io::Result<Response> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let mut response = Response {
            status: status.ok_or(io::ErrorKind::InvalidData)?,
            ..Response::default()
        };
        loop {
            let line = self.line()?;
            match line.split_once(':') {
                Some((name, value)) => response.headers.push((name.to_owned(), value.trim().to_owned())),
                None => return Ok(response),
            }
        }
    }

    fn chunk(&mut self) -> io::Result<Vec<u8>> {
        let size = usize::from_str_radix(self.line()?.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
        let mut bytes = vec![0; size];
        self.stream.read_exact(&mut bytes)?;
        self.line()?;
        Ok(bytes)
    }

    /// Reads an answer to a request that was not `HEAD`.
    pub fn response(&mut self, head_only: bool) -> io::Result<Response> {
        let mut response = self.head()?;
        if head_only || matches!(response.status, 204 | 304) {
            return Ok(response);
        }
        if response.header("transfer-encoding").is_some() {
            loop {
                let chunk = self.chunk()?;
                if chunk.is_empty() {
                    break;
                }
                response.body.extend(chunk);
            }
        } else if let Some(length) = response.header("content-length").and_then(|n| n.parse().ok()) {
            response.body = vec![0; length];
            self.stream.read_exact(&mut response.body)?;
        }
        match response.header("content-encoding") {
            Some("zstd") => response.body = zstd::decode_all(&*response.body)?,
            Some("gzip") => {
                let mut plain = Vec::new();
                flate2::read::GzDecoder::new(&*response.body).read_to_end(&mut plain)?;
                response.body = plain;
            }
            _ => {}
        }
        Ok(response)
    }

    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Option<&[u8]>,
    ) -> io::Result<Response> {
        // Who is refused while still sending hears why all the same.
        let sent = self.request(method, path, headers, body);
        self.response(method == "HEAD").or_else(|error| sent.and(Err(error)))
    }

    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Option<&[u8]>,
    ) -> io::Result<()> {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: rasad\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = body {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        text += "\r\n";
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        self.write(&bytes)
    }
}

/// An event of a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Vec<String>,
}

/// A stream being read.
pub struct Stream {
    client: Client,
    text: String,
    pub retry: Option<u64>,
}

impl Stream {
    pub fn open(to: SocketAddr, path: &str, headers: &[(String, String)]) -> io::Result<Result<Self, Response>> {
        let mut client = Client::connect(to)?;
        client.request("GET", path, headers, None)?;
        let head = client.head()?;
        if head.status != 200 {
            return Ok(Err(head));
        }
        Ok(Ok(Self {
            client,
            text: String::new(),
            retry: None,
        }))
    }

    /// The next event; nothing when the server has ended the stream.
    pub fn next(&mut self) -> io::Result<Option<Event>> {
        let began = Instant::now();
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let mut event = Event::default();
                for line in block.lines() {
                    match line.split_once(": ") {
                        Some(("event", name)) => event.name = name.to_owned(),
                        Some(("id", id)) => event.id = id.to_owned(),
                        Some(("data", data)) => event.data.push(data.to_owned()),
                        Some(("retry", ms)) => self.retry = ms.parse().ok(),
                        _ => {}
                    }
                }
                if !event.name.is_empty() {
                    return Ok(Some(event));
                }
                continue;
            }
            if began.elapsed() > PATIENCE {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let chunk = self.client.chunk()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            self.text += &String::from_utf8_lossy(&chunk);
        }
    }
}
