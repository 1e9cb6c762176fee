//! New findings told of beside the screen.

use super::shown::logical;
use super::{App, Effect, words};
use crate::board::{Board, Delta, Severity};
use crate::contract::Kind;
use crate::i18n;
use crate::text::number;

/// Whether a finding of this severity is told of beside the screen.
fn is_told(severity: Severity, from: Severity) -> bool {
    severity != Severity::Data && severity >= from
}

impl App {
    /// Tells of new findings beside the screen; never of those the first reading brings.
    pub(super) fn alert(&mut self, delta: &Delta, old: &Board) {
        let Some((way, from)) = self.options.alert else { return };
        // Rules wait for kinds: what a kind that was just read brings has long been so.
        let filling = !Kind::ALL.iter().all(|kind| old.is_whole(*kind)) || delta.today;
        let new: Vec<_> = delta
            .findings_new
            .iter()
            .filter(|finding| is_told(finding.severity, from))
            .collect();
        let Some(worst) = new.iter().max_by_key(|finding| finding.severity).filter(|_| !filling) else {
            return;
        };
        let lang = self.lang();
        let n = number::integer(new.len() as i64, lang);
        let rule = i18n::t(lang, worst.title_key());
        let subject = words::subject(&self.board, worst.kind, &worst.id, lang);
        let values = [("n", n.as_str()), ("rule", rule), ("subject", &subject)];
        let said = i18n::tf(lang, "alert.new", &values);
        self.pending.push(Effect::Alert(way, logical(&said)));
    }
}
