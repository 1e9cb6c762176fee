//! The whole document at the newest revision, made once for each revision and coding, however many ask for it.

use super::answer::Coding;
use super::store::{Head, Row, Store, Trouble};
use crate::contract::feed::{Epoch, Rev, Subject};
use crate::contract::{Kind, VERSION};
use bytes::Bytes;
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// zstd level of what is kept: dense enough, and several hundred megabytes a second.
const ZSTD_LEVEL: i32 = 3;

/// A document of one moment.
pub(super) struct Document {
    pub(super) epoch: Epoch,
    pub(super) rev: Rev,
    packed: Bytes,
    /// Bytes before packing.
    pub(super) len: u64,
    /// Other codings, made when first asked for.
    other: Mutex<HashMap<Coding, Bytes>>,
}

impl Document {
    /// The document in a coding; packing anew is work, so this is called where work may block.
    pub(super) fn coded(&self, coding: Coding) -> io::Result<Bytes> {
        if coding == Coding::Zstd {
            return Ok(self.packed.clone());
        }
        let mut other = self.other.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = other.get(&coding) {
            return Ok(bytes.clone());
        }
        let mut plain = zstd::Decoder::new(&*self.packed)?;
        let bytes: Bytes = match coding {
            Coding::Gzip => {
                let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                io::copy(&mut plain, &mut out)?;
                out.finish()?.into()
            }
            _ => {
                let mut out = Vec::with_capacity(usize::try_from(self.len).unwrap_or(0));
                io::copy(&mut plain, &mut out)?;
                out.into()
            }
        };
        other.insert(coding, bytes.clone());
        Ok(bytes)
    }
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

    fn of(&self, head: &Head) -> Option<Arc<Document>> {
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
    out: zstd::Encoder<'static, Vec<u8>>,
    len: u64,
    kind: Option<smol_str::SmolStr>,
    headquarters: bool,
    failed: Option<io::Error>,
}

impl Writer {
    fn new() -> io::Result<Self> {
        let mut writer = Self {
            out: zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?,
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

    fn end(mut self) -> io::Result<Option<(Bytes, u64)>> {
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
        Ok(Some((self.out.finish()?.into(), self.len)))
    }
}
