//! Keeps a session's access token fresh (RFC 6749, section 6) without ever signing anybody out by
//! accident.
//!
//! - Single-flight: one refresh at a time for a session, and whoever comes while it runs waits for
//!   its result. A provider may take the second use of a refresh token for theft (RFC 9700, section
//!   4.14.2).
//! - The result serves requests that still carry the previous cookie for a minute. This is the one
//!   place where tokens stay in this server's memory: until the first refresh of anybody after that
//!   minute.
//! - A failure that passes keeps the session, and the token is used as long as it lives. Only the
//!   provider's refusal ends the session. Even then no cookie is cleared, since the browser may have
//!   got a newer one from another process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::{Provider, ProviderError, TokenClient, TokenError};
use crate::{
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

/// How a refresh ended, and when.
#[derive(Clone)]
struct Finished<P> {
    at: u64,
    outcome: Outcome<P>,
}

/// A refresh that runs or has run.
#[derive(Clone)]
struct Refresh<P> {
    /// The generation that it replaces.
    from: u32,
    finished: watch::Receiver<Option<Finished<P>>>,
}

impl<P> Refresh<P> {
    /// Its result no longer serves anybody.
    fn is_over(&self, now: u64) -> bool {
        let finished = self.finished.borrow();
        // Also where it was broken off: then there will never be a result.
        finished
            .as_ref()
            .map_or(self.finished.has_changed().is_err(), |it| now.saturating_sub(it.at) >= GRACE)
    }

    /// It failed in a way that passes.
    fn failed(&self) -> bool {
        let finished = self.finished.borrow();
        finished.as_ref().is_some_and(|it| matches!(&it.outcome, Err(error) if !error.is_final()))
    }
}

/// The refreshes of this process.
pub(crate) struct Refresher<P> {
    work: Arc<Work>,
    tasks: TaskTracker,
    refreshes: Mutex<HashMap<SessionId, Refresh<P>>>,
}

/// What one refresh needs.
struct Work {
    provider: Provider,
    token_client: Arc<TokenClient>,
    sessions: Arc<SessionStore>,
    clock: Clock,
}

impl<P: Profile> Refresher<P> {
    pub(crate) fn new(
        provider: Provider,
        token_client: Arc<TokenClient>,
        sessions: Arc<SessionStore>,
        clock: Clock,
        tasks: TaskTracker,
    ) -> Self {
        let work = Arc::new(Work { provider, token_client, sessions, clock });
        Self { work, tasks, refreshes: Mutex::default() }
    }

    /// `session` with an access token that can be used: as it is, or its next generation.
    pub(crate) async fn fresh(&self, session: Session<P>) -> Outcome<P> {
        let Some(refresh) = self.join(&session) else { return Ok(session) };
        match outcome(refresh).await {
            Err(error) if !error.is_final() && session.token_lives(self.work.clock.now()) => {
                Ok(session)
            }
            outcome => outcome,
        }
    }

    /// The next generation of `session`, whose access token the API has refused although it has not
    /// ended.
    pub(crate) async fn renewed(&self, session: &Session<P>) -> Outcome<P> {
        if session.refresh_token.is_none() {
            return Err(Arc::new(RefreshError::NoRefreshToken));
        }
        outcome(self.join_anyway(session)).await
    }

    /// There is a newer generation than that of `session`.
    pub(crate) fn is_behind(&self, session: &Session<P>) -> bool {
        let refreshes = self.refreshes.lock().unwrap_or_else(PoisonError::into_inner);
        refreshes.get(&session.id).is_some_and(|refresh| {
            let finished = refresh.finished.borrow();
            finished.as_ref().is_some_and(|it| {
                it.outcome.as_ref().is_ok_and(|newest| newest.generation > session.generation)
            })
        })
    }

    /// The refresh whose result `session` needs, begun here where none runs; `None` where the
    /// session is good as it is.
    fn join(&self, session: &Session<P>) -> Option<Refresh<P>> {
        let now = self.work.clock.now();
        let mut refreshes = self.refreshes.lock().unwrap_or_else(PoisonError::into_inner);
        let lives = session.token_lives(now);
        match refreshes.get(&session.id).filter(|it| !it.is_over(now)) {
            // After a failure there is a pause, but no longer than the token lives.
            Some(refresh) if refresh.failed() && lives => return None,
            Some(refresh) if refresh.failed() => {}
            Some(refresh) if session.generation <= refresh.from => return Some(refresh.clone()),
            // Tokens that live for less than five minutes aren't refreshed at each request.
            Some(_) if lives => return None,
            _ => {}
        }
        if session.token_ends.saturating_sub(FRESH) > now {
            return None;
        }
        session.refresh_token.as_ref()?;
        Some(self.begin(&mut refreshes, session))
    }

    /// The refresh that replaces `session`, begun here where none runs.
    fn join_anyway(&self, session: &Session<P>) -> Refresh<P> {
        let now = self.work.clock.now();
        let mut refreshes = self.refreshes.lock().unwrap_or_else(PoisonError::into_inner);
        let running = refreshes
            .get(&session.id)
            .filter(|it| session.generation <= it.from && !it.is_over(now) && !it.failed());
        match running.cloned() {
            Some(running) => running,
            None => self.begin(&mut refreshes, session),
        }
    }

    fn begin(
        &self,
        refreshes: &mut HashMap<SessionId, Refresh<P>>,
        session: &Session<P>,
    ) -> Refresh<P> {
        let now = self.work.clock.now();
        refreshes.retain(|_, refresh| !refresh.is_over(now));
        let (finish, finished) = watch::channel(None);
        let refresh = Refresh { from: session.generation, finished };
        refreshes.insert(session.id, refresh.clone());
        let (work, session) = (Arc::clone(&self.work), session.clone());
        // A task of its own: a browser that goes away must not waste the refresh token.
        let task = async move {
            let outcome = work.refresh(session).await.map_err(Arc::new);
            finish.send_replace(Some(Finished { at: work.clock.now(), outcome }));
        };
        self.tasks.spawn(task.in_current_span());
        refresh
    }
}

async fn outcome<P: Profile>(mut refresh: Refresh<P>) -> Outcome<P> {
    let finished = match refresh.finished.wait_for(Option::is_some).await {
        Ok(finished) => finished.clone(),
        Err(_) => None,
    };
    finished.map_or_else(|| Err(Arc::new(RefreshError::Aborted)), |it| it.outcome)
}

impl Work {
    async fn refresh<P: Profile>(&self, session: Session<P>) -> Result<Session<P>, RefreshError> {
        let person = session.person_id.hashed();
        let next = self.next_generation(session).await;
        match &next {
            Ok(session) => {
                let generation = session.generation;
                tracing::info!(event = "session_refreshed", person, generation);
            }
            Err(error) if error.is_final() => {
                tracing::warn!(event = "session_refused", person, %error);
            }
            Err(error) => tracing::warn!(event = "session_not_refreshed", person, %error),
        }
        next
    }

    async fn next_generation<P: Profile>(
        &self,
        session: Session<P>,
    ) -> Result<Session<P>, RefreshError> {
        let endpoint = self.provider.metadata().await?.token_endpoint.clone();
        let refresh_token = session.refresh_token.clone().unwrap_or_default();
        let tokens = self.token_client.refresh(endpoint, &refresh_token).await?;
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
