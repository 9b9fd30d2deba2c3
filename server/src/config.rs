//! What the site owner sets, read once and checked as a whole: every problem is told at once, each
//! with what to do. The one place that knows the variables' names.

mod cloud;
mod environment;
mod hsts;
mod proxies;
mod reader;
mod session_keys;

use std::{borrow::Cow, net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use bff::{ForwardProxy, PublicUrl, SessionKey, Settings};
use secrecy::SecretString;
use tracing_subscriber::filter::Targets;
use url::Url;

use crate::paths;

pub use cloud::Cloud;
pub use environment::Environment;
pub use hsts::Hsts;
pub use proxies::TrustedProxies;
pub use session_keys::SessionKeys;

/// The beginning of the cookies' names.
const COOKIE_PREFIX: &str = "graph-connect-";

/// Every setting.
pub const NAMES: [&str; 34] = [
    "ALL_PROXY",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "CLIENT_SECRET_FILE",
    "CLIENT_TIMEOUT",
    "CLOUD",
    "DRAIN_DELAY",
    "GRAPH_TIMEOUT",
    "GRAPH_URL",
    "HSTS",
    "HTTPS_PROXY",
    "LEPTOS_SITE_ADDR",
    "LOGIN_TIMEOUT",
    "LOGIN_URL",
    "LOG_FORMAT",
    "MAX_BODY",
    "MAX_CONNECTIONS",
    "MAX_HEADER",
    "MAX_MESSAGE",
    "MAX_RECIPIENTS",
    "NO_PROXY",
    "PUBLIC_URL",
    "RUST_LOG",
    "SANDBOX_ADDR",
    "SENDS_PER_MINUTE",
    "SENT_ITEMS_URL",
    "SESSION_IDLE",
    "SESSION_KEYS",
    "SESSION_KEYS_FILE",
    "SESSION_LIFETIME",
    "SIGN_INS_PER_MINUTE",
    "STATE_DIR",
    "TENANT",
    "TRUSTED_PROXIES",
];

/// What is asked for: to know who it is, a refresh token, the profile, and to send email. Nothing
/// that needs an administrator by Microsoft's default.
const SCOPES: [&str; 5] = ["openid", "profile", "offline_access", "User.Read", "Mail.Send"];

/// Everything that can be set.
pub struct Config {
    /// `CLIENT_ID`: the app registration's application (client) id.
    pub client_id: String,
    /// `CLIENT_SECRET` or what is in `CLIENT_SECRET_FILE`: the value, not the id, of one of its secrets.
    pub client_secret: SecretString,
    /// `TENANT`: `common`, `organizations`, `consumers`, a GUID or a domain.
    pub tenant: String,
    /// `LOGIN_URL`, or the cloud's. Without a path.
    pub login_url: Url,
    /// `GRAPH_URL`, or the cloud's. Without a path.
    pub graph_url: Url,
    /// `SENT_ITEMS_URL`, or the cloud's: where people read what they sent.
    pub sent_items_url: Url,
    /// `LEPTOS_SITE_ADDR`: where this server listens.
    pub address: SocketAddr,
    /// `PUBLIC_URL`: where browsers find this server.
    pub public_url: PublicUrl,
    /// `SESSION_KEYS`, what is in `SESSION_KEYS_FILE`, or the sandbox's own key.
    pub session_keys: SessionKeys,
    /// `SANDBOX_ADDR`, where the sandbox is to be started.
    pub sandbox: Option<SocketAddr>,
    /// `STATE_DIR`: a folder for what must outlive the process.
    pub state_dir: PathBuf,
    /// `TRUSTED_PROXIES`: whose forwarding headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// `HTTPS_PROXY` or `ALL_PROXY`, and `NO_PROXY`: the proxy on the way to Microsoft's hosts.
    pub proxy: ForwardProxy,
    /// `HSTS`: what browsers are told to reach by https only.
    pub hsts: Hsts,
    /// `LOG_FORMAT`: how the log is written.
    pub log_format: LogFormat,
    /// `RUST_LOG`: how much is logged.
    pub log_filter: Targets,
    /// Those of `CLIENT_SECRET_FILE` and `SESSION_KEYS_FILE` that others than the owner and the
    /// group of the file can read or change.
    pub exposed_secrets: Vec<&'static str>,
    /// How long, how large and how often.
    pub limits: Limits,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people, in a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    /// Reads the value of `LOG_FORMAT`.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("there is no such format"),
        }
    }
}

/// How long things may take and last, how large they may be, and how often they may happen.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// `LOGIN_TIMEOUT`: one call to the identity platform or `GET /me`.
    pub login_timeout: Duration,
    /// `GRAPH_TIMEOUT`: one call of `sendMail`.
    pub graph_timeout: Duration,
    /// `CLIENT_TIMEOUT`: a client that sends its request, or takes its answer, more slowly is cut
    /// off.
    pub client_timeout: Duration,
    /// `DRAIN_DELAY`: how long this server, told to stop, still takes connections.
    pub drain_delay: Duration,
    /// `SESSION_IDLE`: a session unused for so long has ended.
    pub idle: Duration,
    /// `SESSION_LIFETIME`: a session so old has ended, however much it is used.
    pub lifetime: Duration,
    /// `MAX_CONNECTIONS`: open connections of clients; more wait until one has ended.
    pub max_connections: usize,
    /// `MAX_HEADER`: the bytes of a request's line and headers.
    pub max_header: usize,
    /// `MAX_BODY`: the bytes of a request's body.
    pub max_body: usize,
    /// `MAX_RECIPIENTS`: the addresses of a message.
    pub max_recipients: usize,
    /// `MAX_MESSAGE`: the bytes of a message's text.
    pub max_message: usize,
    /// `SENDS_PER_MINUTE`: presses on "Send mail" in one session; from one address ten times as
    /// many.
    pub sends_per_minute: NonZeroU32,
    /// `SIGN_INS_PER_MINUTE`: the same for presses on "Connect".
    pub sign_ins_per_minute: NonZeroU32,
}

impl Limits {
    /// The longest time that the waits of one press on "Send mail" can add up to: the body arrives, a
    /// token is refreshed (with the discovery document and the keys), a place at the mailbox gets
    /// free, and Graph answers, once more where it had refused the token.
    #[must_use]
    pub fn longest_press(&self) -> Duration {
        self.client_timeout + 5 * self.login_timeout + 3 * self.graph_timeout
    }
}

/// One thing that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {what}\n    {remedy}")]
pub struct ConfigProblem {
    /// The setting, or the line of `.env`.
    pub setting: Cow<'static, str>,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Config {
    /// Reads the configuration from `env`, where an empty value is an absent one.
    ///
    /// # Errors
    /// Every problem there is.
    pub fn read(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<ConfigProblem>> {
        let env = |name: &str| env(name).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        reader::read(&env)
    }

    /// What concerns sign-in and sessions, with the keys that seal them.
    #[must_use]
    pub fn bff_settings(&self, session_keys: Vec<SessionKey>) -> Settings {
        Settings {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            login_url: self.login_url.clone(),
            tenant: self.tenant.clone(),
            public_url: self.public_url.clone(),
            login_path: paths::LOGIN.to_owned(),
            redirect_path: paths::REDIRECT.to_owned(),
            scopes: SCOPES.map(str::to_owned).to_vec(),
            cookie_prefix: COOKIE_PREFIX.to_owned(),
            session_keys,
            idle: self.limits.idle,
            lifetime: self.limits.lifetime,
            time_out: self.limits.login_timeout,
        }
    }

    /// Points this server at the sandbox that listens at `url`, over HTTP like at any other
    /// provider.
    ///
    /// # Errors
    /// Where it is no URL.
    pub fn use_sandbox_at(&mut self, url: &str) -> Result<(), url::ParseError> {
        let url = Url::parse(url)?;
        (self.login_url, self.graph_url, self.sent_items_url) = (url.clone(), url.clone(), url);
        Ok(())
    }
}
