//! The parts of the backend for frontend, put together once at start.

use std::sync::Arc;

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
    session::{Profile, Session, SessionStore, write_session_cookies},
    sign_in::{Provider, RefreshError, Refresher, ReturnTo, TokenClient},
    state::SharedState,
    system::Clock,
};

/// The token backend of an app whose sessions hold a `P`. Cheap to clone.
pub struct Bff<P>(Arc<Inner<P>>);

impl<P> Clone for Bff<P> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Inner<P> {
    settings: Settings,
    redirect_uri: Url,
    cookies: CookiePolicy,
    keys: Keyring,
    sessions: Arc<SessionStore>,
    provider: Provider,
    tokens: Arc<TokenClient>,
    refreshes: Refresher<P>,
    state: Arc<dyn SharedState>,
    clock: Clock,
}

/// Why settings can't work.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum SettingsError {
    /// The keys.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// Host, tenant or path make no URL together.
    #[error("login_url, tenant, public_url and redirect_path make no URLs: {0}")]
    NotAUrl(#[from] url::ParseError),
}

impl<P: Profile> Bff<P> {
    /// Puts the parts together. `http` must allow [`Settings::login_url`]; `tasks` are waited for
    /// before the process ends.
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
        let provider = Provider::new(
            &settings.login_url,
            &settings.tenant,
            Arc::clone(&http),
            clock.clone(),
            settings.time_out,
        )?;
        let tokens = Arc::new(TokenClient {
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
            redirect_uri: redirect_uri.clone(),
            http,
            time_out: settings.time_out,
        });
        let sessions = Arc::new(SessionStore::new(
            settings.idle,
            settings.lifetime,
            keys.clone(),
            Arc::clone(&state),
        ));
        let refreshes = Refresher::new(
            provider.clone(),
            Arc::clone(&tokens),
            Arc::clone(&sessions),
            clock.clone(),
            tasks,
        );
        let cookies = CookiePolicy::new(&settings.public_url, &settings.cookie_prefix);
        Ok(Self(Arc::new(Inner {
            settings,
            redirect_uri,
            cookies,
            keys,
            sessions,
            provider,
            tokens,
            refreshes,
            state,
            clock,
        })))
    }

    /// Puts around `routes` what sessions need: strict reading of cookies, the jar, the writing of
    /// refreshed sessions, and the refusal (403) of requests from another origin that change
    /// something.
    pub fn protect(&self, routes: Router) -> Router {
        // The layer that is added last meets a request first.
        routes
            .layer(from_fn_with_state(self.clone(), write_session_cookies::<P>))
            .layer(CookieManagerLayer::new())
            .layer(from_fn(strict_cookies))
            .layer(from_fn_with_state(self.clone(), same_origin::<P>))
    }

    /// The path `text` of this site, or `/` where it is anything else or begins a sign-in.
    #[must_use]
    pub fn return_to(&self, text: &str) -> ReturnTo {
        ReturnTo::parse(text, &self.0.settings.login_path)
    }

    /// The next generation of `session`, whose access token the API has refused although it has not
    /// ended. It reaches the browser with the next [`Visitor::fresh`](crate::Visitor::fresh).
    ///
    /// # Errors
    /// [`RefreshError`].
    pub async fn renewed(&self, session: &Session<P>) -> Result<Session<P>, Arc<RefreshError>> {
        self.0.refreshes.renewed(session).await
    }

    /// What the app decided.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The registered redirect URI.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.0.redirect_uri
    }

    /// Seals other small cookies of the app.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.0.keys
    }

    pub(crate) fn cookies(&self) -> &CookiePolicy {
        &self.0.cookies
    }

    pub(crate) fn sessions(&self) -> &SessionStore {
        &self.0.sessions
    }

    pub(crate) fn provider(&self) -> &Provider {
        &self.0.provider
    }

    pub(crate) fn tokens(&self) -> &TokenClient {
        &self.0.tokens
    }

    pub(crate) fn refreshes(&self) -> &Refresher<P> {
        &self.0.refreshes
    }

    pub(crate) fn state(&self) -> &dyn SharedState {
        &*self.0.state
    }

    pub(crate) fn now(&self) -> u64 {
        self.0.clock.now()
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
