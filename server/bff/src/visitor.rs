//! [`Visitor`], the extractor that handlers begin with: a request's cookies and, where there is one,
//! its session.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
};
use tower_cookies::Cookies;

use crate::{
    Bff,
    cookies::Jar,
    session::{Change, Changes, Profile, Session},
    sign_in::RefreshError,
};

/// The browser that sent a request.
#[derive(Clone)]
pub struct Visitor<P> {
    bff: Bff<P>,
    jar: Jar,
    session: Option<Session<P>>,
    changes: Changes<P>,
}

impl<P: Profile> Visitor<P> {
    /// The live session that came along. Its access token may have ended: see
    /// [`fresh`](Self::fresh).
    #[must_use]
    pub const fn session(&self) -> Option<&Session<P>> {
        self.session.as_ref()
    }

    /// This visitor, once the session has turned out to be over.
    #[must_use]
    pub fn without_session(&self) -> Self {
        Self { session: None, ..self.clone() }
    }

    /// The cookies of this request and its answer.
    #[must_use]
    pub const fn jar(&self) -> &Jar {
        &self.jar
    }

    /// Seconds until the session ends if it isn't used before then.
    #[must_use]
    pub fn ends_in(&self) -> u64 {
        let left = |session| self.bff.parts.sessions.seconds_left(session, self.bff.now());
        self.session().map_or(0, left)
    }

    /// The session with an access token that can be used, refreshed where that is due; `None` where
    /// there is no session, or where the provider ended it.
    ///
    /// # Errors
    /// [`RefreshError`], where the token can't be refreshed now: the session goes on.
    pub async fn fresh(&self) -> Result<Option<Cow<'_, Session<P>>>, Arc<RefreshError>> {
        let Some(session) = self.session() else { return Ok(None) };
        let newer = match self.bff.parts.refresher.fresh(session).await {
            Some(Err(error)) if error.is_final() => return Ok(None),
            newer => newer.transpose()?,
        };
        Ok(Some(newer.map_or(Cow::Borrowed(session), |newer| {
            self.changes.set(Change::Refreshed(newer.clone()));
            Cow::Owned(newer)
        })))
    }
}

impl<S, P> FromRequestParts<S> for Visitor<P>
where
    S: Send + Sync,
    P: Profile,
    Bff<P>: FromRef<S>,
{
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let cookies = Cookies::from_request_parts(parts, state).await?;
        let bff = Bff::<P>::from_ref(state);
        let jar = Jar::new(bff.parts.cookies.clone(), cookies);
        let changes = parts.extensions.get().cloned().unwrap_or_else(Changes::none);
        let now = bff.now();
        let mut session = bff.parts.sessions.load(&jar, now).await;
        if let Some(session) = &mut session
            && bff.parts.sessions.is_renewal_due(session, now)
        {
            session.last_used = now;
            changes.set(Change::Used(session.clone()));
        }
        Ok(Self { bff, jar, session, changes })
    }
}
