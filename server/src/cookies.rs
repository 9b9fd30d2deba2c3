//! The one place that sets cookie flags and names. Knows no contents.
//!
//! Names begin with `graph-connect-`. On https they have `Secure` and the prefix `__Host-Http-`
//! (RFC 10017, section 6.1.3.2), with which a browser takes a cookie from this host's own HTTP
//! answers only, and never from a script; one that knows `__Host-` alone enforces that much; on
//! `http://localhost` neither, since Safari stores no `Secure` cookie there. Always `HttpOnly`,
//! `Path=/` and no `Domain`.

use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

use crate::config::PublicUrl;

/// How this site's cookies are named and flagged.
#[derive(Clone, Copy, Debug)]
pub struct CookiePolicy {
    https: bool,
}

impl CookiePolicy {
    /// The policy for a server that browsers find at `public_url`.
    #[must_use]
    pub fn new(public_url: &PublicUrl) -> Self {
        Self { https: public_url.is_https() }
    }

    /// The name of the cookie `what`, such as `session-0`.
    #[must_use]
    pub fn name(self, what: &str) -> String {
        format!("{}{what}", self.prefix())
    }

    const fn prefix(self) -> &'static str {
        if self.https { "__Host-Http-graph-connect-" } else { "graph-connect-" }
    }

    fn flagged(self, what: &str, value: String, same_site: SameSite) -> Cookie<'static> {
        Cookie::build((self.name(what), value))
            .http_only(true)
            .path("/")
            .same_site(same_site)
            .secure(self.https)
            .build()
    }
}

/// The cookies of one request and its answer.
#[derive(Clone)]
pub struct Jar {
    policy: CookiePolicy,
    cookies: Cookies,
}

impl Jar {
    /// The cookies that came with the request in hand.
    #[must_use]
    pub const fn new(policy: CookiePolicy, cookies: Cookies) -> Self {
        Self { policy, cookies }
    }

    /// The value of the cookie `what`.
    #[must_use]
    pub fn get(&self, what: &str) -> Option<String> {
        let cookie = self.cookies.get(&self.policy.name(what))?;
        Some(cookie.value().to_owned()).filter(|value| !value.is_empty())
    }

    /// The values of all cookies whose name begins with `what`, by the rest of their name.
    #[must_use]
    pub fn beginning_with(&self, what: &str) -> Vec<(String, String)> {
        let prefix = self.policy.name(what);
        let rest = |cookie: Cookie<'_>| {
            let rest = cookie.name().strip_prefix(&prefix)?.to_owned();
            Some((rest, cookie.value().to_owned()))
        };
        self.cookies.list().into_iter().filter_map(rest).collect()
    }

    /// Sets a cookie that other sites' links and forms do not carry; it ends with the browser.
    pub fn set_strict(&self, what: &str, value: String) {
        self.cookies.add(self.policy.flagged(what, value, SameSite::Strict));
    }

    /// Sets a cookie that comes along when another site leads back here; it ends after
    /// `max_age` seconds.
    pub fn set_lax(&self, what: &str, value: String, max_age: u64) {
        let mut cookie = self.policy.flagged(what, value, SameSite::Lax);
        cookie.set_max_age(Duration::seconds(max_age.try_into().unwrap_or(i64::MAX)));
        self.cookies.add(cookie);
    }

    /// Ends the cookie `what`, also where the request did not carry it.
    pub fn expire(&self, what: &str) {
        let mut cookie = self.policy.flagged(what, String::new(), SameSite::Strict);
        cookie.set_max_age(Duration::ZERO);
        self.cookies.add(cookie);
    }
}
