#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const LANGS: [Lang; 2] = [Lang::Fa, Lang::En];

/// Every area with its entries, in one language.
fn areas(lang: Lang) -> Vec<(&'static str, &'static str)> {
    let files = if lang == Lang::Fa { FA } else { EN };
    AREAS.iter().copied().zip(files.iter().copied()).collect()
}

/// The entries of one file, in order.
fn entries(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.lines().filter_map(|line| {
        let line = line.trim();
        let (key, text) = line.split_once('=')?;
        (!line.starts_with('#')).then(|| (key.trim_end(), text.trim_start()))
    })
}

fn all(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    areas(lang).into_iter().flat_map(|(_, file)| entries(file)).collect()
}

/// The placeholders of a text: the names in braces, without the words of a plural.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split(['}', '|']).next())
        .collect()
}

/// The string literals of a Rust source, each with what stands before it on the way back to the last `;`, `{` or `}`.
fn literals(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut chars = source.chars().peekable();
    let mut before = String::new();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
            }
            '\'' => {
                // A character or a lifetime: only a quoted quote matters here.
                before.push(c);
                if chars.peek() == Some(&'"') {
                    chars.next();
                } else if chars.peek() == Some(&'\\') {
                    chars.next();
                    chars.next();
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => {
                            chars.next();
                        }
                        '"' => break,
                        c => text.push(c),
                    }
                }
                found.push((before.clone(), text));
                before.push('"');
            }
            ';' | '{' | '}' => before.clear(),
            c if c.is_whitespace() => {}
            c => before.push(c),
        }
    }
    found
}

fn sources(dir: &Path, out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let name = path.display().to_string();
            if !name.contains("/i18n/") {
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut out = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out
}

/// True for a literal that the code hands to the catalogue: the key argument of `t`, `tf`, `tf_screen`, `say`, or a field
/// whose name ends in `_key`.
fn asks_catalogue(before: &str) -> bool {
    const CALLS: &[&str] = &["t(", "tf(", "tf_screen(", "say("];
    let last = before.rsplit(['=', '>']).next().unwrap_or_default();
    let call = CALLS.iter().any(|call| {
        last.rfind(call).is_some_and(|at| {
            let name_begins_here = !last[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let args = &last[at + call.len()..];
            name_begins_here && !args.contains('"') && !args.contains('(') && args.matches(',').count() <= 1
        })
    });
    call || before.ends_with("_key:")
}

fn looks_like_a_key(text: &str) -> bool {
    text.contains('.')
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
}

#[test]
fn every_line_is_a_comment_or_an_entry_and_no_key_comes_twice() {
    for lang in LANGS {
        let mut seen = BTreeMap::new();
        for (area, file) in areas(lang) {
            for (number, line) in file.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                let (key, text) = line
                    .split_once('=')
                    .unwrap_or_else(|| panic!("{area}:{}: {line}", number + 1));
                let (key, text) = (key.trim(), text.trim());
                assert!(looks_like_a_key(key), "{area}:{}: key {key:?}", number + 1);
                assert!(!text.is_empty(), "{area}:{}: {key} has no text", number + 1);
                assert_eq!(text.matches('{').count(), text.matches('}').count(), "{key}");
                if let Some(first) = seen.insert(key, area) {
                    panic!("{key} stands in {first} and in {area}");
                }
            }
        }
    }
}

#[test]
fn what_the_build_laid_out_is_what_stands_in_the_files() {
    for lang in LANGS {
        let all = all(lang);
        for (key, text) in &all {
            assert_eq!(find(lang, key), Some(*text), "{key}");
            // A key's beginning, and a key with something behind it, are other keys.
            for other in [&key[..key.len() - 1], &format!("{key}x"), ""] {
                assert_eq!(find(lang, other), all.get(other).copied(), "{other:?}");
            }
        }
        let used = CATALOGUES[lang as usize].slots.iter().filter(|slot| slot.1 > 0).count();
        assert_eq!(used, all.len());
    }
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_placeholders() {
    let (fa, en) = (all(Lang::Fa), all(Lang::En));
    let missing = |have: &BTreeMap<&'static str, _>, of: &BTreeMap<&'static str, &'static str>| -> Vec<_> {
        of.keys().filter(|key| !have.contains_key(*key)).copied().collect()
    };
    assert_eq!(missing(&fa, &en), Vec::<&str>::new(), "missing in Persian");
    assert_eq!(missing(&en, &fa), Vec::<&str>::new(), "missing in English");
    for (key, text) in &en {
        assert_eq!(placeholders(text), placeholders(fa[key]), "{key}");
    }
}

#[test]
fn every_key_the_code_asks_for_is_in_the_catalogue() {
    let have = all(Lang::En);
    let mut missing = BTreeSet::new();
    let mut asked = 0;
    for (file, source) in all_sources() {
        for (before, text) in literals(&source) {
            if asks_catalogue(&before) && looks_like_a_key(&text) {
                asked += 1;
                if !have.contains_key(text.as_str()) {
                    missing.insert(format!("{file}: {text}"));
                }
            }
        }
    }
    assert!(asked > 20, "the scan found only {asked} keys: it has gone blind");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_scan_sees_a_key_in_every_way_it_is_asked_for() {
    let source = r#"fn x() { let a = i18n::t(lang, "edge.a"); tf(lang, "edge.b", &[("n", "edge.no")]); say("edge.c", &[]);
        C { title_key: "edge.d" }; match y { A => t(lang,
            "edge.e"), B => print("edge.no") } } // t(lang, "edge.no")"#;
    let seen: Vec<_> = literals(source)
        .into_iter()
        .filter(|(before, text)| asks_catalogue(before) && looks_like_a_key(text))
        .map(|(_, text)| text)
        .collect();
    assert_eq!(seen, ["edge.a", "edge.b", "edge.c", "edge.d", "edge.e"]);
}

#[test]
fn persian_texts_are_written_with_persian_letters_and_clean() {
    for (key, text) in all(Lang::Fa) {
        assert!(!text.contains(['ي', 'ك', 'ى', 'ۀ', 'ة']), "{key}: {text}");
        assert!(
            !text.contains(crate::text::visible::is_forbidden),
            "{key}: a forbidden character"
        );
        assert!(
            !text.replace("UTF-8", "").chars().any(|c| c.is_ascii_digit()),
            "{key}: Latin digits in {text}"
        );
        for word in text.split(|c: char| c.is_whitespace() || "«»()،؛.:؟|{}".contains(c)) {
            assert!(
                !word.starts_with('\u{200c}') && !word.ends_with('\u{200c}'),
                "{key}: a loose ZWNJ in {word:?}"
            );
        }
        assert!(
            !text.contains("\u{200c}\u{200c}") && !text.contains(" می ") && !text.contains(" ها"),
            "{key}: {text}"
        );
        if key.starts_with("cli.") {
            continue;
        }
        // A sign before a Latin word would change sides on the screen: options, paths and commands come in as values, isolated.
        // The command line's own words never pass the text pipeline, so they may hold them as they are.
        for word in text.split(['{', '}', ' ', '«', '»', '(']) {
            assert!(
                !word.starts_with(['-', '/', '#', '~', '$']) || word.len() == 1,
                "{key}: {word} in {text}"
            );
        }
    }
}

#[test]
fn a_key_nobody_knows_is_shown_as_it_stands() {
    assert_eq!(t(Lang::Fa, "no.such.key"), "no.such.key");
    assert_eq!(tf(Lang::En, "no.such.key", &[("n", "1")]), "no.such.key");
    assert_eq!(find(Lang::Fa, "no.such.key"), None);
}

#[test]
fn values_go_in_by_name_and_a_missing_one_stays_visible() {
    let put = |text: &str, args: &[(&str, &str)]| fill(Lang::Fa, text, args, |out, value| out.push_str(value));
    assert_eq!(put("{a} از {b}", &[("b", "۶۴"), ("a", "۱۷")]), "۱۷ از ۶۴");
    assert_eq!(put("{a} and {b}", &[("a", "{b}")]), "{b} and {b}");
    assert_eq!(put("open { brace", &[]), "open { brace");
}

#[test]
fn english_nouns_follow_the_number_and_persian_ones_stay() {
    let more = |lang, n| tf(lang, "check.more", &[("n", n)]);
    assert_eq!(more(Lang::En, "1"), "and 1 more problem");
    assert_eq!(more(Lang::En, "0"), "and 0 more problems");
    assert_eq!(more(Lang::En, "33"), "and 33 more problems");
    assert_eq!(more(Lang::En, "1.0"), "and 1.0 more problems");
    assert_eq!(more(Lang::Fa, "۳۳").replace("۳۳", "۱"), more(Lang::Fa, "۱"));
}

#[test]
fn only_the_screen_gets_isolates() {
    let args = [("name", "طرح"), ("n", "−۱۸"), ("total", "p-0117")];
    assert_eq!(tf(Lang::Fa, "list.filtered", &args), "طرح −۱۸ از p-0117");
    assert_eq!(
        tf_screen(Lang::Fa, "list.filtered", &args),
        "\u{2068}طرح\u{2069} \u{2068}−۱۸\u{2069} از \u{2068}p-0117\u{2069}"
    );
    assert_eq!(
        tf_screen(
            Lang::En,
            "list.filtered",
            &[("name", "x"), ("n", "1"), ("total", "اهر")]
        ),
        "x 1 of \u{2068}اهر\u{2069}"
    );
}

/// The names of all fields of all records and of their parts, from the contract itself.
#[test]
fn every_kind_every_field_and_every_known_value_has_a_name() {
    use crate::contract::*;
    let have = all(Lang::En);
    let mut wanted = Vec::new();
    for kind in Kind::ALL {
        wanted.push(kind.name_key().to_owned());
        wanted.push(kind.plural_key().to_owned());
        wanted.extend(kind.fields().iter().map(|field| format!("field.{kind}.{field}")));
    }
    for (owner, fields) in [
        ("headquarters", Headquarters::FIELDS),
        ("county", County::FIELDS),
        ("ladder", LadderStep::FIELDS),
        ("indicator", Indicator::FIELDS),
        ("reading", Reading::FIELDS),
        ("path", PathPoint::FIELDS),
        ("progress", ProgressReading::FIELDS),
        ("milestone", Milestone::FIELDS),
        ("duty", Duty::FIELDS),
        ("expert", Expert::FIELDS),
        ("visit", Visit::FIELDS),
        ("follow_up", FollowUp::FIELDS),
        ("outreach", Outreach::FIELDS),
    ] {
        wanted.extend(fields.iter().map(|field| format!("field.{owner}.{field}")));
    }
    macro_rules! lists {
        ($($list:ident),*) => { $(wanted.extend($list::KNOWN.iter().map(|word| format!("{}.{word}", $list::PREFIX)));)* };
    }
    lists!(
        Pillar,
        Trend,
        ProjectState,
        DecisionState,
        DemandState,
        CampaignKind,
        CampaignState,
        Category,
        DutyState,
        PlanState,
        InitiativeKind,
        Stage,
        Origin
    );
    let missing: Vec<_> = wanted.iter().filter(|key| !have.contains_key(key.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The keys of an area no source line names and no prefix announces.
fn unused(area: &str) -> Vec<&'static str> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    for (_, source) in all_sources() {
        named.extend(literals(&source).into_iter().map(|(_, text)| text));
    }
    let file = areas(Lang::En)
        .into_iter()
        .find(|(name, _)| *name == area)
        .map(|(_, file)| file);
    let keys = entries(file.unwrap()).map(|(key, _)| key);
    let built = |key: &str| BUILT_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    keys.filter(|key| !built(key) && !named.contains(*key)).collect()
}

#[test]
fn no_text_lies_about_unused() {
    for area in AREAS {
        assert_eq!(unused(area), Vec::<&str>::new(), "{area}");
    }
}

#[test]
fn words_follow_the_plural_category_of_their_number() {
    // The samples of CLDR's rules: English one is the integer 1 alone, Persian one is everything up to 1.
    for (value, en, fa) in [
        ("0", false, true),
        ("1", true, true),
        ("۱", true, true),
        ("1.0", false, true),
        ("0.5", false, true),
        ("۰٫۵", false, true),
        ("1.5", false, false),
        ("2", false, false),
        ("-1", true, true),
        ("−۱", true, true),
        ("1,000", false, false),
        ("۱٬۰۰۰", false, false),
        ("—", false, false),
        ("", false, false),
        ("1d", false, false),
    ] {
        assert_eq!(
            (is_one(Lang::En, value), is_one(Lang::Fa, value)),
            (en, fa),
            "{value:?}"
        );
    }
}
