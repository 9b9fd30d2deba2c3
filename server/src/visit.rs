//! One browser's request: its cookies and, where there is one, its session. The extractor that
//! every handler begins with.

use app::pages::Person;
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
};
use tower_cookies::Cookies;

use crate::{cookies::Jar, session::Session, state::AppState};

/// Who asks, and how to answer with cookies.
#[derive(Clone)]
pub struct Visit {
    /// The server's own things.
    pub state: AppState,
    /// The cookies of this request and its answer.
    pub jar: Jar,
    /// The live session that came along.
    pub session: Option<Session>,
}

impl Visit {
    /// The person to show.
    #[must_use]
    pub fn person(&self) -> Option<Person> {
        self.session.as_ref().map(|session| session.person.clone())
    }

    /// Seconds until the session can no longer send.
    #[must_use]
    pub fn ends_in(&self) -> u32 {
        let left = self
            .session
            .as_ref()
            .map_or(0, |it| it.seconds_left(self.state.clock.now(), &self.state.limits));
        u32::try_from(left).unwrap_or(u32::MAX)
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
        let state = AppState::from_ref(state);
        let jar = Jar::new(state.cookies, cookies);
        let session = state.sessions.load(&jar, &state.keys, state.clock.now());
        Ok(Self { state, jar, session })
    }
}
