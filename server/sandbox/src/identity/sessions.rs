//! Single sign-on: which browsers are signed in, by a cookie. A browser holds one account here; at
//! Microsoft it can hold several.
//!
//! Source of the lifetime: <https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes>
//! (session tokens of somebody who stays signed in).

use std::collections::HashMap;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::accounts::Account;

const NAME: &str = "sandbox-sign-on";

/// How long a browser that does not come back stays signed in.
const LIFETIME: Duration = Duration::days(90);

/// Who is signed in, by the cookie's value, with when the browser came last.
#[derive(Debug, Default)]
pub struct Sessions(HashMap<String, (Session, OffsetDateTime)>);

/// One signed-in browser.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// Who is signed in.
    pub account: &'static Account,
    /// `session_state` of callbacks.
    pub state: Uuid,
}

impl Sessions {
    /// Signs somebody in under a new cookie value, and forgets browsers that never came back.
    pub fn begin(&mut self, value: String, session: Session, now: OffsetDateTime) {
        self.0.retain(|_, (_, seen)| now - *seen < LIFETIME);
        self.0.insert(value, (session, now));
    }

    /// Who this browser is signed in as.
    pub fn of(&mut self, headers: &HeaderMap, now: OffsetDateTime) -> Option<Session> {
        let (session, seen) = self.0.get_mut(cookie(headers)?)?;
        if now - *seen >= LIFETIME {
            return None;
        }
        *seen = now;
        Some(*session)
    }

    /// Signs an account out of every browser.
    pub fn end_all(&mut self, account: &Account) {
        self.0.retain(|_, (session, _)| session.account != account);
    }

    /// Signs this browser out.
    pub fn end(&mut self, headers: &HeaderMap) {
        if let Some(value) = cookie(headers) {
            self.0.remove(value);
        }
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='))
}

/// The `Set-Cookie` that signs in. `Lax`: it has to come along when an app on another site sends the
/// browser here.
pub fn set_cookie(value: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Lax")).ok()
}

/// The `Set-Cookie` that signs out.
pub fn remove_cookie() -> Option<HeaderValue> {
    let text = format!("{NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    HeaderValue::try_from(text).ok()
}
