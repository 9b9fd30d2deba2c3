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

/// What one answer is to write, if anything.
#[derive(Clone)]
pub(crate) struct Changes<P>(Arc<Mutex<Option<Change<P>>>>);

pub(crate) enum Change<P> {
    /// The request uses the session.
    Used(Session<P>),
    /// This is a newer generation than the one the request carries.
    Refreshed(Session<P>),
}

impl<P: Profile> Changes<P> {
    pub(crate) fn none() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    pub(crate) fn set(&self, change: Change<P>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }

    /// Writes the change, unless it has become outdated.
    async fn write(&self, bff: &Bff<P>, jar: &Jar) {
        let change = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let sessions = &bff.parts.sessions;
        match change {
            None => {}
            Some(Change::Used(session) | Change::Refreshed(session))
                if sessions.is_ended(&session).await => {}
            Some(Change::Used(session)) => sessions.mark_used(jar, session.id, bff.now()),
            Some(Change::Refreshed(session)) if bff.parts.refresher.is_behind(&session) => {}
            Some(Change::Refreshed(session)) => {
                if let Err(error) = sessions.save(jar, &session, bff.now()) {
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
    changes.write(&bff, &Jar::new(bff.parts.cookies.clone(), cookies)).await;
    answer
}
