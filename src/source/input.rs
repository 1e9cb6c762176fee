//! Plain or compressed: told by the first bytes, never by the name.

use crate::contract::{Problem, What, clean};
use std::io::{self, Cursor, Read};

/// Bytes looked at to tell a compressed stream.
const HEAD: usize = 4;

/// The text behind an input: decompressed as a stream when its first bytes say so.
///
/// # Errors
/// Whatever reading the first bytes gives.
pub(super) fn text<'a>(mut input: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut head = Vec::with_capacity(HEAD);
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let whole = Cursor::new(head.clone()).chain(input);
    Ok(match head.as_slice() {
        [0x1F, 0x8B, ..] => Box::new(Decoding(flate2::read::MultiGzDecoder::new(whole))),
        // A frame, or a skippable one before it.
        [0x28, 0xB5, 0x2F, 0xFD] | [0x50..=0x5F, 0x2A, 0x4D, 0x18] => {
            Box::new(Decoding(zstd::stream::read::Decoder::new(whole)?))
        }
        _ => Box::new(whole),
    })
}

/// A decoder whose complaints about the stream can be told from those of the disk.
struct Decoding<R>(R);

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::Interrupted => error,
            _ if error.raw_os_error().is_some() => error,
            _ => io::Error::new(io::ErrorKind::InvalidData, error),
        })
    }
}

/// What an error of reading means to a person.
pub(crate) fn problem_of(error: &io::Error) -> Problem {
    Problem::fatal(match error.kind() {
        io::ErrorKind::UnexpectedEof => What::CutOff,
        io::ErrorKind::InvalidData => What::BadCompression(clean::excerpt(&error.to_string())),
        io::ErrorKind::NotFound => What::NotFound,
        io::ErrorKind::PermissionDenied => What::Permission,
        io::ErrorKind::IsADirectory => What::Directory,
        _ => What::Io(clean::excerpt(&error.to_string())),
    })
}

/// The problem of a document of more bytes than it may have.
pub(super) fn too_long(limit: u64) -> Problem {
    Problem::fatal(What::TooLarge {
        limit,
        setting: "source.max_bytes".into(),
    })
}
