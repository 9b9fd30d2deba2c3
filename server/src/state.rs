//! What handlers reach, each with the part it needs, put together once at start.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use app::{
    pages::{Frame, Person, hidden_notices},
    words::EN,
};
use axum::extract::FromRef;
use bff::{Bff, Clock, HttpClient, LocalState, SharedState};
use leptos::config::LeptosOptions;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    auth::{AdminConsent, SignIn},
    config::{Config, Hsts, Limits, TrustedProxies},
    graph::Graph,
    rates::Rate,
    render::Pages,
    sending::Sending,
    site,
};

/// Sent with every outgoing request.
const USER_AGENT: &str = concat!("graph-connect/", env!("CARGO_PKG_VERSION"));

/// The parts. Cheap to clone.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Sign-in and sessions.
    pub bff: Bff<Person>,
    /// Sign-in's part that knows Graph and the pages.
    pub sign_in: SignIn,
    /// Sending.
    pub sending: Arc<Sending>,
    /// The pages.
    pub pages: Pages,
    /// How long, how large and how often.
    pub limits: Limits,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// What browsers are told to reach by https only.
    pub hsts: Hsts,
    /// What must be finished before the process ends.
    pub tasks: TaskTracker,
    /// Cancelled once the process was told to stop.
    pub draining: CancellationToken,
}

impl AppState {
    /// Puts the parts together.
    ///
    /// # Errors
    /// The reason in words, where the settings don't fit each other or a folder can't be used.
    pub fn new(config: Config, options: LeptosOptions, clock: Clock) -> anyhow::Result<Self> {
        let hosts = [&config.login_url, &config.graph_url];
        let http = HttpClient::new(&hosts, &config.proxy, USER_AGENT)
            .context("HTTPS_PROXY or ALL_PROXY: only http and https proxies work")?;
        let http = Arc::new(http);
        let limits = config.limits;
        let tasks = TaskTracker::new();
        let state_dir = &config.state_dir;
        let state = LocalState::open(state_dir, clock.now()).with_context(|| {
            format!("STATE_DIR: nothing can be kept in {}", state_dir.display())
        })?;
        let state: Arc<dyn SharedState> = Arc::new(state);
        let keys = config.session_keys.open(state_dir).with_context(|| {
            format!(
                "STATE_DIR: the session key in {} can't be used (name a folder of your own, or delete \
                 the file session-key in it)",
                state_dir.display()
            )
        })?;
        let bff = Bff::new(
            config.bff_settings(keys),
            Arc::clone(&http),
            Arc::clone(&state),
            clock.clone(),
            tasks.clone(),
        )?;
        let graph = Arc::new(Graph::new(
            config.graph_url,
            http,
            limits.login_timeout,
            limits.graph_timeout,
        ));
        let sent_items = config.sent_items_url.to_string();
        let sandbox = config.sandbox.map(|_| sent_items.clone());
        let assets = site::assets(&options)
            .with_context(|| format!("{} can't be read", options.hash_file))?;
        // Ten seconds more than that are for everything else.
        let time_out = (limits.longest_press() + Duration::from_secs(10)).as_millis();
        let frame = Frame {
            options,
            assets,
            watched: site::is_watched(),
            sandbox,
            notices: hidden_notices(&EN, &sent_items).into(),
            sent_items,
            words: &EN,
            time_out,
        };
        let pages = Pages::new(frame);
        let sending = Sending::new(
            bff.clone(),
            Arc::clone(&graph),
            state,
            Rate::per_minute(limits.sends_per_minute),
            limits,
            clock,
            tasks.clone(),
        );
        let sign_in = SignIn {
            graph,
            rate: Arc::new(Rate::per_minute(limits.sign_ins_per_minute)),
            admin_consent: Arc::new(AdminConsent::new(bff.settings(), bff.redirect_uri())),
        };
        Ok(Self {
            bff,
            sign_in,
            sending: Arc::new(sending),
            pages,
            limits,
            trusted_proxies: config.trusted_proxies,
            hsts: config.hsts,
            tasks,
            draining: CancellationToken::new(),
        })
    }
}
