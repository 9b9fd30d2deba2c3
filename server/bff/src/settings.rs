//! What an app decides about its sign-in and its sessions.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::{PublicUrl, SessionKey};

/// Everything that can be set. [`new`](Self::new) has a default for each.
#[derive(Clone)]
pub struct Settings {
    /// The app registration's client id.
    pub client_id: String,
    /// One of its secrets.
    pub client_secret: SecretString,
    /// The identity platform, without a path: `https://login.microsoftonline.com`.
    pub login_url: Url,
    /// `common`, `organizations`, `consumers`, a tenant's GUID or its domain.
    pub tenant: String,
    /// Where browsers find the app.
    pub public_url: PublicUrl,
    /// The path of the link that begins a sign-in. No return path leads there.
    pub login_path: String,
    /// The path of the registered redirect URI.
    pub redirect_path: String,
    /// The scopes to ask for (RFC 6749, section 3.3); `openid` is one of them.
    pub scopes: Vec<String>,
    /// The beginning of the cookies' names.
    pub cookie_prefix: String,
    /// The keys that seal the cookies: the first one seals, each one opens.
    pub session_keys: Vec<SessionKey>,
    /// A session unused for this long has ended.
    pub idle: Duration,
    /// A session this old has ended, however much it is used.
    pub lifetime: Duration,
    /// How long one call to the identity platform may take.
    pub time_out: Duration,
}

impl Settings {
    /// The settings of the client `client_id` of `login_url`, at `public_url`, with a tenant of
    /// `common`, the scopes that OpenID Connect and refresh need, a working day of idleness and a
    /// day of life.
    #[must_use]
    pub fn new(
        client_id: &str,
        client_secret: &str,
        login_url: Url,
        public_url: PublicUrl,
        session_key: SessionKey,
    ) -> Self {
        let scopes = ["openid", "profile", "offline_access"];
        Self {
            client_id: client_id.to_owned(),
            client_secret: client_secret.into(),
            login_url,
            tenant: "common".to_owned(),
            public_url,
            login_path: "/login".to_owned(),
            redirect_path: "/login/authorized".to_owned(),
            scopes: scopes.map(str::to_owned).to_vec(),
            cookie_prefix: "bff-".to_owned(),
            session_keys: vec![session_key],
            idle: Duration::from_secs(8 * 3600),
            lifetime: Duration::from_secs(24 * 3600),
            time_out: Duration::from_secs(10),
        }
    }
}
