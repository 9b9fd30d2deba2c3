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
use crate::registration::Registration;

const NAME: &str = "sandbox-sign-on";

/// How long a browser that does not come back stays signed in.
const LIFETIME: Duration = Duration::days(90);

/// Signed-in browsers, by the cookie's value.
#[derive(Debug, Default)]
pub struct Sessions(HashMap<String, Browser>);

#[derive(Debug)]
struct Browser {
    session: Session,
    last_seen: OffsetDateTime,
    /// The applications it signed in to, which front-channel logout tells.
    applications: Vec<&'static Registration>,
}

/// One signed-in browser.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// Who is signed in.
    pub account: &'static Account,
    /// One value for the whole session: `session_state` of callbacks, `sid` of tokens and of front-channel
    /// logout.
    pub id: Uuid,
}

/// A session that a sign-out ended.
#[derive(Debug)]
pub struct Ended {
    /// The session's id.
    pub id: Uuid,
    /// The applications that the browser signed in to.
    pub applications: Vec<&'static Registration>,
}

impl Sessions {
    /// Signs somebody in under a new cookie value, and forgets browsers that never came back.
    pub fn begin(&mut self, value: String, session: Session, now: OffsetDateTime) {
        self.0.retain(|_, browser| now - browser.last_seen < LIFETIME);
        let browser = Browser { session, last_seen: now, applications: Vec::new() };
        self.0.insert(value, browser);
    }

    /// Who this browser is signed in as.
    pub fn of(&mut self, headers: &HeaderMap, now: OffsetDateTime) -> Option<Session> {
        let browser = self.0.get_mut(cookie(headers)?)?;
        if now - browser.last_seen >= LIFETIME {
            return None;
        }
        browser.last_seen = now;
        Some(browser.session)
    }

    /// Notes that a session signed in to an application.
    pub fn note_application(&mut self, id: Uuid, application: &'static Registration) {
        let browser = self.0.values_mut().find(|browser| browser.session.id == id);
        if let Some(browser) = browser
            && !browser.applications.contains(&application)
        {
            browser.applications.push(application);
        }
    }

    /// Signs an account out of every browser.
    pub fn end_all(&mut self, account: &Account) {
        self.0.retain(|_, browser| browser.session.account != account);
    }

    /// Signs this browser out.
    pub fn end(&mut self, headers: &HeaderMap) -> Option<Ended> {
        let Browser { session, applications, .. } = self.0.remove(cookie(headers)?)?;
        Some(Ended { id: session.id, applications })
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
