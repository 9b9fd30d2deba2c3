//! Starts the server under test on a free port, against the sandbox or against a provider of the
//! test's own.

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bff::{Clock, SessionKey};
use sandbox::Sandbox;
use serde_json::Value;
use server::{config::Config, layers, routes::router, serve::serve, site, state::AppState};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::browser::Browser;

/// A key for tests, by number.
pub fn key(number: u8) -> String {
    SessionKey::from_bytes(std::array::from_fn(|at| number ^ u8::try_from(at).unwrap())).to_text()
}

/// A time that tests move: the server's and the sandbox's together.
#[derive(Clone)]
pub struct Time {
    ahead: Arc<AtomicU64>,
    sandbox: sandbox::SharedClock,
}

impl Time {
    /// Lets so many seconds pass.
    pub fn advance(&self, seconds: u64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// The server's clock.
    pub fn clock(&self) -> Clock {
        let (ahead, system) = (Arc::clone(&self.ahead), Clock::system());
        Clock::new(move || system.now() + ahead.load(Ordering::Relaxed))
    }
}

/// What a server needs to use the sandbox as if it were Microsoft.
pub const ON_SANDBOX: [(&str, &str); 4] = [
    ("CLIENT_ID", sandbox::CLIENT_ID),
    ("CLIENT_SECRET", sandbox::CLIENT_SECRET),
    // A slow machine is no failure of the platform's.
    ("GRAPH_TIMEOUT", "30"),
    ("LOGIN_TIMEOUT", "30"),
];

/// Less patience where one of `faults` is slowness, so that no test of it is slow.
pub fn patience(faults: &Value) -> &'static [(&'static str, &'static str)] {
    let slow = faults.as_array().unwrap().iter().any(|it| it["delayMs"].is_u64());
    if slow { &[("GRAPH_TIMEOUT", "1"), ("LOGIN_TIMEOUT", "1")] } else { &[] }
}

/// A sandbox of the test's own: where it is, and its time.
pub async fn sandbox(settings: sandbox::Settings) -> (String, Time) {
    let address = "127.0.0.1:0".parse().unwrap();
    let sandbox = Sandbox::bind_with(address, settings).await.unwrap();
    let (url, time) = (sandbox.url().to_owned(), sandbox.clock());
    tokio::spawn(sandbox.run());
    (url, Time { ahead: Arc::default(), sandbox: time })
}

/// The server under test. It ends with the test's runtime.
pub struct Server {
    /// Where a browser finds it, such as `http://localhost:41234`.
    pub origin: String,
    /// The identity platform and Graph behind it.
    pub microsoft: String,
}

impl Server {
    /// Against a sandbox of its own.
    pub async fn on_sandbox() -> Self {
        Self::on_sandbox_with(&[]).await
    }

    /// The same with more settings.
    pub async fn on_sandbox_with(settings: &[(&str, &str)]) -> Self {
        let (url, time) = sandbox(sandbox::Settings::default()).await;
        Self::start(&url, &[&ON_SANDBOX, settings].concat(), time.clock()).await
    }

    /// Against whatever is at `microsoft`.
    pub async fn start(microsoft: &str, settings: &[(&str, &str)], clock: Clock) -> Self {
        Self::build(microsoft, settings, clock, router).await
    }

    /// With other routes in place of its own, and the layers of every server around them.
    pub async fn with_routes(routes: axum::Router) -> Self {
        let (url, time) = sandbox(sandbox::Settings::default()).await;
        let router = |state: AppState| layers::around(routes, &state);
        Self::build(&url, &ON_SANDBOX, time.clock(), router).await
    }

    async fn build(
        microsoft: &str,
        settings: &[(&str, &str)],
        clock: Clock,
        router: impl FnOnce(AppState) -> axum::Router,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let origin = format!("http://localhost:{}", address.port());
        let (keys, public_url) = (key(1), origin.clone());
        let state_dir = TempDir::new().unwrap();
        let mut env = HashMap::from([
            ("STATE_DIR", state_dir.path().to_str().unwrap()),
            // One address signs in more often here than anybody does.
            ("SIGN_INS_PER_MINUTE", "1000"),
            ("SENDS_PER_MINUTE", "1000"),
            ("LOGIN_URL", microsoft),
            ("GRAPH_URL", microsoft),
            ("SENT_ITEMS_URL", microsoft),
            ("PUBLIC_URL", &public_url),
            ("SESSION_KEYS", &keys),
        ]);
        env.extend(settings.iter().copied());
        let config = Config::read(|name| env.get(name).map(|&it| it.to_owned())).ok().unwrap();
        let options = site::options(
            |name| env.get(name).map(|&it| it.to_owned()),
            Path::new("/nonexistent"),
            address,
        );
        let state = AppState::new(config, options, clock).unwrap();
        let routes = router(state.clone());
        tokio::spawn(async move {
            serve(listener, routes, &state, std::future::pending()).await;
            drop(state_dir);
        });
        Self { origin, microsoft: microsoft.to_owned() }
    }

    /// A browser that has not been here before.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.origin)
    }

    /// Lets the sandbox fail as told.
    pub async fn fault(&self, faults: Value) {
        let url = format!("{}/sandbox/faults", self.microsoft);
        let answer = reqwest::Client::new().post(url).json(&faults).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// How many requests for a path that ends in `end` arrived at the sandbox.
    pub async fn arrived(&self, end: &str) -> usize {
        let requests = self.requests().await;
        requests.iter().filter(|it| it["path"].as_str().unwrap().ends_with(end)).count()
    }

    /// Waits until a refresh token has come to the sandbox.
    pub async fn has_refreshed(&self) {
        let refreshed = async {
            while self.refreshes().await == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), refreshed).await.expect("it is refreshed");
    }

    /// Waits until so many requests for a path that ends in `end` have arrived at the sandbox.
    pub async fn has_arrived(&self, end: &str, times: usize) {
        let arrived = async {
            while self.arrived(end).await < times {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), arrived).await.expect("it arrives");
    }

    /// How often a refresh token came to the sandbox.
    pub async fn refreshes(&self) -> usize {
        self.requests()
            .await
            .iter()
            .filter(|it| it["form"]["grant_type"] == "refresh_token")
            .count()
    }

    /// What arrived at the sandbox, oldest first.
    pub async fn requests(&self) -> Vec<Value> {
        let url = format!("{}/sandbox/requests", self.microsoft);
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    /// What the sandbox has sent, oldest first.
    pub async fn outbox(&self) -> Vec<Value> {
        let url = format!("{}/sandbox/outbox", self.microsoft);
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }
}
