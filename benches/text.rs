//! What one line of text costs, uncached: a full screen of 200×60 Persian cells is 300 lines of 40 characters.

use divan::{Bencher, black_box};
use rasad::text::{self, Direction, collate, fold, visible};

const PERSIAN: &str = "جهش تولید با مشارکت مردم در استان آذربای";
const MIXED: &str = "طرح شماره ۱۲ از p-0117 با −۳۵٪ پیشرفت شد";

fn main() {
    divan::main();
}

#[divan::bench(args = [PERSIAN, MIXED])]
fn a_line(bencher: Bencher<'_, '_>, text: &str) {
    bencher.bench(|| text::line(black_box(text), Direction::Rtl));
}

#[divan::bench(args = [PERSIAN, MIXED])]
fn a_cut_line(bencher: Bencher<'_, '_>, text: &str) {
    bencher.bench(|| text::fit(black_box(text), Direction::Rtl, 20));
}

#[divan::bench]
fn a_full_screen(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        for _ in 0..60 {
            for text in [PERSIAN, MIXED, PERSIAN, MIXED, PERSIAN] {
                black_box(text::line(black_box(text), Direction::Rtl));
            }
        }
    });
}

#[divan::bench]
fn the_cells_of_a_line(bencher: Bencher<'_, '_>) {
    bencher.bench(|| text::cells(black_box(MIXED)));
}

#[divan::bench]
fn whether_a_text_is_clean(bencher: Bencher<'_, '_>) {
    bencher.bench(|| visible::is_clean(black_box(MIXED), 20_000));
}

#[divan::bench]
fn a_search_that_finds_nothing(bencher: Bencher<'_, '_>) {
    let (hay, needle) = (fold::fold(MIXED), fold::fold("دانش‌بنیان"));
    bencher.bench(|| fold::contains(black_box(&hay), black_box(&needle)));
}

#[divan::bench]
fn a_sort_key(bencher: Bencher<'_, '_>) {
    bencher.bench(|| collate::sort_key(black_box(MIXED)));
}
