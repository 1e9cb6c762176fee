//! What needs attention, each with its rule and the values that fired it. A rule sees one subject and the board; it must not know
//! screens, languages or the clock. A new finding is one `Rule` and one line in [`RULES`].

mod agency;
mod contradiction;
mod council;
mod figures;
mod history;
mod kept;
mod measure;
mod memo;
mod plan;
mod project;
mod quality;
mod values;

pub(super) use figures::plausible_percent;
pub(super) use history::vanished;
pub(super) use kept::Moved;
pub use kept::{Counts, Findings, Term};

use super::Board;
use super::Limit;
use super::RuleSetting;
use super::reference::Field;
use crate::clock::Day;
use crate::contract::{Id, Kind, Record, Text, Thresholds};
use memo::Memo;
use smol_str::SmolStr;
use std::sync::{Arc, LazyLock};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The quality of the data.
    Data,
    /// Worth knowing.
    Notice,
    /// Somebody should act.
    Warning,
    /// Somebody must act now.
    Critical,
}

impl Severity {
    /// All of them, most severe first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Warning, Self::Notice, Self::Data];

    /// The word used in settings and in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// The catalogue key of its name.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Data => "severity.data",
            Self::Notice => "severity.notice",
            Self::Warning => "severity.warning",
            Self::Critical => "severity.critical",
        }
    }

    /// The severity of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word)
    }
}

/// A value that fired a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A count, a number of points or of percent.
    Number(f64),
    /// An amount in rial.
    Money(i64),
    /// A day.
    Day(Day),
    /// A text of the data.
    Text(Text),
    /// A value of an open list, whose name the catalogue keeps under `prefix.value`.
    Word(&'static str, SmolStr),
    /// A record, which may not exist.
    Link(Kind, Id),
    /// A county of the headquarters, which may not exist.
    County(Id),
    /// A field of the subject or of a part of it, whose title the catalogue keeps under `field.owner.name`.
    Field(&'static str, &'static str),
}

/// Why a rule fired: a catalogue text and the values it names.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The key of the text, `rule.<slug>.why` or a variant of it.
    pub key: &'static str,
    /// The values, by the names the text gives them; a text need not use all.
    pub values: Vec<(&'static str, Fact)>,
}

/// Something that needs attention.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The slug of the rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The kind of its subject.
    pub kind: Kind,
    /// Its subject.
    pub id: Id,
    /// The first day on which it was so, where that is known: of what is behind its path the first day on which the progress it has
    /// today was behind, of what differs from an earlier state the day after that state.
    pub since: Option<Day>,
    /// Why.
    pub why: Why,
}

impl Finding {
    /// The catalogue key of the rule's name.
    pub fn title_key(&self) -> &'static str {
        rule(self.rule).map_or("", |rule| rule.title)
    }

    /// The value of a name.
    pub fn value(&self, name: &str) -> Option<&Fact> {
        self.why.values.iter().find(|(n, _)| *n == name).map(|(_, fact)| fact)
    }
}

/// What a rule found on a subject.
pub struct Hit {
    /// The reason to give instead of the rule's own.
    why: Option<&'static str>,
    severity: Option<Severity>,
    since: Option<Day>,
    values: Vec<(&'static str, Fact)>,
}

impl Hit {
    fn new(values: impl Into<Vec<(&'static str, Fact)>>) -> Self {
        Self {
            why: None,
            severity: None,
            since: None,
            values: values.into(),
        }
    }

    fn since(mut self, day: Option<Day>) -> Self {
        self.since = day;
        self
    }

    fn why(mut self, key: Option<&'static str>) -> Self {
        self.why = key;
        self
    }

    fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    fn severe_if(self, severe: bool) -> Self {
        if severe {
            self.severity(Severity::Critical)
        } else {
            self
        }
    }
}

/// What else than the subject itself a rule reads: a change of it re-evaluates the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depends {
    /// The records that refer to the subject by this field, whatever changes in them.
    Referrers(Field),
    /// The contents of the record the subject refers to by this field.
    Contents(Field),
    /// Whether the records exist that the subject refers to.
    Existence,
}

/// What a rule may read beside its subject.
pub struct Context<'a> {
    /// The board as it stands.
    pub board: &'a Board,
    /// The day of evaluation.
    pub today: Day,
    /// The limits in force.
    pub limits: &'a Thresholds,
    /// What was asked of the board before, where many subjects are looked at.
    memo: Memo,
}

/// A rule: what it looks at and what it says.
pub struct Rule {
    /// Its name in settings and output.
    pub slug: &'static str,
    /// The catalogue key of its name.
    pub title: &'static str,
    /// The catalogue key of its reason.
    pub why: &'static str,
    /// The severity it begins with.
    pub severity: Severity,
    /// The kinds of its subjects.
    pub kinds: &'static [Kind],
    /// Kinds that must be whole before it says anything, beside the subject's own.
    pub waits_for: &'static [Kind],
    /// What else it reads.
    pub depends: &'static [Depends],
    /// The limits of the settings it goes by.
    pub limits: &'static [Limit],
    /// Looks at a subject.
    pub check: fn(&Record, &Context<'_>) -> Option<Hit>,
}

/// Makes a rule: `new_rule!(slug, severity, [kinds], check)`, then what it waits for, depends on and is limited by, where it is.
macro_rules! new_rule {
    (@list) => { &[] };
    (@list $list:expr) => { $list };
    ($slug:literal, $severity:ident, $kinds:expr, $check:expr $(, waits $waits:expr)? $(, depends $depends:expr)? $(, limits $limits:expr)? $(,)?) => {
        $crate::board::finding::Rule {
            slug: $slug,
            title: concat!("rule.", $slug, ".title"),
            why: concat!("rule.", $slug, ".why"),
            severity: $crate::board::finding::Severity::$severity,
            kinds: $kinds,
            waits_for: $crate::board::finding::new_rule!(@list $($waits)?),
            depends: $crate::board::finding::new_rule!(@list $($depends)?),
            limits: $crate::board::finding::new_rule!(@list $($limits)?),
            check: $check,
        }
    };
}
use new_rule;

/// All rules, in the order of the documentation.
pub static RULES: &[&Rule] = &[
    &plan::OVERDUE,
    &plan::DUE_SOON,
    &plan::RETURNED,
    &plan::LATE,
    &measure::WITHOUT_PROJECT,
    &measure::BEHIND,
    &project::BEHIND,
    &project::DUE_SOON_BEHIND,
    &project::OVERDUE,
    &project::STOPPED,
    &project::WITHOUT_EVIDENCE,
    &project::DONE_BELOW,
    &agency::WITHOUT_PLAN,
    &agency::WITHOUT_EXPERT,
    &agency::WITHOUT_PROJECT,
    &agency::WITHOUT_DUTY,
    &agency::WITHOUT_MISSION,
    &agency::DUTY_OVERDUE,
    &agency::DUTY_WITHOUT_EVIDENCE,
    &council::DECISION_OVERDUE,
    &council::NOTIFIED_LATE,
    &council::NOT_NOTIFIED,
    &council::WITHOUT_REASON,
    &council::WITHOUT_EVIDENCE,
    &council::DEMAND_OVERDUE,
    &council::UNANSWERED,
    &council::WITHOUT_ADDRESSEE,
    &council::UNAPPROACHED,
    &quality::DANGLING,
    &quality::OUT_OF_RANGE,
    &quality::REVERSED,
    &quality::NEGATIVE,
    &quality::VERIFIED_ABOVE,
    &figures::VERIFIED_BELOW,
    &figures::OFF_BY_TEN,
    &contradiction::STATE,
    &contradiction::FUTURE,
    &contradiction::DUPLICATE,
    &quality::UNKNOWN_VALUE,
    &quality::STALE,
    &history::REWRITTEN,
    &history::FELL,
    &history::VANISHED,
    &history::APPEARED,
];

/// The rule of a slug.
pub fn rule(slug: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.slug == slug)
}

/// Which rules look at a kind, and which changes reach which subjects; made once from [`RULES`].
pub(super) struct Dispatch {
    rules: Vec<Vec<&'static Rule>>,
    referrers: [bool; Field::COUNT],
    contents: [bool; Field::COUNT],
}

static DISPATCH: LazyLock<Dispatch> = LazyLock::new(|| {
    let mut out = Dispatch {
        rules: vec![Vec::new(); Kind::ALL.len()],
        referrers: [false; Field::COUNT],
        contents: [false; Field::COUNT],
    };
    // The submission board is derived per agency from its plans, like a finding.
    out.referrers[Field::PlanAgency as usize] = true;
    for rule in RULES {
        for kind in rule.kinds {
            out.rules[*kind as usize].push(rule);
        }
        for depends in rule.depends {
            match depends {
                Depends::Referrers(field) => out.referrers[*field as usize] = true,
                Depends::Contents(field) => out.contents[*field as usize] = true,
                // Every reference is checked for existence, so this needs no entry of its own.
                Depends::Existence => {}
            }
        }
    }
    out
});

/// The one dispatch table.
pub(super) fn dispatch() -> &'static Dispatch {
    &DISPATCH
}

impl Dispatch {
    /// True when a change of a referring record reaches the record it names.
    pub(super) fn reaches_target(&self, field: Field) -> bool {
        self.referrers.get(field as usize).copied().unwrap_or_default()
    }

    /// True when a change of a record's contents reaches those that name it by a field.
    pub(super) fn reaches_referrers(&self, field: Field) -> bool {
        self.contents.get(field as usize).copied().unwrap_or_default()
    }

    /// Everything the rules find on a subject; nothing before its kind is whole and the headquarters is known.
    pub(super) fn evaluate(&self, subject: &Record, board: &Board) -> Vec<Arc<Finding>> {
        self.judge(subject.kind(), board)
            .map_or_else(Vec::new, |judge| judge.evaluate(subject))
    }

    /// Who looks at many subjects of a kind; nobody before the kind is whole and the headquarters is known.
    pub(super) fn judge<'a>(&self, kind: Kind, board: &'a Board) -> Option<Judge<'a>> {
        if board.headquarters().is_none() || !board.is_whole(kind) {
            return None;
        }
        let of_kind = self.rules.get(kind as usize).into_iter().flatten();
        let rules = of_kind
            .map(|rule| (*rule, board.settings().rules.get(rule.slug)))
            .filter(|(rule, setting)| setting.on && rule.waits_for.iter().all(|kind| board.is_whole(*kind)));
        Some(Judge {
            rules: rules.collect(),
            context: Context {
                board,
                today: board.today(),
                limits: board.thresholds(),
                memo: Memo::default(),
            },
        })
    }
}

/// Looks at subjects of one kind, by the rules that are on.
pub(super) struct Judge<'a> {
    rules: Vec<(&'static Rule, RuleSetting)>,
    context: Context<'a>,
}

impl Judge<'_> {
    /// Everything the rules find on a subject.
    pub(super) fn evaluate(&self, subject: &Record) -> Vec<Arc<Finding>> {
        let mut out = Vec::new();
        self.context.memo.next();
        for (rule, setting) in &self.rules {
            if let Some(hit) = (rule.check)(subject, &self.context) {
                out.push(Arc::new(Finding {
                    rule: rule.slug,
                    severity: setting.severity.or(hit.severity).unwrap_or(rule.severity),
                    kind: subject.kind(),
                    id: subject.id().clone(),
                    since: hit.since,
                    why: Why {
                        key: hit.why.unwrap_or(rule.why),
                        values: hit.values,
                    },
                }));
            }
        }
        // The first of a subject's findings is the one a row's mark shows.
        if out.len() > 1 {
            out.sort_by(|a, b| kept::Rank::of(a).cmp(&kept::Rank::of(b)));
        }
        out
    }
}
