//! The one place that sets cookie names and flags. Doesn't know what the cookies hold.
//!
//! Names begin with the app's own prefix. On https they have `Secure` and the prefix `__Host-Http-`
//! (RFC 10017, section 6.1.3.2), with which a browser takes a cookie only from this host's own HTTP
//! answers, and never from a script; a browser that only knows `__Host-` enforces that much. On
//! `http://localhost` they have neither, since Safari stores no `Secure` cookie there. Always
//! `HttpOnly`, `Path=/` and no `Domain`.

mod header;

use std::sync::Arc;

use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

use crate::PublicUrl;

pub(crate) use header::strict_cookies;

/// How this site's cookies are named and flagged.
#[derive(Clone, Debug)]
pub struct CookiePolicy {
    prefix: Arc<str>,
    secure: bool,
}

impl CookiePolicy {
    /// The policy of the app whose cookies begin with `prefix`, at `public_url`.
    #[must_use]
    pub fn new(public_url: &PublicUrl, prefix: &str) -> Self {
        let secure = public_url.is_https();
        let host = if secure { "__Host-Http-" } else { "" };
        Self { prefix: format!("{host}{prefix}").into(), secure }
    }

    /// The full name of the cookie `what`, such as `session-0`.
    #[must_use]
    pub fn name(&self, what: &str) -> String {
        format!("{}{what}", self.prefix)
    }

    fn flagged(&self, what: &str, value: String, same_site: SameSite) -> Cookie<'static> {
        Cookie::build((self.name(what), value))
            .http_only(true)
            .path("/")
            .same_site(same_site)
            .secure(self.secure)
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
    /// The cookies of the request that `cookies` was extracted from.
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

    /// Sets a cookie that links and forms of other sites don't carry. It ends with the browser.
    pub fn set_strict(&self, what: &str, value: String) {
        self.cookies.add(self.policy.flagged(what, value, SameSite::Strict));
    }

    /// Sets a cookie that is also sent when another site leads back here. It ends after
    /// `max_age` seconds.
    pub fn set_lax(&self, what: &str, value: String, max_age: u64) {
        let mut cookie = self.policy.flagged(what, value, SameSite::Lax);
        cookie.set_max_age(Duration::seconds(max_age.try_into().unwrap_or(i64::MAX)));
        self.cookies.add(cookie);
    }

    /// Ends the cookie `what`, whether or not the request carried it.
    pub fn expire(&self, what: &str) {
        let mut cookie = self.policy.flagged(what, String::new(), SameSite::Strict);
        cookie.set_max_age(Duration::ZERO);
        self.cookies.add(cookie);
    }
}

#[cfg(test)]
mod tests {
    use tower_cookies::Cookies;

    use super::{CookiePolicy, Jar};
    use crate::PublicUrl;

    #[test]
    fn on_https_cookies_are_secure_and_bound_to_the_host() {
        let public_url = PublicUrl::parse("https://mail.example.com").unwrap();
        let cookies = Cookies::default();
        let jar = Jar::new(CookiePolicy::new(&public_url, "app-"), cookies.clone());
        jar.set_strict("session-0", "value".to_owned());
        jar.set_lax("login-1", "value".to_owned(), 900);
        jar.expire("session-1");
        assert_eq!(cookies.list().len(), 3);
        for cookie in cookies.list() {
            assert!(cookie.name().starts_with("__Host-Http-app-"), "{cookie}");
            assert_eq!(cookie.secure(), Some(true), "{cookie}");
            assert_eq!(cookie.http_only(), Some(true), "{cookie}");
            assert_eq!((cookie.path(), cookie.domain()), (Some("/"), None), "{cookie}");
        }
    }

    #[test]
    fn a_cookie_of_our_name_without_its_prefix_is_not_taken() {
        let public_url = PublicUrl::parse("https://mail.example.com").unwrap();
        let cookies = Cookies::default();
        cookies.add(tower_cookies::Cookie::new("app-session-0", "value"));
        let jar = Jar::new(CookiePolicy::new(&public_url, "app-"), cookies);
        assert_eq!(jar.get("session-0"), None);
    }
}
