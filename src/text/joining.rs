//! Which form an Arabic letter takes between its neighbours, and the lam-alef ligatures.
//!
//! Forms are the presentation forms of Unicode: the only way to have letters joined in a terminal that does not shape. It must
//! not know of order, cells or marks.

pub(super) use super::tables::Joining;
use super::tables::{FORMS, FORMS_FIRST, JOINING, JOINING_FIRST, JOINING_SUPPLEMENT};

/// How a character joins; characters outside the Arabic blocks do not.
#[inline]
pub(super) fn joining(c: char) -> Joining {
    let code = u32::from(c);
    let kind = match code {
        0x0620..=0x06ff => JOINING.get((code - JOINING_FIRST) as usize),
        0x0750..=0x077f => JOINING_SUPPLEMENT.get((code - 0x0750) as usize),
        // The ligatures of this file.
        0xfef5..=0xfefc => Some(&b'R'),
        _ => None,
    };
    match kind {
        Some(b'D') => Joining::Dual,
        Some(b'R') => Joining::Right,
        Some(b'C') => Joining::Causing,
        Some(b'T') => Joining::Transparent,
        _ => Joining::None,
    }
}

impl Joining {
    /// Whether it can join the letter that follows it.
    #[inline]
    pub(super) const fn joins_next(self) -> bool {
        matches!(self, Self::Dual | Self::Causing)
    }

    /// Whether it can join the letter before it.
    #[inline]
    pub(super) const fn joins_previous(self) -> bool {
        matches!(self, Self::Dual | Self::Right | Self::Causing)
    }
}

/// The form of a letter that joins the previous and the next letter or not; a letter without that form stays as it is.
#[inline]
pub(super) fn form(c: char, previous: bool, next: bool) -> char {
    let code = u32::from(c);
    if matches!(code, 0xfef5..=0xfefc) {
        // Isolated forms of the ligatures have odd codes, the final form follows each.
        return if previous {
            char::from_u32(code + 1).unwrap_or(c)
        } else {
            c
        };
    }
    let Some(forms) = code.checked_sub(FORMS_FIRST).and_then(|at| FORMS.get(at as usize)) else {
        return c;
    };
    let [isolated, last, initial, medial] = *forms;
    let form = match (previous, next) {
        (false, false) => isolated,
        (true, false) => last,
        (false, true) => initial,
        (true, true) => medial,
    };
    if form == 0 {
        return c;
    }
    char::from_u32(u32::from(form)).unwrap_or(c)
}

/// The ligature of lam with that alef, isolated.
#[inline]
pub(super) const fn lam_alef(alef: char) -> Option<char> {
    match alef {
        'آ' => Some('\u{fef5}'),
        'أ' => Some('\u{fef7}'),
        'إ' => Some('\u{fef9}'),
        'ا' => Some('\u{fefb}'),
        _ => None,
    }
}

/// The letter (or ligature) that has the mark built in, where there is one.
pub(super) const fn composed(base: char, mark: char) -> Option<char> {
    match (base, mark) {
        ('ا', '\u{653}') => Some('آ'),
        ('ا', '\u{654}') => Some('أ'),
        ('ا', '\u{655}') => Some('إ'),
        ('و', '\u{654}') => Some('ؤ'),
        ('ي', '\u{654}') => Some('ئ'),
        ('\u{fefb}', '\u{653}') => Some('\u{fef5}'),
        ('\u{fefb}', '\u{654}') => Some('\u{fef7}'),
        ('\u{fefb}', '\u{655}') => Some('\u{fef9}'),
        _ => None,
    }
}

/// The form itself: how a cell that holds it is connected on its right (to the letter before) and on its left. Only
/// presentation forms are connected.
pub(super) fn connections(form: char) -> (bool, bool) {
    let code = u32::from(form);
    if matches!(code, 0xfef5..=0xfefc) {
        return (code.is_multiple_of(2), false);
    }
    let Ok(code) = u16::try_from(code) else {
        return (false, false);
    };
    if !matches!(code, 0xfb50..=0xfbff | 0xfe80..=0xfef4) {
        return if form == 'ـ' { (true, true) } else { (false, false) };
    }
    CONNECTED
        .binary_search_by_key(&code, |entry| entry.0)
        .ok()
        .and_then(|at| CONNECTED.get(at))
        .map_or((false, false), |entry| (entry.1, entry.2))
}

/// Every form that is connected on some side, sorted.
static CONNECTED: std::sync::LazyLock<Vec<(u16, bool, bool)>> = std::sync::LazyLock::new(|| {
    let mut all: Vec<_> = FORMS
        .iter()
        .flat_map(|[_, last, initial, medial]| [(*last, true, false), (*initial, false, true), (*medial, true, true)])
        .filter(|entry| entry.0 != 0)
        .collect();
    all.sort_unstable();
    all.dedup();
    all
});
