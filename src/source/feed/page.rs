//! A page of changes, read as its bytes come, in whatever pieces: decompressed, cut into lines, each line read. A page is
//! whole or nothing: without its trailer, or with anything wrong in it, it was not sent. It must not know what a line means.

use super::Garbled;
use crate::contract::feed::{Cursor, Line, PageLine, Trailer};
use std::io::{self, Write};

/// A page that came whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its lines, in the order of their revisions.
    pub lines: Vec<Line>,
    /// What it said at its end.
    pub trailer: Trailer,
}

/// How much a page may cost.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    /// Longest line in bytes.
    pub line: usize,
    /// Longest page in bytes, both after decompression.
    pub page: u64,
}

/// A page in the middle of coming.
pub struct Reader {
    decoder: Decoder,
    /// The first bytes, until they tell whether the page is compressed.
    head: Vec<u8>,
}

enum Decoder {
    Unknown(Lines),
    Plain(Lines),
    Gzip(Box<flate2::write::MultiGzDecoder<Lines>>),
    Zstd(Box<zstd::stream::write::Decoder<'static, Lines>>),
    /// Between two of the others; never left so.
    Gone,
}

/// Bytes that tell a compressed page.
const HEAD: usize = 4;

impl Reader {
    /// A page behind a cursor, before its first byte.
    pub fn new(since: Cursor, limits: PageLimits) -> Self {
        Self {
            decoder: Decoder::Unknown(Lines::new(since, limits)),
            head: Vec::new(),
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// What makes the page useless.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Garbled> {
        if matches!(self.decoder, Decoder::Unknown(_)) {
            self.head.extend_from_slice(bytes);
            if self.head.len() < HEAD {
                return Ok(());
            }
            self.choose()?;
            let head = std::mem::take(&mut self.head);
            return self.feed(&head);
        }
        self.feed(bytes)
    }

    fn choose(&mut self) -> Result<(), Garbled> {
        let Decoder::Unknown(lines) = std::mem::replace(&mut self.decoder, Decoder::Gone) else {
            return Err(Garbled::Page);
        };
        self.decoder = match self.head.as_slice() {
            [0x1F, 0x8B, ..] => Decoder::Gzip(Box::new(flate2::write::MultiGzDecoder::new(lines))),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => {
                let decoder = zstd::stream::write::Decoder::new(lines).map_err(|_| Garbled::Page)?;
                Decoder::Zstd(Box::new(decoder))
            }
            _ => Decoder::Plain(lines),
        };
        Ok(())
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<(), Garbled> {
        let (written, lines) = match &mut self.decoder {
            Decoder::Plain(lines) | Decoder::Unknown(lines) => return lines.take(bytes),
            Decoder::Gzip(decoder) => (decoder.write_all(bytes), decoder.get_mut()),
            Decoder::Zstd(decoder) => (decoder.write_all(bytes), decoder.get_mut()),
            Decoder::Gone => return Err(Garbled::Page),
        };
        // What the lines found wrong says more than that they took no more bytes.
        match (written, lines.wrong.clone()) {
            (_, Some(wrong)) => Err(wrong),
            (Err(_), None) => Err(Garbled::Page),
            (Ok(()), None) => Ok(()),
        }
    }

    /// Lines so far.
    pub fn len(&self) -> usize {
        match &self.decoder {
            Decoder::Plain(lines) | Decoder::Unknown(lines) => lines.lines.len(),
            Decoder::Gzip(decoder) => decoder.get_ref().lines.len(),
            Decoder::Zstd(decoder) => decoder.get_ref().lines.len(),
            Decoder::Gone => 0,
        }
    }

    /// True before the first line.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The page, after its last byte.
    ///
    /// # Errors
    /// The page was cut off, or its trailer contradicts it.
    pub fn end(mut self) -> Result<Page, Garbled> {
        if matches!(self.decoder, Decoder::Unknown(_)) {
            self.choose()?;
            let head = std::mem::take(&mut self.head);
            self.feed(&head)?;
        }
        let lines = match self.decoder {
            Decoder::Plain(lines) | Decoder::Unknown(lines) => lines,
            Decoder::Gzip(decoder) => decoder.finish().map_err(|_| Garbled::Page)?,
            Decoder::Zstd(mut decoder) => {
                decoder.flush().map_err(|_| Garbled::Page)?;
                decoder.into_inner()
            }
            Decoder::Gone => return Err(Garbled::Page),
        };
        lines.end()
    }
}

/// Text cut into lines, each read at once: nothing of the text is kept.
struct Lines {
    since: Cursor,
    limits: PageLimits,
    rest: Vec<u8>,
    bytes: u64,
    lines: Vec<Line>,
    trailer: Option<Trailer>,
    wrong: Option<Garbled>,
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes)
            .map(|()| bytes.len())
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn new(since: Cursor, limits: PageLimits) -> Self {
        Self {
            since,
            limits,
            rest: Vec::new(),
            bytes: 0,
            lines: Vec::new(),
            trailer: None,
            wrong: None,
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Garbled> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone());
        }
        let taken = self.cut(bytes);
        if let Err(wrong) = &taken {
            self.wrong = Some(wrong.clone());
        }
        taken
    }

    fn cut(&mut self, mut bytes: &[u8]) -> Result<(), Garbled> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.page {
            return Err(Garbled::Long(usize::try_from(self.limits.page).unwrap_or(usize::MAX)));
        }
        while let Some(at) = memchr::memchr(b'\n', bytes) {
            let (head, rest) = bytes.split_at(at);
            bytes = rest.get(1..).unwrap_or_default();
            if self.rest.len() + head.len() > self.limits.line {
                return Err(Garbled::Long(self.limits.line));
            }
            if self.rest.is_empty() {
                self.line(head)?;
            } else {
                let mut whole = std::mem::take(&mut self.rest);
                whole.extend_from_slice(head);
                self.line(&whole)?;
            }
        }
        if self.rest.len() + bytes.len() > self.limits.line {
            return Err(Garbled::Long(self.limits.line));
        }
        self.rest.extend_from_slice(bytes);
        Ok(())
    }

    fn line(&mut self, bytes: &[u8]) -> Result<(), Garbled> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Garbled::Page)?
            .trim_end_matches('\r');
        if text.is_empty() {
            return Ok(());
        }
        // Nothing may stand behind the trailer.
        if self.trailer.is_some() {
            return Err(Garbled::Page);
        }
        match PageLine::parse(text).map_err(|_| Garbled::Page)? {
            PageLine::Trailer(trailer) => self.trailer = Some(trailer),
            PageLine::Line(line) => {
                let before = match (self.lines.last(), &self.since) {
                    (Some(last), _) => last.rev,
                    (None, Cursor::At(_, rev)) => rev + 1,
                    (None, Cursor::Beginning) => 1,
                };
                // Out of order, or what was asked to be left out.
                if line.rev < before {
                    return Err(Garbled::Page);
                }
                self.lines.push(line);
            }
        }
        Ok(())
    }

    fn end(mut self) -> Result<Page, Garbled> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        let rest = std::mem::take(&mut self.rest);
        self.line(&rest)?;
        let trailer = self.trailer.ok_or(Garbled::Page)?;
        let Cursor::At(epoch, next) = &trailer.next else {
            return Err(Garbled::Page);
        };
        let (known, same_epoch) = match &self.since {
            Cursor::At(ours, rev) => (*rev, ours == epoch),
            Cursor::Beginning => (0, true),
        };
        let last = self.lines.last().map_or(known, |line| line.rev);
        let adds_up = trailer.count == self.lines.len() as u64
            && same_epoch
            && *next >= last
            && trailer.head >= *next
            // A page that leads nowhere would be asked for again for ever.
            && (trailer.up_to_date || *next > known);
        if !adds_up {
            return Err(Garbled::Page);
        }
        Ok(Page {
            lines: self.lines,
            trailer,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use proptest::prelude::*;

    const LIMITS: PageLimits = PageLimits {
        line: 4_096,
        page: 1 << 20,
    };

    fn read(since: &str, bytes: &[u8], cuts: &[usize]) -> Result<Page, Garbled> {
        let mut reader = Reader::new(Cursor::parse(since).unwrap(), LIMITS);
        let mut from = 0;
        for cut in cuts.iter().copied().chain([bytes.len()]) {
            let to = cut.clamp(from, bytes.len());
            reader.push(&bytes[from..to])?;
            from = to;
        }
        reader.end()
    }

    fn page(lines: usize) -> String {
        let mut out = String::new();
        for rev in 1..=lines {
            out += &format!(
                "{{\"rev\":{rev},\"kind\":\"enterprise\",\"id\":\"e{rev}\",\"op\":\"put\",\"obj\":{{\"id\":\"e{rev}\",\"name\":\"واحد\"}}}}\n"
            );
        }
        out + &format!("{{\"next\":\"e.{lines}\",\"head\":{lines},\"up_to_date\":true,\"count\":{lines}}}\n")
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_page_is_read_plain_and_compressed() {
        let text = page(20);
        let zstd = zstd::stream::encode_all(text.as_bytes(), 3).unwrap();
        for bytes in [
            text.as_bytes().to_vec(),
            gzip(text.as_bytes()),
            zstd,
            text.replace('\n', "\r\n").into_bytes(),
        ] {
            let page = read("0", &bytes, &[]).unwrap();
            assert_eq!((page.lines.len(), page.trailer.count), (20, 20));
        }
        let unended = text.trim_end();
        assert_eq!(read("0", unended.as_bytes(), &[]).unwrap().lines.len(), 20);
    }

    #[test]
    fn a_page_cut_off_anywhere_is_none() {
        let text = page(8);
        for form in [
            text.clone().into_bytes(),
            gzip(text.as_bytes()),
            zstd::stream::encode_all(text.as_bytes(), 3).unwrap(),
        ] {
            let least = if form == text.as_bytes() { 2 } else { 1 };
            for len in 0..=form.len() - least {
                assert!(read("0", &form[..len], &[]).is_err(), "{len} of {}", form.len());
            }
        }
    }

    #[test]
    fn a_trailer_that_contradicts_its_page_discards_it() {
        let line = |rev: u64| format!("{{\"rev\":{rev},\"kind\":\"plan\",\"id\":\"a\",\"op\":\"del\"}}\n");
        let trailer = |next: &str, head: u64, done: bool, count: u64| {
            format!("{{\"next\":\"{next}\",\"head\":{head},\"up_to_date\":{done},\"count\":{count}}}\n")
        };
        let good = line(5) + &line(6) + &trailer("e.6", 9, false, 2);
        assert!(read("e.4", good.as_bytes(), &[]).is_ok());
        for (what, bad) in [
            ("count", line(5) + &trailer("e.5", 9, false, 2)),
            ("order", line(6) + &line(5) + &trailer("e.6", 9, false, 2)),
            ("known already", line(4) + &trailer("e.5", 9, false, 1)),
            ("epoch", line(5) + &trailer("f.5", 9, false, 1)),
            ("next before the last line", line(6) + &trailer("e.5", 9, false, 1)),
            ("head before next", line(5) + &trailer("e.5", 4, true, 1)),
            ("leads nowhere", trailer("e.4", 9, false, 0)),
            ("begins anew", trailer("0", 9, true, 0)),
            ("something behind it", line(5) + &trailer("e.5", 5, true, 1) + &line(6)),
            ("two of them", trailer("e.4", 4, true, 0) + &trailer("e.4", 4, true, 0)),
            (
                "no line of ours",
                "{\"rev\":5}\n".to_owned() + &trailer("e.5", 5, true, 1),
            ),
            ("no JSON", "<html>\n".to_owned()),
        ] {
            assert_eq!(read("e.4", bad.as_bytes(), &[]), Err(Garbled::Page), "{what}");
        }
        assert!(read("e.4", trailer("e.4", 4, true, 0).as_bytes(), &[]).is_ok());
    }

    #[test]
    fn a_page_that_swells_or_a_line_without_end_is_given_up_early() {
        let zeros = vec![b' '; 64 << 20];
        for bomb in [
            gzip(&zeros),
            zstd::stream::encode_all(zeros.as_slice(), 3).unwrap(),
            zeros[..8_192].to_vec(),
        ] {
            assert!(matches!(read("0", &bomb, &[]), Err(Garbled::Long(_))));
        }
        let newlines = vec![b'\n'; 2 << 20];
        assert_eq!(read("0", &newlines, &[]), Err(Garbled::Long(1 << 20)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn pieces_make_no_difference(lines in 0usize..12, form in 0usize..3, damage in proptest::option::of((0usize..600, any::<u8>())), cuts in proptest::collection::vec(0usize..900, 0..10)) {
            let text = page(lines);
            let mut bytes = match form {
                0 => text.into_bytes(),
                1 => gzip(text.as_bytes()),
                _ => zstd::stream::encode_all(text.as_bytes(), 3).unwrap(),
            };
            if let Some((at, byte)) = damage && let Some(slot) = bytes.get_mut(at) {
                *slot = byte;
            }
            let mut cuts = cuts;
            cuts.sort_unstable();
            let (one, other) = (read("0", &bytes, &cuts), read("0", &bytes, &[]));
            prop_assert_eq!(one.is_ok(), other.is_ok());
            if let (Ok(one), Ok(other)) = (one, other) {
                prop_assert_eq!(one, other);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), cuts in proptest::collection::vec(0usize..400, 0..8)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let _ = read("0", &bytes, &cuts);
            let mut magic = vec![0x28, 0xB5, 0x2F, 0xFD];
            magic.extend_from_slice(&bytes);
            let _ = read("0", &magic, &cuts);
            magic[..2].copy_from_slice(&[0x1F, 0x8B]);
            let _ = read("0", &magic, &cuts);
        }
    }
}
