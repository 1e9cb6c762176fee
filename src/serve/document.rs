//! The whole document at the newest revision, made once for each revision and coding, however many ask for it.

use super::answer::{Body, Coding};
use super::store::{Head, Row, Store, Trouble};
use super::tag::Tag;
use crate::contract::feed::{Epoch, Rev, Subject};
use crate::contract::{Kind, VERSION};
use bytes::{Buf as _, Bytes};
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, SizeHint};
use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

/// zstd level of what is kept: dense enough, and several hundred megabytes a second.
const ZSTD_LEVEL: i32 = 3;
/// What is kept is kept in pieces of at most this many bytes, so that growing it never copies it.
const PIECE: usize = 4 << 20;
/// Documents longer than this before packing are unpacked anew for whoever wants another coding, as they are sent.
const WORTH_KEEPING: u64 = 16 << 20;
/// Bytes made at once of what is made as it is sent: little enough that nobody else waits for it.
const STEP: usize = 64 << 10;

/// Packed documents of so many bytes also lie in a file in memory, which the kernel sends without copying it. For shorter ones
/// that is not worth a call, and longer ones it sends faster from ours.
pub(super) const FILED: std::ops::Range<usize> = (16 << 10)..(1 << 20) + 1;

/// A document of one moment.
pub(super) struct Document {
    pub(super) epoch: Epoch,
    pub(super) rev: Rev,
    packed: Pieces,
    /// Bytes before packing.
    pub(super) len: u64,
    /// Other codings of a short document, made when first asked for.
    other: Mutex<HashMap<Coding, Pieces>>,
}

impl Document {
    /// The document in a coding that is there already.
    pub(super) fn ready(&self, coding: Coding) -> Option<Body> {
        let pieces = if coding == Coding::Zstd {
            self.packed.clone()
        } else {
            let other = self.other.lock().unwrap_or_else(PoisonError::into_inner);
            other.get(&coding)?.clone()
        };
        Some(pieces.body())
    }

    /// The document in a coding; packing anew is work, so this is called where work may block.
    pub(super) fn coded(&self, coding: Coding) -> io::Result<Body> {
        if let Some(body) = self.ready(coding) {
            return Ok(body);
        }
        let plain = zstd::Decoder::with_buffer(self.packed.clone())?;
        let mut coded: Box<dyn Read + Send> = match coding {
            Coding::Gzip => Box::new(flate2::read::GzEncoder::new(plain, flate2::Compression::fast())),
            Coding::Identity | Coding::Zstd => Box::new(plain),
        };
        if self.len > WORTH_KEEPING {
            let len = (coding == Coding::Identity).then_some(self.len);
            return Ok(BodyExt::boxed_unsync(Unpacking { coded, len }));
        }
        let mut out = Pieces::default();
        io::copy(&mut coded, &mut out)?;
        out.end();
        out.file();
        let body = out.clone().body();
        let mut other = self.other.lock().unwrap_or_else(PoisonError::into_inner);
        other.insert(coding, out);
        Ok(body)
    }
}

impl Document {
    /// The file of a coding, and the same bytes in memory, if this is the version a tag names and they lie in one.
    pub(super) fn filed(&self, tag: &Tag, coding: Coding) -> Option<(Arc<File>, Bytes)> {
        if !tag.names(&self.epoch, self.rev) {
            return None;
        }
        let whole = |pieces: &Pieces| pieces.filed.clone().zip(pieces.whole.front().cloned());
        if coding == Coding::Zstd {
            return whole(&self.packed);
        }
        let other = self.other.lock().unwrap_or_else(PoisonError::into_inner);
        whole(other.get(&coding)?)
    }
}

/// Bytes in pieces: written once, then shared by all who send or read them.
#[derive(Clone, Default)]
struct Pieces {
    whole: VecDeque<Bytes>,
    open: Vec<u8>,
    /// The only piece once more, where that pays.
    filed: Option<Arc<File>>,
}

impl Pieces {
    fn close(&mut self) {
        let mut piece = std::mem::take(&mut self.open);
        piece.shrink_to_fit();
        self.whole.push_back(piece.into());
    }

    fn end(&mut self) {
        if !self.open.is_empty() {
            self.close();
        }
    }

    /// Puts the bytes into a file, too.
    fn file(&mut self) {
        if let [piece] = self.whole.make_contiguous()
            && FILED.contains(&piece.len())
        {
            // A system without room for it sends from our memory.
            self.filed = file_of(piece).ok().map(Arc::new);
        }
    }

    /// The file of these bytes, and where in it they begin, if they are of this piece.
    fn filed(&self, bytes: &[u8]) -> Option<(Arc<File>, u64)> {
        let (file, piece) = (self.filed.as_ref()?, self.whole.front()?);
        // As long as the piece is there, no other bytes lie where it lies.
        let at = bytes.as_ptr().addr().checked_sub(piece.as_ptr().addr())?;
        (at + bytes.len() <= piece.len()).then(|| (Arc::clone(file), at as u64))
    }

    fn body(self) -> Body {
        self.boxed_unsync()
    }

    fn len(&self) -> u64 {
        self.whole.iter().map(|piece| piece.len() as u64).sum()
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.open.capacity() == 0 {
            self.open.reserve_exact(PIECE);
        }
        let (taken, _) = bytes.split_at(bytes.len().min(PIECE - self.open.len()));
        self.open.extend_from_slice(taken);
        if self.open.len() == PIECE {
            self.close();
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.whole.front().map(Bytes::as_ref).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        if let Some(piece) = self.whole.front_mut() {
            piece.advance(count);
            if piece.is_empty() {
                self.whole.pop_front();
            }
        }
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.whole.pop_front().map(|piece| Ok(hyper::body::Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.whole.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.len())
    }
}

/// A long document in another coding, made as it is sent: nothing of it is kept.
struct Unpacking {
    coded: Box<dyn Read + Send>,
    /// Bytes still to come, where that is known.
    len: Option<u64>,
}

impl HttpBody for Unpacking {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
        let mut piece = Vec::with_capacity(STEP);
        // It comes from memory and cannot fail; were it to end early, its length or its checksum would tell.
        let _ = self.coded.by_ref().take(STEP as u64).read_to_end(&mut piece);
        self.len = self.len.map(|len| len.saturating_sub(piece.len() as u64));
        let frame = hyper::body::Frame::data(Bytes::from(piece));
        Poll::Ready(
            frame
                .data_ref()
                .is_some_and(|data| !data.is_empty())
                .then_some(Ok(frame)),
        )
    }

    fn size_hint(&self) -> SizeHint {
        self.len.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// A file that lies in memory only, and that nobody changes any more.
#[cfg(target_os = "linux")]
fn file_of(bytes: &[u8]) -> io::Result<File> {
    use rustix::fs::{MemfdFlags, SealFlags};
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = File::from(rustix::fs::memfd_create("rasad-document", flags)?);
    file.write_all(bytes)?;
    rustix::fs::fcntl_add_seals(
        &file,
        SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL,
    )?;
    Ok(file)
}

#[cfg(not(target_os = "linux"))]
fn file_of(_: &[u8]) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The newest document made, and the right to make the next one.
#[derive(Default)]
pub(super) struct Documents {
    newest: Mutex<Option<Arc<Document>>>,
    making: tokio::sync::Mutex<()>,
}

impl Documents {
    /// The newest document made, of whatever revision: what there is when the store does not answer.
    pub(super) fn newest(&self) -> Option<Arc<Document>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where these bytes also lie in a file: those of the newest document do, if it is short.
    pub(super) fn filed(&self, bytes: &[u8]) -> Option<(Arc<File>, u64)> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let document = newest.as_ref()?;
        document.packed.filed(bytes).or_else(|| {
            let other = document.other.lock().unwrap_or_else(PoisonError::into_inner);
            other.values().find_map(|pieces| pieces.filed(bytes))
        })
    }

    /// The document at `head` or newer, if it was made.
    pub(super) fn of(&self, head: &Head) -> Option<Arc<Document>> {
        self.newest()
            .filter(|document| document.epoch == head.epoch && document.rev >= head.rev)
    }

    /// The document at `head` or newer; nothing when the store has no headquarters yet.
    pub(super) async fn at(&self, head: &Head, store: &dyn Store) -> Result<Option<Arc<Document>>, Trouble> {
        if let Some(document) = self.of(head) {
            return Ok(Some(document));
        }
        let _making = self.making.lock().await;
        if let Some(document) = self.of(head) {
            return Ok(Some(document));
        }
        let writer = Arc::new(Mutex::new(Some(Writer::new().map_err(unwritable)?)));
        let taker = Arc::clone(&writer);
        let head = store
            .whole(Box::new(move |row| {
                if let Some(writer) = taker.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    writer.take(&row);
                }
            }))
            .await?;
        let writer = writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((packed, len)) = writer.map(Writer::end).transpose().map_err(unwritable)?.flatten() else {
            return Ok(None);
        };
        let document = Arc::new(Document {
            epoch: head.epoch,
            rev: head.rev,
            packed,
            len,
            other: Mutex::default(),
        });
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&document));
        Ok(Some(document))
    }
}

fn unwritable(error: io::Error) -> Trouble {
    Trouble::Unavailable(error.to_string())
}

/// Writes a document from rows as they come. The store hands them over by kind, the headquarters somewhere among them; its
/// member may stand anywhere in the object, too.
struct Writer {
    out: zstd::Encoder<'static, Pieces>,
    len: u64,
    kind: Option<smol_str::SmolStr>,
    headquarters: bool,
    failed: Option<io::Error>,
}

impl Writer {
    fn new() -> io::Result<Self> {
        let mut writer = Self {
            out: zstd::Encoder::new(Pieces::default(), ZSTD_LEVEL)?,
            len: 0,
            kind: None,
            headquarters: false,
            failed: None,
        };
        writer.put(format!("{{\"rasad\":{VERSION}").as_bytes())?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.len += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn take(&mut self, row: &Row) {
        if self.failed.is_none()
            && let Err(error) = self.write(row)
        {
            self.failed = Some(error);
        }
    }

    fn write(&mut self, row: &Row) -> io::Result<()> {
        let Some(obj) = &row.obj else { return Ok(()) };
        if self.kind.as_ref() == Some(&row.kind) {
            self.put(b",")?;
        } else {
            if self.kind.take().is_some() {
                self.put(b"]")?;
            }
            if row.kind == Subject::HEADQUARTERS {
                self.headquarters = true;
                self.put(b",\"headquarters\":")?;
                return self.put(obj.as_bytes());
            }
            let member = Kind::named(&row.kind).map_or(row.kind.as_str(), |kind| kind.plural());
            self.put(format!(",\"{member}\":[").as_bytes())?;
            self.kind = Some(row.kind.clone());
        }
        self.put(obj.as_bytes())
    }

    fn end(mut self) -> io::Result<Option<(Pieces, u64)>> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if !self.headquarters {
            return Ok(None);
        }
        if self.kind.take().is_some() {
            self.put(b"]")?;
        }
        self.put(b"}\n")?;
        let mut packed = self.out.finish()?;
        packed.end();
        packed.file();
        Ok(Some((packed, self.len)))
    }
}
