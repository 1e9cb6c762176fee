//! `rasad show KIND`: the rows of a list without a screen, as a table for people, CSV for spreadsheets or JSON for programs.
//!
//! The rows are those of the lists on screen: the same columns, filter and order. `overdue-plans` is short for the agencies that
//! owe a plan past its day, those without a plan record among them (`plans --filter is:overdue` knows only plan records).

use super::load::{self, Loaded};
use super::{Common, FAILED, USAGE, settings};
use crate::board::columns::{Column, Style, columns};
use crate::board::query::{Query, column_named, squash, with_near};
use crate::board::rows::{Direction, ListSpec, rows};
use crate::clock::{Clock, Day};
use crate::config::{Config, Env, speak};
use crate::contract::{Id, Kind};
use crate::exchange::{csv, json, record, safe, safe_line, table};
use crate::i18n::{self, tf};
use crate::text::near::near;
use crate::text::{Lang, calendar};
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};
use std::process::ExitCode;

/// Everything was written.
const DONE: u8 = 0;
/// The source cannot be read as a document.
const UNREADABLE: u8 = 2;

/// The rows agencies owe: a list of its own on the overview.
const OVERDUE_PLANS: &str = "overdue-plans";
const OVERDUE_COLUMNS: &str = "name,category,plan_state,plan_due,days_overdue,last_step,next_step,next_step_on";

const LANGS: [Lang; 2] = [Lang::Fa, Lang::En];

/// What `rasad show` is asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ShowArgs {
    /// Kind of record, singular or plural (projects, plan …), or overdue-plans.
    pub kind: String,
    /// Filter, as in the lists: words, -word, "exact words", field:value, field>number, due<1403/02/31, is:overdue.
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Columns to sort by, the first first; a minus before one turns it round.
    #[arg(long, value_name = "COLUMN,-COLUMN", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// Columns to show, or all.
    #[arg(long, value_name = "COLUMN,COLUMN")]
    pub columns: Option<String>,
    /// table, csv or json.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// At most this many rows.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub limit: Option<String>,
    /// CSV as people read it: titles, names and dates as on screen.
    #[arg(long)]
    pub readable: bool,
    /// CSV with a byte order mark, for older spreadsheets.
    #[arg(long)]
    pub bom: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Table,
    Csv,
    Json,
}

impl Format {
    const NAMES: [(&'static str, Self); 3] = [("table", Self::Table), ("csv", Self::Csv), ("json", Self::Json)];
}

/// What is to be shown, understood.
#[derive(Debug)]
struct Plan {
    spec: ListSpec,
    /// The columns named on the command line; nothing means the default view.
    columns: Option<Vec<&'static Column>>,
    format: Format,
    limit: Option<usize>,
    as_of: Option<Day>,
    readable: bool,
    bom: bool,
}

/// Runs the command on this process's streams.
pub fn run(args: &ShowArgs, common: &Common, env: &Env) -> ExitCode {
    let stdout = io::stdout().lock();
    let width = stdout
        .is_terminal()
        .then(|| rustix::termios::tcgetwinsize(&stdout).ok());
    let width = width
        .flatten()
        .map(|size| usize::from(size.ws_col))
        .filter(|width| *width > 0);
    let mut out = BufWriter::new(stdout);
    let mut err = io::stderr().lock();
    let code = answer(args, common, env, Clock::System, width, &mut out, &mut err);
    ExitCode::from(code)
}

fn answer(
    args: &ShowArgs,
    common: &Common,
    env: &Env,
    clock: Clock,
    width: Option<usize>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> u8 {
    let overrides = common.overrides();
    let configured = Config::load(env, &overrides);
    let lang = match &configured {
        Ok((config, _)) => config.lang,
        Err(_) => speak(env, &overrides),
    };
    // Mistakes of the configuration and of the command line are told together: whoever mends one knows of the other.
    let mut code = DONE;
    if let Err(errors) = &configured {
        let _ = super::config::report(errors, lang, err);
        code = FAILED;
    }
    let mut wrong = Vec::new();
    let plan = plan(args, common, lang, &mut wrong);
    if !wrong.is_empty() {
        wrong.iter().for_each(|line| say(err, line));
        code = USAGE;
    }
    let (Ok((config, _)), Some(plan), DONE) = (configured, plan, code) else {
        return code;
    };
    let source = settings::source(&config);
    let read = load::board(
        &source,
        plan.as_of,
        settings::board(&config),
        &settings::limits(&config),
        &settings::access(&config.chosen, env),
        settings::kept(&config, &config.chosen, env).as_ref(),
        clock,
    );
    let loaded = match read {
        Ok(loaded) => loaded,
        Err(problem) => {
            let place = match (problem.place.line, problem.place.column) {
                (Some(line), Some(column)) => format!(":{line}:{column}"),
                _ => String::new(),
            };
            say(err, &format!("{source}{place}: {}", problem.sentence(lang)));
            return UNREADABLE;
        }
    };
    match write(&plan, &loaded, &settings::style(&config), width, out).and_then(|()| out.flush()) {
        Ok(()) => {}
        // The reader has seen enough (`| head`).
        Err(error) if error.kind() == ErrorKind::BrokenPipe => return DONE,
        Err(error) => {
            say(err, &tf(lang, "show.write-failed", &[("why", &error.to_string())]));
            return FAILED;
        }
    }
    if loaded.left_out() > 0 {
        let n = crate::text::number::digits(&loaded.left_out().to_string(), lang);
        say(
            err,
            &tf(lang, "show.left-out", &[("n", &n), ("command", "rasad check")]),
        );
    }
    DONE
}

/// One line for a person; a terminal that is gone needs none.
fn say(err: &mut impl Write, line: &str) {
    let _ = writeln!(err, "{}", safe_line(line));
}

/// Understands the command line; every mistake is put into `wrong`.
fn plan(args: &ShowArgs, common: &Common, lang: Lang, wrong: &mut Vec<String>) -> Option<Plan> {
    let mut mistake = |option: &str, why: String| {
        wrong.push(tf(lang, "show.error", &[("option", option), ("why", &why)]));
    };
    let format = match args.format.as_deref() {
        None => Some(Format::Table),
        Some(name) => {
            let found = Format::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            if found.is_none() {
                let known = Format::NAMES.map(|(name, _)| name).join(" ");
                mistake(
                    "--format",
                    tf(lang, "show.unknown-format", &[("name", name), ("known", &known)]),
                );
            }
            found.map(|(_, format)| *format)
        }
    };
    let limit = match &args.limit {
        None => None,
        Some(value) => {
            let n = crate::text::number::digits(value.trim(), Lang::En)
                .parse::<usize>()
                .ok();
            if n.is_none() {
                mistake("--limit", tf(lang, "show.not-a-count", &[("value", value)]));
            }
            n
        }
    };
    let as_of = match &common.as_of {
        None => None,
        Some(value) => {
            let day = calendar::parse_date(value).ok();
            if day.is_none() {
                mistake("--as-of", settings::wrong_day(value, lang));
            }
            day
        }
    };
    let overdue_plans = squash(&args.kind) == squash(OVERDUE_PLANS);
    let kind = if overdue_plans {
        Some(Kind::Agency)
    } else {
        kind_named(&args.kind)
    };
    let Some(kind) = kind else {
        mistake("KIND", unknown_kind(&args.kind, lang));
        return None;
    };
    let mut filter = args.filter.clone().unwrap_or_default();
    let query = match Query::parse(&filter, kind) {
        Ok(query) => query,
        Err(errors) => {
            for error in errors {
                let part = filter.get(error.span.clone()).unwrap_or_default();
                let why = error.sentence(lang);
                mistake("--filter", tf(lang, "show.at", &[("part", part), ("why", &why)]));
            }
            Query::default()
        }
    };
    let query = if overdue_plans {
        filter.push_str(" is:overdue");
        Query::parse(&filter, kind).unwrap_or(query)
    } else {
        query
    };
    let mut column = |option: &str, name: &str| match column_named(kind, name) {
        Ok(column) => Some(column),
        Err(near) => {
            let sentence = tf(lang, "show.unknown-column", &[("name", name)]);
            let near = if near.is_empty() {
                columns(kind).iter().map(|c| c.key.to_owned()).collect()
            } else {
                near
            };
            mistake(option, with_near(lang, sentence, &near));
            None
        }
    };
    let sort_names = args.sort.as_deref().or(overdue_plans.then_some("-days_overdue"));
    let sort = names(sort_names.unwrap_or_default())
        .filter_map(|name| {
            let (name, direction) = match name.strip_prefix(['-', '−']) {
                Some(rest) => (rest, Direction::Descending),
                None => (name, Direction::Ascending),
            };
            column("--sort", name).map(|column| (column, direction))
        })
        .collect();
    let column_names = args.columns.as_deref().or(overdue_plans.then_some(OVERDUE_COLUMNS));
    let shown = column_names.map(|list| -> Vec<&'static Column> {
        if says_all(list) {
            columns(kind).iter().collect()
        } else {
            names(list).filter_map(|name| column("--columns", name)).collect()
        }
    });
    Some(Plan {
        spec: ListSpec {
            kind,
            scope: None,
            query,
            sort,
        },
        columns: shown.filter(|shown| !shown.is_empty()),
        format: format?,
        limit,
        as_of,
        readable: args.readable,
        bom: args.bom,
    })
}

fn says_all(list: &str) -> bool {
    list.trim().eq_ignore_ascii_case("all") || list.trim() == "همه"
}

/// Names parted by the comma of either keyboard.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', '،']).map(str::trim).filter(|name| !name.is_empty())
}

/// The kind of a name: as it travels, singular or plural, or what either language calls it.
fn kind_named(name: &str) -> Option<Kind> {
    let squashed = squash(name);
    let is = |kind: &&Kind| {
        let keys = [kind.name_key(), kind.plural_key()];
        let mut names = keys
            .into_iter()
            .flat_map(|key| LANGS.map(|lang| i18n::find(lang, key).unwrap_or(key)));
        squash(kind.as_str()) == squashed
            || squash(kind.plural()) == squashed
            || names.any(|name| squash(name) == squashed)
    };
    Kind::ALL.iter().find(is).copied()
}

fn unknown_kind(name: &str, lang: Lang) -> String {
    let sentence = tf(lang, "show.unknown-kind", &[("name", name)]);
    let known: Vec<&str> = Kind::ALL
        .iter()
        .map(|kind| kind.plural())
        .chain([OVERDUE_PLANS])
        .collect();
    let close = near(name, known.iter().copied());
    if close.is_empty() {
        let known = tf(lang, "show.kinds", &[("known", &known.join(" "))]);
        format!("{sentence} {known}")
    } else {
        with_near(lang, sentence, &close)
    }
}

fn write(plan: &Plan, loaded: &Loaded, style: &Style, width: Option<usize>, out: &mut impl Write) -> io::Result<()> {
    let board = &loaded.board;
    let kind = plan.spec.kind;
    let ids = rows(board, &plan.spec, style.lang);
    let total = ids.len();
    let ids = ids.get(..plan.limit.unwrap_or(total).min(total)).unwrap_or_default();
    let default: Vec<&'static Column> = columns(kind).iter().filter(|column| column.shown).collect();
    let shown = plan.columns.as_ref().unwrap_or(&default);
    let records = ids.iter().filter_map(|id: &Id| board.record(kind, id.as_str()));
    match plan.format {
        Format::Table => {
            let head: Vec<table::Column> = shown
                .iter()
                .map(|column| table::Column {
                    title: column.title(style.lang).to_owned(),
                    number: column.value.is_numeric(),
                    min: usize::from(column.width(style.lang).min),
                })
                .collect();
            let cells = |record| {
                shown
                    .iter()
                    .map(|c| (c.get)(board, &record).format(board, style))
                    .collect()
            };
            let lines: Vec<Vec<String>> = records.map(cells).collect();
            table::write(out, &head, &lines, width)
        }
        Format::Csv => {
            let head = shown.iter().map(|column| {
                if plan.readable {
                    column.title(style.lang)
                } else {
                    column.key
                }
            });
            let mut csv = csv::Writer::new(out, csv::Options { bom: plan.bom }, head)?;
            for row in records {
                let cell = |column: &&'static Column| {
                    let value = (column.get)(board, &row);
                    if plan.readable {
                        record::readable_cell(board, &value, style)
                    } else {
                        record::cell(&value, style.lang)
                    }
                };
                csv.row(&shown.iter().map(cell).collect::<Vec<_>>())?;
            }
            csv.end()
        }
        Format::Json => {
            let members = [
                ("as_of", board.today().to_string().into()),
                ("source", safe(&loaded.source).into_owned().into()),
                ("total", total.into()),
            ];
            let only = plan.columns.as_deref();
            let mut json = json::Writer::new(out, &members, "rows")?;
            for row in records {
                json.row(&record::json_row(board, &row, only)?)?;
            }
            json.end()
        }
    }
}

#[cfg(test)]
mod tests;
