//! Who asks, how often, and whether they still may: tokens as the store last told them, and a budget for each.

use super::access::{Identity, Role};
use super::answer::{Refusal, only};
use super::secret;
use super::store::{Store, Token, Trouble};
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};
use jiff::Timestamp;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How many requests one client may send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Requests a second in the long run; 0 for no limit.
    pub per_second: f64,
    /// Requests at once.
    pub burst: f64,
}

/// Wrong tokens an address may try in a row, and how many a second after that: guessing 256 bits is hopeless, but looking
/// each one up costs.
const WRONG: Rate = Rate {
    per_second: 0.5,
    burst: 20.0,
};
/// Budgets remembered; full ones are forgotten first.
const BUDGETS: usize = 20_000;

/// Lets requests in.
pub(super) struct Gate {
    tokens: RwLock<Arc<HashMap<[u8; 32], Token>>>,
    /// Counts how often the tokens became others.
    changes: AtomicU64,
    anonymous: bool,
    rate: Rate,
    budgets: Mutex<HashMap<Key, Budget>>,
    used: Mutex<HashMap<SmolStr, Timestamp>>,
}

/// That somebody was found good.
#[derive(Default)]
pub(super) struct Good {
    /// How often tokens had changed then; nothing for who was not found good.
    at: Option<u64>,
    /// From when on no more.
    until: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Token(SmolStr),
    Address(IpAddr),
    Wrong(IpAddr),
}

struct Budget {
    left: f64,
    at: Instant,
}

impl Gate {
    pub(super) fn new(anonymous: bool, rate: Rate) -> Self {
        Self {
            tokens: RwLock::default(),
            changes: AtomicU64::new(0),
            anonymous,
            rate,
            budgets: Mutex::default(),
            used: Mutex::default(),
        }
    }

    fn tokens(&self) -> Arc<HashMap<[u8; 32], Token>> {
        Arc::clone(&self.tokens.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks the store for its tokens; true when something about them changed.
    pub(super) async fn refresh(&self, store: &dyn Store) -> Result<bool, Trouble> {
        let fresh: HashMap<_, _> = store
            .tokens()
            .await?
            .into_iter()
            .map(|token| (token.hash, token))
            .collect();
        let rights = |token: &Token| (token.role, token.agency.clone(), token.expires, token.revoked);
        let old = self.tokens();
        let same = old.len() == fresh.len()
            && fresh
                .iter()
                .all(|(hash, token)| old.get(hash).is_some_and(|known| rights(known) == rights(token)));
        *self.tokens.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        if !same {
            self.changes.fetch_add(1, Ordering::AcqRel);
        }
        Ok(!same)
    }

    /// Who sent a request.
    pub(super) async fn admit(
        &self,
        headers: &HeaderMap,
        peer: IpAddr,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<Identity, Refusal> {
        if let Some(known) = self.admit_known(headers, peer, now) {
            return known;
        }
        // It may have been made a moment ago; whoever only guesses soon has no budget left for that.
        self.spend(Key::Wrong(peer), WRONG)?;
        self.refresh(store).await?;
        self.admit_known(headers, peer, now)
            .unwrap_or_else(|| Err(unauthorised("bad-token")))
    }

    /// Who sent a request, as far as the tokens tell that are known here; nothing for a token that is not.
    fn admit_known(&self, headers: &HeaderMap, peer: IpAddr, now: Timestamp) -> Option<Result<Identity, Refusal>> {
        match shown(headers) {
            Ok(shown) => self.admit_as(shown, peer, now, |token| token.map_or_else(anonymous, identity)),
            Err(refusal) => Some(Err(refusal)),
        }
    }

    /// Whether a request may be answered, where it does not matter who sent it; nothing for a token that is not known here.
    pub(super) fn admit_reader(
        &self,
        shown: Option<[u8; 32]>,
        peer: IpAddr,
        now: Timestamp,
    ) -> Option<Result<(), Refusal>> {
        self.admit_as(shown, peer, now, |_| ())
    }

    /// The one way in: a token that is good, or none where none is needed, and a budget that is not spent.
    fn admit_as<T>(
        &self,
        shown: Option<[u8; 32]>,
        peer: IpAddr,
        now: Timestamp,
        who: impl FnOnce(Option<&Token>) -> T,
    ) -> Option<Result<T, Refusal>> {
        let Some(hash) = shown else {
            let spent = self.spend(Key::Address(peer), self.rate);
            let may = || match self.anonymous {
                true => Ok(who(None)),
                false => Err(unauthorised("unauthorised")),
            };
            return Some(spent.and_then(|()| may()));
        };
        let tokens = self.tokens();
        let token = tokens.get(&hash)?;
        if !is_good(token, now) {
            return Some(Err(unauthorised("bad-token")));
        }
        if let Err(refusal) = self.spend(Key::Token(token.id.clone()), self.rate) {
            return Some(Err(refusal));
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.get_mut(&token.id) {
            Some(at) => *at = now,
            None => drop(used.insert(token.id.clone(), now)),
        }
        drop(used);
        Some(Ok(who(Some(token))))
    }

    /// Whether somebody who was let in may still go on; asked again and again while a stream lives. As long as no token has changed
    /// since it was found good, only the time is looked at.
    pub(super) fn still(&self, who: &Identity, now: Timestamp, good: &mut Good) -> bool {
        let changes = self.changes.load(Ordering::Acquire);
        if good.at == Some(changes) {
            return good.until.is_none_or(|until| now < until);
        }
        if &*who.token == ANONYMOUS {
            return self.anonymous;
        }
        let tokens = self.tokens();
        let mut known = tokens.values();
        let found = known.find(|token| token.id == who.token && token.role == who.role && is_good(token, now));
        *good = Good {
            at: found.map(|_| changes),
            until: found.and_then(|token| token.expires),
        };
        found.is_some()
    }

    /// The tokens used since the last time this was asked.
    pub(super) fn take_used(&self) -> Vec<(SmolStr, Timestamp)> {
        self.used
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain()
            .collect()
    }

    fn spend(&self, key: Key, rate: Rate) -> Result<(), Refusal> {
        if rate.per_second <= 0.0 {
            return Ok(());
        }
        let now = crate::clock::tick();
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        if budgets.len() >= BUDGETS && !budgets.contains_key(&key) {
            let full = Duration::from_secs_f64(rate.burst / rate.per_second);
            budgets.retain(|_, budget| now.duration_since(budget.at) < full);
            if budgets.len() >= BUDGETS {
                budgets.clear();
            }
        }
        let budget = budgets.entry(key).or_insert(Budget {
            left: rate.burst,
            at: now,
        });
        let earned = now.duration_since(budget.at).as_secs_f64() * rate.per_second;
        budget.left = (budget.left + earned).min(rate.burst);
        budget.at = now;
        if budget.left < 1.0 {
            let wait = ((1.0 - budget.left) / rate.per_second).ceil().clamp(1.0, 3_600.0);
            return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too-many").retry_after(wait as u64));
        }
        budget.left -= 1.0;
        Ok(())
    }
}

/// The hash of the secret a request shows, if it shows any.
///
/// # Errors
/// When it shows two, or something else than one.
pub(super) fn shown(headers: &HeaderMap) -> Result<Option<[u8; 32]>, Refusal> {
    let given = only(headers, &header::AUTHORIZATION).map_err(|_| unauthorised("unauthorised"))?;
    let Some(given) = given else { return Ok(None) };
    given
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| Some(secret::hash(secret.trim().as_bytes())))
        .ok_or_else(|| unauthorised("unauthorised"))
}

const ANONYMOUS: &str = "anonymous";

fn anonymous() -> Identity {
    Identity {
        token: ANONYMOUS.into(),
        name: ANONYMOUS.into(),
        role: Role::Viewer,
        agency: None,
        expires: None,
    }
}

fn identity(token: &Token) -> Identity {
    Identity {
        token: token.id.clone(),
        name: token.name.clone(),
        role: token.role,
        agency: token.agency.clone(),
        expires: token.expires,
    }
}

fn is_good(token: &Token, now: Timestamp) -> bool {
    token.revoked.is_none() && token.expires.is_none_or(|expires| now < expires)
}

fn unauthorised(slug: &'static str) -> Refusal {
    let challenge = match slug {
        "bad-token" => "Bearer realm=\"rasad\", error=\"invalid_token\"",
        _ => "Bearer realm=\"rasad\"",
    };
    Refusal::new(StatusCode::UNAUTHORIZED, slug).header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}
