use super::super::Direction::{Ltr, Rtl};
use super::super::bidi::{self, Paragraph};
use super::super::{Direction, line};
use super::*;
use proptest::prelude::*;

/// A row as the buffer has it: a wide symbol and an empty cell behind it.
#[derive(Clone, Debug, PartialEq)]
struct Row(Vec<(String, usize)>);

impl Row {
    fn of(texts: &[(&str, Direction)]) -> Self {
        let mut cells = Vec::new();
        for (text, base) in texts {
            for glyph in line(text, *base).glyphs {
                cells.push(glyph.symbol.to_string());
                cells.extend((1..glyph.width).map(|_| " ".to_owned()));
            }
        }
        Self(cells.into_iter().enumerate().map(|(x, symbol)| (symbol, x)).collect())
    }

    fn text(&self) -> String {
        let mut out = String::new();
        let mut x = 0;
        while x < self.len() {
            out.push_str(self.symbol(x));
            x += self.symbol(x).width().max(1);
        }
        out
    }
}

impl CellRow for Row {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn symbol(&self, x: usize) -> &str {
        &self.0[x].0
    }
    fn set_symbol(&mut self, x: usize, symbol: &str) {
        self.0[x].0 = symbol.to_owned();
    }
    fn swap(&mut self, a: usize, b: usize) {
        self.0.swap(a, b);
    }
}

/// A terminal that puts each row through UAX #9 by itself, guessing the direction, and mirrors brackets.
fn shown(row: &Row) -> Vec<(String, usize)> {
    let firsts: String = row
        .0
        .iter()
        .map(|(symbol, _)| symbol.chars().next().unwrap_or(' '))
        .collect();
    let levels = Paragraph::new(&firsts, None).line(0..firsts.len());
    let mut cells: Vec<_> = firsts
        .char_indices()
        .zip(&row.0)
        .map(|((at, _), cell)| (cell.clone(), levels.at(at)))
        .collect();
    bidi::reorder(&mut cells, |cell| cell.1);
    cells
        .into_iter()
        .map(|((symbol, style), level)| {
            let mut chars = symbol.chars();
            let first = chars.next().unwrap_or(' ');
            let first = if level % 2 == 1 { bidi::twin(first) } else { first };
            (
                std::iter::once(first)
                    .chain(chars)
                    .collect::<String>()
                    .replace('\u{2800}', " "),
                style,
            )
        })
        .collect()
}

#[test]
fn every_profile_has_a_name_that_names_it() {
    for profile in Profile::ALL {
        assert_eq!(profile.to_string().parse(), Ok(profile));
    }
    assert_eq!("auto".parse::<Profile>(), Err(UnknownProfile));
}

#[test]
fn a_pinned_cell_holds_its_own_joiners_and_its_own_direction() {
    let mut row = Row::of(&[("بی", Rtl), (" a", Ltr)]);
    assert_eq!(row.text(), "\u{fbfd}\u{fe91} a");
    decorate(Profile::Pinned.into(), &mut row);
    let cells: Vec<&str> = row.0.iter().map(|(symbol, _)| symbol.as_str()).collect();
    assert_eq!(cells, ["\u{fbfd}\u{200e}", "\u{fe91}\u{200d}\u{200e}", " ", "a"]);
    let mut row = Row::of(&[("|", Ltr), ("سیب", Rtl)]);
    decorate(Profile::Pinned.into(), &mut row);
    let cells: Vec<&str> = row.0.iter().map(|(symbol, _)| symbol.as_str()).collect();
    assert_eq!(
        cells,
        [
            "|\u{200d}\u{206e}",
            "\u{fe90}\u{200e}\u{200d}\u{206e}",
            "\u{fbff}\u{200d}\u{200e}",
            "\u{feb3}\u{200d}\u{200e}"
        ]
    );
}

#[test]
fn pinning_goes_around_the_hidden_half_of_a_wide_character() {
    let mut row = Row::of(&[("世", Ltr), ("دی", Rtl), ("آب", Rtl)]);
    row.0[2].0 = "\u{fbfd}".to_owned();
    decorate(Profile::Pinned.into(), &mut row);
    assert_eq!(row.symbol(0), "世\u{200d}\u{206e}");
    assert_eq!(row.symbol(1), " ");
}

#[test]
fn where_a_mark_would_take_a_column_it_is_left_out() {
    let mut row = Row::of(&[("خانهٔ e\u{301}", Rtl)]);
    let bare = Emission {
        marks: false,
        ..Profile::Plain.into()
    };
    decorate(bare, &mut row);
    assert_eq!(row.text(), "e \u{feea}\u{fee7}\u{fe8e}\u{fea7}");
    let mut row = Row::of(&[("خانهٔ", Rtl)]);
    decorate(Profile::Plain.into(), &mut row);
    assert_eq!(row.text(), "\u{feea}\u{654}\u{fee7}\u{fe8e}\u{fea7}");
}

#[test]
fn a_row_without_right_to_left_cells_is_not_touched() {
    for profile in Profile::ALL {
        let row = Row::of(&[("│ plan 12% → (ok) 世 │", Ltr)]);
        let mut decorated = row.clone();
        decorate(profile.into(), &mut decorated);
        assert_eq!(decorated, row);
    }
}

#[test]
fn only_pinned_and_fenced_change_cells() {
    let row = Row::of(&[("│ ", Ltr), ("طرح (الف) ۱۲٪", Rtl)]);
    for profile in Profile::ALL {
        let mut decorated = row.clone();
        decorate(profile.into(), &mut decorated);
        assert_eq!(
            decorated != row,
            matches!(profile, Profile::Pinned | Profile::Fenced),
            "{profile}"
        );
    }
}

#[test]
fn a_fenced_row_is_turned_back_by_a_terminal_that_turns_rows() {
    for text in [
        "طرح (الف) ۱۲٪ «رصد»",
        "رشد −۳٫۷٪ بود",
        "و/یا",
        "(علی)",
        "الف:ب",
        "۱۴۰۳/۰۱/۳۱ سال۱۴۰۳",
        "شرکت Microsoft (تهران)",
        "پ٠١ب",
        "خانهٔ ما",
        "الف(ب)پ",
    ] {
        let row = Row::of(&[(" │", Ltr), (text, Rtl), ("│", Ltr), (text, Rtl)]);
        let mut fenced = row.clone();
        decorate(Profile::Fenced.into(), &mut fenced);
        assert_eq!(shown(&fenced), row.0, "{text}");
    }
}

#[test]
fn a_row_that_begins_with_a_frame_and_a_letter_gives_up_the_frame_for_its_direction() {
    let mut row = Row::of(&[("│", Ltr), ("آب", Rtl), ("│ ok", Ltr)]);
    let cells = row.0.clone();
    decorate(Profile::Fenced.into(), &mut row);
    let shown = shown(&row);
    assert_eq!(shown[0].0, " ");
    assert_eq!(shown[1..], cells[1..]);
}

#[test]
fn sequences_are_sent_and_taken_back_through_multiplexers() {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    assert_eq!(text(enter_bytes(Profile::Explicit, Mux::None)), "\x1b[8l\x1b[H\x1b[2J");
    assert_eq!(
        text(enter_bytes(Profile::Explicit, Mux::Tmux)),
        "\x1bPtmux;\x1b\x1b[8l\x1b\x1b[H\x1b\x1b[2J\x1b\\"
    );
    assert_eq!(text(exit_bytes(Profile::Explicit, Mux::Screen)), "\x1bP\x1b[8h\x1b\\");
    assert_eq!(
        text(enter_bytes(Profile::Mlterm, Mux::Screen)),
        "\x1bP\x1b]5379;use_ctl=false\x07\x1b\\"
    );
    assert_eq!(
        text(exit_bytes(Profile::Mlterm, Mux::None)),
        "\x1b]5379;use_ctl=true\x1b\\"
    );
    assert!(enter_bytes(Profile::Off, Mux::Tmux).is_empty() && exit_bytes(Profile::Off, Mux::None).is_empty());
}

fn field() -> impl Strategy<Value = (String, Direction)> {
    (
        "[ا-یآپچژکگa-c۰-۹0-9 ()«»:/.,−٪+٫٬\u{200c}│世-]{0,12}",
        prop_oneof![Just(Ltr), Just(Rtl)],
    )
}

/// Words and numbers as they occur. Digits glued to the right of a letter have no solution in such a terminal, and neither has
/// a bracket glued to a word when the other half of a pair was cut off elsewhere in the row.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ا-غف-وپچژکگی]{1,6}[.،:؛!؟]?",
        "«[ا-غف-وی]{1,5}»",
        "[ا-غف-وی]{0,4}\\([ا-غف-وی]{1,5}\\)",
        "«?[ا-غف-وی]{1,5}…",
        "[ا-غف-وی]{1,4}[/:.،-][ا-غف-وی]{1,4}",
        "[−+]?[۰-۹]{1,4}٪?",
        "[۰-۹]{1,2}[/٫٬:][۰-۹]{1,3}",
        "[a-c]{1,4}-[0-9]{2}",
    ]
}

proptest! {
    #[test]
    fn a_pinned_row_is_moved_by_nothing(fields in proptest::collection::vec(field(), 1..5)) {
        let fields: Vec<_> = fields.iter().map(|(text, base)| (text.as_str(), *base)).collect();
        let row = Row::of(&fields);
        let mut pinned = row.clone();
        decorate(Profile::Pinned.into(), &mut pinned);
        let mut owner = Vec::new();
        let mut text = String::new();
        for (x, (symbol, _)) in pinned.0.iter().enumerate() {
            owner.extend(symbol.char_indices().map(|(at, _)| (x, text.len() + at)));
            text.push_str(symbol);
            prop_assert!(symbol.width() == row.symbol(x).width());
            prop_assert!(symbol.len() <= 21, "tmux 3.3 has no room for {:?}", symbol);
        }
        let levels = Paragraph::new(&text, Some(Ltr)).line(0..text.len());
        let mut visual: Vec<(usize, u8)> = owner.iter().map(|(x, at)| (*x, levels.at(*at))).collect();
        bidi::reorder(&mut visual, |cell| cell.1);
        visual.dedup_by_key(|cell| cell.0);
        prop_assert!(visual.iter().map(|cell| cell.0).is_sorted(), "{:?}", visual);
    }

    #[test]
    fn a_fenced_row_of_words_and_numbers_is_turned_back(words in proptest::collection::vec(word(), 1..12), ltr in any::<bool>()) {
        let base = if ltr { Ltr } else { Rtl };
        let row = Row::of(&[(" ", Ltr), (&words.join(" "), base), (" │ ", Ltr), (&words.join(" │ "), base)]);
        let mut fenced = row.clone();
        decorate(Profile::Fenced.into(), &mut fenced);
        prop_assert_eq!(shown(&fenced), row.0);
    }

    #[test]
    fn fencing_moves_no_style_away_from_its_cell(fields in proptest::collection::vec(field(), 1..5)) {
        let fields: Vec<_> = fields.iter().map(|(text, base)| (text.as_str(), *base)).collect();
        let row = Row::of(&fields);
        let mut fenced = row.clone();
        decorate(Profile::Fenced.into(), &mut fenced);
        let mut styles: Vec<usize> = fenced.0.iter().map(|cell| cell.1).collect();
        styles.sort_unstable();
        prop_assert!(styles.into_iter().eq(0..row.len()), "no cell is lost or doubled");
    }
}
