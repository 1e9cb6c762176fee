//! `rasad brief`: the brief for the next meeting as text, Markdown or HTML.

use super::load;
use super::out::{self, Streams};
use super::{Common, FAILED, USAGE, settings};
use crate::app::brief::{Asked, brief};
use crate::clock::Clock;
use crate::config::{Config, Env, speak};
use crate::contract::Id;
use crate::exchange::document::Form;
use crate::i18n::tf;
use std::process::ExitCode;

/// The source cannot be read.
const UNREADABLE: u8 = 2;

/// What `rasad brief` is asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct BriefArgs {
    /// text, md or html.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// The day since which changes are told, or last-meeting (the default).
    #[arg(long, value_name = "DAY|last-meeting")]
    pub since: Option<String>,
    /// Only what concerns this agency, by id.
    #[arg(long, value_name = "ID")]
    pub agency: Option<String>,
}

const FORMS: [(&str, Form); 3] = [("text", Form::Text), ("md", Form::Markdown), ("html", Form::Html)];

/// Runs the command on this process's streams.
pub fn run(args: &BriefArgs, common: &Common, env: &Env) -> ExitCode {
    out::on_process(|streams| answer(args, common, env, Clock::System, streams))
}

fn answer(args: &BriefArgs, common: &Common, env: &Env, clock: Clock, streams: &mut Streams<'_>) -> u8 {
    let overrides = common.overrides();
    let config = match Config::load(env, &overrides) {
        Ok((config, _)) => config,
        Err(errors) => {
            let _ = super::config::report(&errors, speak(env, &overrides), &mut streams.err);
            return FAILED;
        }
    };
    let lang = config.lang;
    let form = out::choice("--format", args.format.as_deref(), &FORMS, lang);
    let since = load::since(args.since.as_deref(), lang);
    let as_of = load::as_of(common, lang);
    let (form, since, as_of) = match (form, since, as_of) {
        (Ok(form), Ok(since), Ok(as_of)) => (form, since, as_of),
        (form, since, as_of) => {
            for wrong in [form.err(), since.err(), as_of.err()].into_iter().flatten() {
                streams.complain(&wrong);
            }
            return USAGE;
        }
    };
    let loaded = match load::with_past(&config, env, as_of, since, clock) {
        Ok(loaded) => loaded,
        Err(said) => {
            streams.complain(&said);
            return UNREADABLE;
        }
    };
    let mut asked = Asked {
        source: loaded.source.clone(),
        left_out: loaded.left_out(),
        ..Asked::default()
    };
    if let Some(name) = &args.agency {
        let known = Id::new(name).filter(|id| loaded.board.agencies().contains(id.as_str()));
        if known.is_none() {
            let why = tf(
                lang,
                "brief.no-agency",
                &[("id", name), ("command", "rasad show agencies")],
            );
            streams.complain(&tf(lang, "show.error", &[("option", "--agency"), ("why", &why)]));
            return USAGE;
        }
        asked.agency = known;
    }
    let document = brief(&loaded.board, &settings::style(&config), &asked);
    let written = document.write(&mut streams.out, form.unwrap_or(Form::Text), streams.width);
    if let Some(code) = streams.settle(written, lang) {
        return code;
    }
    streams.left_out(&loaded, lang);
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::out::tests::{Said, command_on};

    fn brief(line: &[&str]) -> Said {
        command_on(None, line, |args: &BriefArgs, common, env, clock, streams| {
            answer(args, common, env, clock, streams)
        })
    }

    #[test]
    fn it_is_said_in_both_languages_and_three_forms_with_its_day_and_source() {
        for lang in ["fa", "en"] {
            for form in ["text", "md", "html"] {
                let said = brief(&["--lang", lang, "--format", form]);
                assert_eq!((said.code, said.err.as_str()), (0, ""), "{lang} {form}");
                for text in ["sample", "{", "}"] {
                    let holds = said.out.contains(text);
                    // No placeholder is left; the braces of the style sheet are meant.
                    assert_eq!(holds, text == "sample" || form == "html", "{lang} {form}: {text}");
                }
                let day = if lang == "fa" { "۱۴۰۳" } else { "2024" };
                assert!(said.out.contains(day), "{lang} {form}");
            }
        }
    }

    #[test]
    fn the_html_stands_alone_and_reads_from_the_right_in_persian() {
        let said = brief(&["--format", "html"]).out;
        assert!(said.contains("<html lang=\"fa\" dir=\"rtl\">"));
        for fetched in ["<script", "src=", "href=", "@import", "url("] {
            assert!(!said.contains(fetched), "{fetched}");
        }
        assert!(said.contains("size: A4"));
        // Headings that do not wrap push the last column of a wide table off the sheet.
        let wraps = said.lines().filter(|line| line.contains("nowrap"));
        assert!(wraps.clone().count() > 0 && !wraps.into_iter().any(|line| line.contains("th")));
        assert_eq!(said.matches("<section>").count(), said.matches("</section>").count());
        assert_eq!(said.matches("<table>").count(), said.matches("</table>").count());
    }

    #[test]
    fn an_agency_has_a_brief_of_its_own_and_an_unknown_one_is_told() {
        let all = brief(&["--lang", "en"]).out;
        let one = brief(&["--lang", "en", "--agency", "a-01"]).out;
        assert!(one.len() < all.len() && one.contains("Brief on "), "{one}");
        let said = brief(&["--lang", "en", "--agency", "a-nobody"]);
        assert_eq!(said.code, USAGE);
        assert!(said.err.contains("a-nobody"), "{}", said.err);
    }

    #[test]
    fn what_changed_is_told_since_the_last_meeting_or_a_day() {
        let last = brief(&["--lang", "en"]).out;
        assert!(last.contains("What has changed since "), "{last}");
        let since = brief(&["--lang", "en", "--since", "1403/01/20"]);
        assert_eq!(since.code, 0, "{}", since.err);
        assert_ne!(since.out, last);
        let wrong = brief(&["--since", "1403/13/01"]);
        assert_eq!(wrong.code, USAGE);
    }
}
