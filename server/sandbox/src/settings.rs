//! The settings of a sandbox. Every default is what Microsoft does.

use std::path::PathBuf;
use std::time::Duration;

/// How a sandbox behaves where there is a choice.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Settings {
    pub(crate) punish_refresh_reuse: bool,
    pub(crate) authority: Option<PathBuf>,
    pub(crate) config: Option<String>,
    pub(crate) token_lifetime: Option<Duration>,
    pub(crate) time_stands_still: bool,
    pub(crate) any_address: bool,
    pub(crate) hosts: Vec<String>,
    pub(crate) control_key: Option<String>,
}

impl Settings {
    /// A refresh token that comes a second time ends its whole family: every token that goes back to the
    /// same sign-in. Microsoft leaves spent refresh tokens valid; RFC 9700, section 4.14.2, asks for
    /// this where they are exchanged at each use, so a client should stand it.
    pub fn punish_refresh_reuse(mut self) -> Self {
        self.punish_refresh_reuse = true;
        self
    }

    /// The lifetime of every access token, as a tenant's policy can set it. The default is 60 to 90
    /// minutes, at random.
    pub fn access_tokens_live(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = Some(lifetime);
        self
    }

    /// Time stands still except for what [`SharedClock::advance`](crate::SharedClock::advance) and `POST /sandbox/clock` let pass:
    /// for tests that must not depend on how fast the computer is.
    pub fn time_stands_still(mut self) -> Self {
        self.time_stands_still = true;
        self
    }

    /// Tenants, registrations and accounts: TOML in place of `sandbox.toml`, which is built in and
    /// documents every key.
    pub fn config(mut self, toml: impl Into<String>) -> Self {
        self.config = Some(toml.into());
        self
    }

    /// Lets it listen on any address, not only on this computer's own.
    ///
    /// Whoever reaches it can then sign in as anybody and read every message. Requests that control it are
    /// still taken from this computer alone, unless there is a [`control_key`](Self::control_key).
    pub fn any_address(mut self) -> Self {
        self.any_address = true;
        self
    }

    /// A name that clients reach it by, `sandbox` or `sandbox:8080` where the port is not the listener's.
    /// The first one stands in its URLs, a second one in upload URLs. It answers to no other names than
    /// these and this computer's.
    pub fn host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// A key that every request which controls the sandbox has to bring, as a bearer token or as the
    /// password of HTTP Basic, from this computer and from others.
    pub fn control_key(mut self, key: impl Into<String>) -> Self {
        self.control_key = Some(key.into());
        self
    }

    /// Serves https with a certificate of a local authority, which is kept in this folder and made at
    /// the first start.
    pub fn tls(mut self, folder: impl Into<PathBuf>) -> Self {
        self.authority = Some(folder.into());
        self
    }
}
