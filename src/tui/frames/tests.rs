#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::text::profile::Profile;
use proptest::prelude::*;
use ratatui::style::{Modifier, Style};

/// What a frame costs besides its cells: begin and end of the synchronised update.
const OVERHEAD: usize = 16;

fn frames(width: u16, height: u16) -> Frames<Vec<u8>> {
    Frames::new(Vec::new(), Size { width, height }, false)
}

fn sent(frames: &mut Frames<Vec<u8>>) -> String {
    String::from_utf8_lossy(&std::mem::take(frames.get_mut())).into_owned()
}

fn list(buffer: &mut Buffer, marker: u16) {
    for y in 0..buffer.area.height {
        buffer.set_string(2, y, "ﺭﺻﺪ row", Style::new());
    }
    buffer.set_string(0, marker, "▶", Style::new());
}

#[test]
fn the_same_frame_again_is_no_bytes_at_all() {
    let mut frames = frames(20, 5);
    assert!(frames.draw(|b| list(b, 1)).unwrap() > 0);
    sent(&mut frames);
    assert_eq!(frames.draw(|b| list(b, 1)).unwrap(), 0);
    assert_eq!(sent(&mut frames), "");
}

#[test]
fn one_changed_cell_is_one_move_and_one_cell() {
    let mut frames = frames(120, 40);
    frames.draw(|b| list(b, 1)).unwrap();
    sent(&mut frames);
    frames
        .draw(|b| {
            list(b, 1);
            b.set_string(100, 30, "x", Style::new());
        })
        .unwrap();
    assert_eq!(sent(&mut frames), "\x1b[?2026h\x1b[31;101Hx\x1b[?2026l");
}

#[test]
fn a_moved_marker_is_twenty_bytes_and_the_frame() {
    let mut frames = frames(120, 40);
    frames.draw(|b| list(b, 20)).unwrap();
    sent(&mut frames);
    let length = frames.draw(|b| list(b, 21)).unwrap();
    assert!(length <= 20 + OVERHEAD, "{length} bytes: {:?}", sent(&mut frames));
    assert_eq!(sent(&mut frames), "\x1b[?2026h\x1b[21H \x1b[B\r▶\x1b[?2026l");
}

#[test]
fn a_restyled_persian_row_is_its_own_cells_and_forty_bytes() {
    let row = "ﺍﻗﺪﺍﻡ ﺟﻬﺶ ﺗﻮﻟﯿﺪ ﺑﺎ ﻣﺸﺎﺭﮐﺖ ﻣﺮﺩﻡ";
    let draw = |style: Style| {
        move |b: &mut Buffer| {
            b.set_string(3, 7, row, style);
        }
    };
    let mut frames = frames(120, 40);
    frames.draw(draw(Style::new())).unwrap();
    let length = frames
        .draw(draw(Style::new().add_modifier(Modifier::REVERSED)))
        .unwrap();
    assert!(
        length <= row.len() + 40 + 24,
        "{length} bytes for {} of text",
        row.len()
    );
}

#[test]
fn two_near_changes_are_one_run() {
    let mut frames = frames(40, 2);
    let draw = |text: &'static str| {
        move |b: &mut Buffer| {
            b.set_string(0, 1, text, Style::new());
        }
    };
    frames.draw(draw("12:34:56")).unwrap();
    sent(&mut frames);
    frames.draw(draw("12:35:57")).unwrap();
    assert_eq!(sent(&mut frames), "\x1b[?2026h\x1b[2;5H5:57\x1b[?2026l");
}

#[test]
fn a_shortened_line_is_erased_not_overwritten() {
    let mut frames = frames(80, 2);
    frames
        .draw(|b| {
            b.set_string(0, 0, "x".repeat(70), Style::new());
        })
        .unwrap();
    sent(&mut frames);
    frames
        .draw(|b| {
            b.set_string(0, 0, "x", Style::new());
        })
        .unwrap();
    assert_eq!(sent(&mut frames), "\x1b[?2026h\x1b[;2H\x1b[K\x1b[?2026l");
}

#[test]
fn no_colour_means_no_colour_but_reverse_and_bold_stay() {
    let mut frames = Frames::new(Vec::new(), Size { width: 60, height: 3 }, true);
    for profile in [Profile::Plain, Profile::Sgr, Profile::Pinned, Profile::Kitty66] {
        frames.set_emission(profile);
        frames
            .draw(|b| {
                let style = Style::new()
                    .fg(Color::Rgb(1, 2, 3))
                    .bg(Color::Red)
                    .add_modifier(Modifier::REVERSED);
                b.set_string(0, 0, "ﺭﺻﺪ rasad", style);
                b.set_string(
                    0,
                    1,
                    "bold",
                    Style::new().fg(Color::Indexed(9)).add_modifier(Modifier::BOLD),
                );
            })
            .unwrap();
        let text = sent(&mut frames);
        assert!(text.contains("\x1b[7m") && text.contains("\x1b[0;1m"), "{text:?}");
        for sequence in text.split("\x1b[").skip(1) {
            let Some((codes, _)) = sequence.split_once('m') else {
                continue;
            };
            for code in codes.split(';').filter_map(|code| code.parse::<u16>().ok()) {
                assert!(code < 30, "a colour in {text:?}");
            }
        }
        let colour_only = frames
            .draw(|b| {
                let style = Style::new().fg(Color::Green).add_modifier(Modifier::REVERSED);
                b.set_string(0, 0, "ﺭﺻﺪ rasad", style);
                b.set_string(0, 1, "bold", Style::new().add_modifier(Modifier::BOLD));
            })
            .unwrap();
        assert_eq!(colour_only, 0, "another colour is no change");
    }
}

#[test]
fn kitty_gets_right_to_left_cells_one_by_one() {
    let mut frames = frames(20, 1);
    frames.set_emission(Profile::Kitty66);
    frames
        .draw(|b| {
            b.set_string(0, 0, "a ﺪﺻ", Style::new());
        })
        .unwrap();
    let text = sent(&mut frames);
    assert!(
        text.contains("a \x1b]66;w=1:h=1;ﺪ\x1b\\\x1b]66;w=1:h=2;ﺻ\x1b\\"),
        "{text:?}"
    );
}

#[test]
fn the_alternating_profile_gives_neighbours_two_foregrounds() {
    let mut frames = frames(20, 2);
    frames.set_emission(Profile::Sgr);
    frames
        .draw(|b| {
            b.set_string(0, 0, "ﺪﺻ", Style::new());
            b.set_string(0, 1, "ﺪﺻ", Style::new().fg(Color::Rgb(9, 9, 255)));
        })
        .unwrap();
    let text = sent(&mut frames);
    assert!(text.contains("38;5;252mﺪ\x1b[38;5;253mﺻ"), "{text:?}");
    assert!(text.contains("38;2;9;9;255mﺪ\x1b[38;2;9;9;254mﺻ"), "{text:?}");
}

#[test]
fn a_changed_profile_repaints_everything_once() {
    let mut frames = frames(20, 2);
    frames.draw(|b| list(b, 0)).unwrap();
    frames.set_emission(Profile::Pinned);
    assert!(frames.draw(|b| list(b, 0)).unwrap() > 0);
    frames.set_emission(Profile::Pinned);
    assert_eq!(frames.draw(|b| list(b, 0)).unwrap(), 0);
}

#[test]
fn a_control_character_in_a_cell_never_reaches_the_terminal() {
    let mut frames = frames(10, 1);
    frames
        .draw(|b| {
            b[(0, 0)].set_symbol("\x1b[31m");
            b[(1, 0)].set_symbol("\u{9b}2J");
            b[(2, 0)].set_symbol("\n");
        })
        .unwrap();
    assert!(sent(&mut frames).contains("\u{fffd}\u{fffd}\u{fffd}"));
}

#[test]
fn a_frame_is_one_write_and_its_end_is_in_it() {
    struct Counting(usize, Vec<u8>);
    impl Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += 1;
            self.1 = bytes.to_vec();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut frames = Frames::new(Counting(0, vec![]), Size { width: 200, height: 60 }, false);
    frames.draw(|b| list(b, 3)).unwrap();
    assert_eq!(frames.get_mut().0, 1);
    assert!(frames.get_mut().1.starts_with(b"\x1b[?2026h") && frames.get_mut().1.ends_with(b"\x1b[?2026l"));
    frames.draw(|b| list(b, 3)).unwrap();
    assert_eq!(frames.get_mut().0, 1);
}

#[test]
fn a_screen_of_no_cells_draws_nothing_and_does_not_panic() {
    for (width, height) in [(0, 0), (0, 9), (9, 0), (1, 1)] {
        let mut frames = frames(width, height);
        frames
            .draw(|b| {
                b.set_string(0, 0, "", Style::new());
            })
            .unwrap();
        frames.resize(Size { width: 3, height: 1 });
        frames.draw(|b| list(b, 0)).unwrap();
    }
}

#[derive(Clone, Debug)]
struct Paint {
    x: u16,
    y: u16,
    text: String,
    style: Style,
}

fn paint() -> impl Strategy<Value = Paint> {
    let text = proptest::sample::select(&["x", "سلام", "خانهٔ", "漢字", "   ", "▶", "a long latin run", "字"][..]);
    let colour = proptest::sample::select(&[Color::Reset, Color::Red, Color::Indexed(99), Color::Rgb(1, 2, 3)][..]);
    let modifiers = [
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::REVERSED,
        Modifier::UNDERLINED,
        Modifier::ITALIC,
    ];
    let modifier = proptest::sample::select(modifiers.to_vec());
    (0..14_u16, 0..5_u16, text, colour, proptest::bool::ANY, modifier).prop_map(
        |(x, y, text, colour, back, modifier)| {
            let style = if back {
                Style::new().bg(colour)
            } else {
                Style::new().fg(colour)
            };
            Paint {
                x,
                y,
                text: text.to_string(),
                style: style.add_modifier(modifier),
            }
        },
    )
}

fn vt_colour(colour: vt100::Color) -> Color {
    match colour {
        vt100::Color::Default => Color::Reset,
        vt100::Color::Idx(1) => Color::Red,
        vt100::Color::Idx(n) => Color::Indexed(n),
        vt100::Color::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}

/// Every cell of the terminal as text and visible style, to compare with the buffer.
fn same(screen: &vt100::Screen, buffer: &Buffer) -> Result<(), String> {
    let width = buffer.area.width;
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < width {
            let wanted = &buffer[(x, y)];
            let got = screen.cell(y, x).ok_or("outside")?;
            let symbol = if got.contents().is_empty() { " " } else { got.contents() };
            let step = symbol_width(wanted.symbol());
            let expected = if x + step > width { " " } else { wanted.symbol() };
            if symbol != expected {
                return Err(format!("({x},{y}) shows {symbol:?} instead of {expected:?}"));
            }
            let blank = expected == " ";
            let bold = wanted.modifier.contains(Modifier::BOLD);
            let reversed = wanted.modifier.contains(Modifier::REVERSED);
            let underlined = wanted.modifier.contains(Modifier::UNDERLINED);
            let fg_matters = !blank || reversed || underlined;
            if vt_colour(got.bgcolor()) != wanted.bg
                || (fg_matters && vt_colour(got.fgcolor()) != wanted.fg)
                || (!blank && got.bold() != bold)
                || got.inverse() != reversed
                || got.underline() != underlined
            {
                return Err(format!("({x},{y}) {symbol:?} has another style than {wanted:?}"));
            }
            x += step;
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_terminal_fed_only_the_differences_shows_every_frame(
        pictures in proptest::collection::vec((proptest::collection::vec(paint(), 0..8), 0..4), 1..8),
    ) {
        let mut frames = frames(14, 5);
        let mut terminal = vt100::Parser::new(5.try_into().unwrap(), 14.try_into().unwrap(), 0);
        for (picture, before) in pictures {
            match before {
                0 => frames.repaint(),
                1 => frames.resize(Size { width: 14, height: 5 }),
                _ => {}
            }
            let mut copy = Buffer::empty(Rect::new(0, 0, 14, 5));
            let render = |b: &mut Buffer| {
                for p in &picture {
                    b.set_string(p.x, p.y, &p.text, p.style);
                }
            };
            render(&mut copy);
            frames.draw(render).unwrap();
            terminal.process(&std::mem::take(frames.get_mut()));
            prop_assert_eq!(same(terminal.screen(), &copy), Ok(()));
        }
    }
}

#[test]
fn the_width_known_by_the_first_bytes_is_the_width() {
    use ratatui::buffer::CellWidth as _;
    let mut symbol = String::new();
    for c in ('\0'..=char::MAX).filter(|c| !c.is_control()) {
        symbol.clear();
        symbol.push(c);
        assert_eq!(
            symbol_width(&symbol),
            symbol.cell_width().clamp(1, 2),
            "{:04X}",
            u32::from(c)
        );
    }
    assert_eq!(symbol_width(""), 1);
    assert_eq!(symbol_width("ab"), 2);
    assert_eq!(symbol_width("ﺑ\u{64e}"), 1);
}
