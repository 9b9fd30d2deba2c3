//! What every request can reach, made once at start.

use std::sync::Arc;

use app::pages::Frame;
use leptos::config::LeptosOptions;
use url::Url;

use crate::{
    auth::{REDIRECT_PATH, provider::Provider, token::TokenClient},
    config::{Config, Limits, PublicUrl},
    cookies::CookiePolicy,
    graph::Graph,
    outgoing::Outgoing,
    seal::Keyring,
    sending::Once,
    session::SessionStore,
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
    /// What has been sent.
    pub once: Once,
    /// Time-outs and lifetimes.
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
        let sandbox = config.sandbox.map(|_| config.sent_items_url.to_string());
        Ok(Self(Arc::new(Inner {
            cookies: CookiePolicy::new(&config.public_url),
            public_url: config.public_url,
            keys: Keyring::new(config.session_keys)
                .ok_or_else(|| anyhow::anyhow!("there is no session key"))?,
            sessions: SessionStore::new(limits),
            provider,
            token_client,
            graph,
            once: Once::default(),
            limits,
            clock,
            login_url: config.login_url,
            tenant: config.tenant,
            sent_items_url: config.sent_items_url,
            frame: Frame { options, sandbox },
        })))
    }
}
