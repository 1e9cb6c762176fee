//! A stream of server-sent events, taken apart as its bytes come, in whatever pieces. It must not know what an event means.

use super::Garbled;

/// One event, as it stood between two empty lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// What stands behind `event:`; empty where nothing does.
    pub name: String,
    /// The lines behind `data:`, joined by line breaks.
    pub data: String,
    /// What stood behind the last `id:` of the stream; ids hold until there is another.
    pub id: String,
}

/// What is known of a stream in the middle of it.
#[derive(Debug)]
pub struct Events {
    line: Vec<u8>,
    /// The last byte ended a line by a carriage return: a line feed right behind it belongs to it.
    after_return: bool,
    begun: bool,
    event: Event,
    has_data: bool,
    id: String,
    retry: Option<u64>,
    most: usize,
}

/// What every stream may begin with.
const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Events {
    /// A stream before its first byte; no event and no line may be longer than `most` bytes.
    pub fn new(most: usize) -> Self {
        Self {
            line: Vec::new(),
            after_return: false,
            begun: false,
            event: Event::default(),
            has_data: false,
            id: String::new(),
            retry: None,
            most,
        }
    }

    /// Takes the next bytes; `out` gets every event they complete. An event the stream ends in the middle of never comes.
    ///
    /// # Errors
    /// A line or an event longer than the limit, or one that is no text: the stream is of no use any more.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<Event>) -> Result<(), Garbled> {
        while let Some(at) = memchr::memchr2(b'\n', b'\r', bytes) {
            let (head, rest) = bytes.split_at(at);
            let ends_pair =
                rest.first() == Some(&b'\n') && self.after_return && head.is_empty() && self.line.is_empty();
            self.after_return = rest.first() == Some(&b'\r');
            bytes = rest.get(1..).unwrap_or_default();
            if ends_pair {
                continue;
            }
            self.grow(head)?;
            self.end_line(out)?;
        }
        if !bytes.is_empty() {
            self.after_return = false;
        }
        self.grow(bytes)
    }

    fn grow(&mut self, bytes: &[u8]) -> Result<(), Garbled> {
        if self.line.len() + bytes.len() > self.most {
            return Err(Garbled::Long(self.most));
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self, out: &mut Vec<Event>) -> Result<(), Garbled> {
        let line = std::mem::take(&mut self.line);
        let mut rest = line.as_slice();
        if !self.begun {
            self.begun = true;
            rest = rest.strip_prefix(MARK).unwrap_or(rest);
        }
        let text = std::str::from_utf8(rest).map_err(|_| Garbled::Event)?;
        if text.is_empty() {
            let mut event = std::mem::take(&mut self.event);
            event.id.clone_from(&self.id);
            if std::mem::take(&mut self.has_data) {
                out.push(event);
            }
            // The buffer of the line is worth keeping.
            self.line = line;
            self.line.clear();
            return Ok(());
        }
        let (field, value) = text.split_once(':').unwrap_or((text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if self.event.data.len() + value.len() > self.most {
                    return Err(Garbled::Long(self.most));
                }
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.has_data = true;
                self.event.data.push_str(value);
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                self.retry = value.parse().ok();
            }
            // A comment keeps the connection awake, and what nobody knows is passed over.
            _ => {}
        }
        self.line = line;
        self.line.clear();
        Ok(())
    }

    /// The milliseconds the server last asked to be left alone before a reconnection.
    pub fn retry(&self) -> Option<u64> {
        self.retry
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use proptest::prelude::*;

    fn all(bytes: &[u8], cuts: &[usize]) -> Result<(Vec<Event>, Option<u64>), Garbled> {
        let mut events = Events::new(1 << 16);
        let mut out = Vec::new();
        let mut from = 0;
        for cut in cuts.iter().copied().chain([bytes.len()]) {
            let to = cut.clamp(from, bytes.len());
            events.push(&bytes[from..to], &mut out)?;
            from = to;
        }
        Ok((out, events.retry()))
    }

    fn event(name: &str, data: &str, id: &str) -> Event {
        Event {
            name: name.into(),
            data: data.into(),
            id: id.into(),
        }
    }

    #[test]
    fn events_are_read_as_the_standard_says() {
        for (text, expected) in [
            ("data: a\n\n", vec![event("", "a", "")]),
            ("data:a\r\n\r\n", vec![event("", "a", "")]),
            ("data: a\r\r", vec![event("", "a", "")]),
            ("data:  a\n\n", vec![event("", " a", "")]),
            (
                "event: changes\nid: e.1\ndata: a\ndata: b\n\n",
                vec![event("changes", "a\nb", "e.1")],
            ),
            ("\u{feff}data: a\n\n", vec![event("", "a", "")]),
            // Comments, unknown fields, fields without a value, an event without data.
            (
                ": heartbeat\n\nother: x\ndata\n\nevent: sync\n\n",
                vec![event("", "", "")],
            ),
            // An id holds until the next one; a name does not.
            (
                "id: 1\nevent: x\ndata: a\n\ndata: b\n\n",
                vec![event("x", "a", "1"), event("", "b", "1")],
            ),
            ("id: a\0b\ndata: a\n\n", vec![event("", "a", "")]),
            // The end came before the empty line: no event.
            ("data: a\n\ndata: b\n", vec![event("", "a", "")]),
            ("data: a\n\ndata: b", vec![event("", "a", "")]),
        ] {
            assert_eq!(all(text.as_bytes(), &[]).unwrap().0, expected, "{text:?}");
        }
        assert_eq!(all(b"retry: 2500\n\n", &[]).unwrap().1, Some(2500));
        assert_eq!(all(b"retry: 2x\nretry:\nretry: -1\n\n", &[]).unwrap().1, None);
    }

    #[test]
    fn what_is_too_long_or_no_text_ends_the_stream() {
        let long = format!("data: {}", "a".repeat(1 << 16));
        assert_eq!(all(long.as_bytes(), &[100]), Err(Garbled::Long(1 << 16)));
        let many = "data: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(1_100);
        assert_eq!(all(many.as_bytes(), &[]), Err(Garbled::Long(1 << 16)));
        assert_eq!(all(b"data: \xff\xfe\n\n", &[]), Err(Garbled::Event));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn pieces_make_no_difference(text in "[a-z:\\n\\r ]{0,60}|(data: [a-z]{0,4}(\\n|\\r\\n|\\r)){0,12}", cuts in proptest::collection::vec(0usize..80, 0..12)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            prop_assert_eq!(all(text.as_bytes(), &cuts), all(text.as_bytes(), &[]));
        }

        #[test]
        fn no_bytes_make_it_panic_and_pieces_make_no_difference(bytes in proptest::collection::vec(any::<u8>(), 0..300), cuts in proptest::collection::vec(0usize..300, 0..12)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            prop_assert_eq!(all(&bytes, &cuts), all(&bytes, &[]));
        }
    }
}
