//! One browser's request: its cookies and, where there is one, its session. The extractor that
//! handlers begin with.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
};
use tower_cookies::Cookies;

use crate::{
    Bff,
    cookies::Jar,
    session::{Changes, Profile, Session},
    sign_in::RefreshError,
};

/// Who asks, and how to answer with cookies.
#[derive(Clone)]
pub struct Visitor<P> {
    bff: Bff<P>,
    jar: Jar,
    session: Option<Live<P>>,
    changes: Changes<P>,
}

/// A live session, and when its mark of last use was or is going to be set.
#[derive(Clone)]
struct Live<P> {
    session: Session<P>,
    used: u64,
}

impl<P: Profile> Visitor<P> {
    /// The live session that came along. Its access token may have ended: see
    /// [`fresh`](Self::fresh).
    #[must_use]
    pub fn session(&self) -> Option<&Session<P>> {
        self.session.as_ref().map(|live| &live.session)
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
        let now = self.bff.now();
        self.session
            .as_ref()
            .map_or(0, |live| self.bff.sessions().seconds_left(&live.session, live.used, now))
    }

    /// The session with an access token that can be used, refreshed where that is due; `None` where
    /// there is no session, or where the provider ended it.
    ///
    /// # Errors
    /// [`RefreshError`], where the token can't be refreshed now: the session goes on.
    pub async fn fresh(&self) -> Result<Option<Session<P>>, Arc<RefreshError>> {
        let Some(session) = self.session() else { return Ok(None) };
        let fresh = self.bff.refreshes().fresh(session.clone()).await;
        self.written(fresh)
    }

    fn written(
        &self,
        fresh: Result<Session<P>, Arc<RefreshError>>,
    ) -> Result<Option<Session<P>>, Arc<RefreshError>> {
        match fresh {
            Ok(fresh) => {
                if self.session().is_some_and(|own| fresh.generation > own.generation) {
                    self.changes.refreshed(&fresh);
                }
                Ok(Some(fresh))
            }
            Err(error) if error.is_final() => Ok(None),
            Err(error) => Err(error),
        }
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
        let jar = Jar::new(bff.cookies().clone(), cookies);
        let changes = parts.extensions.get().cloned().unwrap_or_else(Changes::none);
        let now = bff.now();
        let session = bff.sessions().load(&jar, now).await.map(|(session, used)| {
            let renewed = bff.sessions().is_renewal_due(used, now);
            if renewed {
                changes.used(&session);
            }
            Live { session, used: if renewed { now } else { used } }
        });
        Ok(Self { bff, jar, session, changes })
    }
}
