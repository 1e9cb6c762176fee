//! Entity tags: what a client names to be told only what it does not have.

use super::answer::{Coding, value};
use super::store::Head;
use crate::contract::feed::{Epoch, Rev};
use hyper::header::{self, HeaderMap, HeaderValue};
use std::sync::{Arc, Mutex, PoisonError};

/// An entity tag: bytes differ from coding to coding, so tags must, too.
pub(super) fn etag(coding: Coding, tag: &str) -> String {
    match coding {
        Coding::Identity => format!("\"{tag}\""),
        coding => format!("\"{tag}-{}\"", coding.as_str()),
    }
}

/// Whether the client has this version already, in whatever coding.
pub(super) fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|given| {
        let given = given.strip_prefix("W/").unwrap_or(given);
        let inner = given
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or_default();
        let inner = inner
            .strip_suffix("-zstd")
            .or(inner.strip_suffix("-gzip"))
            .unwrap_or(inner);
        given == "*" || inner == tag
    })
}

/// The tag of the document at one revision, written once for all who ask.
pub(super) struct Tag {
    epoch: Epoch,
    rev: Rev,
    text: String,
    values: [HeaderValue; 3],
}

impl Tag {
    pub(super) fn new(epoch: &Epoch, rev: Rev) -> Self {
        let text = format!("{epoch}.{rev}");
        let values = [Coding::Identity, Coding::Zstd, Coding::Gzip].map(|coding| value(&etag(coding, &text)));
        Self {
            epoch: epoch.clone(),
            rev,
            text,
            values,
        }
    }

    /// Whether it is the tag of where the store stands.
    pub(super) fn is_of(&self, head: &Head) -> bool {
        self.rev == head.rev && self.epoch == head.epoch
    }

    /// Whether it is the tag of one revision.
    pub(super) fn names(&self, epoch: &Epoch, rev: Rev) -> bool {
        self.rev == rev && self.epoch == *epoch
    }

    /// Without a coding.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// As it is sent.
    pub(super) fn value(&self, coding: Coding) -> HeaderValue {
        let [identity, zstd, gzip] = &self.values;
        match coding {
            Coding::Identity => identity.clone(),
            Coding::Zstd => zstd.clone(),
            Coding::Gzip => gzip.clone(),
        }
    }
}

/// The tag of the newest revision.
#[derive(Default)]
pub(super) struct Tags(Mutex<Option<Arc<Tag>>>);

impl Tags {
    /// The tag of where the store stands.
    pub(super) fn of(&self, head: &Head) -> Arc<Tag> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.as_ref().filter(|tag| tag.is_of(head));
        let tag = same.map_or_else(|| Arc::new(Tag::new(&head.epoch, head.rev)), Arc::clone);
        *known = Some(Arc::clone(&tag));
        tag
    }
}
