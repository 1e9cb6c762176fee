//! Why a row says what it says: the rules that fired with their values, what puts a finding where it stands, and the formula of every
//! derived figure with its terms.

use super::App;
use super::popup::{Help, HelpLine, Popup};
use super::screen::Screen;
use super::screen::overview::Pane;
use super::screen::participation::Figures;
use super::screen::sheet::{self, Why};
use crate::board::columns::{self, Origin};
use crate::board::participation::By;
use crate::board::{Finding, Limit, rule};
use crate::config::keymap::Action;
use crate::contract::Kind;
use crate::i18n;
use crate::text::{calendar, isolate, number};

impl App {
    /// Says why the row under the cursor is as it is: each rule that fired with its values, and the formulas of its figures.
    pub(super) fn why(&mut self) {
        let mut lines = Vec::new();
        // On a sheet and on a record's page one asks about a line; elsewhere about a row, whose findings come first.
        let asked_first = matches!(self.screen(), Screen::Sheet(_) | Screen::Page(_));
        let figures = self.figures();
        if asked_first {
            figures.iter().for_each(|why| self.explain_figure(&mut lines, why));
        }
        if let Some((kind, id)) = self.selected_record() {
            for finding in self.board.findings().of(kind, id.as_str()) {
                let said = self.said_of(finding);
                self.explain(&mut lines, i18n::t(self.lang(), finding.title_key()), &said);
            }
        }
        lines.extend(self.place_among_findings());
        if !asked_first {
            figures.iter().for_each(|why| self.explain_figure(&mut lines, why));
        }
        if lines.is_empty() {
            self.say("message.no-findings", &[]);
        } else {
            self.popup = Some(Popup::Help(Help::new(Action::Why, lines)));
        }
    }

    /// A heading, and below it whole sentences, broken as the width of the window asks.
    fn explain(&self, lines: &mut Vec<HelpLine>, heading: &str, sentences: &[String]) {
        lines.push(HelpLine {
            name: String::new(),
            text: heading.to_owned(),
            heading: true,
        });
        let width = usize::from(super::layout::help_text(self.size.0));
        for said in sentences {
            for line in crate::text::wrap(said, self.lang().direction(), width) {
                lines.push(HelpLine {
                    name: String::new(),
                    text: super::words::part_of(said, &line),
                    heading: false,
                });
            }
        }
    }

    fn explain_figure(&self, lines: &mut Vec<HelpLine>, why: &Why) {
        let mut said = vec![i18n::t(self.lang(), why.formula).to_owned()];
        said.extend(why.terms.iter().cloned());
        self.explain(lines, &why.title, &said);
    }

    /// The rule in words with the values that fired it, how grave it is and since when, and the limits it goes by.
    fn said_of(&self, finding: &Finding) -> Vec<String> {
        let lang = self.lang();
        let severity = i18n::t(lang, finding.severity.name_key());
        let mut said = vec![super::words::why(finding, &self.board, &self.options.style)];
        said.push(match finding.since {
            Some(since) => {
                let days = number::integer(i64::from((self.board.today() - since).max(0)), lang);
                let day = calendar::short(since, self.options.style.calendar, lang);
                let values = [("severity", severity), ("day", day.as_str()), ("days", days.as_str())];
                i18n::tf_screen(lang, "finding.grade-since", &values)
            }
            None => i18n::tf_screen(lang, "finding.grade", &[("severity", severity)]),
        });
        let limits = rule(finding.rule).map_or(&[][..], |rule| rule.limits);
        let limits = limits.iter().map(|limit| self.limit(*limit));
        let comma = format!("{} ", i18n::t(lang, "terms.comma"));
        let limits = limits.collect::<Vec<_>>().join(&comma);
        if !limits.is_empty() {
            said.push(i18n::tf_screen(lang, "finding.limits", &[("limits", &limits)]));
        }
        said
    }

    /// A limit as the configuration names it, with the value in force.
    fn limit(&self, limit: Limit) -> String {
        let value = number::decimal(limit.of(self.board.thresholds()), 1, self.lang());
        format!("{} = {}", isolate::ltr(limit.as_str()), isolate::ltr(&value))
    }

    /// The figures under the cursor with their formulas and terms: of a line the one asked about, of a row all that are shown.
    fn figures(&self) -> Vec<Why> {
        let (board, style) = (&self.board, &self.options.style);
        match self.screen() {
            Screen::Sheet(sheet) => {
                let why = sheet.line().and_then(|line| line.why.as_deref());
                why.cloned().into_iter().collect()
            }
            Screen::Page(page) => page.why(board, style).into_iter().collect(),
            Screen::List(list) => self.figures_of_row(list.columns().into_iter().map(|column| column.key)),
            Screen::Overview(overview) => match overview.focus {
                Pane::Measures => self.figures_of_row(["progress"].into_iter()),
                Pane::Overdue => {
                    let agency = overview.overdue.selected();
                    let agency = agency.and_then(|id| board.record(Kind::Agency, id.as_str()));
                    let why = agency.and_then(|agency| sheet::why(board, style, &agency, "glance:plan"));
                    why.into_iter().collect()
                }
                Pane::Participation => {
                    let kind = overview.participation.selected();
                    let group = kind.and_then(|kind| Some((kind, board.participation().of(kind)?)));
                    group.map_or_else(Vec::new, |(kind, group)| {
                        let figures = [Figures::Funnel, Figures::Jobs];
                        sheet::why_group(board, style, &kind.name(self.lang()), &group.tally, &figures)
                    })
                }
                Pane::Attention => Vec::new(),
            },
            Screen::Participation(view) => {
                let row = view.rows.selected().zip(view.tallies.get(view.rows.index()));
                row.map_or_else(Vec::new, |(key, tally)| {
                    let name = super::words::group_name(board, view.by, key.as_deref(), self.lang());
                    sheet::why_group(board, style, &name, tally, &[view.figures])
                })
            }
            Screen::Counties(counties) => {
                let row = counties.figures.get(counties.rows.index());
                row.map_or_else(Vec::new, |county| {
                    let id = county.id.as_ref().map(|id| id.as_str());
                    let name = super::words::group_name(board, By::County, id, self.lang());
                    sheet::why_group(board, style, &name, &county.tally, &[Figures::Funnel, Figures::Jobs])
                })
            }
            Screen::Outreach(view) => {
                let pair = view.pairs.get(view.rows.index());
                let why = pair.map(|pair| sheet::why_pair(board, style, view.body.as_ref(), pair));
                why.into_iter().collect()
            }
            Screen::Map(map) => sheet::why_tile(board, style, map),
            Screen::Problems(_) | Screen::Changes(_) | Screen::History(_) | Screen::Brief(_) => Vec::new(),
        }
    }

    /// The derived columns of the row under the cursor; those with one formula and the same terms are said once.
    fn figures_of_row(&self, keys: impl Iterator<Item = &'static str>) -> Vec<Why> {
        let Some((kind, id)) = self.selected_record() else {
            return Vec::new();
        };
        let Some(record) = self.board.record(kind, id.as_str()) else {
            return Vec::new();
        };
        let mut out: Vec<Why> = Vec::new();
        for key in keys {
            if columns::column(kind, key).is_none_or(|column| column.origin != Origin::Derived) {
                continue;
            }
            let why = sheet::why(&self.board, &self.options.style, &record, &format!("derived:{key}"));
            let said = |why: &Why| {
                out.iter()
                    .any(|other| other.formula == why.formula && other.terms == why.terms)
            };
            out.extend(why.filter(|why| !said(why)));
        }
        out
    }

    /// Why the selected finding stands where it does among what needs attention: its place, and the term that puts it below the
    /// one before and above the one after it.
    fn place_among_findings(&self) -> Vec<HelpLine> {
        let Screen::Overview(overview) = self.screen() else {
            return Vec::new();
        };
        let list = &overview.attention;
        if overview.focus != Pane::Attention || list.is_empty() {
            return Vec::new();
        }
        let lang = self.lang();
        let int = |n: usize| number::integer(n as i64, lang);
        let finding = |at: usize| {
            let key = list.keys().get(at)?;
            let of = self.board.findings().of(key.kind, key.id.as_str());
            of.iter().find(|finding| finding.rule == key.rule)
        };
        let at = list.index();
        let Some(here) = finding(at) else { return Vec::new() };
        let style = &self.options.style;
        let mut said = vec![i18n::tf_screen(
            lang,
            "rank.place",
            &[("place", &int(at + 1)), ("total", &int(list.len()))],
        )];
        if let Some(above) = at.checked_sub(1).and_then(finding) {
            said.push(super::words::ranked(above, here, &self.board, style));
        }
        if let Some(below) = finding(at + 1) {
            said.push(super::words::ranked(here, below, &self.board, style));
        }
        let mut lines = Vec::new();
        self.explain(&mut lines, i18n::t(lang, "rank.title"), &said);
        lines
    }
}
