//! What an answer writes into the session's cookies, decided when it leaves. A request can take long,
//! and meanwhile another one can refresh, replace or end its session: then it writes nothing, so that
//! no late answer puts older cookies over newer ones.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tower_cookies::Cookies;

use super::{Profile, Session};
use crate::{Bff, cookies::Jar};

/// What one answer is to write.
#[derive(Clone)]
pub(crate) struct Changes<P>(Arc<Mutex<Option<Change<P>>>>);

enum Change<P> {
    /// The session was used.
    Used(Session<P>),
    /// There is a newer generation of the session.
    Refreshed(Session<P>),
}

impl<P: Profile> Changes<P> {
    pub(crate) fn none() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// The request uses `session`.
    pub(crate) fn used(&self, session: &Session<P>) {
        self.set(Change::Used(session.clone()));
    }

    /// The answer brings `session`, a newer generation.
    pub(crate) fn refreshed(&self, session: &Session<P>) {
        self.set(Change::Refreshed(session.clone()));
    }

    fn set(&self, change: Change<P>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }

    async fn write(&self, bff: &Bff<P>, jar: &Jar) {
        let change = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let now = bff.now();
        let sessions = bff.sessions();
        match change {
            None => {}
            Some(Change::Used(session) | Change::Refreshed(session))
                if sessions.is_ended(&session).await => {}
            Some(Change::Used(session)) => sessions.mark_used(jar, session.id, now),
            Some(Change::Refreshed(session)) if bff.refreshes().is_behind(&session) => {}
            Some(Change::Refreshed(session)) => {
                if let Err(error) = sessions.save(jar, &session, now) {
                    tracing::error!(event = "session_not_written", %error);
                }
            }
        }
    }
}

/// Gives the request its [`Changes`], and writes them when the answer leaves.
pub(crate) async fn write_session_cookies<P: Profile>(
    State(bff): State<Bff<P>>,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let changes = Changes::<P>::none();
    request.extensions_mut().insert(changes.clone());
    let answer = next.run(request).await;
    changes.write(&bff, &Jar::new(bff.cookies().clone(), cookies)).await;
    answer
}
