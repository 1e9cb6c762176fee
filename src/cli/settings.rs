//! From the configuration to what each room understands: the only place where settings change their shape.

use super::{Common, FAILED, USAGE, complain};
use crate::board;
use crate::board::columns::Style;
use crate::clock::Day;
use crate::config::{
    Alert, AlertFrom, Calendar, Chosen, Config, Env, Money, Origins, Paths, RuleSetting, TOKEN_VARIABLE, TextProfile,
    TokenChoice, Watch,
};
use crate::kept::Store;
use crate::link;
use crate::source::file::WatchMode;
use crate::source::{Access, Limits, Pace, Secret, Source, Token};
use crate::text::Lang;
use crate::text::calendar::{self, CalendarKind};
use crate::text::number::MoneyUnit;
use crate::text::profile::Profile;
use crate::tui::detect::Environment;
use std::process::ExitCode;
use std::time::Duration;

/// The configuration in force; every mistake in it is said at once, and the exit code is then the answer.
pub fn load(common: &Common, env: &Env) -> Result<Config, ExitCode> {
    load_with_origins(common, env).map(|(config, _)| config)
}

/// The same, with where each value comes from.
pub fn load_with_origins(common: &Common, env: &Env) -> Result<(Config, Origins), ExitCode> {
    let overrides = common.overrides();
    Config::load(env, &overrides).map_err(|errors| {
        let lang = crate::config::speak(env, &overrides);
        let _ = super::config::report(&errors, lang, &mut std::io::stderr().lock());
        ExitCode::from(FAILED)
    })
}

/// What a source may cost.
pub fn limits(config: &Config) -> Limits {
    Limits {
        max_bytes: config.source.max_bytes,
        max_record_bytes: usize::try_from(config.source.max_record_bytes).unwrap_or(usize::MAX),
        ..Limits::default()
    }
}

/// Where the data come from.
pub fn source(config: &Config) -> Source {
    source_of(&config.chosen)
}

/// Where the data of a chosen source come from.
pub fn source_of(chosen: &Chosen) -> Source {
    chosen.location.as_deref().map_or(Source::Sample, Source::named)
}

/// Who we are to a server.
pub fn access(chosen: &Chosen, env: &Env) -> Access {
    Access {
        ca: chosen.ca.clone(),
        certificate: chosen.client_certificate.clone(),
        key: chosen.client_key.clone(),
        token: match &chosen.token {
            TokenChoice::None => Token::None,
            TokenChoice::Variable => {
                let text = env.text(TOKEN_VARIABLE).unwrap_or_default();
                Token::Given(Secret::new(text), TOKEN_VARIABLE)
            }
            TokenChoice::File(path) => Token::File(path.clone()),
            TokenChoice::Command(command) => Token::Command(command.clone()),
        },
    }
}

/// Where states of the source are kept by day; nothing when none are, or there is no place for them.
pub fn kept(config: &Config, chosen: &Chosen, env: &Env) -> Option<Store> {
    let below = Paths::of(env).data_dir.filter(|_| config.states.keep)?;
    Store::new(&below, &source_of(chosen), config.states.days, limits(config))
}

/// The day asked for by `--as-of`; a wrong one is said, with the exit code.
pub fn as_of(common: &Common, lang: Lang) -> Result<Option<Day>, ExitCode> {
    let Some(text) = &common.as_of else { return Ok(None) };
    match calendar::parse_date(text) {
        Ok(day) => Ok(Some(day)),
        Err(_) => {
            complain(&wrong_day(text, lang));
            Err(ExitCode::from(USAGE))
        }
    }
}

/// The sentence for a day that is none, with one in each calendar as an example.
pub fn wrong_day(found: &str, lang: Lang) -> String {
    let values = [("found", found), ("jalali", "1403/02/20"), ("gregorian", "2024-05-09")];
    crate::i18n::tf(lang, "cli.wrong-day", &values)
}

/// How the board judges.
pub fn board(config: &Config) -> board::Settings {
    let mut rules = board::RuleSettings::default();
    for (slug, setting) in &config.rules {
        let setting = match setting {
            RuleSetting::On => board::RuleSetting {
                on: true,
                severity: None,
            },
            RuleSetting::Off => board::RuleSetting {
                on: false,
                severity: None,
            },
            other => board::RuleSetting {
                on: true,
                severity: board::Severity::named(other.as_str()),
            },
        };
        rules.set(slug, setting);
    }
    let own = config
        .own_thresholds
        .iter()
        .filter_map(|name| board::Limit::ALL.into_iter().find(|limit| limit.as_str() == *name))
        .collect();
    board::Settings {
        thresholds: config.thresholds.clone(),
        rules,
        own,
        ladder: config.ladder.clone(),
    }
}

/// How a link reads, watches and judges.
pub fn link(config: &Config, chosen: &Chosen, env: &Env) -> link::Settings {
    link::Settings {
        board: board(config),
        limits: limits(config),
        watch: match config.source.watch {
            Watch::Auto => WatchMode::Auto,
            Watch::Events => WatchMode::Events,
            Watch::Poll => WatchMode::Poll,
        },
        poll: Duration::from_secs(u64::from(config.source.poll_seconds)),
        live: config.sample_live,
        kept: kept(config, chosen, env),
        access: access(chosen, env),
        pace: Pace::default(),
        cache: Paths::of(env).cache_dir,
    }
}

/// The calendar of dates in English; in Persian they are Solar Hijri.
pub fn english_calendar(config: &Config) -> CalendarKind {
    match config.calendar {
        Calendar::Jalali => CalendarKind::Jalali,
        Calendar::Gregorian => CalendarKind::Gregorian,
    }
}

/// How values are written.
pub fn style(config: &Config) -> Style {
    Style {
        lang: config.lang,
        calendar: match config.lang {
            Lang::Fa => CalendarKind::Jalali,
            Lang::En => english_calendar(config),
        },
        money: match config.money {
            Money::Rial => MoneyUnit::Rial,
            Money::MillionRial => MoneyUnit::MillionRial,
            Money::BillionRial => MoneyUnit::BillionRial,
            Money::Toman => MoneyUnit::Toman,
            Money::MillionToman => MoneyUnit::MillionToman,
            Money::BillionToman => MoneyUnit::BillionToman,
        },
    }
}

/// How new findings are told of beside the screen, and from which severity on; nothing when they are not.
pub fn alert(config: &Config) -> Option<(Alert, board::Severity)> {
    let from = match config.alert_from {
        AlertFrom::Critical => board::Severity::Critical,
        AlertFrom::Warning => board::Severity::Warning,
        AlertFrom::Notice => board::Severity::Notice,
    };
    (config.alert != Alert::Off).then_some((config.alert, from))
}

/// What is known of the terminal before it is asked.
pub fn environment(config: &Config) -> Environment {
    let chosen = config
        .terminals
        .iter()
        .filter_map(|(terminal, chosen)| Some((terminal.clone(), profile(*chosen)?)))
        .collect();
    Environment::of_process(profile(config.text_profile), chosen)
}

/// The emission profile of a setting; nothing when the terminal is to be asked.
pub const fn profile(setting: TextProfile) -> Option<Profile> {
    match setting {
        TextProfile::Auto => None,
        TextProfile::Plain => Some(Profile::Plain),
        TextProfile::Explicit => Some(Profile::Explicit),
        TextProfile::Pinned => Some(Profile::Pinned),
        TextProfile::Fenced => Some(Profile::Fenced),
        TextProfile::Kitty66 => Some(Profile::Kitty66),
        TextProfile::Sgr => Some(Profile::Sgr),
        TextProfile::Mlterm => Some(Profile::Mlterm),
        TextProfile::Off => Some(Profile::Off),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_kept_where_there_is_a_place_and_never_in_a_kiosk() {
        let env = Env::of(&[("HOME", "/home/u"), ("RASAD_STATES_KEEP", "true")]);
        let mut config = Config::default();
        config.chosen.location = Some("https://host/hq.json".to_owned());
        assert!(kept(&config, &config.chosen, &env).is_some());
        assert!(kept(&config, &config.chosen, &env.of_kiosk()).is_none());
        config.states.keep = false;
        assert!(kept(&config, &config.chosen, &env).is_none());
    }

    #[test]
    fn nobody_is_told_of_new_findings_beside_the_screen_who_did_not_ask_for_it() {
        let mut config = Config::default();
        assert_eq!(alert(&config), None);
        for (from, severity) in [
            (AlertFrom::Critical, board::Severity::Critical),
            (AlertFrom::Warning, board::Severity::Warning),
            (AlertFrom::Notice, board::Severity::Notice),
        ] {
            config.alert_from = from;
            config.alert = Alert::Off;
            assert_eq!(alert(&config), None);
            for kind in [Alert::Bell, Alert::Osc9, Alert::Osc777] {
                config.alert = kind;
                assert_eq!(alert(&config), Some((kind, severity)));
            }
        }
    }
}
