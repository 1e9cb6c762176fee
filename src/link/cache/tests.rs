#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::clock::Day;
use crate::contract::Change;
use crate::contract::feed::{KindState, Kinds};
use proptest::prelude::*;

fn board(records: usize) -> Board {
    let hq = r#"{"name":"ستاد","province":"استان","programme_year":1403,"plan_due":"1403-01-31","later":1}"#;
    let record = |n: usize| {
        let json = format!(r#"{{"id":"e{n}","name":"واحد {n}","unknown":{{"a":[1,"\u2028"]}}}}"#);
        record_of(json)
    };
    let mut board = Board::new(crate::board::Settings::default(), Day::from_days(20_000));
    board.apply(vec![
        read_row(&Subject::Headquarters, hq.to_owned(), 1, &mut Vec::new())
            .unwrap()
            .1,
        Change::Whole(Kind::Enterprise, (0..records).map(record).collect()),
    ]);
    board
}

/// A board with initiatives too, of which every hundredth has a field nobody knows.
fn with_initiatives(mut board: Board, count: usize) -> Board {
    let initiative = |n: usize| {
        let odd = if n.is_multiple_of(100) {
            r#","later":[1,"پ"]"#
        } else {
            ""
        };
        let json = format!(
            r#"{{"id":"i{n:06}","initiative_kind":"other","title":"کارگاه {n}","county":"c{}","stage":"identified","origin":"new"{odd}}}"#,
            n % 7
        );
        match read_row(&Subject::Record(Kind::Initiative), json, 1, &mut Vec::new()) {
            Some((_, Change::Put(record))) => record,
            other => panic!("{other:?}"),
        }
    };
    board.apply(vec![Change::Whole(
        Kind::Initiative,
        (0..count).map(initiative).collect(),
    )]);
    board
}

/// A record with a field nobody knows.
fn record_of(json: String) -> Record {
    match read_row(&Subject::Record(Kind::Enterprise), json, 1, &mut Vec::new()) {
        Some((_, Change::Put(record))) => record,
        other => panic!("{other:?}"),
    }
}

fn cache(dir: &tempfile::TempDir) -> Cache {
    Cache::of(dir.path(), &Source::named("https://ostan.example/")).unwrap()
}

fn kept_at(cursor: Cursor, ledger: Ledger) -> feed::Kept {
    feed::Kept {
        cursor,
        ledger,
        notes: Vec::new(),
    }
}

fn as_of() -> Timestamp {
    "2024-05-22T08:00:00Z".parse().unwrap()
}

fn read(cache: &Cache) -> io::Result<(Kept, Vec<Change>)> {
    let mut changes = Vec::new();
    let kept = cache.read(|part| {
        changes.push(match part {
            Part::Headquarters(hq) => Change::Headquarters(hq),
            Part::Whole(kind, records) => Change::Whole(kind, records),
            Part::Growing(table) => Change::Growing(table),
            Part::Problems(problems) => Change::Problems(problems.into()),
        });
    })?;
    Ok((kept, changes))
}

#[test]
fn what_is_kept_is_read_again_to_the_last_unknown_field() {
    let dir = tempfile::tempdir().unwrap();
    let board = board(PER_PART + 3);
    let mut ledger = Ledger::default();
    let enterprise = Subject::Record(Kind::Enterprise);
    let mut theirs = KindState::default();
    for (n, id) in board.ids(Kind::Enterprise).enumerate() {
        ledger.set(&enterprise, &id, Some(n as u64 + 2));
        theirs.add(id.as_str(), n as u64 + 2);
    }
    let cursor = Cursor::parse("e1.9999").unwrap();
    cache(&dir)
        .write(&board, as_of(), Some(&kept_at(cursor.clone(), ledger)), None, None)
        .unwrap();
    let (kept, changes) = read(&cache(&dir)).unwrap();
    let mut again = Board::new(crate::board::Settings::default(), board.today());
    again.apply(changes);
    assert_eq!(again.headquarters(), board.headquarters());
    assert!(again.records(Kind::Enterprise).eq(board.records(Kind::Enterprise)));
    // Every kind is whole, the empty ones too.
    assert!(Kind::ALL.iter().all(|kind| again.is_whole(*kind)));
    let feed = kept.feed.unwrap();
    assert_eq!((kept.as_of, feed.cursor), (as_of(), cursor));
    // What there is to say of the records is found again.
    assert_eq!(feed.notes.len(), board.count(Kind::Enterprise) + 1);
    assert_eq!(again.problems().len(), feed.notes.len());
    assert_eq!(
        feed.ledger.differs(&Kinds::from([("enterprise".to_owned(), theirs)])),
        None
    );
}

#[test]
fn initiatives_come_as_they_grow_then_whole_with_their_revisions_and_notes() {
    let dir = tempfile::tempdir().unwrap();
    // More than a part of the file.
    let board = with_initiatives(board(2), 30_000);
    let mut ledger = Ledger::default();
    let subject = Subject::Record(Kind::Initiative);
    let mut theirs = KindState::default();
    for (n, id) in board.ids(Kind::Initiative).enumerate() {
        ledger.set(&subject, &id, Some(n as u64 * 1_000_000_007));
        theirs.add(id.as_str(), n as u64 * 1_000_000_007);
    }
    let kept = kept_at(Cursor::parse("e1.5").unwrap(), ledger);
    cache(&dir).write(&board, as_of(), Some(&kept), None, None).unwrap();
    let (kept, changes) = read(&cache(&dir)).unwrap();
    let grown: Vec<usize> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Growing(table) => Some(table.len()),
            _ => None,
        })
        .collect();
    assert!(grown.is_sorted() && (1..30_000).contains(&grown[0]), "{grown:?}");
    let mut again = Board::new(crate::board::Settings::default(), board.today());
    again.apply(changes);
    assert!(again.records(Kind::Initiative).eq(board.records(Kind::Initiative)));
    assert!(Kind::ALL.iter().all(|kind| again.is_whole(*kind)));
    let feed = kept.feed.unwrap();
    assert_eq!(feed.notes.len(), 300 + 3);
    let theirs = Kinds::from([
        ("initiative".to_owned(), theirs),
        ("enterprise".to_owned(), {
            let mut two = KindState::default();
            (0..2).for_each(|n| two.add(&format!("e{n}"), 0));
            two
        }),
    ]);
    assert_eq!(feed.ledger.differs(&theirs), None);
    // Without a feed nothing is said of revisions.
    cache(&dir).write(&board, as_of(), None, None, None).unwrap();
    let (kept, changes) = read(&cache(&dir)).unwrap();
    assert!(kept.feed.is_none() && changes.len() > 3);
}

#[test]
fn revisions_that_are_not_those_of_the_rows_are_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(&dir);
    cache.write(&board(0), as_of(), None, None, None).unwrap();
    // Every chunk a part of its own, so that the second one waits for what may come.
    let with = |rows: usize, count: usize| {
        let board = with_initiatives(board(0), rows);
        let table = board.initiatives();
        let header = Header {
            source: cache.source.clone(),
            as_of: 0,
            cursor: Some("e.7".to_owned()),
        };
        let mut writer = Writer::new(Vec::new(), &header).unwrap();
        let mut names = Vec::new();
        crate::contract::packed::disk::put_names(&mut names, table.names());
        writer.names(&names).unwrap();
        let mut left = count;
        for (at, chunk) in (1..).zip(table.chunks()) {
            let mut bytes = Vec::new();
            crate::contract::packed::disk::put_chunk(&mut bytes, chunk);
            writer.chunks(&bytes).unwrap();
            let is_last = at == table.chunks().len();
            let of_these = if is_last { left } else { chunk.len() };
            left -= of_these;
            writer.revisions(&7u64.to_le_bytes().repeat(of_these)).unwrap();
        }
        // Over the file that is there, which is its owner's only.
        fs::write(&cache.path, writer.end().unwrap()).unwrap();
        read(&cache).map(|(kept, _)| kept.feed.unwrap().ledger)
    };
    let id = Id::new("i000002").unwrap();
    // One chunk, two of which the last waits, three of which the last two are read together, and one more.
    for rows in [3, 300, 600, 800] {
        let ledger = with(rows, rows).unwrap();
        assert_eq!(ledger.rev(&Subject::Record(Kind::Initiative), &id), Some(7));
        for other in [rows - 1, rows + 1] {
            assert!(with(rows, other).is_err(), "{other} of {rows}");
        }
    }
    assert!(with(3, 0).is_err());
}

#[test]
fn only_its_owner_can_read_it_and_what_others_could_write_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(&dir);
    cache.write(&board(1), as_of(), None, None, None).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&cache.path), mode(cache.path.parent().unwrap())), (0o600, 0o700));
    assert!(read(&cache).unwrap().0.feed.is_none());
    fs::set_permissions(&cache.path, PermissionsExt::from_mode(0o620)).unwrap();
    assert!(read(&cache).is_err());
    // Nothing but the file itself is left in its directory.
    assert_eq!(fs::read_dir(cache.path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn one_source_never_shows_anothers_data() {
    let dir = tempfile::tempdir().unwrap();
    let ours = cache(&dir);
    ours.write(&board(1), as_of(), None, None, None).unwrap();
    let other = Cache::of(dir.path(), &Source::named("https://other.example/")).unwrap();
    assert!(read(&other).is_err());
    fs::rename(&ours.path, &other.path).unwrap();
    assert!(read(&other).is_err());
    for none in [Source::Sample, Source::named("-")] {
        assert!(Cache::of(dir.path(), &none).is_none());
    }
}

#[test]
fn every_flipped_bit_every_cut_and_every_added_byte_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(&dir);
    cache
        .write(
            &with_initiatives(board(3), 2),
            as_of(),
            Some(&kept_at(Cursor::parse("e1.5").unwrap(), Ledger::default())),
            None,
            None,
        )
        .unwrap();
    let good = fs::read(&cache.path).unwrap();
    let is_refused = |bytes: &[u8]| {
        fs::write(&cache.path, bytes).unwrap();
        read(&cache).is_err()
    };
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            assert!(is_refused(&bytes), "byte {at}, bit {bit}");
        }
        assert!(is_refused(&good[..at]), "cut at {at}");
    }
    assert!(is_refused(&[&good[..], b"x"].concat()));
    assert!(!is_refused(&good));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), with_magic in any::<bool>()) {
        let dir = tempfile::tempdir().unwrap();
        let cache = cache(&dir);
        cache.write(&board(1), as_of(), None, None, None).unwrap();
        let magic: &[u8] = if with_magic { b"RASAD-2\n" } else { b"" };
        fs::write(&cache.path, [magic, &bytes].concat()).unwrap();
        prop_assert!(read(&cache).is_err());
    }
}
