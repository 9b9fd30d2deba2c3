//! What an answer writes into the session's cookies, decided at the moment it leaves. A request can
//! take long, and meanwhile its session can be refreshed, replaced or ended by another: then it
//! writes nothing, so that no late answer puts older cookies over newer ones.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tower_cookies::Cookies;

use super::Session;
use crate::{cookies::Jar, state::AppState};

/// How old the mark of last use gets before it is written again, in seconds.
const RENEW_AFTER: u64 = 300;

/// What one answer is to write.
#[derive(Clone, Default)]
pub struct Changes(Arc<Mutex<Option<Change>>>);

enum Change {
    /// That the session was used.
    Used(Session),
    /// A newer generation of the session.
    Refreshed(Session),
}

impl Changes {
    /// The request uses `session`, which was used before at `used`.
    pub(crate) fn used(&self, session: &Session, used: u64, now: u64) {
        if now.saturating_sub(used) >= RENEW_AFTER {
            self.set(Change::Used(session.clone()));
        }
    }

    /// The answer brings a newer generation.
    pub(crate) fn refreshed(&self, session: &Session) {
        self.set(Change::Refreshed(session.clone()));
    }

    fn set(&self, change: Change) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }

    fn write(&self, state: &AppState, jar: &Jar) {
        let change = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let now = state.clock.now();
        match change {
            Some(Change::Used(session)) if !state.sessions.is_ended(&session) => {
                state.sessions.mark_used(jar, session.id, now);
            }
            Some(Change::Refreshed(session))
                if !state.sessions.is_ended(&session) && !state.refreshes.is_behind(&session) =>
            {
                if let Err(error) = state.sessions.save(jar, &session, now) {
                    tracing::error!(event = "session_not_written", %error);
                }
            }
            _ => {}
        }
    }
}

/// Gives the request its [`Changes`], and writes them when the answer leaves.
pub async fn session_cookies(
    State(state): State<AppState>,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let changes = Changes::default();
    request.extensions_mut().insert(changes.clone());
    let answer = next.run(request).await;
    changes.write(&state, &Jar::new(state.cookies, cookies));
    answer
}
