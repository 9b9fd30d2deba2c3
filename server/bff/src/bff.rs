//! [`Bff`]: the crate's parts, put together once at start.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tokio_util::task::TaskTracker;
use tower_cookies::CookieManagerLayer;
use url::Url;

use crate::{
    HttpClient, Settings,
    cookies::{CookiePolicy, strict_cookies},
    origin,
    seal::{Keyring, NoKey},
    session::{Profile, SessionStore, write_session_cookies},
    sign_in::{Provider, Refresher, ReturnTo, TokenClient},
    state::SharedState,
    system::Clock,
};

/// The token backend of an app whose sessions hold a `P`. Cheap to clone.
#[derive(Clone)]
pub struct Bff<P> {
    pub(crate) parts: Arc<Parts<P>>,
}

/// What this crate's modules share.
pub(crate) struct Parts<P> {
    pub(crate) settings: Settings,
    pub(crate) redirect_uri: Url,
    pub(crate) cookies: CookiePolicy,
    pub(crate) keys: Keyring,
    pub(crate) sessions: Arc<SessionStore>,
    pub(crate) provider: Arc<Provider>,
    pub(crate) token_client: Arc<TokenClient>,
    pub(crate) state: Arc<dyn SharedState>,
    pub(crate) refresher: Arc<Refresher<P>>,
    clock: Clock,
}

/// Why settings can't work.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no session key, or one can't be used.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// Host, tenant or path don't make a URL together.
    #[error("login_url, tenant, public_url and redirect_path make no URLs: {0}")]
    NotAUrl(#[from] url::ParseError),
}

impl<P: Profile> Bff<P> {
    /// Puts the parts together. `http` must allow [`Settings::login_url`]. Wait for `tasks` before
    /// the process ends: refreshes run there.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(
        settings: Settings,
        http: Arc<HttpClient>,
        state: Arc<dyn SharedState>,
        clock: Clock,
        tasks: TaskTracker,
    ) -> Result<Self, SettingsError> {
        let keys = Keyring::new(&settings.session_keys, &[&settings.client_id, &settings.tenant])?;
        let redirect_uri = Url::parse(&settings.public_url.at(&settings.redirect_path))?;
        let sessions = Arc::new(SessionStore::new(&settings, keys.clone(), Arc::clone(&state)));
        let provider = Provider::new(&settings, Arc::clone(&http))?;
        let token_client = Arc::new(TokenClient::new(&settings, &redirect_uri, http));
        let refresher = Arc::new(Refresher {
            provider: Arc::clone(&provider),
            token_client: Arc::clone(&token_client),
            sessions: Arc::clone(&sessions),
            clock: clock.clone(),
            tasks,
            refreshes: Mutex::default(),
        });
        let parts = Parts {
            cookies: CookiePolicy::new(&settings.public_url, &settings.cookie_prefix),
            settings,
            redirect_uri,
            keys,
            sessions,
            provider,
            token_client,
            state,
            refresher,
            clock,
        };
        Ok(Self { parts: Arc::new(parts) })
    }

    /// Puts around `routes` what sessions need: strict reading of cookies, the jar, the writing of
    /// refreshed sessions, and the refusal (403) of requests from another origin that change
    /// something.
    pub fn protect(&self, routes: Router) -> Router {
        routes.layer((
            from_fn_with_state(self.clone(), same_origin::<P>),
            from_fn(strict_cookies),
            CookieManagerLayer::new(),
            from_fn_with_state(self.clone(), write_session_cookies::<P>),
        ))
    }

    /// The path `text` of this site, or `/` where it is anything else or begins a sign-in.
    #[must_use]
    pub fn return_to(&self, text: &str) -> ReturnTo {
        ReturnTo::parse(text, &self.parts.settings.login_path)
    }

    /// The settings that this was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// The registered redirect URI.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.parts.redirect_uri
    }

    /// The keys that seal cookies, for other small cookies of the app.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.parts.keys
    }

    pub(crate) fn now(&self) -> u64 {
        self.parts.clock.now()
    }
}

async fn same_origin<P: Profile>(
    State(bff): State<Bff<P>>,
    request: Request,
    next: Next,
) -> Response {
    let own = &bff.settings().public_url;
    if origin::is_allowed(request.method(), request.headers(), own) {
        return next.run(request).await;
    }
    tracing::warn!(event = "cross_origin_refused");
    StatusCode::FORBIDDEN.into_response()
}
