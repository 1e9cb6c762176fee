//! A dashboard whose file is written again and again: after thousands of readings it holds what it held after the first ones.

use crate::changes::open;
use crate::program::{Home, headquarters, record, replace};
use std::io::Write as _;
use std::time::Instant;

/// Readings after which everything is warm.
const WARM: usize = 100;

/// What memory may have grown by since then, in kilobytes: what an allocator keeps.
const MORE: u64 = 1 << 10;

/// Kilobytes held by the program itself, descriptors, threads.
fn held(pid: u32) -> (u64, usize, usize) {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    let memory = line.split_whitespace().next().unwrap().parse().unwrap();
    let count = |what: &str| std::fs::read_dir(format!("/proc/{pid}/{what}")).unwrap().count();
    (memory, count("fd"), count("task"))
}

#[test]
fn reading_again_and_again_holds_no_more_than_the_first_hundred_times() {
    let times = std::env::var("TEST_RELOADS").map_or(300, |times| times.parse().unwrap());
    let home = Home::new();
    let mut document = headquarters();
    // Enough records that one board more is seen.
    let one = document["initiatives"][0].take();
    let many = (0..300).map(|n| {
        let mut record = one.clone();
        record["id"] = format!("i-{n}").into();
        record
    });
    document["initiatives"] = many.collect();
    let path = home.file("province.json", document.to_string());
    let mut session = open(&home, &path, "en");
    session.wait_text("● file");
    session.send("4");
    let mut warm = None;
    let begun = Instant::now();
    for n in 1..=times {
        // Two records differ each time; one is on the screen and waited for, so that every reading is one. What they say comes again
        // after a while: lines that were shaped once are kept, up to some thousands.
        let text = format!("Reading {}.", n % (WARM / 2));
        record(&mut document, "agencies", "a-3")["name"]["en"] = text.as_str().into();
        document["initiatives"][n % 300]["title"] = text.as_str().into();
        replace(&path, &document);
        session.wait_text(&text);
        if n == WARM {
            session.settle();
            warm = Some(held(session.pid()));
        }
    }
    session.settle();
    let (before, after) = (warm.unwrap(), held(session.pid()));
    let _ = writeln!(
        std::io::stdout(),
        "\nsaid: {times} readings in {:.0} s: {before:?} kB, descriptors, threads after {WARM}, {after:?} at the end",
        begun.elapsed().as_secs_f64()
    );
    assert!(after.0 <= before.0 + MORE, "memory grows: {before:?}, {after:?}");
    assert!(
        after.1 <= before.1 && after.2 <= before.2,
        "descriptors or threads stay: {before:?}, {after:?}"
    );
    session.send("q");
    assert!(session.end().success());
}
