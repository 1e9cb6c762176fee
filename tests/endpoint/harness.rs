//! A running endpoint over a store of its own, with a small headquarters and a token for every role.

use crate::client::{Client, Response};
use crate::line::{Trust, trust};
use crate::stores::{Kind, Place};
use jiff::{SignedDuration, Timestamp};
use rasad::clock::Clock;
use rasad::contract::Id;
use rasad::serve::access::Role;
use rasad::serve::import::{Incoming, plan};
use rasad::serve::store::{Store, Token};
use rasad::serve::{Rate, Running, Server, Settings, author, secret};
use rasad::source::{Item, Limits};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::runtime::Runtime;

pub const FIXTURE: &str = include_str!("fixture.json");

/// Wraps a store in a test double, or not.
pub type Wrap<'w> = dyn Fn(Arc<dyn Store>) -> Arc<dyn Store> + 'w;

pub fn as_it_is(store: Arc<dyn Store>) -> Arc<dyn Store> {
    store
}

pub struct Endpoint {
    pub runtime: Runtime,
    pub running: Option<Running>,
    pub address: SocketAddr,
    pub store: Arc<dyn Store>,
    /// Secrets by the name of the token.
    pub secrets: BTreeMap<String, String>,
    /// How it is spoken to.
    pub trust: Trust,
    _place: Place,
}

/// A document as it is imported.
pub fn incoming(text: &str) -> Incoming {
    let mut incoming = Incoming::default();
    rasad::source::read(text.as_bytes(), &Limits::default(), &mut |item| {
        match item {
            Item::Headquarters(hq) => incoming.headquarters = Some(hq),
            Item::Whole(kind, records) => incoming.kinds.push((kind, records.into())),
            Item::Problem(problem) => panic!("{problem:?}"),
            Item::Growing(_) | Item::Progress(_) => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    incoming
}

pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// Settings that no test runs into by accident.
pub fn settings() -> Settings {
    Settings {
        rate: Rate {
            per_second: 0.0,
            burst: 0.0,
        },
        ..Settings::at("127.0.0.1:0".parse().unwrap())
    }
}

/// A new token of a role, kept in the store; its secret.
pub async fn token(store: &dyn Store, name: &str, role: Role, agency: Option<&str>, days: i64) -> String {
    let (secret, id) = secret::token().unwrap();
    let now = Timestamp::now();
    let token = Token {
        id: id.into(),
        hash: secret::hash(secret.as_bytes()),
        name: name.into(),
        role,
        agency: agency.map(|id| Id::new(id).unwrap()),
        created: now,
        expires: Some(now + SignedDuration::from_hours(24 * days)),
        revoked: None,
        used: None,
    };
    store.add_token(token, author("test")).await.unwrap();
    secret
}

impl Endpoint {
    pub fn start() -> Self {
        Self::with(&as_it_is, &settings(), FIXTURE)
    }

    pub fn with(wrap: &Wrap<'_>, settings: &Settings, document: &str) -> Self {
        Self::at(Place::new(Kind::File), wrap, settings, document)
    }

    pub fn at(place: Place, wrap: &Wrap<'_>, settings: &Settings, document: &str) -> Self {
        let runtime = runtime();
        let store = runtime.block_on(place.open());
        Self::over(runtime, store, place, wrap, settings, document)
    }

    pub fn over(
        runtime: Runtime,
        store: Arc<dyn Store>,
        place: Place,
        wrap: &Wrap<'_>,
        settings: &Settings,
        document: &str,
    ) -> Self {
        Self::by(Clock::System, runtime, store, place, wrap, settings, document)
    }

    /// By another clock.
    pub fn by(
        clock: Clock,
        runtime: Runtime,
        store: Arc<dyn Store>,
        place: Place,
        wrap: &Wrap<'_>,
        settings: &Settings,
        document: &str,
    ) -> Self {
        let mut secrets = BTreeMap::new();
        runtime.block_on(async {
            if !document.is_empty() {
                let plan = plan(Some(&*store), &incoming(document), false).await.unwrap();
                plan.write(&*store, Timestamp::now()).await.unwrap();
            }
            for role in Role::ALL {
                let agency = (role == Role::AgencyEditor).then_some("a-1");
                let secret = token(&*store, role.as_str(), role, agency, 1).await;
                secrets.insert(role.as_str().to_owned(), secret);
            }
            secrets.insert(
                "expired".to_owned(),
                token(&*store, "expired", Role::Secretariat, None, -1).await,
            );
            secrets.insert(
                "revoked".to_owned(),
                token(&*store, "revoked", Role::Secretariat, None, 1).await,
            );
            let revoked = store
                .tokens()
                .await
                .unwrap()
                .into_iter()
                .find(|token| token.name == "revoked")
                .unwrap();
            store
                .revoke_token(revoked.id, author("test"), Timestamp::now())
                .await
                .unwrap();
        });
        let store = wrap(store);
        let running = runtime
            .block_on(Server::start(Arc::clone(&store), settings, clock))
            .unwrap();
        let address = running.address;
        Self {
            runtime,
            running: Some(running),
            address,
            store,
            secrets,
            trust: settings.tls.as_ref().map(|(chain, _)| trust(chain)),
            _place: place,
        }
    }

    /// Over a file that is there already, with nothing written into it.
    pub fn reopened(file: &std::path::Path) -> Self {
        let runtime = runtime();
        let store: Arc<dyn Store> = Arc::new(rasad::serve::store::sqlite::Sqlite::open(file, false).unwrap());
        let running = runtime
            .block_on(Server::start(Arc::clone(&store), &settings(), Clock::System))
            .unwrap();
        Self {
            runtime,
            address: running.address,
            running: Some(running),
            store,
            secrets: BTreeMap::new(),
            trust: None,
            _place: Place::new(Kind::File),
        }
    }

    /// The header that a name of a token stands for; `nobody` sends none.
    pub fn auth(&self, who: &str) -> Vec<(String, String)> {
        match who {
            "nobody" => Vec::new(),
            who => {
                let secret = self.secrets.get(who).cloned().unwrap_or_else(|| who.to_owned());
                vec![("Authorization".to_owned(), format!("Bearer {secret}"))]
            }
        }
    }

    pub fn send(&self, who: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Response {
        let mut all = self.auth(who);
        all.extend(
            headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let mut client = Client::trusting(self.address, &self.trust).unwrap();
        client.send(method, path, &all, body.map(str::as_bytes)).unwrap()
    }

    pub fn get(&self, who: &str, path: &str) -> Response {
        self.send(who, "GET", path, &[], None)
    }

    /// Replaces a record whatever it was; the answer.
    pub fn put(&self, who: &str, path: &str, body: &str) -> Response {
        let tag = self.get(who, path).header("etag").map(str::to_owned);
        let condition = match &tag {
            Some(tag) => ("If-Match", tag.as_str()),
            None => ("If-None-Match", "*"),
        };
        self.send(
            who,
            "PUT",
            path,
            &[condition, ("Content-Type", "application/json")],
            Some(body),
        )
    }

    pub fn epoch(&self) -> String {
        self.get("viewer", "/v1").json()["epoch"].as_str().unwrap().to_owned()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(async {
                let _ = tokio::time::timeout(std::time::Duration::from_millis(200), running.stop()).await;
            });
        }
    }
}
