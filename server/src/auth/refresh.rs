//! Keeps a session's access token fresh (RFC 6749, section 6) without ever signing anybody out by
//! accident.
//!
//! - One refresh at a time for a session: whoever comes while it runs waits for its result. A
//!   provider may take a second use of a refresh token for theft (RFC 9700, section 4.14.2).
//! - Its result serves, for a minute, the requests that still carry the previous cookie. This is
//!   the one place where tokens stay in this server's memory: until the first refresh, of anybody,
//!   after that minute.
//! - A failure that passes keeps the session, and the token is used as long as it lives. Only the
//!   provider's refusal ends it; and even then no cookie is cleared, since the browser may have got
//!   a newer one from another process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use app::pages::Fault;
use tokio::sync::watch;
use tracing::Instrument;

use super::{provider::ProviderError, token::TokenError};
use crate::{
    session::{Session, SessionId, TooLarge},
    state::AppState,
};

/// A token with less than this many seconds left is refreshed before it is used.
const FRESH: u64 = 300;

/// Seconds for which a result is kept.
const GRACE: u64 = 60;

/// Why a session has no fresh token.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The identity platform could not be asked.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The token endpoint gave no tokens.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The new tokens do not fit the cookies.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The refresh was broken off without a result.
    #[error("the refresh was broken off")]
    Lost,
}

impl RefreshError {
    /// The provider will never give tokens for this session again: connecting again is the way on.
    #[must_use]
    pub fn is_final(&self) -> bool {
        const REFUSALS: [&str; 4] =
            ["invalid_grant", "interaction_required", "login_required", "consent_required"];
        match self {
            Self::Token(TokenError::Refused(refusal)) => REFUSALS.contains(&refusal.error.as_str()),
            Self::TooLarge(_) => true,
            _ => false,
        }
    }
}

impl RefreshError {
    /// What is wrong with the identity platform, in the words of a page; `None` where it refuses.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Provider(error) => Some(error.fault()),
            Self::Token(error) => error.fault(),
            Self::TooLarge(_) => None,
            Self::Lost => Some(Fault::Down),
        }
    }
}

type Outcome = Result<Session, Arc<RefreshError>>;

/// A finished refresh.
#[derive(Clone)]
struct Landed {
    at: u64,
    outcome: Outcome,
}

/// A refresh that runs or has run.
#[derive(Clone)]
struct Flight {
    /// The generation it takes the place of.
    from: u32,
    landed: watch::Receiver<Option<Landed>>,
}

impl Flight {
    fn is_over(&self, now: u64) -> bool {
        let landed = self.landed.borrow();
        // Also where it broke off: then nobody will ever land.
        landed
            .as_ref()
            .map_or(self.landed.has_changed().is_err(), |it| now.saturating_sub(it.at) >= GRACE)
    }

    fn failed(&self) -> bool {
        let landed = self.landed.borrow();
        landed.as_ref().is_some_and(|it| matches!(&it.outcome, Err(error) if !error.is_final()))
    }
}

/// The refreshes of this process.
#[derive(Default)]
pub struct Refreshes {
    flights: Mutex<HashMap<SessionId, Flight>>,
}

impl Refreshes {
    /// `session` with an access token that can be used: as it is, or its next generation.
    ///
    /// # Errors
    /// [`RefreshError`], where there is none.
    pub async fn fresh(&self, state: &AppState, session: Session) -> Outcome {
        let Some(mut flight) = self.board(state, &session) else { return Ok(session) };
        let landed = match flight.landed.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone(),
            Err(_) => None,
        };
        let outcome = landed.map_or_else(|| Err(Arc::new(RefreshError::Lost)), |it| it.outcome);
        match outcome {
            Err(error) if !error.is_final() && session.token_lives(state.clock.now()) => {
                Ok(session)
            }
            outcome => outcome,
        }
    }

    /// There is a newer generation than that of `session`.
    #[must_use]
    pub fn is_behind(&self, session: &Session) -> bool {
        let flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.get(&session.id).is_some_and(|flight| {
            let landed = flight.landed.borrow();
            landed.as_ref().is_some_and(|it| {
                it.outcome.as_ref().is_ok_and(|newest| newest.generation > session.generation)
            })
        })
    }

    /// The refresh whose result `session` needs, begun here where none runs; `None` where the
    /// session is good as it is.
    fn board(&self, state: &AppState, session: &Session) -> Option<Flight> {
        let now = state.clock.now();
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        let lives = session.token_lives(now);
        match flights.get(&session.id).filter(|flight| !flight.is_over(now)) {
            // A failure counts as a pause, no longer than the token lives.
            Some(flight) if flight.failed() && lives => return None,
            Some(flight) if flight.failed() => {}
            Some(flight) if session.generation <= flight.from => return Some(flight.clone()),
            // Tokens that live for less than five minutes are not refreshed at each request.
            Some(_) if lives => return None,
            _ => {}
        }
        if session.token_ends.saturating_sub(FRESH) > now {
            return None;
        }
        session.refresh_token.as_ref()?;
        flights.retain(|_, flight| !flight.is_over(now));
        let (land, landed) = watch::channel(None);
        let flight = Flight { from: session.generation, landed };
        flights.insert(session.id, flight.clone());
        let (task_state, session) = (state.clone(), session.clone());
        // A task of its own: a browser that goes away must not waste the refresh token.
        let task = async move {
            let outcome = refresh(&task_state, session).await.map_err(Arc::new);
            land.send_replace(Some(Landed { at: task_state.clock.now(), outcome }));
        };
        state.tasks.spawn(task.in_current_span());
        Some(flight)
    }
}

async fn refresh(state: &AppState, session: Session) -> Result<Session, RefreshError> {
    let person = session.person_id.hashed();
    match next_generation(state, session).await {
        Ok(session) => {
            tracing::info!(event = "session_refreshed", person, generation = session.generation);
            Ok(session)
        }
        Err(error) if error.is_final() => {
            tracing::warn!(event = "session_refused", person, %error);
            Err(error)
        }
        Err(error) => {
            tracing::warn!(event = "session_not_refreshed", person, %error);
            Err(error)
        }
    }
}

async fn next_generation(state: &AppState, session: Session) -> Result<Session, RefreshError> {
    let endpoint = state.provider.metadata().await?.token_endpoint.clone();
    let refresh_token = session.refresh_token.clone().unwrap_or_default();
    let tokens = state.token_client.refresh(endpoint, &refresh_token).await?;
    let next = Session {
        generation: session.generation.saturating_add(1),
        access_token: tokens.access_token,
        // A provider may keep the old one in use (RFC 6749, section 6).
        refresh_token: tokens.refresh_token.or(session.refresh_token),
        token_ends: state.clock.now().saturating_add(tokens.expires_in),
        ..session
    };
    state.sessions.fits(&next)?;
    Ok(next)
}
