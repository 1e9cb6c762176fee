//! The brief for the next meeting: what a secretary reads out, as a document. The same for the screen and for `rasad brief`. Pure;
//! it must not know how a document is written.

use super::words;
use crate::board::columns::{self, Style, Value};
use crate::board::compare::{Comparison, compare};
use crate::board::query::Query;
use crate::board::rows::{Direction, ListSpec, Scope, rows};
use crate::board::{Board, Class, Fate, Reached, Severity};
use crate::contract::{DecisionState, Id, Kind, Step};
use crate::exchange::document::{Block, Document, Head};
use crate::exchange::{Cell, record};
use crate::i18n::{self, tf};
use crate::text::{Lang, calendar, isolate, number, visible};

/// Rows of a table of the brief; a longer one is read on screen, not in a meeting.
const MOST_ROWS: usize = 15;
/// Records named one by one among what changed.
const MOST_NAMED: usize = 12;

/// What a brief is to say beside what the board knows.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The source as a person named it.
    pub source: String,
    /// Only what concerns this agency.
    pub agency: Option<Id>,
    /// Records that could not be read and are missing.
    pub left_out: usize,
}

/// The brief of a board; what changed is told since the board's past state, where it has one.
pub fn brief(board: &Board, style: &Style, asked: &Asked) -> Document {
    let builder = Builder {
        board,
        style,
        asked,
        blocks: Vec::new(),
    };
    builder.build()
}

struct Builder<'a> {
    board: &'a Board,
    style: &'a Style,
    asked: &'a Asked,
    blocks: Vec<Block>,
}

/// Logical text: isolates are the screen's.
fn logical(text: &str) -> String {
    isolate::strip(text)
        .chars()
        .filter(|c| !visible::is_forbidden(*c))
        .collect()
}

impl Builder<'_> {
    fn lang(&self) -> Lang {
        self.style.lang
    }

    fn int(&self, n: usize) -> String {
        number::integer(n as i64, self.lang())
    }

    fn t(&self, key: &'static str) -> String {
        i18n::t(self.lang(), key).to_owned()
    }

    fn day(&self, day: crate::clock::Day) -> String {
        calendar::short(day, self.style.calendar, self.lang())
    }

    fn build(mut self) -> Document {
        self.in_short();
        self.changes();
        self.plans();
        self.measures();
        let overdue = [("due", Direction::Ascending)];
        let decisions = ["meeting", "number", "text", "agency", "due", "days_overdue", "reason"];
        self.list(
            "brief.decisions-overdue",
            Kind::Decision,
            "is:overdue",
            &overdue,
            &decisions,
        );
        let oldest = [("received", Direction::Ascending)];
        let demands = ["topic", "raised_by", "agency", "received", "age", "due"];
        self.list("brief.demands-open", Kind::Demand, "is:open", &oldest, &demands);
        let behind = [("deviation", Direction::Ascending)];
        let projects = ["title", "agency", "county", "physical", "planned", "deviation", "due"];
        self.list("brief.projects-behind", Kind::Project, "is:behind", &behind, &projects);
        self.participation();
        self.findings();
        self.blocks.push(Block::Heading(self.t("brief.notes")));
        let notes = ["brief.note-rows", "brief.note-share", "brief.note-funnel"];
        let most = self.int(MOST_ROWS);
        let notes = notes.map(|key| tf(self.lang(), key, &[("most", &most)]));
        self.blocks.push(Block::List(notes.into()));
        Document {
            lang: self.lang(),
            title: self.title(),
            meta: self.meta(),
            blocks: self.blocks,
        }
    }

    fn title(&self) -> String {
        let lang = self.lang();
        let hq = self.board.headquarters();
        let name = hq.map_or_else(String::new, |hq| hq.name.get(lang).to_owned());
        match &self.asked.agency {
            None => tf(lang, "brief.title", &[("hq", &name)]),
            Some(id) => {
                let agency = self.board.agency_name(id.as_str(), lang);
                tf(lang, "brief.title-agency", &[("hq", &name), ("agency", agency)])
            }
        }
    }

    /// Of which day, from which source, since when, and what is missing.
    fn meta(&self) -> Vec<String> {
        let (lang, board) = (self.lang(), self.board);
        let day = board.today();
        let long = calendar::long(day, self.style.calendar, lang);
        let said = format!("{} {long}", calendar::weekday(day, lang));
        let mut out = vec![tf(lang, "brief.as-of", &[("day", &said)])];
        let hq = board.headquarters();
        if let Some(state) = hq.and_then(|hq| hq.as_of).filter(|state| *state != day) {
            out.push(tf(lang, "brief.state-of", &[("day", &self.day(state))]));
        }
        out.push(tf(lang, "brief.source", &[("source", &self.asked.source)]));
        if hq.is_some_and(|hq| hq.is_synthetic()) {
            out.push(self.t("sample.mark"));
        }
        if let Some(meeting) = board.last_meeting() {
            let (on, number) = (self.day(meeting.on), self.int(meeting.number as usize));
            let values = [
                ("number", number.as_str()),
                ("body", meeting.body.get(lang)),
                ("day", &on),
            ];
            out.push(tf(lang, "brief.last-meeting", &values));
        }
        if self.asked.left_out > 0 {
            out.push(tf(lang, "brief.left-out", &[("n", &self.int(self.asked.left_out))]));
        }
        out
    }

    /// The figures as sentences one can read out; each names its denominator.
    fn in_short(&mut self) {
        let (lang, board) = (self.lang(), self.board);
        let mut out = Vec::new();
        let of_agency = |id: &Id| self.asked.agency.as_ref().is_none_or(|agency| agency == id);
        if self.asked.agency.is_none() {
            let total = board.submission().total;
            let class = |class| self.int(total.get(class));
            let values = [
                ("submitted", self.int(total.submitted())),
                ("total", self.int(total.agencies())),
                ("on_time", class(Class::OnTime)),
                ("late", class(Class::Late)),
                ("overdue", class(Class::Overdue)),
                ("returned", class(Class::Returned)),
                ("not_due", class(Class::NotYetDue)),
            ];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            out.push(tf(lang, "brief.plans", &values));
        }
        let decisions: Vec<_> = board.decisions().iter().filter(|d| of_agency(&d.agency)).collect();
        let executed = decisions.iter().filter(|d| d.state == DecisionState::Executed).count();
        let open = decisions.iter().filter(|d| !d.state.is_final());
        let late = open.clone().filter(|d| d.due.is_some_and(|due| due < board.today()));
        let values = [
            ("executed", self.int(executed)),
            ("total", self.int(decisions.len())),
            ("share", self.share(executed as f64, decisions.len() as f64)),
            ("open", self.int(open.clone().count())),
            ("overdue", self.int(late.count())),
        ];
        out.push(tf(
            lang,
            "brief.decisions",
            &values.each_ref().map(|(n, v)| (*n, v.as_str())),
        ));
        let demands = board.demands().iter();
        let demands: Vec<_> = demands
            .filter(|d| self.asked.agency.is_none() || d.agency.as_ref().is_some_and(of_agency))
            .collect();
        let open: Vec<_> = demands.iter().filter(|d| !d.state.is_final()).collect();
        let oldest = open
            .iter()
            .map(|d| board.today() - d.received)
            .max()
            .unwrap_or(0)
            .max(0);
        let values = [
            ("open", self.int(open.len())),
            ("total", self.int(demands.len())),
            ("days", self.int(oldest as usize)),
        ];
        out.push(tf(
            lang,
            "brief.demands",
            &values.each_ref().map(|(n, v)| (*n, v.as_str())),
        ));
        if self.asked.agency.is_none() {
            out.extend(self.participation_in_short());
            let counts = board.findings().counts();
            let values = [
                ("critical", self.int(counts.critical)),
                ("warning", self.int(counts.warning)),
                ("notice", self.int(counts.notice)),
                ("data", self.int(counts.data)),
            ];
            out.push(tf(
                lang,
                "brief.findings",
                &values.each_ref().map(|(n, v)| (*n, v.as_str())),
            ));
        }
        self.blocks.push(Block::Heading(self.t("brief.in-short")));
        self.blocks.push(Block::List(out));
    }

    fn participation_in_short(&self) -> [String; 2] {
        let lang = self.lang();
        let tally = &self.board.participation().all.tally;
        let values = [
            ("count", self.int(tally.count)),
            ("empowered", self.int(tally.at(Reached::Empowered))),
            ("brought_in", self.int(tally.at(Reached::BroughtIn))),
            ("new", self.int(tally.new)),
            ("known", self.int(tally.new + tally.existing)),
        ];
        let jobs = |step| tally.jobs(step).map_or(0.0, |(sum, _)| sum);
        let (committed, verified) = (jobs(Step::Committed), jobs(Step::Verified));
        let said = [
            ("committed", number::decimal(committed, 0, lang)),
            ("claimed", number::decimal(jobs(Step::Claimed), 0, lang)),
            ("verified", number::decimal(verified, 0, lang)),
            ("share", self.share(verified, committed)),
        ];
        [
            tf(
                lang,
                "brief.participation",
                &values.each_ref().map(|(n, v)| (*n, v.as_str())),
            ),
            tf(lang, "brief.jobs", &said.each_ref().map(|(n, v)| (*n, v.as_str()))),
        ]
    }

    /// A percentage; of nothing there is none.
    fn share(&self, part: f64, whole: f64) -> String {
        if whole > 0.0 {
            number::percent((part / whole * 100.0).round(), self.lang())
        } else {
            "—".to_owned()
        }
    }

    fn changes(&mut self) {
        let Some(past) = self.board.past() else { return };
        let lang = self.lang();
        let compared = self.concerning(compare(&past.board, self.board));
        let day = self.day(past.day);
        self.blocks
            .push(Block::Heading(tf(lang, "brief.changes", &[("day", &day)])));
        let heads = ["change.kind", "change.appeared", "change.changed", "change.vanished"];
        let heads = self.heads(&heads, &[1, 2, 3]);
        let fates = [Fate::Appeared, Fate::Changed, Fate::Vanished];
        let mut table = Vec::new();
        for kind in Kind::ALL {
            let counts = fates.map(|fate| compared.count(Some(*kind), fate));
            if counts.iter().any(|n| *n > 0) {
                let mut row = vec![Cell::Text(i18n::t(lang, kind.plural_key()).to_owned())];
                row.extend(counts.map(|n| Cell::Text(self.int(n))));
                table.push(row);
            }
        }
        if table.is_empty() {
            self.blocks.push(Block::Paragraph(self.t("change.nothing")));
            return;
        }
        self.blocks.push(Block::Table(heads, table));
        let mut named = Vec::new();
        for record in compared.moved() {
            let subject = words::subject(self.board, record.kind, &record.id, lang);
            for moved in &record.moved {
                let said = words::moved(moved, self.board, self.style);
                named.push(logical(&format!("{} ({}): {said}", subject, record.id)));
            }
        }
        let vanished = compared.records.iter().filter(|record| record.fate == Fate::Vanished);
        for record in vanished {
            let title = past.board.record(record.kind, record.id.as_str());
            let title = title.map_or_else(|| record.id.to_string(), |r| columns::title(&r, lang).into_owned());
            let kind = i18n::t(lang, record.kind.name_key());
            let values = [("kind", kind), ("title", title.as_str()), ("id", record.id.as_str())];
            named.push(tf(lang, "change.vanished-one", &values));
        }
        self.named(named);
    }

    /// Sentences one by one, and how many more there are.
    fn named(&mut self, mut named: Vec<String>) {
        let more = named.len().saturating_sub(MOST_NAMED);
        named.truncate(MOST_NAMED);
        if more > 0 {
            named.push(tf(self.lang(), "brief.more", &[("n", &self.int(more))]));
        }
        if !named.is_empty() {
            self.blocks.push(Block::List(named));
        }
    }

    /// Of what changed, what concerns the agency asked for.
    fn concerning(&self, mut compared: Comparison) -> Comparison {
        let Some(agency) = &self.asked.agency else {
            return compared;
        };
        let past = self.board.past().map(|past| &past.board);
        compared.records.retain(|change| {
            let boards = [Some(self.board), past];
            let mut records = boards.into_iter().flatten();
            records
                .find_map(|board| board.record(change.kind, change.id.as_str()))
                .is_some_and(|record| concerns(&record, agency))
        });
        compared
    }

    fn heads(&self, keys: &[&'static str], numbers: &[usize]) -> Vec<Head> {
        let head = |(at, key): (usize, &&'static str)| Head {
            title: self.t(key),
            number: numbers.contains(&at),
            min: 6,
        };
        keys.iter().enumerate().map(head).collect()
    }

    fn plans(&mut self) {
        let (lang, board) = (self.lang(), self.board);
        let keys = [
            "pane.agency",
            "pane.category",
            "pane.due",
            "pane.days",
            "pane.step",
            "column.agency.next_step",
        ];
        let owed = board.owed_plans();
        let mine: Vec<_> = owed
            .iter()
            .filter(|owed| self.asked.agency.as_ref().is_none_or(|agency| *agency == owed.agency))
            .collect();
        let step = |step: &Option<(crate::contract::records::Step, crate::clock::Day)>| {
            let said = step
                .as_ref()
                .map(|(step, day)| format!("{} {}", step.name(lang), self.day(*day)));
            said.map_or(Cell::Empty, Cell::Text)
        };
        let rows = mine.iter().take(MOST_ROWS).map(|owed| {
            let agency = board.agencies().get(owed.agency.as_str());
            vec![
                Cell::Text(board.agency_name(owed.agency.as_str(), lang).to_owned()),
                agency.map_or(Cell::Empty, |agency| Cell::Text(agency.category.name(lang).to_string())),
                Cell::Text(self.day(owed.due)),
                Cell::Text(self.int(owed.days_overdue.max(0) as usize)),
                step(&owed.last_step),
                step(&owed.next_step),
            ]
        });
        let rows: Vec<_> = rows.collect();
        self.section("brief.plans-overdue", mine.len(), self.heads(&keys, &[3]), rows);
    }

    /// A section with a table, its heading saying how many rows there are in all.
    fn section(&mut self, key: &'static str, total: usize, heads: Vec<Head>, rows: Vec<Vec<Cell>>) {
        let n = self.int(total);
        self.blocks.push(Block::Heading(tf(self.lang(), key, &[("n", &n)])));
        if rows.is_empty() {
            self.blocks.push(Block::Paragraph(self.t("brief.none")));
            return;
        }
        let more = total.saturating_sub(rows.len());
        self.blocks.push(Block::Table(heads, rows));
        if more > 0 {
            let more = tf(self.lang(), "brief.more", &[("n", &self.int(more))]);
            self.blocks.push(Block::Paragraph(more));
        }
    }

    fn measures(&mut self) {
        let ids = super::screen::overview::measures_by_need(self.board);
        let leads = |id: &Id| {
            let measure = self.board.measures().get(id.as_str());
            self.asked
                .agency
                .as_ref()
                .is_none_or(|agency| measure.is_some_and(|m| m.lead == *agency))
        };
        let ids: Vec<Id> = ids.into_iter().filter(leads).collect();
        let keys = ["number", "title", "projects", "actual", "planned", "deviation"];
        let (heads, rows) = self.records(Kind::Measure, &ids, &keys);
        self.section("brief.measures", ids.len(), heads, rows);
    }

    /// A table of records.
    fn records(&self, kind: Kind, ids: &[Id], keys: &[&str]) -> (Vec<Head>, Vec<Vec<Cell>>) {
        let columns: Vec<_> = keys.iter().filter_map(|key| columns::column(kind, key)).collect();
        let head = |column: &&columns::Column| Head {
            title: column.title(self.lang()).to_owned(),
            number: column.value.is_numeric(),
            min: usize::from(column.width(self.lang()).min),
        };
        let row = |id: &Id| {
            let record = self.board.record(kind, id.as_str())?;
            let cell = |column: &&columns::Column| {
                let value = (column.get)(self.board, &record);
                let said = value.format(self.board, self.style);
                if said.is_empty() { Cell::Empty } else { Cell::Text(said) }
            };
            Some(columns.iter().map(cell).collect())
        };
        (columns.iter().map(head).collect(), ids.iter().filter_map(row).collect())
    }

    fn list(&mut self, key: &'static str, kind: Kind, filter: &str, sort: &[(&str, Direction)], keys: &[&str]) {
        let sort = sort.iter();
        let spec = ListSpec {
            scope: self
                .asked
                .agency
                .as_ref()
                .map(|agency| Scope::of(kind, "agency", agency.as_str())),
            query: Query::parse(filter, kind).unwrap_or_default(),
            sort: sort
                .filter_map(|(key, way)| Some((columns::column(kind, key)?, *way)))
                .collect(),
            ..ListSpec::all(kind)
        };
        let ids = rows(self.board, &spec, self.lang());
        let shown = ids.get(..MOST_ROWS.min(ids.len())).unwrap_or_default();
        let (heads, rows) = self.records(kind, shown, keys);
        self.section(key, ids.len(), heads, rows);
    }

    fn participation(&mut self) {
        if self.asked.agency.is_some() {
            return;
        }
        let lang = self.lang();
        let keys = [
            "pane.initiatives",
            "pane.count",
            "pane.empowered",
            "pane.brought-in",
            "pane.new",
            "pane.jobs-committed",
            "pane.jobs-claimed",
            "pane.jobs-verified",
        ];
        let kinds = &self.board.participation().kinds;
        let rows = kinds.iter().map(|(kind, group)| {
            let tally = &group.tally;
            let mut row = vec![Cell::Text(kind.name(lang).to_string())];
            row.extend(Reached::ALL.map(|stage| Cell::Text(self.int(tally.at(stage)))));
            row.push(Cell::Text(self.int(tally.new)));
            let jobs = [Step::Committed, Step::Claimed, Step::Verified];
            row.extend(jobs.map(|step| match tally.jobs(step) {
                Some((sum, _)) => Cell::Text(number::decimal(sum, 0, lang)),
                None => Cell::Empty,
            }));
            row
        });
        let rows: Vec<_> = rows.collect();
        let heads = self.heads(&keys, &[1, 2, 3, 4, 5, 6, 7]);
        self.section("brief.participation-kinds", rows.len(), heads, rows);
    }

    fn findings(&mut self) {
        let (board, lang) = (self.board, self.lang());
        let mine: Vec<_> = board
            .findings()
            .ranked()
            .filter(|finding| finding.severity >= Severity::Notice)
            .filter(|finding| {
                let Some(agency) = &self.asked.agency else {
                    return finding.severity == Severity::Critical;
                };
                let record = board.record(finding.kind, finding.id.as_str());
                record.is_some_and(|record| concerns(&record, agency))
            })
            .collect();
        let rows = mine.iter().take(MOST_ROWS).map(|finding| {
            let since = finding.since.map_or(Value::Nothing, Value::Day);
            vec![
                Cell::Text(i18n::t(lang, finding.title_key()).to_owned()),
                Cell::Text(logical(&words::subject(board, finding.kind, &finding.id, lang))),
                record::readable_cell(board, &since, self.style),
                Cell::Text(logical(&words::why(finding, board, self.style))),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let keys = ["export.rule", "export.subject", "export.since", "export.why"];
        self.section("brief.attention", mine.len(), self.heads(&keys, &[]), rows);
    }
}

/// Whether a record is an agency's own: itself, or one that names it.
fn concerns(record: &crate::contract::Record, agency: &Id) -> bool {
    if record.kind() == Kind::Agency {
        return record.id() == agency;
    }
    let mut named = false;
    crate::board::references(record, |_, target, id| {
        named |= target.kinds().contains(&Kind::Agency) && id == agency;
    });
    named
}
