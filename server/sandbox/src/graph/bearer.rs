//! Who calls Graph: the access token and what it allows.
//!
//! Source: RFC 6750; <https://learn.microsoft.com/graph/resolve-auth-errors>.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::accounts::Account;
use crate::graph::challenge::Fingerprint;
use crate::graph::error::GraphError;
use crate::platform::Platform;
use crate::scope::Permission;

/// The caller, by a valid access token.
#[derive(Debug)]
pub struct SignedIn {
    /// Whose token it is.
    pub account: &'static Account,
    /// What it allows.
    pub permissions: BTreeSet<Permission>,
    /// Tells this token from others.
    pub token: Fingerprint,
}

/// Finds the token of a request.
pub async fn check(app: &Platform, headers: &HeaderMap) -> Result<SignedIn, GraphError> {
    let header = headers.get(AUTHORIZATION).ok_or(GraphError::TokenMissing)?;
    let text = header.to_str().map_err(|_| GraphError::TokenUnknown)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(GraphError::TokenMissing);
    }
    let (token, now) = (token.trim(), app.clock.now());
    let issued = app.world().grants.access(token).cloned();
    let (account, permissions, expires) = match issued {
        Some(access) => (access.account, access.permissions, access.expires),
        None => match app.foreign.read(token, &app.directory, now).await {
            Ok(foreign) => (foreign.account, foreign.permissions, foreign.expires),
            Err(error) => {
                tracing::info!(%error, "a token was not issued here");
                return Err(GraphError::TokenUnknown);
            }
        },
    };
    if expires <= now {
        return Err(GraphError::TokenExpired);
    }
    Ok(SignedIn { account, permissions, token: Fingerprint::of(token) })
}
