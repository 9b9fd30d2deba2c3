//! Owns which browsers are signed in: the cookie that Microsoft calls single sign-on. A browser holds
//! one account here; at Microsoft it may hold several.

use std::collections::HashMap;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use uuid::Uuid;

use crate::accounts::Account;

const NAME: &str = "sandbox-sign-on";

/// Who is signed in, by the cookie's value.
#[derive(Debug, Default)]
pub struct Sessions(HashMap<String, Session>);

/// One signed-in browser.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// Who.
    pub account: &'static Account,
    /// `session_state` of callbacks.
    pub state: Uuid,
}

impl Sessions {
    /// Signs somebody in under a new cookie value.
    pub fn begin(&mut self, value: String, session: Session) {
        self.0.insert(value, session);
    }

    /// Who this browser is signed in as.
    pub fn of(&self, headers: &HeaderMap) -> Option<Session> {
        self.0.get(cookie(headers)?).copied()
    }

    /// Signs an account out of every browser.
    pub fn end_all(&mut self, account: &Account) {
        self.0.retain(|_, session| session.account != account);
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
