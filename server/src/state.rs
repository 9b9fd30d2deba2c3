//! What every request can reach, made once at start.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use app::{pages::Frame, words::EN};
use leptos::config::LeptosOptions;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::{
    auth::{
        REDIRECT_PATH, attempt::SpentAttempts, provider::Provider, refresh::Refreshes,
        token::TokenClient,
    },
    config::{Config, Hsts, Limits, PublicUrl, TrustedProxies},
    cookies::CookiePolicy,
    graph::Graph,
    outgoing::Outgoing,
    rates::Rate,
    seal::Keyring,
    sending::{ConcurrencyLimit, Once},
    session::SessionStore,
    site,
    system::Clock,
};

/// The server's own things. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// See [`AppState`].
pub struct Inner {
    /// Where browsers find this server.
    pub public_url: PublicUrl,
    /// How cookies are flagged.
    pub cookies: CookiePolicy,
    /// What seals them.
    pub keys: Keyring,
    /// Sessions in cookies.
    pub sessions: SessionStore,
    /// The identity provider.
    pub provider: Provider,
    /// The token endpoint.
    pub token_client: TokenClient,
    /// Microsoft Graph.
    pub graph: Graph,
    /// Refreshes that run or have just run.
    pub refreshes: Refreshes,
    /// Attempts to sign in that were used.
    pub spent_attempts: SpentAttempts,
    /// What has been sent.
    pub once: Once,
    /// Calls at each mailbox.
    pub concurrency: ConcurrencyLimit,
    /// How often mail may be sent.
    pub sends: Rate,
    /// How often a sign-in may begin.
    pub sign_ins: Rate,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// What browsers are told to reach by https only.
    pub hsts: Hsts,
    /// What must be finished before the process ends.
    pub tasks: TaskTracker,
    /// How long, how large and how often.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
    /// The identity platform, for links to it.
    pub login_url: Url,
    /// The tenant, for links to it.
    pub tenant: String,
    /// Where people read what they sent.
    pub sent_items_url: Url,
    /// What goes around each page.
    pub frame: Frame,
}

impl std::ops::Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl AppState {
    /// Puts the parts together.
    ///
    /// # Errors
    /// Where the configuration makes no whole: the reason in words.
    pub fn new(config: Config, options: LeptosOptions, clock: Clock) -> anyhow::Result<Self> {
        let outgoing = Arc::new(Outgoing::new(&[&config.login_url, &config.graph_url])?);
        let limits = config.limits;
        let provider = Provider::new(
            &config.login_url,
            &config.tenant,
            Arc::clone(&outgoing),
            clock.clone(),
            limits.login_timeout,
        )?;
        let token_client = TokenClient {
            client_id: config.client_id,
            client_secret: config.client_secret,
            redirect_uri: Url::parse(&config.public_url.at(REDIRECT_PATH))?,
            outgoing: Arc::clone(&outgoing),
            time_out: limits.login_timeout,
        };
        let graph =
            Graph::new(config.graph_url, outgoing, limits.login_timeout, limits.graph_timeout);
        let keys = Keyring::new(config.session_keys).context("there is no session key")?;
        let tasks = TaskTracker::new();
        let (state_dir, now) = (config.state_dir, clock.now());
        let not_kept = || format!("STATE_DIR: nothing can be kept in {}", state_dir.display());
        let sessions =
            SessionStore::new(limits, keys.clone(), &state_dir, now).with_context(not_kept)?;
        let spent_attempts = SpentAttempts::new(&state_dir, now).with_context(not_kept)?;
        let once = Once::new(&state_dir, tasks.clone(), now).with_context(not_kept)?;
        let sandbox = config.sandbox.map(|_| config.sent_items_url.to_string());
        let assets = site::assets(&options)
            .with_context(|| format!("{} can't be read", options.hash_file))?;
        Ok(Self(Arc::new(Inner {
            cookies: CookiePolicy::new(&config.public_url),
            public_url: config.public_url,
            keys,
            sessions,
            provider,
            token_client,
            graph,
            refreshes: Refreshes::default(),
            spent_attempts,
            once,
            concurrency: ConcurrencyLimit::default(),
            sends: Rate::per_minute(limits.sends_per_minute),
            sign_ins: Rate::per_minute(limits.sign_ins_per_minute),
            trusted_proxies: config.trusted_proxies,
            hsts: config.hsts,
            tasks,
            limits,
            clock,
            login_url: config.login_url,
            tenant: config.tenant,
            sent_items_url: config.sent_items_url,
            frame: Frame { options, assets, sandbox, words: &EN, time_out: longest_press(&limits) },
        })))
    }
}

/// The longest time from a press to its answer, in milliseconds: the body arrives, a token is
/// refreshed (with the discovery document and the keys), a place at the mailbox gets free, and Graph
/// answers. Ten seconds more are for everything else.
fn longest_press(limits: &Limits) -> u128 {
    let waits = limits.client_timeout + 3 * limits.login_timeout + 2 * limits.graph_timeout;
    (waits + Duration::from_secs(10)).as_millis()
}
