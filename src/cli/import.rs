//! `rasad import`: lays a document over a store, record by record, or says what it would do.

use super::store::{self, StoreArgs};
use super::{Common, FAILED, USAGE, complain, load};
use crate::clock::Clock;
use crate::contract::feed::Subject;
use crate::contract::{Id, Level, Problem};
use crate::i18n;
use crate::serve::import::{Fate, Incoming, Plan, Stopped, plan};
use crate::serve::store::Store;
use crate::source::{Access, Item, Limits, Source, Stop};
use crate::text::Lang;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

/// What `rasad import` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    /// The document: whatever the dashboard reads; `sample` for the embedded synthetic one
    pub document: String,
    #[command(flatten)]
    store: StoreArgs,
    /// Say what would be done, record by record, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Delete records that are in the store and not in the document
    #[arg(long)]
    delete_missing: bool,
    /// Import although records had to be skipped or changed on reading
    #[arg(long)]
    accept_problems: bool,
}

impl ImportArgs {
    /// What is to be imported.
    pub(super) fn document(&self) -> &str {
        &self.document
    }
}

/// Differences printed one by one.
const LISTED: usize = 200;

/// Runs the command: 0 done, 1 not done or not all of it, 2 the document cannot be read, 64 wrong usage.
pub fn run(args: &ImportArgs, common: &Common, limits: &Limits, access: &Access, lang: Lang) -> ExitCode {
    if common.source.is_some() {
        complain(i18n::t(lang, "cli.import.source"));
        return ExitCode::from(USAGE);
    }
    let (incoming, problems) = match read(&args.document, limits, access) {
        Ok(read) => read,
        Err(stop) => {
            let why = match &stop {
                Stop::Problem(problem) => problem.sentence(lang),
                Stop::Cancelled => String::new(),
            };
            complain(&i18n::tf(
                lang,
                "cli.import.unreadable",
                &[("source", &args.document), ("why", &why)],
            ));
            return ExitCode::from(2);
        }
    };
    for problem in problems.iter().take(LISTED) {
        complain(&format!("{} {}", problem.place, problem.sentence(lang)));
    }
    if !problems.is_empty() && !args.accept_problems && !args.dry_run {
        let n = problems.len().to_string();
        complain(&i18n::tf(lang, "cli.import.problems", &[("n", &n)]));
        return ExitCode::from(FAILED);
    }
    if args.dry_run && store::is_missing(&args.store) {
        // There is nothing yet: everything is new.
        let told = store::runtime().map(|runtime| runtime.block_on(plan(None, &incoming, false)));
        return match told {
            Ok(Ok(plan)) => {
                let _ = io::stdout()
                    .lock()
                    .write_all(tell(&plan, true, &HashMap::new(), lang).as_bytes());
                ExitCode::SUCCESS
            }
            Ok(Err(trouble)) => store::trouble(&args.store.store, &trouble, lang),
            Err(code) => code,
        };
    }
    let opened = store::open(&args.store, !args.dry_run, lang);
    let opened = match opened {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let store = &*opened.store;
    let work = async {
        let plan = plan(Some(store), &incoming, args.delete_missing).await?;
        let fields = if args.dry_run {
            changed(&plan, store).await?
        } else {
            HashMap::new()
        };
        let told = tell(&plan, args.dry_run, &fields, lang);
        if args.dry_run || plan.differences.is_empty() {
            return Ok((told, None));
        }
        plan.write(store, Clock::System.now())
            .await
            .map(|done| (told, Some(done)))
    };
    match opened.block_on(work) {
        Ok((text, done)) => {
            let mut out = io::stdout().lock();
            let _ = out.write_all(text.as_bytes());
            if let Some((import, revs)) = done {
                let (n, rev) = (revs.len().to_string(), revs.last().copied().unwrap_or(0).to_string());
                let values = [("n", &*n), ("rev", &*rev), ("import", &*import)];
                let _ = writeln!(out, "{}", i18n::tf(lang, "cli.import.done", &values));
            }
            ExitCode::SUCCESS
        }
        Err(Stopped::Trouble(trouble)) => store::trouble(&args.store.store, &trouble, lang),
        Err(Stopped::Stale(kind, id)) => {
            let values = [("kind", kind.as_str()), ("id", id.as_str())];
            complain(&i18n::tf(lang, "cli.import.stale", &values));
            ExitCode::from(FAILED)
        }
    }
}

fn read(document: &str, limits: &Limits, access: &Access) -> Result<(Incoming, Vec<Problem>), Stop> {
    let source = if document == "sample" {
        Source::Sample
    } else {
        Source::named(document)
    };
    let (mut incoming, mut problems) = (Incoming::default(), Vec::new());
    load::read(&source, limits, access, &mut |item| {
        match item {
            Item::Headquarters(hq) => incoming.headquarters = Some(hq),
            Item::Whole(kind, records) => {
                incoming.kinds.retain(|(known, _)| *known != kind);
                incoming.kinds.push((kind, records.into()));
            }
            Item::Problem(problem) if problem.level > Level::Note => problems.push(problem),
            Item::Growing(_) | Item::Problem(_) | Item::Progress(_) => {}
        }
        ControlFlow::Continue(())
    })?;
    Ok((incoming, problems))
}

/// The names of the fields that differ, of each changed record that is listed.
type Fields = HashMap<(Subject, Id), String>;

async fn changed(plan: &Plan, store: &dyn Store) -> Result<Fields, Stopped> {
    let mut out = Fields::new();
    for (_, new) in plan
        .differences
        .iter()
        .take(LISTED)
        .filter(|(fate, _)| *fate == Fate::Changed)
    {
        let old = store.get(new.kind.clone(), new.id.clone()).await?;
        let members = |text: Option<&str>| {
            let value = text.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
            value.unwrap_or_default()
        };
        let (old, new_members) = (
            members(old.and_then(|kept| kept.obj).as_deref()),
            members(new.obj.as_deref()),
        );
        let differ = |name: &&String| old.get(*name) != new_members.get(*name);
        let gone = old.keys().filter(|name| !new_members.contains_key(*name));
        let names: Vec<&str> = new_members
            .keys()
            .filter(differ)
            .chain(gone)
            .map(String::as_str)
            .collect();
        out.insert((new.kind.clone(), new.id.clone()), names.join(", "));
    }
    Ok(out)
}

/// What differs: every record when `each`, then one line a kind.
fn tell(plan: &Plan, each: bool, fields: &Fields, lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out += text;
        out.push('\n');
    };
    if each {
        for (fate, operation) in plan.differences.iter().take(LISTED) {
            let sign = match fate {
                Fate::New => '+',
                Fate::Changed => '~',
                Fate::Vanished => '-',
            };
            let fields = fields
                .get(&(operation.kind.clone(), operation.id.clone()))
                .map_or("", String::as_str);
            line(format!("{sign} {} {} {fields}", operation.kind, operation.id).trim_end());
        }
        if let Some(more) = plan.differences.len().checked_sub(LISTED).filter(|more| *more > 0) {
            line(&i18n::tf(lang, "cli.import.more", &[("n", &more.to_string())]));
        }
    }
    for kind in Subject::known() {
        let counts = [Fate::New, Fate::Changed, Fate::Vanished].map(|fate| plan.count(&kind, fate));
        let same = plan.same.get(&kind).copied().unwrap_or(0);
        if same + counts.iter().sum::<usize>() == 0 {
            continue;
        }
        let [new, changed, vanished] = counts.map(|n| n.to_string());
        let name = match &kind {
            Subject::Record(kind) => i18n::t(lang, kind.plural_key()),
            _ => i18n::t(lang, "cli.import.headquarters"),
        };
        let same = same.to_string();
        let values = [
            ("kind", name),
            ("new", &new),
            ("changed", &changed),
            ("vanished", &vanished),
            ("same", &same),
        ];
        line(&i18n::tf(lang, "cli.import.kind", &values));
    }
    out
}
