//! One browser's request: its cookies and, where there is one, its session. The extractor that
//! every handler begins with.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app::{pages::Person, wire::Ids};
use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
};
use tower_cookies::Cookies;

use crate::{
    auth::refresh::RefreshError,
    cookies::Jar,
    request_id::RequestId,
    session::{Changes, Session},
    state::AppState,
};

/// Who asks, and how to answer with cookies.
#[derive(Clone)]
pub struct Visit {
    /// The server's own things.
    pub state: AppState,
    /// The request's name.
    pub request_id: RequestId,
    /// The client's address, where it can be told.
    pub client: Option<IpAddr>,
    /// The cookies of this request and its answer.
    pub jar: Jar,
    /// The live session that came along. Its token may have ended: see [`fresh`](Self::fresh).
    pub session: Option<Session>,
    changes: Changes,
}

impl Visit {
    /// The person to show.
    #[must_use]
    pub fn person(&self) -> Option<Person> {
        self.session.as_ref().map(|session| session.person.clone())
    }

    /// This visit, once its session has turned out to be over.
    #[must_use]
    pub fn without_session(&self) -> Self {
        Self { session: None, ..self.clone() }
    }

    /// Seconds until the session ends.
    #[must_use]
    pub fn ends_in(&self) -> u32 {
        let now = self.state.clock.now();
        let left = self.session.as_ref().map_or(0, |it| it.seconds_left(now, &self.state.limits));
        u32::try_from(left).unwrap_or(u32::MAX)
    }

    /// What to quote to the operator.
    #[must_use]
    pub fn ids(&self) -> Ids {
        self.request_id.ids()
    }

    /// The session with a token that can be used, refreshed where that is due; `None` where there
    /// is no session, or where the provider ended it.
    ///
    /// # Errors
    /// [`RefreshError`], where the token cannot be refreshed just now: the session goes on.
    pub async fn fresh(&self) -> Result<Option<Session>, Arc<RefreshError>> {
        let Some(session) = &self.session else { return Ok(None) };
        match self.state.refreshes.fresh(&self.state, session.clone()).await {
            Ok(fresh) => {
                if fresh.generation > session.generation {
                    self.changes.refreshed(&fresh);
                }
                Ok(Some(fresh))
            }
            Err(error) if error.is_final() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<S> FromRequestParts<S> for Visit
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let cookies = Cookies::from_request_parts(parts, state).await?;
        let Ok(request_id) = RequestId::from_request_parts(parts, state).await;
        let state = AppState::from_ref(state);
        let peer = parts.extensions.get().map(|peer: &ConnectInfo<SocketAddr>| peer.0.ip());
        let client = peer.and_then(|it| state.trusted_proxies.client(it, &parts.headers));
        let jar = Jar::new(state.cookies, cookies);
        let changes: Changes = parts.extensions.get().cloned().unwrap_or_default();
        let now = state.clock.now();
        let session = state.sessions.load(&jar, now).map(|(session, used)| {
            changes.used(&session, used, now);
            session
        });
        Ok(Self { state, request_id, client, jar, session, changes })
    }
}
