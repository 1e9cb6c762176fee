use super::super::disk::{Chunks, put_chunk, put_names, take_names};
use super::*;
use crate::contract::clean::is_clean;

/// Only what could have come in: clean texts, and what JSON can say where a record is kept as JSON.
fn comes_in(record: &Initiative) -> bool {
    let visits = record.outreach.iter().filter_map(|visit| visit.result.as_ref());
    let texts = visits.chain(&record.sector).chain(&record.note).chain([&record.title]);
    let clean = texts.flat_map(Text::wordings).all(is_clean);
    let words = [
        record.initiative_kind.as_str(),
        record.stage.as_str(),
        record.origin.as_str(),
    ];
    clean && words.into_iter().all(is_clean) && (!has_extra(record) || travels(record))
}

fn packed(records: Vec<Initiative>) -> Table {
    let mut table = Table::default();
    records
        .iter()
        .filter(|record| comes_in(record))
        .for_each(|record| drop(table.put(record)));
    table
}

fn written(table: &Table) -> (Vec<u8>, Vec<u8>) {
    let (mut names, mut chunks) = (Vec::new(), Vec::new());
    put_names(&mut names, table.names());
    table.chunks().for_each(|chunk| put_chunk(&mut chunks, chunk));
    (names, chunks)
}

fn read(names: &[u8], mut chunks: &[u8]) -> Option<Table> {
    let names = Arc::new(take_names(names)?);
    let mut reader = Chunks::of(&names);
    let mut table = Table::new(Arc::clone(&names), []);
    while !chunks.is_empty() {
        table.append(Arc::new(reader.take(&mut chunks, &names)?)).ok()?;
    }
    Some(table)
}

/// Everything anybody asks of a table, asked of one that was accepted.
fn answers(table: &Table) {
    let mut before: Option<Id> = None;
    for place in table.places() {
        let id = table.id(place).unwrap();
        assert!(before.is_none_or(|before| before.counted(&id).is_lt()));
        assert_eq!(table.find(id.as_str()), Some(place));
        assert_eq!(table.at(place).unwrap().id, id);
        let chunk = table.chunk(place.chunk).unwrap();
        let _ = (
            chunk.updated(place.row, table.names()),
            chunk.figures(place.row, table.names()),
        );
        assert!(chunk.title(place.row, table.names()).is_some());
        before = Some(id);
    }
    // There is one way of writing it.
    let (_, bytes) = written(table);
    let mut copy = Table::new(Arc::clone(table.names()), []);
    let mut rest = bytes.as_slice();
    let mut reader = Chunks::of(table.names());
    while let Some(chunk) = reader.take(&mut rest, table.names()) {
        copy.append(Arc::new(chunk)).unwrap();
    }
    assert!(rest.is_empty() && copy.chunks().eq(table.chunks()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_table_is_read_as_it_was_written(records in prop::collection::vec(record(), 0..60)) {
        let table = packed(records);
        let (names, chunks) = written(&table);
        let again = read(&names, &chunks).unwrap();
        prop_assert!(again.iter().eq(table.iter()));
        prop_assert!(again.chunks().eq(table.chunks()));
        answers(&again);
    }

    #[test]
    fn what_was_changed_or_cut_is_refused_or_a_table_like_any_other(
        records in prop::collection::vec(record(), 1..6),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 200),
        wild in prop::collection::vec((any::<prop::sample::Index>(), any::<u32>()), 100),
    ) {
        let (names, chunks) = written(&packed(records));
        prop_assume!(!chunks.is_empty());
        for (at, bit) in flips {
            let (mut names, mut chunks) = (names.clone(), chunks.clone());
            let at = at.index(names.len() + chunks.len());
            *names.iter_mut().chain(&mut chunks).nth(at).unwrap() ^= 1 << bit;
            read(&names, &chunks).iter().for_each(answers);
        }
        // A length, a place or a number may become anything.
        for (at, n) in wild {
            let mut chunks = chunks.clone();
            let at = at.index(chunks.len());
            for (slot, byte) in chunks[at..].iter_mut().zip(n.to_le_bytes()) {
                *slot = byte;
            }
            read(&names, &chunks).iter().for_each(answers);
        }
        for len in 1..chunks.len() {
            prop_assert!(read(&names, &chunks[..len]).is_none());
        }
        for len in 0..names.len() {
            prop_assert!(read(&names[..len], &chunks).is_none());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(names in prop::collection::vec(any::<u8>(), 0..80), chunks in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Some(names) = take_names(&names) {
            let _ = Chunks::of(&names).take(&mut chunks.as_slice(), &names);
        }
        let names = Names::default();
        let _ = Chunks::of(&names).take(&mut chunks.as_slice(), &names);
    }
}

fn one(id: &str, title: &str) -> Initiative {
    let json = serde_json::json!({"id": id, "initiative_kind": "other", "title": title, "stage": "identified", "origin": "new", "county": "c"});
    serde_json::from_value(json).unwrap()
}

/// What the checksum of a container cannot see, for it was written so: each is refused by a guard of its own.
#[test]
fn a_chunk_nobody_could_have_built_is_refused() {
    let table = packed(vec![one("a-1", "یک"), one("a-2", "دو")]);
    let names = table.names();
    let good = (**table.chunk(0).unwrap()).clone();
    let is_taken = |chunk: &Chunk| {
        let mut bytes = Vec::new();
        put_chunk(&mut bytes, chunk);
        Chunks::of(names).take(&mut bytes.as_slice(), names).is_some()
    };
    let spoilt = |how: &dyn Fn(&mut Chunk)| {
        let mut chunk = good.clone();
        how(&mut chunk);
        assert_ne!(chunk, good);
        !is_taken(&chunk)
    };
    assert!(is_taken(&good));
    assert!(spoilt(&|c| c.ids.bytes.reverse()), "ids out of order");
    assert!(spoilt(&|c| c.prefix = "-".into()), "no id");
    assert!(spoilt(&|c| c.prefix = "a".repeat(64).into()), "too long an id");
    let reversed =
        |numbers: &Numbers| Numbers::of(&numbers.iter().collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>());
    assert!(spoilt(&|c| c.ids.ends = reversed(&c.ids.ends)), "ends out of order");
    assert!(spoilt(&|c| c.codes[0].rows[1] = 1), "a place behind the list");
    assert!(spoilt(&|c| c.codes[0].names = Box::new([Sym(99)])), "a name nobody has");
    assert!(
        spoilt(&|c| c.codes[3].names = Box::new([Sym(1), Sym(1)])),
        "a name twice"
    );
    assert!(spoilt(&|c| c.days[0].rows[0] = u16::MAX), "a far day that is not there");
    assert!(
        spoilt(&|c| c.days[0].far = Box::new([(0, 1)])),
        "a far day nobody asks for"
    );
    assert!(
        spoilt(&|c| {
            c.visits.ends = Numbers::of(&[1, 1]);
            c.visits.days = Box::new([20_000]);
            c.visits.by = Numbers::of(&[0]);
            c.visits.result = Numbers::of(&[0]);
            c.visits.results = Box::new([Sym::NONE]);
        }),
        "a visit of somebody who is not in the list"
    );
    assert!(spoilt(&|c| c.search.bytes[0] = 0x1E), "a mark too many");
    assert!(
        spoilt(&|c| *c.search.bytes.last_mut().unwrap() = b' '),
        "no mark at the end"
    );
    assert!(spoilt(&|c| c.search.bytes[0] = 0xFF), "no text");
    assert!(
        spoilt(&|c| c.search.bytes[0] = 0x80),
        "the end of a letter without its beginning"
    );
    assert!(spoilt(&|c| c.rest.bytes[0] |= 128), "something of a later form");
    assert!(spoilt(&|c| c.rest.bytes[0] |= 64), "no JSON");
    assert!(spoilt(&|c| c.rest.bytes[2] = 0x1B), "a title that drives the terminal");
    // And of rows in the wrong order across chunks.
    let mut wrong = Table::new(Arc::clone(names), []);
    let chunk = Arc::new(good.clone());
    assert!(wrong.append(Arc::clone(&chunk)).is_ok() && wrong.append(chunk).is_err() && wrong.len() == 2);
}

/// In memory a capital letter stands for another one: text that was never folded must not become another text.
#[test]
fn searched_texts_with_capital_letters_are_refused() {
    let (names, mut chunks) = written(&packed(vec![one("a-1", "xyz")]));
    assert!(read(&names, &chunks).is_some());
    // What is searched stands before the title itself.
    let at = memchr::memmem::find(&chunks, b"xyz").unwrap();
    chunks[at] = b'X';
    assert!(read(&names, &chunks).is_none());
}
