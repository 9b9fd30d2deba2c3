//! Who calls Graph: the access token and what it allows.
//!
//! Source: RFC 6750; <https://learn.microsoft.com/graph/resolve-auth-errors>.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::accounts::{Account, Kind};
use crate::directory::Directory;
use crate::graph::challenge::Fingerprint;
use crate::graph::error::GraphError;
use crate::graph::resource::{Resource, Whose};
use crate::organization::Organization;
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

/// The token of a request, as it came.
pub fn token(headers: &HeaderMap) -> Result<&str, GraphError> {
    let header = headers.get(AUTHORIZATION).ok_or(GraphError::TokenMissing)?;
    let text = header.to_str().map_err(|_| GraphError::TokenUnknown)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(GraphError::TokenMissing);
    }
    Ok(token.trim())
}

/// Finds out whose token a request carries, and what it allows. A token that an application has for itself
/// acts for the person whom the path names.
pub async fn check(
    app: &Platform,
    headers: &HeaderMap,
    resource: Option<&Resource>,
) -> Result<SignedIn, GraphError> {
    let (token, now) = (token(headers)?, app.clock.now());
    let issued = app.world().grants.access(token).cloned();
    let (account, permissions, expires) = match issued {
        Some(access) => {
            let account = match access.account {
                Some(account) => Ok(account),
                None => named_in(resource, access.organization, &app.directory),
            };
            (account, access.permissions, access.expires)
        }
        None => match app.foreign.read(token, &app.directory, now).await {
            Ok(foreign) => (Ok(foreign.account), foreign.permissions, foreign.expires),
            Err(error) => {
                tracing::info!(%error, "a token was not issued here");
                return Err(GraphError::TokenUnknown);
            }
        },
    };
    if expires <= now {
        return Err(GraphError::TokenExpired);
    }
    Ok(SignedIn { account: account?, permissions, token: Fingerprint::of(token) })
}

/// The person in a path, if the tenant of an application's token has them.
fn named_in(
    resource: Option<&Resource>,
    organization: Option<&Organization>,
    directory: &Directory,
) -> Result<&'static Account, GraphError> {
    let Some(Resource { whose: Whose::User(key), action }) = resource else {
        return Err(GraphError::NeedsPerson);
    };
    let known = directory.by_id_or_address(key).filter(|account| match account.kind {
        Kind::Work(own) => Some(own) == organization,
        Kind::Personal => false,
    });
    known.ok_or_else(|| match action.is_of_mailbox() {
        true => GraphError::InvalidUser(key.clone()),
        false => GraphError::UnknownUser(key.clone()),
    })
}
