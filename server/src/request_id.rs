//! The name of one request: on each line of the log, on each error page, and towards Graph.

use std::{convert::Infallible, fmt};

use app::{wire::Ids, words::EN};
use axum::{extract::FromRequestParts, http::request::Parts};
use uuid::Uuid;

/// A UUID of this server's own. What a client sends is not taken: it could be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(Uuid);

impl RequestId {
    /// A new one.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that makes ids; no test foresees one"
    )]
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }

    /// As a page shows it.
    #[must_use]
    pub fn ids(self) -> Ids {
        vec![(EN.details.reference.to_owned(), self.to_string())]
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Given to each request by [`crate::layers`].
impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}
