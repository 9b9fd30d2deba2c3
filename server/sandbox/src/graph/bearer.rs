//! Owns who calls Graph: the access token and what it allows.
//!
//! Source: RFC 6750; <https://learn.microsoft.com/graph/resolve-auth-errors>.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

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

/// Finds the token of a request.
pub fn check(app: &Platform, headers: &HeaderMap) -> Result<SignedIn, GraphError> {
    let header = headers.get(AUTHORIZATION).ok_or(GraphError::TokenMissing)?;
    let text = header.to_str().map_err(|_| GraphError::TokenUnknown)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(GraphError::TokenMissing);
    }
    let world = app.world();
    let access = world.grants.access(token.trim()).ok_or(GraphError::TokenUnknown)?;
    if access.expires <= app.clock.now() {
        return Err(GraphError::TokenExpired);
    }
    Ok(SignedIn { account: access.account, permissions: access.permissions.clone() })
}
