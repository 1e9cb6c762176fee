//! Campaigns by kind, with their reach.

use super::{Cell, Draft, Grid, Target, Tone, Why, count, figure, figures, text_cell, wide};
use crate::app::screen::list;
use crate::board::Severity;
use crate::board::tally::Campaigns;
use crate::contract::Kind;
use smol_str::format_smolstr;

const CAMPAIGNS: Grid = &[
    wide(10, 16, 1),
    figures(4, 7),
    figures(4, 9),
    figures(4, 9),
    figures(4, 9),
    figures(6, 12),
    figures(6, 12),
    figures(5, 8),
];

impl Draft<'_> {
    /// Campaigns by kind with their reach; a kind without any is a blank to be seen.
    pub(super) fn campaigns(&mut self) {
        if !self.knows(&[Kind::Campaign]) {
            return;
        }
        let kinds = self.board.campaigns_by_kind();
        let mut all = Campaigns::default();
        for tally in kinds.values() {
            all.total += tally.total;
            for (sum, n) in all.states.iter_mut().zip(tally.states) {
                *sum += n;
            }
            all.reach += tally.reach;
            all.reach_of_planned += tally.reach_of_planned;
            all.planned += tally.planned;
        }
        let bare = kinds.values().filter(|tally| tally.total == 0).count();
        let values = [
            ("total", self.int(all.total)),
            ("bare", self.int(bare)),
            ("reach", self.num(all.reach)),
            ("rate", self.percent(all.rate())),
        ];
        let said = self.tf(
            "sheet.campaigns-aloud",
            &values.each_ref().map(|(k, v)| (*k, v.as_str())),
        );
        let why = self.why_reach(self.t("sheet.all").to_owned(), &all);
        self.say("aloud", &said, Some(why));
        self.head(
            "kinds",
            CAMPAIGNS,
            &[
                "field.campaign.campaign_kind",
                "sheet.count",
                "state.campaign.planned",
                "state.campaign.running",
                "state.campaign.done",
                "field.campaign.reach",
                "field.campaign.reach_planned",
                "column.campaign.reach_rate",
            ],
        );
        for (kind, tally) in &kinds {
            let name = kind.name(self.lang()).to_string();
            let target = list::within(Kind::Campaign, "campaign_kind", kind.as_str()).map(Target::List);
            let cells = self.campaign_cells(name.clone(), tally);
            let why = self.why_reach(name, tally);
            self.row(
                format_smolstr!("kind:{}", kind.as_str()),
                CAMPAIGNS,
                cells,
                target,
                Some(why),
            );
        }
        let name = self.t("sheet.all").to_owned();
        let cells = self.campaign_cells(name.clone(), &all);
        let why = self.why_reach(name, &all);
        self.row(
            "kinds".into(),
            CAMPAIGNS,
            cells,
            Some(Target::List(list::of(Kind::Campaign))),
            Some(why),
        );
    }

    fn campaign_cells(&self, name: String, tally: &Campaigns) -> Vec<Cell> {
        let n = |n: usize| count(self.int(n), n);
        let [planned, running, done] = tally.states;
        vec![
            text_cell(name),
            bad_if_none(self.int(tally.total), tally.total),
            n(planned),
            n(running),
            n(done),
            figure(self.num(tally.reach)),
            figure(self.num(tally.planned)),
            figure(self.percent(tally.rate())),
        ]
    }

    pub(super) fn why_reach(&self, title: String, tally: &Campaigns) -> Why {
        let values = [
            ("reach", self.num(tally.reach_of_planned)),
            ("planned", self.num(tally.planned)),
            ("rate", self.percent(tally.rate())),
        ];
        Why {
            title,
            formula: "formula.reach",
            terms: vec![self.tf("terms.reach", &values.each_ref().map(|(k, v)| (*k, v.as_str())))],
        }
    }
}

/// A count that should not be nothing.
fn bad_if_none(text: String, n: usize) -> Cell {
    let tone = if n == 0 {
        Tone::Grave(Severity::Warning)
    } else {
        Tone::Text
    };
    Cell::Figure(text, tone)
}
