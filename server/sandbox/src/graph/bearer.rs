//! Owns who calls Graph: the access token and what it allows.
//!
//! Source: RFC 6750; <https://learn.microsoft.com/graph/resolve-auth-errors>.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use time::OffsetDateTime;

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::platform::Platform;
use crate::scope::Permission;

/// Whose token it is.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub account: &'static Account,
    /// What it allows.
    pub permissions: BTreeSet<Permission>,
}

impl SignedIn {
    fn until(
        expires: OffsetDateTime,
        account: &'static Account,
        permissions: BTreeSet<Permission>,
        app: &Platform,
    ) -> Result<Self, GraphError> {
        if expires <= app.clock.now() {
            return Err(GraphError::TokenExpired);
        }
        Ok(Self { account, permissions })
    }
}

/// Finds the token of a request.
pub async fn check(app: &Platform, headers: &HeaderMap) -> Result<SignedIn, GraphError> {
    let header = headers.get(AUTHORIZATION).ok_or(GraphError::TokenMissing)?;
    let text = header.to_str().map_err(|_| GraphError::TokenUnknown)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(GraphError::TokenMissing);
    }
    if let Some(access) = app.world().grants.access(token.trim()) {
        return SignedIn::until(access.expires, access.account, access.permissions.clone(), app);
    }
    match app.foreign.read(token.trim(), &app.directory).await {
        Ok(token) => SignedIn::until(token.expires, token.account, token.permissions, app),
        Err(error) => {
            tracing::info!(%error, "a token was not issued here");
            Err(GraphError::TokenUnknown)
        }
    }
}
