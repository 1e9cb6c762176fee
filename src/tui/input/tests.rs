use super::*;
use proptest::prelude::*;

fn all(bytes: &[u8]) -> Vec<Input> {
    Parser::new().feed(bytes)
}

fn settled(bytes: &[u8]) -> Vec<Input> {
    let mut parser = Parser::new();
    let mut inputs = parser.feed(bytes);
    while parser.pending().is_some() {
        inputs.extend(parser.flush());
    }
    inputs
}

fn one(bytes: &[u8]) -> Option<Chord> {
    match settled(bytes).as_slice() {
        [Input::Key(chord)] => Some(*chord),
        _ => None,
    }
}

fn is(bytes: &[u8], chord: impl Into<Chord>) {
    assert_eq!(one(bytes), Some(chord.into()), "{:?}", String::from_utf8_lossy(bytes));
}

#[test]
fn letters_of_both_alphabets_are_keys() {
    is(b"a", Key::Char('a'));
    is(b"G", Key::Char('G'));
    is("ش".as_bytes(), Key::Char('ش'));
    is("پ".as_bytes(), Key::Char('پ'));
    is("\u{200c}".as_bytes(), Key::Char('\u{200c}'));
    is("😀".as_bytes(), Key::Char('😀'));
    assert_eq!(all("رصد".as_bytes()).len(), 3);
}

#[test]
fn a_persian_letter_cut_in_two_is_one_key() {
    let mut parser = Parser::new();
    assert!(parser.feed(&[0xd8]).is_empty());
    assert_eq!(parser.pending(), None, "half a letter is no reason to wake up");
    assert_eq!(parser.feed(&[0xb4]), [key(Key::Char('ش'))]);
}

#[test]
fn control_keys() {
    is(b"\r", Key::Enter);
    is(b"\n", Key::Enter);
    is(b"\t", Key::Tab);
    is(b"\x7f", Key::Backspace);
    is(b"\x08", Key::Backspace);
    is(b"\x03", Chord::ctrl(Key::Char('c')));
    is(b"\x1a", Chord::ctrl(Key::Char('z')));
    is(b"\0", Chord::ctrl(Key::Char(' ')));
    is(b"\x1c", Chord::ctrl(Key::Char('\\')));
    is(b"\x1f", Chord::ctrl(Key::Char('_')));
}

#[test]
fn arrows_and_page_keys_in_every_dialect() {
    for (bytes, key) in [
        (&b"\x1b[A"[..], Key::Up),
        (b"\x1bOA", Key::Up),
        (b"\x1b[B", Key::Down),
        (b"\x1bOC", Key::Right),
        (b"\x1b[D", Key::Left),
        (b"\x1b[H", Key::Home),
        (b"\x1bOH", Key::Home),
        (b"\x1b[1~", Key::Home),
        (b"\x1b[7~", Key::Home),
        (b"\x1b[F", Key::End),
        (b"\x1bOF", Key::End),
        (b"\x1b[4~", Key::End),
        (b"\x1b[8~", Key::End),
        (b"\x1b[5~", Key::PageUp),
        (b"\x1b[6~", Key::PageDown),
        (b"\x1b[2~", Key::Insert),
        (b"\x1b[3~", Key::Delete),
        (b"\x1bOM", Key::Enter),
        (b"\x1bOu", Key::Char('5')),
        (b"\x9bA", Key::Up),
        (b"\x8fB", Key::Down),
    ] {
        is(bytes, key);
    }
}

#[test]
fn function_keys_in_every_dialect() {
    for (n, bytes) in (1..=12).zip([
        "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[21~",
        "\x1b[23~", "\x1b[24~",
    ]) {
        is(bytes.as_bytes(), Key::F(n));
    }
    for (n, bytes) in (1..=5).zip(["\x1b[[A", "\x1b[[B", "\x1b[[C", "\x1b[[D", "\x1b[[E"]) {
        is(bytes.as_bytes(), Key::F(n));
    }
    for (n, bytes) in (1..=4).zip(["\x1b[11~", "\x1b[12~", "\x1b[13~", "\x1b[14~"]) {
        is(bytes.as_bytes(), Key::F(n));
    }
    is(b"\x1b[R", Key::F(3));
    is(b"\x1b[1;2R", Chord::shift(Key::F(3)));
}

#[test]
fn modifiers_are_kept() {
    is(b"\x1b[1;5A", Chord::ctrl(Key::Up));
    is(b"\x1b[1;2D", Chord::shift(Key::Left));
    is(b"\x1b[1;3C", Chord::alt(Key::Right));
    is(b"\x1b[5;5~", Chord::ctrl(Key::PageUp));
    is(b"\x1b[15;2~", Chord::shift(Key::F(5)));
    is(b"\x1bO5P", Chord::ctrl(Key::F(1)));
    is(b"\x1b[a", Chord::shift(Key::Up));
    is(b"\x1bOd", Chord::ctrl(Key::Left));
    is(b"\x1b[5^", Chord::ctrl(Key::PageUp));
    is(b"\x1b[5$", Chord::shift(Key::PageUp));
    is(b"\x1b[Z", Chord::shift(Key::Tab));
    is(
        b"\x1b[1;8A",
        Chord {
            key: Key::Up,
            ctrl: true,
            alt: true,
            shift: true,
        },
    );
}

#[test]
fn alt_is_an_escape_before_the_key() {
    is(b"\x1bx", Chord::alt(Key::Char('x')));
    is("\x1bش".as_bytes(), Chord::alt(Key::Char('ش')));
    is(b"\x1b\r", Chord::alt(Key::Enter));
    is(b"\x1b\x7f", Chord::alt(Key::Backspace));
    is(b"\x1b\x1b[A", Chord::alt(Key::Up));
    is(b"\x1b[", Chord::alt(Key::Char('[')));
    is(b"\x1bO", Chord::alt(Key::Char('O')));
    is(b"\x1bP", Chord::alt(Key::Char('P')));
}

#[test]
fn kitty_keys_are_the_same_keys() {
    is(b"\x1b[97u", Key::Char('a'));
    is(b"\x1b[97;5u", Chord::ctrl(Key::Char('a')));
    is(b"\x1b[97:65;2u", Key::Char('A'));
    is(b"\x1b[1588u", Key::Char('ش'));
    is(b"\x1b[27u", Key::Esc);
    is(b"\x1b[13;2u", Chord::shift(Key::Enter));
    is(b"\x1b[57419u", Key::Up);
    is(b"\x1b[57399u", Key::Char('0'));
    is(b"\x1b[27;5;105~", Chord::ctrl(Key::Char('i')));
    assert_eq!(all(b"\x1b[97;1:3u"), [Input::Ignored], "a release is no press");
    assert_eq!(all(b"\x1b[57441u"), [Input::Ignored], "Shift alone is no key");
    assert_eq!(all(b"\x1b[113;9u"), [Input::Ignored], "Super-q is not q");
}

#[test]
fn a_lone_escape_is_the_escape_key_only_after_the_wait() {
    let mut parser = Parser::new();
    assert!(parser.feed(b"\x1b").is_empty());
    assert_eq!(parser.pending(), Some(ESCAPE_WAIT));
    assert_eq!(parser.flush(), [key(Key::Esc)]);
    assert_eq!(parser.pending(), None);
    assert_eq!(parser.feed(b"q"), [key(Key::Char('q'))]);
    assert_eq!(settled(b"\x1b\x1b\x1b"), vec![key(Key::Esc); 3], "a held Esc key");
}

#[test]
fn an_answer_torn_after_its_escape_on_a_slow_line_is_still_an_answer() {
    for answer in [
        "\x1b[?62;4c",
        "\x1b[?8;1$y",
        "\x1bP>|VTE(8001)\x1b\\",
        "\x1b]11;rgb:0/0/0\x07",
    ] {
        let (first, rest) = answer.as_bytes().split_at(1);
        let mut parser = Parser::new();
        parser.feed(first);
        assert_eq!(parser.flush(), [key(Key::Esc)]);
        let inputs = parser.feed(rest);
        assert!(
            matches!(inputs.as_slice(), [Input::Reply(_)]),
            "{answer:?} gave {inputs:?}"
        );
    }
    let mut parser = Parser::new();
    parser.feed(b"\x1bP>|VTE\x1b");
    assert_eq!(parser.flush(), [Input::Ignored]);
    assert_eq!(parser.feed(b"\\q"), [Input::Ignored, key(Key::Char('q'))]);
}

#[test]
fn a_bracket_typed_after_escape_is_a_bracket() {
    let mut parser = Parser::new();
    parser.feed(b"\x1b");
    parser.flush();
    assert!(parser.feed(b"[").is_empty());
    assert_eq!(parser.pending(), Some(ESCAPE_WAIT));
    assert_eq!(parser.flush(), [key(Key::Char('['))]);
}

#[test]
fn answers_are_read() {
    assert_eq!(all(b"\x1b[?62;22c"), [Input::Reply(Reply::Da1)]);
    assert_eq!(all(b"\x1b[?6c"), [Input::Reply(Reply::Da1)]);
    assert_eq!(all(b"\x1b[>61;8001;1c"), [Input::Reply(Reply::Da2(vec![61, 8001, 1]))]);
    assert_eq!(all(b"\x1b[>1;012100;0c"), [Input::Reply(Reply::Da2(vec![1, 12100, 0]))]);
    let name = Input::Reply(Reply::XtVersion("kitty(0.41.1)".into()));
    assert_eq!(all(b"\x1bP>|kitty(0.41.1)\x1b\\"), [name]);
    let mode = |value, private, mode| Input::Reply(Reply::Decrqm { mode, value, private });
    assert_eq!(all(b"\x1b[8;1$y"), [mode(1, false, 8)]);
    assert_eq!(all(b"\x1b[?2026;2$y"), [mode(2, true, 2026)]);
    for other in [
        "\x1b[24;80R",
        "\x1b[?1;2S",
        "\x1b[0n",
        "\x1b[8;24;80t",
        "\x1b[?1u",
        "\x1b]10;rgb:ff/ff/ff\x1b\\",
    ] {
        assert_eq!(all(other.as_bytes()), [Input::Reply(Reply::Other)], "{other:?}");
    }
}

#[test]
fn an_answer_cut_short_lets_the_next_key_through() {
    assert_eq!(
        all(b"\x1b[?62\x03"),
        [Input::Ignored, Input::Key(Chord::ctrl(Key::Char('c')))]
    );
    assert_eq!(
        all(b"\x1bP>|VT\x03"),
        [Input::Ignored, Input::Key(Chord::ctrl(Key::Char('c')))]
    );
    assert_eq!(all(b"\x1b[?62\x1b[A"), [Input::Ignored, key(Key::Up)]);
    assert_eq!(all(b"\x1bP>|VT\x1b[A"), [Input::Ignored, key(Key::Up)]);
    assert_eq!(all("\x1b[?62ش".as_bytes()), [Input::Ignored, key(Key::Char('ش'))]);
    let mut parser = Parser::new();
    parser.feed(b"\x1b]52;c;");
    assert_eq!(parser.pending(), Some(SEQUENCE_WAIT));
    assert_eq!(parser.flush(), [Input::Ignored]);
    assert_eq!(parser.feed(b"q"), [key(Key::Char('q'))]);
}

#[test]
fn escape_just_before_an_answer_is_the_escape_key() {
    assert_eq!(all(b"\x1b\x1b[?62c"), [key(Key::Esc), Input::Reply(Reply::Da1)]);
}

#[test]
fn a_paste_is_one_clean_line() {
    assert_eq!(
        all("\x1b[200~استان\r\nقم\x1b[201~".as_bytes()),
        [Input::Paste("استان قم".into())]
    );
    assert_eq!(
        all(b"\x1b[200~a\x1b[31mb\x07\tc\x1b[201~"),
        [Input::Paste("a[31mb c".into())]
    );
    assert_eq!(all(b"\x1b[200~x\x1b\x1b[201\x1b[201~"), [Input::Paste("x[201".into())]);
    assert_eq!(
        all(b"\x1b[200~\xff\xc2\x9b\x1b[201~q"),
        [Input::Paste("\u{fffd}".into()), key(Key::Char('q'))]
    );
}

#[test]
fn a_paste_is_capped_between_two_letters() {
    let mut bytes = b"\x1b[200~ ".to_vec();
    bytes.extend("ق".repeat(PASTE_LIMIT).as_bytes());
    bytes.extend(b"\x1b[201~q");
    match all(&bytes).as_slice() {
        [Input::Paste(text), last] => {
            assert_eq!(text.len(), PASTE_LIMIT - 1);
            assert!(!text.contains('\u{fffd}'));
            assert_eq!(*last, key(Key::Char('q')));
        }
        other => panic!("{} inputs", other.len()),
    }
}

#[test]
fn a_paste_that_never_ends_is_given_out_after_the_wait() {
    let mut parser = Parser::new();
    parser.feed(b"\x1b[200~abc");
    assert_eq!(parser.pending(), Some(SEQUENCE_WAIT));
    assert_eq!(parser.flush(), [Input::Paste("abc".into())]);
    assert_eq!(parser.feed(b"q"), [key(Key::Char('q'))]);
}

#[test]
fn broken_bytes_and_mouse_reports_are_ignored() {
    assert_eq!(all(&[0xff]), [Input::Ignored]);
    assert_eq!(all(&[0xd8, b'q']), [Input::Ignored, key(Key::Char('q'))]);
    assert_eq!(all(&[0xc0, 0x80]), vec![Input::Ignored; 2]);
    assert_eq!(all("\u{9b}".as_bytes()), [Input::Ignored]);
    assert_eq!(all(b"\x1b[M !!"), [Input::Ignored]);
    assert_eq!(all(b"\x1b[<0;3;4M"), [Input::Ignored]);
    assert_eq!(all(b"\x1b[I\x1b[O"), [Input::Focus(true), Input::Focus(false)]);
    assert_eq!(settled(b"\x9b"), [Input::Ignored]);
}

#[test]
fn nothing_grows_without_end() {
    let mut parser = Parser::new();
    for start in ["\x1b[", "\x1bP", "\x1b]", "\x1b[200~", "\x1bO", ""] {
        parser.feed(start.as_bytes());
        for _ in 0..300 {
            parser.feed(&[b'1'; 1000]);
        }
        assert!(parser.held.capacity() <= 2 * PASTE_LIMIT);
        parser.feed(b"\x1b[201~\x18");
        parser.flush();
        assert!(parser.held.capacity() <= STRING_LIMIT);
    }
}

const ANSWERS: &[&str] = &[
    "\x1b[?62;22c",
    "\x1b[?1;2c",
    "\x1b[>61;8001;1c",
    "\x1b[>0;136;0c",
    "\x1bP>|VTE(8001)\x1b\\",
    "\x1bP>|XTerm(398)\x1b\\",
    "\x1bP1+r544e=6d6c7465726d\x1b\\",
    "\x1bP!|7E565445\x1b\\",
    "\x1b[8;1$y",
    "\x1b[?2026;2$y",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "\x1b_Gi=1;OK\x1b\\",
    "\x1b[?0u",
    "\x1b[24;80R",
    "\x1b[?997;1n",
    "\x1b[4;600;800t",
    "\u{90}>|eight\u{9c}",
];

const KEYS: &[(&str, Key)] = &[
    ("q", Key::Char('q')),
    ("ش", Key::Char('ش')),
    ("\x1b[A", Key::Up),
    ("\x1bOB", Key::Down),
    ("\r", Key::Enter),
    ("\x1b[5~", Key::PageUp),
    ("\x1b[24~", Key::F(12)),
];

fn eight_bit(text: &str) -> Vec<u8> {
    // The last answer is meant in Latin-1: one byte a character.
    if text.starts_with('\u{90}') {
        text.chars().map(|c| c as u8).collect()
    } else {
        text.as_bytes().to_vec()
    }
}

fn fragment() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => proptest::collection::vec(any::<u8>(), 0..12),
        3 => proptest::sample::select(ANSWERS).prop_map(eight_bit),
        2 => proptest::sample::select(KEYS).prop_map(|(bytes, _)| bytes.as_bytes().to_vec()),
        1 => proptest::sample::select(&["\x1b", "\x1b[", "\x1bP", "\x1b]", "\x1b[200~", "\x1b[201~", "\u{9b}", "\x1bO", "\\", ";", "$"][..])
            .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

proptest! {
    #[test]
    fn any_bytes_cut_anywhere_give_the_same_inputs(
        fragments in proptest::collection::vec(fragment(), 0..12),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8),
    ) {
        let bytes = fragments.concat();
        let whole = all(&bytes);
        let mut cuts: Vec<usize> = cuts.iter().map(|c| c.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut parser = Parser::new();
        let (mut pieces, mut from) = (Vec::new(), 0);
        for cut in cuts.into_iter().chain([bytes.len()]) {
            pieces.extend(parser.feed(&bytes[from..cut]));
            from = cut;
        }
        prop_assert_eq!(pieces, whole);
        parser.flush();
        prop_assert!(parser.held.is_empty());
    }

    #[test]
    fn no_answer_becomes_a_key_and_no_key_is_lost_between_answers(
        parts in proptest::collection::vec((any::<bool>(), 0..64_usize), 0..20),
        waits in proptest::collection::vec(any::<bool>(), 0..20),
    ) {
        let mut parser = Parser::new();
        let (mut keys, mut expected) = (Vec::new(), Vec::new());
        for (index, (is_key, pick)) in parts.into_iter().enumerate() {
            let bytes = if is_key {
                let (bytes, key) = KEYS[pick % KEYS.len()];
                expected.push(Chord::plain(key));
                bytes.as_bytes().to_vec()
            } else {
                eight_bit(ANSWERS[pick % ANSWERS.len()])
            };
            for byte in bytes {
                keys.extend(parser.feed(&[byte]));
            }
            if waits.get(index) == Some(&true) {
                keys.extend(parser.flush());
            }
        }
        keys.extend(parser.flush());
        let keys: Vec<_> = keys
            .into_iter()
            .filter_map(|input| match input {
                Input::Key(chord) => Some(chord),
                _ => None,
            })
            .collect();
        prop_assert_eq!(keys, expected);
    }

    #[test]
    fn whatever_came_before_control_c_gets_through(fragments in proptest::collection::vec(fragment(), 0..6)) {
        let mut parser = Parser::new();
        parser.feed(&fragments.concat());
        // A person presses it again when nothing happens; by then the wait is over.
        parser.flush();
        let inputs = parser.feed(b"\x03");
        prop_assert_eq!(inputs.last(), Some(&Input::Key(Chord::ctrl(Key::Char('c')))));
    }
}
