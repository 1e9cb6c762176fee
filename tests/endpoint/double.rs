//! Servers that are broken on purpose: a store that does one thing wrong, or a wire that changes one thing on the way. Each must fail
//! the conformance cases; a suite that a broken server passes proves nothing.

use crate::client::Response;
use jiff::Timestamp;
use rasad::contract::Id;
use rasad::contract::feed::{Rev, Subject, Sum};
use rasad::serve::access::Role;
use rasad::serve::store::{
    Answer, Ask, AskPast, AuditLine, Author, Commit, Committed, Head, Kept, Page, PastPage, Purged, Row, Store, Token,
    Version,
};
use smol_str::SmolStr;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    LosesDeletions,
    SplitsRevisions,
    LosesTheLastRow,
    RepeatsARow,
    TurnsTheOrderRound,
    IgnoresKinds,
    CountsWrong,
    SumsWrong,
    AcknowledgesWithoutWriting,
    WritesHalfABatch,
    ForgetsKeys,
    MixesKeysOfTokens,
    TakesAnyRequestForAKey,
    LosesHistory,
    TellsThePastAsItIsNow,
    LosesThePast,
    LosesTheAuditTrail,
    ShowsDeletedRecords,
    LetsExpiredTokensIn,
    LetsRevokedTokensIn,
    TakesEverybodyForTheSecretariat,
    ForgetsWhoseAgencyItIs,
    SaysEverythingIsThere,
}

impl Fault {
    pub const ALL: &'static [Self] = &[
        Self::LosesDeletions,
        Self::SplitsRevisions,
        Self::LosesTheLastRow,
        Self::RepeatsARow,
        Self::TurnsTheOrderRound,
        Self::IgnoresKinds,
        Self::CountsWrong,
        Self::SumsWrong,
        Self::AcknowledgesWithoutWriting,
        Self::WritesHalfABatch,
        Self::ForgetsKeys,
        Self::MixesKeysOfTokens,
        Self::TakesAnyRequestForAKey,
        Self::LosesHistory,
        Self::TellsThePastAsItIsNow,
        Self::LosesThePast,
        Self::LosesTheAuditTrail,
        Self::ShowsDeletedRecords,
        Self::LetsExpiredTokensIn,
        Self::LetsRevokedTokensIn,
        Self::TakesEverybodyForTheSecretariat,
        Self::ForgetsWhoseAgencyItIs,
        Self::SaysEverythingIsThere,
    ];
}

pub struct Broken {
    pub store: Arc<dyn Store>,
    pub fault: Fault,
}

impl Broken {
    fn wrong(&self, head: &mut Head) {
        for state in head.kinds.values_mut() {
            match self.fault {
                Fault::CountsWrong => state.count += 1,
                Fault::SumsWrong => state.sum = Sum::from_value(state.sum.value() ^ 1),
                _ => {}
            }
        }
    }
}

impl Store for Broken {
    fn head(&self) -> Answer<'_, Head> {
        Box::pin(async {
            let mut head = self.store.head().await?;
            self.wrong(&mut head);
            Ok(head)
        })
    }

    fn page(&self, mut ask: Ask) -> Answer<'_, Page> {
        Box::pin(async move {
            let rows = ask.rows;
            if self.fault == Fault::IgnoresKinds {
                ask.kinds.clear();
            }
            let mut page = self.store.page(ask).await?;
            self.wrong(&mut page.head);
            match self.fault {
                Fault::LosesDeletions => page.rows.retain(|row| row.obj.is_some()),
                Fault::SplitsRevisions if page.rows.len() > rows => {
                    page.rows.truncate(rows);
                    page.complete = false;
                }
                Fault::LosesTheLastRow => drop(page.rows.pop()),
                Fault::RepeatsARow => page.rows.extend(page.rows.last().cloned()),
                Fault::TurnsTheOrderRound => page.rows.reverse(),
                Fault::SaysEverythingIsThere => page.complete = true,
                _ => {}
            }
            Ok(page)
        })
    }

    fn whole(&self, take: Box<dyn FnMut(Row) + Send>) -> Answer<'_, Head> {
        self.store.whole(take)
    }

    fn get(&self, kind: Subject, id: Id) -> Answer<'_, Option<Kept>> {
        Box::pin(async move {
            let kept = self.store.get(kind.clone(), id.clone()).await?;
            match kept {
                Some(Kept { rev, obj: None }) if self.fault == Fault::ShowsDeletedRecords => {
                    let versions = self.store.history(kind, id, rev, 1).await?;
                    Ok(versions.into_iter().next().map(|version| Kept {
                        rev: version.rev,
                        obj: version.obj,
                    }))
                }
                kept => Ok(kept),
            }
        })
    }

    fn commit(&self, mut commit: Commit) -> Answer<'_, Committed> {
        Box::pin(async move {
            match self.fault {
                Fault::AcknowledgesWithoutWriting => return Ok(Committed::Done(self.store.head().await?.rev + 1)),
                Fault::WritesHalfABatch => commit.operations.truncate(1),
                Fault::ForgetsKeys => commit.remember = None,
                Fault::TakesAnyRequestForAKey => {
                    if let Some(remember) = &mut commit.remember {
                        remember.fingerprint = [0; 32];
                    }
                }
                Fault::MixesKeysOfTokens => commit.author.token = "same".into(),
                _ => {}
            }
            self.store.commit(commit).await
        })
    }

    fn remembered(&self, token: SmolStr, key: SmolStr) -> Answer<'_, Option<(Rev, [u8; 32])>> {
        if self.fault == Fault::TakesAnyRequestForAKey {
            // The server never learns that there was another request.
            return Box::pin(async { Ok(None) });
        }
        let token = if self.fault == Fault::MixesKeysOfTokens {
            "same".into()
        } else {
            token
        };
        self.store.remembered(token, key)
    }

    fn history(&self, kind: Subject, id: Id, before: Rev, limit: usize) -> Answer<'_, Vec<Version>> {
        Box::pin(async move {
            let mut versions = self.store.history(kind, id, before, limit).await?;
            if self.fault == Fault::LosesHistory {
                versions.truncate(1);
            }
            Ok(versions)
        })
    }

    fn past(&self, ask: AskPast) -> Answer<'_, PastPage> {
        Box::pin(async move {
            let mut past = self.store.past(ask).await?;
            match self.fault {
                Fault::TellsThePastAsItIsNow => {
                    for row in &mut past.page.rows {
                        let (Some(kind), Some(id)) = (Subject::named(&row.kind), Id::new(&row.id)) else {
                            continue;
                        };
                        row.obj = self.store.get(kind, id).await?.and_then(|kept| kept.obj);
                    }
                }
                Fault::LosesThePast => past.page.rows.retain(|row| row.obj.is_some()),
                Fault::SaysEverythingIsThere => past.page.complete = true,
                _ => {}
            }
            Ok(past)
        })
    }

    fn audit(&self, before: u64, limit: usize) -> Answer<'_, Vec<AuditLine>> {
        Box::pin(async move {
            let mut lines = self.store.audit(before, limit).await?;
            if self.fault == Fault::LosesTheAuditTrail {
                lines.retain(|line| line.kind == "token");
            }
            Ok(lines)
        })
    }

    fn purge(&self, tombstones: Timestamp, keys: Timestamp, author: Author, at: Timestamp) -> Answer<'_, Purged> {
        self.store.purge(tombstones, keys, author, at)
    }

    fn tokens(&self) -> Answer<'_, Vec<Token>> {
        Box::pin(async {
            let mut tokens = self.store.tokens().await?;
            for token in &mut tokens {
                match self.fault {
                    Fault::LetsExpiredTokensIn => token.expires = None,
                    Fault::LetsRevokedTokensIn => token.revoked = None,
                    Fault::TakesEverybodyForTheSecretariat => token.role = Role::Secretariat,
                    Fault::ForgetsWhoseAgencyItIs if token.agency.is_some() => token.role = Role::Secretariat,
                    _ => {}
                }
            }
            Ok(tokens)
        })
    }

    fn add_token(&self, token: Token, author: Author) -> Answer<'_, ()> {
        self.store.add_token(token, author)
    }

    fn revoke_token(&self, id: SmolStr, author: Author, at: Timestamp) -> Answer<'_, bool> {
        self.store.revoke_token(id, author, at)
    }

    fn touch_tokens(&self, used: Vec<(SmolStr, Timestamp)>) -> Answer<'_, ()> {
        self.store.touch_tokens(used)
    }
}

/// What a broken server would have sent instead.
pub type Distort = fn(&mut Response);

fn lose(response: &mut Response, name: &str) {
    response.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
}

fn instead(response: &mut Response, status: u16, other: u16) {
    if response.status == status {
        response.status = other;
    }
}

/// Broken on the wire, by name.
pub const WIRES: &[(&str, Distort)] = &[
    ("sends no tag", |r| lose(r, "etag")),
    ("sends no number of the request", |r| lose(r, "x-request-id")),
    ("sends everything again", |r| instead(r, 304, 200)),
    ("goes on with an unusable cursor", |r| instead(r, 410, 200)),
    ("takes stale writes", |r| instead(r, 412, 200)),
    ("takes writes without a precondition", |r| instead(r, 428, 200)),
    ("forbids nothing", |r| instead(r, 403, 200)),
    ("lets everybody in", |r| instead(r, 401, 200)),
    ("takes any record", |r| instead(r, 422, 200)),
    ("takes any body", |r| instead(r, 413, 200)),
    ("breaks instead of refusing", |r| instead(r, 400, 500)),
    ("speaks of problems in plain text", |r| {
        for (name, value) in &mut r.headers {
            if name == "content-type" && value.contains("problem") {
                *value = "text/plain".to_owned();
            }
        }
    }),
    ("cuts the trailer off", |r| {
        if r.header("content-type") == Some("application/x-ndjson") {
            let text = r.text();
            let lines: Vec<&str> = text.lines().collect();
            r.body = lines[..lines.len() - 1].join("\n").into_bytes();
        }
    }),
    ("tells what is behind it", |r| {
        if r.status >= 400 {
            r.body.extend_from_slice(b" at /tmp/hq.db: SELECT obj FROM history");
        }
    }),
];
