#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use std::fs;

fn place() -> Place {
    Place::Option("--theme".to_owned())
}

fn built_in(name: &str) -> Theme {
    load(name, None, &Env::default(), &place()).unwrap()
}

#[test]
fn every_built_in_theme_loads() {
    for name in BUILT_IN {
        built_in(name);
    }
    let named: Vec<_> = FILES.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, BUILT_IN[1..]);
}

#[test]
fn the_file_of_the_built_in_theme_says_what_is_built_in_of_every_role() {
    let text = include_str!("../../../config/themes/default.toml");
    assert_eq!(parse(Path::new("default.toml"), text).unwrap(), Theme::default());
    for role in Role::ALL {
        assert!(text.contains(&format!("\n{} = ", role.slug())), "{}", role.slug());
    }
}

#[test]
fn the_built_in_theme_uses_the_terminals_own_colours_and_no_backgrounds() {
    for role in Role::ALL {
        let style = Theme::default().style(*role);
        assert_eq!(style.bg, None, "{role:?}");
        assert!(
            !matches!(style.fg, Some(Color::Rgb(..) | Color::Indexed(_))),
            "{role:?}"
        );
    }
}

#[test]
fn no_theme_shows_the_selection_by_colour_alone() {
    for name in BUILT_IN {
        for theme in [built_in(name), built_in(name).without_colour()] {
            let weight = theme.style(Role::Selected).add_modifier;
            assert!(
                weight.intersects(Modifier::REVERSED | Modifier::BOLD | Modifier::UNDERLINED),
                "{name}"
            );
            assert_ne!(
                theme.style(Role::Selected).add_modifier,
                theme.style(Role::Text).add_modifier
            );
        }
    }
}

#[test]
fn no_color_leaves_no_colour_in_any_theme() {
    for name in BUILT_IN {
        let theme = load(name, None, &Env::of(&[("NO_COLOR", "1")]), &place()).unwrap();
        for role in Role::ALL {
            let style = theme.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{name} {role:?}");
        }
    }
    let with = load("default", None, &Env::of(&[("NO_COLOR", "")]), &place()).unwrap();
    assert_eq!(with, Theme::default(), "an empty NO_COLOR counts as not set");
}

#[test]
fn styles_are_read_word_by_word() {
    assert_eq!(style("red bold"), Ok(Style::new().fg(Color::Red).bold()));
    assert_eq!(
        style("white on blue"),
        Ok(Style::new().fg(Color::White).bg(Color::Blue))
    );
    assert_eq!(
        style("on #102030 reverse"),
        Ok(Style::new().bg(Color::Rgb(16, 32, 48)).reversed())
    );
    assert_eq!(
        style("208 underline"),
        Ok(Style::new().fg(Color::Indexed(208)).underlined())
    );
    assert_eq!(style(""), Ok(Style::new()));
    assert_eq!(style("rot"), Err("rot"));
    assert_eq!(style("red on"), Err("on"));
    assert_eq!(style("قرمز"), Err("قرمز"));
}

#[test]
fn a_theme_of_ones_own_is_read_and_all_its_mistakes_are_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("themes")).unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(format!("themes/{name}.toml"));
        crate::config::file::create(&path, text).unwrap();
    };
    write("mine", "critical = \"white on red\"\n");
    write("bad", "critcal = \"red\"\nwarning = \"rot\"\ndata = 3\n");
    let mine = load("mine", Some(dir.path()), &Env::default(), &place()).unwrap();
    assert_eq!(mine.style(Role::Critical).bg, Some(Color::Red));
    assert_eq!(mine.style(Role::Warning), Theme::default().style(Role::Warning));
    let wrong: Vec<_> = load("bad", Some(dir.path()), &Env::default(), &place()).unwrap_err();
    let wrong: Vec<_> = wrong.into_iter().map(|error| error.wrong).collect();
    assert!(
        wrong.contains(&Wrong::UnknownRole("critcal".into(), Some("critical".into()))),
        "{wrong:?}"
    );
    assert!(wrong.contains(&Wrong::BadColour("rot".into())));
    assert!(wrong.contains(&Wrong::WrongType(
        "data".into(),
        "config.type-text",
        "config.type-whole"
    )));
    assert_eq!(wrong.len(), 3);
}

#[test]
fn a_theme_that_is_not_there_is_named_with_the_nearest_one_and_never_leaves_its_directory() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |name: &str| {
        load(name, Some(dir.path()), &Env::default(), &place())
            .unwrap_err()
            .remove(0)
            .wrong
    };
    assert!(matches!(refused("drak"), Wrong::UnknownTheme(_, Some(like), ..) if like == "dark"));
    crate::config::file::create(&dir.path().join("themes/inside.toml"), "").unwrap();
    crate::config::file::create(&dir.path().join("outside.toml"), "").unwrap();
    assert!(load("inside", Some(dir.path()), &Env::default(), &place()).is_ok());
    assert!(matches!(refused("../outside"), Wrong::UnknownTheme(..)));
}
