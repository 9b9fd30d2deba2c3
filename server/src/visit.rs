//! One request as handlers begin with it: who asks, under which name it is logged, and from where.

use std::net::{IpAddr, SocketAddr};

use app::{pages::Person, wire::Ids};
use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
};
use bff::{Bff, Session, Visitor};

use crate::{config::TrustedProxies, request_id::RequestId};

/// Who asks.
#[derive(Clone)]
pub struct Visit {
    /// The cookies of this request and its answer, and the session where there is one.
    pub visitor: Visitor<Person>,
    /// The request's name.
    pub request_id: RequestId,
    /// The client's address, where it can be told.
    pub client: Option<IpAddr>,
}

impl Visit {
    /// The live session that came along. Its token may have ended.
    #[must_use]
    pub fn session(&self) -> Option<&Session<Person>> {
        self.visitor.session()
    }

    /// The person to show.
    #[must_use]
    pub fn person(&self) -> Option<Person> {
        self.session().map(|session| session.profile.clone())
    }

    /// This visit, once its session has turned out to be over.
    #[must_use]
    pub fn without_session(&self) -> Self {
        Self { visitor: self.visitor.without_session(), ..self.clone() }
    }

    /// Seconds until the session ends.
    #[must_use]
    pub fn ends_in(&self) -> u32 {
        u32::try_from(self.visitor.ends_in()).unwrap_or(u32::MAX)
    }

    /// What to quote to the site owner.
    #[must_use]
    pub fn ids(&self) -> Ids {
        self.request_id.ids()
    }
}

impl<S> FromRequestParts<S> for Visit
where
    S: Send + Sync,
    Bff<Person>: FromRef<S>,
    TrustedProxies: FromRef<S>,
{
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let Ok(request_id) = RequestId::from_request_parts(parts, state).await;
        let peer = parts.extensions.get().map(|peer: &ConnectInfo<SocketAddr>| peer.0.ip());
        let proxies = TrustedProxies::from_ref(state);
        let client = peer.and_then(|it| proxies.client(it, &parts.headers));
        Ok(Self { visitor, request_id, client })
    }
}
