//! Keeps a session's access token fresh (RFC 6749, section 6) without ever signing anybody out by
//! accident.
//!
//! - Single-flight: one refresh at a time for a session, and whoever comes while it runs waits for
//!   its result. A provider may take the second use of a refresh token for theft (RFC 9700, section
//!   4.14.2).
//! - For a minute, the result also serves requests that still carry the previous cookie. This is the
//!   one place where tokens stay in this server's memory: until the first refresh of any session
//!   after that minute.
//! - A failure that passes keeps the session, and the token is used as long as it lives. Only the
//!   provider's refusal ends the session. Even then no cookie is cleared, since the browser may have
//!   got a newer one from another process.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::{Provider, ProviderError, TokenClient, TokenError};
use crate::{
    Bff,
    session::{Profile, Session, SessionId, SessionStore, TooLarge},
    system::Clock,
};

/// A token with less than this many seconds left is refreshed before it is used.
const FRESH: u64 = 300;

/// Seconds for which a result is kept.
const GRACE: u64 = 60;

/// Why a session has no fresh token.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The identity platform couldn't be asked.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The token endpoint gave no tokens.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The new tokens don't fit the cookies.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The session has no refresh token.
    #[error("the session has no refresh token")]
    NoRefreshToken,
    /// The refresh was broken off without a result.
    #[error("the refresh was broken off")]
    Aborted,
}

impl RefreshError {
    /// The provider will never give tokens for this session again: the person must sign in again.
    #[must_use]
    pub fn is_final(&self) -> bool {
        const REFUSALS: [&str; 4] =
            ["invalid_grant", "interaction_required", "login_required", "consent_required"];
        match self {
            Self::Token(TokenError::Refused(refusal)) => REFUSALS.contains(&refusal.error.as_str()),
            Self::TooLarge(_) | Self::NoRefreshToken => true,
            _ => false,
        }
    }
}

type Outcome<P> = Result<Session<P>, Arc<RefreshError>>;

/// A refresh that runs or has run.
#[derive(Clone)]
pub(crate) struct Refresh<P> {
    /// The generation that it replaces.
    from: u32,
    /// Its outcome, once there is one, and when that was, in Unix seconds.
    finished: Shared<BoxFuture<'static, (Outcome<P>, u64)>>,
}

impl<P: Profile> Refresh<P> {
    /// Its result no longer serves anybody.
    fn is_over(&self, now: u64) -> bool {
        self.finished.peek().is_some_and(|(_, at)| now.saturating_sub(*at) >= GRACE)
    }

    /// It failed in a way that passes.
    fn failed(&self) -> bool {
        matches!(self.finished.peek(), Some((Err(error), _)) if !error.is_final())
    }
}

impl<P: Profile> Bff<P> {
    /// The next generation of `session`, whose access token the API has refused although it has not
    /// ended. The next [`Visitor::fresh`](crate::Visitor::fresh) writes it into the cookies.
    ///
    /// # Errors
    /// [`RefreshError`].
    pub async fn renewed(&self, session: &Session<P>) -> Result<Session<P>, Arc<RefreshError>> {
        let refresh = self.parts.refresher.join_refresh(session, true);
        refresh.ok_or(RefreshError::NoRefreshToken)?.finished.await.0
    }
}

/// Refreshes sessions, with no more than it needs.
pub(crate) struct Refresher<P> {
    pub(crate) provider: Arc<Provider>,
    pub(crate) token_client: Arc<TokenClient>,
    pub(crate) sessions: Arc<SessionStore>,
    pub(crate) clock: Clock,
    pub(crate) tasks: TaskTracker,
    /// The refreshes that run, and those whose result still serves.
    pub(crate) refreshes: Mutex<HashMap<SessionId, Refresh<P>>>,
}

impl<P: Profile> Refresher<P> {
    /// The next generation of `session` where its access token has to be refreshed; `None` where it
    /// can be used as it is.
    pub(crate) async fn fresh(self: &Arc<Self>, session: &Session<P>) -> Option<Outcome<P>> {
        let outcome = self.join_refresh(session, false)?.finished.await.0;
        let passes = outcome.as_ref().is_err_and(|it| !it.is_final());
        if passes && session.token_lives(self.clock.now()) { None } else { Some(outcome) }
    }

    /// There is a newer generation than that of `session`.
    pub(crate) fn is_behind(&self, session: &Session<P>) -> bool {
        let refreshes = self.refreshes.lock().unwrap_or_else(PoisonError::into_inner);
        let finished = refreshes.get(&session.id).and_then(|it| it.finished.peek());
        matches!(finished, Some((Ok(newest), _)) if newest.generation > session.generation)
    }

    /// The refresh whose result `session` needs, begun here where none runs; `None` where the
    /// session is good as it is or has no refresh token. A token that was `refused` can't be used
    /// however long it lives.
    fn join_refresh(self: &Arc<Self>, session: &Session<P>, refused: bool) -> Option<Refresh<P>> {
        let now = self.clock.now();
        let usable = !refused && session.token_lives(now);
        let mut refreshes = self.refreshes.lock().unwrap_or_else(PoisonError::into_inner);
        match refreshes.get(&session.id).filter(|it| !it.is_over(now)) {
            Some(refresh) if !refresh.failed() && session.generation <= refresh.from => {
                return Some(refresh.clone());
            }
            // A pause after a failure, no longer than the token lives; and tokens that live for less
            // than five minutes aren't refreshed at each request.
            Some(_) if usable => return None,
            _ => {}
        }
        let due = refused || session.token_ends.saturating_sub(FRESH) <= now;
        if !due || session.refresh_token.is_none() {
            return None;
        }
        refreshes.retain(|_, refresh| !refresh.is_over(now));
        let refresh = self.begin_refresh(session.clone());
        refreshes.insert(session.id, refresh.clone());
        Some(refresh)
    }

    /// Begins to refresh `session` in a task of its own, so that a browser that goes away doesn't
    /// waste the refresh token.
    fn begin_refresh(self: &Arc<Self>, session: Session<P>) -> Refresh<P> {
        let (this, from) = (Arc::clone(self), session.generation);
        let finished = async move {
            // A panic must not reach everybody who waits.
            let outcome = AssertUnwindSafe(this.refresh(session)).catch_unwind().await;
            let outcome = outcome.unwrap_or(Err(RefreshError::Aborted)).map_err(Arc::new);
            (outcome, this.clock.now())
        };
        let finished = finished.in_current_span().boxed().shared();
        self.tasks.spawn(finished.clone());
        Refresh { from, finished }
    }

    async fn refresh(&self, session: Session<P>) -> Result<Session<P>, RefreshError> {
        let person = session.person_id.hashed();
        let next = self.next_generation(session).await;
        match &next {
            Ok(Session { generation, .. }) => {
                tracing::info!(event = "session_refreshed", person, generation);
            }
            Err(error) if error.is_final() => {
                tracing::warn!(event = "session_refused", person, %error);
            }
            Err(error) => tracing::warn!(event = "session_not_refreshed", person, %error),
        }
        next
    }

    async fn next_generation(&self, session: Session<P>) -> Result<Session<P>, RefreshError> {
        let metadata = self.provider.metadata(self.clock.now()).await?;
        let refresh_token = session.refresh_token.clone().unwrap_or_default();
        let tokens = self.token_client.refresh(&metadata, &refresh_token).await?;
        let next = Session {
            generation: session.generation.saturating_add(1),
            access_token: tokens.access_token,
            // A provider may keep the old one in use (RFC 6749, section 6).
            refresh_token: tokens.refresh_token.or(session.refresh_token),
            token_ends: self.clock.now().saturating_add(tokens.expires_in),
            ..session
        };
        self.sessions.check_size(&next)?;
        Ok(next)
    }
}
