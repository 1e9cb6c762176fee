use super::super::Direction::{Ltr, Rtl};
use super::*;

/// The line as a reader sees it from left to right, forms folded back to letters.
fn seen(text: &str, base: Direction) -> String {
    letters(&line(text, base).visual())
}

fn letters(visual: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    visual.nfkc().collect()
}

fn forms(text: &str) -> String {
    line(text, Rtl).visual()
}

#[test]
fn letters_join_their_neighbours_in_visual_order() {
    assert_eq!(forms("سلام"), "\u{fee1}\u{fefc}\u{feb3}");
    assert_eq!(
        forms("پژوهشگر"),
        "\u{feae}\u{fb95}\u{feb8}\u{feeb}\u{feed}\u{fb8b}\u{fb58}"
    );
    assert_eq!(forms("کیچ"), "\u{fb7b}\u{fbff}\u{fb90}");
    assert_eq!(forms("دی"), "\u{fbfc}\u{fea9}");
}

#[test]
fn the_ellipsis_of_a_cut_inside_an_isolate_stands_at_the_end_of_the_line() {
    let text = "مهلت بود: \u{2068}۳۳ روز\u{2069} تأخیر";
    let line = fit(text, Rtl, 13);
    assert!(line.truncated);
    assert_eq!(letters(&line.visual()), letters("…۳۳ :دوب تلهم"));
    // In the other direction likewise, and the ellipsis still stands for the whole rest.
    let line = fit("due on \u{2068}۱۴۰۳/۰۱/۳۱ روز\u{2069} and so on", Ltr, 18);
    assert!(line.visual().ends_with('…'), "{}", line.visual());
    let last = line.glyphs.last().map(|glyph| glyph.source.end as usize);
    assert_eq!(last, Some("due on \u{2068}۱۴۰۳/۰۱/۳۱ روز\u{2069} and so on".len()));
}

#[test]
fn a_zwnj_parts_letters_and_is_never_drawn() {
    assert_eq!(forms("می\u{200c}شود"), "\u{fea9}\u{feee}\u{feb7}\u{fbfd}\u{fee3}");
    assert_eq!(super::super::cells("می\u{200c}شود"), 5);
}

#[test]
fn a_zwj_joins_a_letter_to_nothing() {
    assert_eq!(forms("ه\u{200d}"), "\u{feeb}");
    assert_eq!(forms("\u{200d}ه"), "\u{feea}");
    assert_eq!(forms("ه\u{200d}."), ".\u{feeb}");
}

#[test]
fn letters_forced_to_run_from_left_to_right_are_not_joined() {
    assert_eq!(line("\u{202d}بی\u{202c}", Rtl).visual(), "\u{fe8f}\u{fbfc}");
    assert_eq!(
        line("ب\u{202d}ی\u{202c}", Rtl).visual(),
        "\u{fbfc}\u{fe8f}",
        "nor is what stands beside them"
    );
    assert_eq!(
        line("ب\u{202b}ی\u{202c}", Rtl).visual(),
        "\u{fbfd}\u{fe91}",
        "an embedding of the same direction is no border"
    );
}

#[test]
fn lam_and_alef_share_one_cell_also_across_marks() {
    for (text, form) in [
        ("لا", '\u{fefb}'),
        ("لآ", '\u{fef5}'),
        ("لأ", '\u{fef7}'),
        ("لإ", '\u{fef9}'),
    ] {
        assert_eq!(forms(text), form.to_string());
        assert_eq!(super::super::cells(text), 1);
    }
    assert_eq!(forms("بلا"), "\u{fefc}\u{fe91}");
    assert_eq!(forms("ل\u{64e}ا"), "\u{fefb}");
    assert_eq!(forms("لا\u{653}"), "\u{fef5}");
    assert_eq!(forms("ل\u{200c}ا"), "\u{fe8d}\u{fedd}", "a ZWNJ keeps them apart");
}

#[test]
fn the_hamza_of_the_ezafe_stays_and_vowel_signs_go() {
    assert_eq!(forms("خانهٔ"), "\u{feea}\u{654}\u{fee7}\u{fe8e}\u{fea7}");
    assert_eq!(forms("خانۀ"), forms("خانهٔ"));
    assert_eq!(forms("مُحَمَّد"), forms("محمد"));
    assert_eq!(forms("آ"), forms("ا\u{653}"));
    assert_eq!(forms("مسئول"), forms("مسي\u{654}ول"));
}

#[test]
fn the_pitfalls_of_numbers_come_out_right_without_the_callers_help() {
    for (text, wanted) in [
        ("−۳٫۷٪", "−۳٫۷٪"),
        ("+۵", "+۵"),
        ("۱۲٪", "۱۲٪"),
        ("رشد ۱۲٪", "۱۲٪ دشر"),
        ("رشد −۳٫۷٪ بود", "دوب −۳٫۷٪ دشر"),
        ("تاریخ ۱۴۰۳-۰۱-۳۱", "۱۴۰۳-۰۱-۳۱ خیرات"),
        ("تاریخ ۱۴۰۳/۰۱/۳۱", "۱۴۰۳/۰۱/۳۱ خیرات"),
        ("از ۵-۱۰", "۵-۱۰ زا"),
        ("۲×۳", "۲×۳"),
        ("(−۵)", "(−۵)"),
        ("ساعت ۹:۰۵", "۹:۰۵ تعاس"),
        ("الف → ب", "ب ← فلا"),
    ] {
        assert_eq!(seen(text, Rtl), wanted, "{text}");
    }
}

#[test]
fn an_isolate_keeps_ids_paths_and_code_whole() {
    for (id, wanted) in [
        ("/var/log", "/var/log ریسم"),
        ("C++", "C++ ریسم"),
        ("p-0117.", "p-0117. ریسم"),
        ("۱۰ / ۲۰", "۱۰ / ۲۰ ریسم"),
        ("-v --all", "-v --all ریسم"),
    ] {
        assert_eq!(seen(&format!("مسیر {}", isolate::ltr(id)), Rtl), wanted);
    }
    assert_eq!(
        seen("مسیر /var/log", Rtl),
        "var/log/ ریسم",
        "without one it breaks: this is what isolates are for"
    );
    assert_eq!(seen("S-2024-05", Rtl), "S-2024-05");
    assert_eq!(seen("پروژه p-0117 است", Rtl), "تسا p-0117 هژورپ");
}

#[test]
fn brackets_and_quotes_open_where_the_reader_begins() {
    assert_eq!(seen("طرح (الف)", Rtl), "(فلا) حرط");
    assert_eq!(seen("«رصد» [۱]", Rtl), "[۱] «دصر»");
    assert_eq!(seen("a ≤ b", Rtl), "a ≤ b");
    assert_eq!(seen("الف ≤ ب", Rtl), "ب ≥ فلا");
    assert_eq!(seen("(abc)", Ltr), "(abc)");
}

#[test]
fn a_cut_line_ends_in_an_ellipsis_at_its_logical_end_and_its_last_letter_is_joined_anew() {
    let cut = fit("سلامتی", Rtl, 4);
    assert_eq!(cut.visual(), "…\u{fee1}\u{fefc}\u{feb3}");
    assert!(cut.truncated);
    assert_eq!(cut.width, 4);
    assert_eq!(
        fit("جهش تولید", Rtl, 3).visual(),
        "…\u{fbaa}\u{fe9f}".replace('\u{fbaa}', "\u{feea}")
    );
    assert_eq!(fit("hello world", Ltr, 7).visual(), "hello…", "no blank before it");
    assert_eq!(
        letters(&fit("مسیر abcdefghij", Rtl, 9).visual()),
        "…abc ریسم".replace('…', "...")
    );
    assert!(!fit("سلام", Rtl, 3).truncated);
    assert_eq!(fit("سلام", Rtl, 1).visual(), "…");
    assert_eq!(fit("سلام", Rtl, 0).visual(), "");
}

#[test]
fn a_cut_never_goes_through_a_cluster() {
    for max in 0..6 {
        let cut = fit("👩‍👩‍👧‍👦🇮🇷", Ltr, max);
        assert!(usize::from(cut.width) <= max);
        for glyph in &cut.glyphs {
            assert!(
                ["👩", "👧", "👦", "🇮🇷", "…"].contains(&glyph.symbol.as_str()),
                "{}",
                glyph.symbol
            );
        }
    }
}

#[test]
fn what_was_cut_off_belongs_to_the_ellipsis() {
    let text = "جهش تولید";
    let cut = fit(text, Rtl, 4);
    let ellipsis = cut
        .glyphs
        .iter()
        .find(|glyph| glyph.symbol == "…")
        .map(|glyph| glyph.source.clone());
    assert_eq!(ellipsis, Some(6..offset(text.len())));
}

#[test]
fn long_text_is_wrapped_in_logical_order() {
    let lines = wrap("جهش تولید با مشارکت مردم", Rtl, 10);
    let seen: Vec<String> = lines.iter().map(|line| letters(&line.visual())).collect();
    assert_eq!(seen, ["دیلوت شهج", "تکراشم اب", "مدرم"]);
    let lines = wrap("alpha beta", Ltr, 5);
    assert_eq!(lines.iter().map(Line::visual).collect::<Vec<_>>(), ["alpha", "beta"]);
}

#[test]
fn a_latin_phrase_broken_over_two_lines_keeps_its_order() {
    let lines = wrap("طرح Microsoft Windows Server نو", Rtl, 18);
    let seen: Vec<String> = lines.iter().map(|line| letters(&line.visual())).collect();
    assert_eq!(seen, ["Microsoft حرط", "ون Windows Server"]);
}

#[test]
fn line_breaks_break_and_empty_lines_stay() {
    let lines = wrap("الف\n\nب\r\nپ", Rtl, 10);
    assert_eq!(
        lines.iter().map(|line| letters(&line.visual())).collect::<Vec<_>>(),
        ["فلا", "", "ب", "پ"]
    );
    assert_eq!(lines[2].glyphs[0].source, 8..10, "sources count in the whole text");
    assert_eq!(wrap("", Rtl, 10).len(), 1);
}

#[test]
fn a_word_wider_than_the_line_is_broken_between_clusters() {
    let lines = wrap("abcdefgh ij", Ltr, 3);
    assert_eq!(
        lines.iter().map(Line::visual).collect::<Vec<_>>(),
        ["abc", "def", "gh", "ij"]
    );
    let lines = wrap("世界abc", Ltr, 5);
    assert_eq!(
        lines.iter().map(Line::visual).collect::<Vec<_>>(),
        ["世界", "abc"],
        "ideographs are words"
    );
    for line in wrap("世界世界", Ltr, 1) {
        assert_eq!(line.glyphs.len(), 1, "one at a time, though it is too wide");
    }
}

#[test]
fn blanks_before_a_word_that_needs_the_whole_line_are_left_out() {
    let lines = wrap("  abcd  ef", Ltr, 3);
    assert_eq!(lines.iter().map(Line::visual).collect::<Vec<_>>(), ["abc", "d", "ef"]);
    assert_eq!(wrap("  ab", Ltr, 4)[0].visual(), "  ab", "an indent that fits stays");
    assert_eq!(wrap("   ", Ltr, 1)[0].visual(), "");
}

#[test]
fn controls_are_drawn_as_replacement_characters() {
    assert_eq!(
        line("a\u{1b}[31m\u{7f}b\0", Ltr).visual(),
        "a\u{fffd}[31m\u{fffd}b\u{fffd}"
    );
    assert_eq!(line("الف\u{85}", Rtl).visual(), "\u{fffd}\u{fed2}\u{fedf}\u{fe8d}");
    assert_eq!(line("a\nb", Ltr).visual(), "a b");
}

#[test]
fn wide_and_combined_characters_take_the_cells_they_take() {
    for (text, cells) in [
        ("世", 2),
        ("e\u{301}", 1),
        // What one terminal draws as one sign and another as its parts is drawn as its parts.
        ("👍🏽", 4),
        ("1\u{fe0f}\u{20e3}", 1),
        ("🏳️‍🌈", 3),
        ("👨‍👩‍👧", 6),
        ("🇮🇷", 2),
        ("각", 2),
        ("\u{301}", 0),
        ("ᄀ", 2),
    ] {
        assert_eq!(super::super::cells(text), cells, "{text}");
        assert_eq!(usize::from(line(text, Ltr).width), cells, "{text}");
    }
}

#[test]
fn every_glyph_knows_the_bytes_it_stands_for() {
    let text = "سلام p-7";
    let drawn = line(text, Rtl);
    let source: Vec<&str> = drawn
        .glyphs
        .iter()
        .map(|glyph| &text[glyph.source.start as usize..glyph.source.end as usize])
        .collect();
    assert_eq!(source, ["p", "-", "7", " ", "م", "لا", "س"]);
    assert!(
        drawn
            .glyphs
            .iter()
            .map(|glyph| glyph.rtl)
            .eq([false, false, false, true, true, true, true])
    );
}

#[test]
fn every_word_of_a_line_of_latin_text_in_persian_reads_from_its_left() {
    assert_eq!(
        seen("شرکت Microsoft Windows 10-11 Pro است", Rtl),
        "تسا Microsoft Windows 10-11 Pro تکرش"
    );
    assert_eq!(seen("growth رشد −۳٪", Ltr), "growth دشر −۳٪");
}

/// Anything at all, with more of what this is about than chance would bring.
fn anything() -> impl proptest::strategy::Strategy<Value = String> {
    "(.|[ا-ی]|[آپچژکگیۀة]|ل[\u{64b}-\u{655}]?[اآأإ]|[0-9۰-۹٠-٩]|[-+−٪%/.,٫٬()«»]|[a-c ]|[\u{200b}-\u{200f}\u{2066}-\u{2069}\u{202a}-\u{202e}]|\\p{M}|\\p{Cc}|[世界👍🏽👩\u{fe0f}🇮🇷각ᄀ\u{1161}ｶﾞ]){0,30}"
}

fn base() -> impl proptest::strategy::Strategy<Value = Direction> {
    proptest::prop_oneof![proptest::strategy::Just(Ltr), proptest::strategy::Just(Rtl)]
}

proptest::proptest! {
    #[test]
    fn cells_are_what_the_glyphs_take_and_what_they_measure(text in anything(), base in base()) {
        use unicode_width::UnicodeWidthStr as _;
        let drawn = line(&text, base);
        let sum: usize = drawn.glyphs.iter().map(|glyph| usize::from(glyph.width)).sum();
        proptest::prop_assert_eq!(super::super::cells(&text), sum);
        proptest::prop_assert_eq!(usize::from(drawn.width), sum);
        for glyph in &drawn.glyphs {
            proptest::prop_assert_eq!(glyph.symbol.width(), usize::from(glyph.width), "{:?}", glyph);
            proptest::prop_assert!(matches!(glyph.width, 1 | 2));
            proptest::prop_assert!(!glyph.symbol.contains(super::super::visible::is_forbidden), "{:?}", glyph);
            proptest::prop_assert!(!glyph.symbol.contains(['\n', '\u{200c}', '\u{6c0}', '\u{fba4}', '\u{fba5}', '\u{fdfc}', '\u{fdf2}']), "{:?}", glyph);
        }
    }

    #[test]
    fn a_cut_line_fits_and_a_line_that_fits_is_not_cut(text in anything(), base in base(), max in 0..20usize) {
        let cut = fit(&text, base, max);
        proptest::prop_assert!(usize::from(cut.width) <= max);
        proptest::prop_assert_eq!(cut.truncated, super::super::cells(&text) > max);
        if !cut.truncated {
            proptest::prop_assert_eq!(cut, line(&text, base));
        } else if max > 0 {
            proptest::prop_assert_eq!(cut.glyphs.iter().filter(|glyph| glyph.source.end as usize == text.len()).count(), 1);
        }
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing_but_blanks(text in anything(), base in base(), width in 1..20usize) {
        let lines = wrap(&text, base, width);
        for line in &lines {
            proptest::prop_assert!(usize::from(line.width) <= width || line.glyphs.len() == 1, "{:?}", line);
        }
        let symbols = |lines: &[Line]| {
            let mut all: Vec<Range<u32>> = lines.iter().flat_map(|line| &line.glyphs).filter(|glyph| glyph.symbol != " ").map(|glyph| glyph.source.clone()).collect();
            all.sort_unstable_by_key(|source| source.start);
            all
        };
        let whole: Vec<Line> = vec![line(&text, base)];
        if !text.contains(['\n', '\r']) && !text.contains(|c: char| c.is_whitespace() && c != ' ') {
            proptest::prop_assert_eq!(symbols(&lines), symbols(&whole));
        }
    }

    #[test]
    fn sources_are_whole_and_disjoint(text in anything(), base in base()) {
        let mut sources: Vec<Range<u32>> = line(&text, base).glyphs.into_iter().map(|glyph| glyph.source).collect();
        sources.sort_unstable_by_key(|source| source.start);
        let mut last = 0;
        for source in sources {
            proptest::prop_assert!(source.start >= last && source.end > source.start);
            proptest::prop_assert!(text.get(source.start as usize..source.end as usize).is_some());
            last = source.end;
        }
    }

    #[test]
    fn skipping_the_algorithm_changes_nothing(text in anything(), base in base()) {
        let level = if base == Rtl { unicode_bidi::Level::rtl() } else { unicode_bidi::Level::ltr() };
        let whole = unicode_bidi::ParagraphBidiInfo::new(&text, Some(level));
        let fast = Paragraph::new(&text, Some(base)).line(0..text.len());
        let slow = if text.is_empty() { Vec::new() } else { whole.reordered_levels(0..text.len()) };
        for (at, c) in text.char_indices() {
            // A paragraph separator inside is level 0 or 1 either way; what is never drawn has no place.
            if !matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}') {
                proptest::prop_assert_eq!(fast.at(at), slow[at].number(), "{:?}", c);
            }
        }
    }
}
