//! Whom people sign in at: Microsoft, by an app registration, or the sandbox.

use std::net::SocketAddr;

use bff::{PublicUrl, is_encrypted_or_loopback, is_origin};
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

use super::{Reader, secret::Secret};
use crate::config::{Cloud, SessionKeys};

/// The registration that the sandbox knows, and this server uses on it.
mod sandbox_registration {
    pub(super) const CLIENT_ID: &str = "11111111-1111-4111-8111-111111111111";
    pub(super) const CLIENT_SECRET: &str = "sandbox-secret";
}

/// Whom people sign in at, and what this server is there.
pub(super) struct Service {
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
    pub(super) login_url: Url,
    pub(super) graph_url: Url,
    pub(super) sent_items_url: Url,
    pub(super) session_keys: SessionKeys,
    pub(super) sandbox: Option<SocketAddr>,
}

impl Reader<'_> {
    /// A registration at Microsoft, or at whatever stands in for it.
    pub(super) fn microsoft(
        &mut self,
        cloud: Cloud,
        client_id: Option<String>,
        client_secret: Secret,
    ) -> Option<Service> {
        let (client_id, client_secret) = self.credentials(client_id, client_secret);
        let login_url = self.origin("LOGIN_URL", cloud.login_url());
        let graph_url = self.origin("GRAPH_URL", cloud.graph_url());
        let sent_items_url = self.service("SENT_ITEMS_URL", cloud.sent_items_url());
        let session_keys = self.session_keys(None);
        Some(Service {
            client_id: client_id?,
            client_secret: client_secret?,
            login_url: login_url?,
            graph_url: graph_url?,
            sent_items_url: sent_items_url?,
            session_keys: session_keys?,
            sandbox: None,
        })
    }

    /// No registration: the sandbox, which only people at this computer may use.
    pub(super) fn sandbox(&mut self, public_url: &PublicUrl) -> Option<Service> {
        if public_url.is_https() {
            for variable in ["CLIENT_ID", "CLIENT_SECRET"] {
                self.problem(
                    variable,
                    "it is not set, and the sandbox runs on http://localhost only.",
                    "Set it from your app registration (README, \"Connect a real tenant\"), or unset \
                     PUBLIC_URL to use the sandbox.",
                );
            }
            return None;
        }
        let address = self.parsed(
            "SANDBOX_ADDR",
            "127.0.0.1:5001",
            "Give a loopback address and a port, such as 127.0.0.1:5001.",
            str::parse::<SocketAddr>,
        )?;
        let session_keys = self.session_keys(Some(SessionKeys::KeptInStateDir))?;
        let url = Url::parse(&format!("http://{address}")).ok()?;
        Some(Service {
            client_id: sandbox_registration::CLIENT_ID.to_owned(),
            client_secret: sandbox_registration::CLIENT_SECRET.into(),
            login_url: url.clone(),
            graph_url: url.clone(),
            sent_items_url: url,
            session_keys,
            sandbox: Some(address),
        })
    }

    fn credentials(
        &mut self,
        client_id: Option<String>,
        client_secret: Secret,
    ) -> (Option<String>, Option<SecretString>) {
        const WHERE: &str = "In the Entra admin centre, open App registrations, your app";
        match &client_id {
            None => self.problem(
                "CLIENT_ID",
                "it is not set, but CLIENT_SECRET is.",
                format!("{WHERE}, Overview, and copy \"Application (client) ID\"."),
            ),
            Some(id) if is_placeholder(id) => self.problem(
                "CLIENT_ID",
                "the placeholder is still in it.",
                format!("{WHERE}, Overview, and copy \"Application (client) ID\"."),
            ),
            Some(_) => {}
        }
        let remedy = format!(
            "{WHERE}, Certificates & secrets, make a new client secret and copy its Value."
        );
        match &client_secret {
            Secret::Unusable => {}
            Secret::Unset => {
                self.problem("CLIENT_SECRET", "it is not set, but CLIENT_ID is.", remedy);
            }
            Secret::Set(secret) if is_placeholder(secret) => {
                self.problem("CLIENT_SECRET", "the placeholder is still in it.", remedy);
            }
            Secret::Set(secret) if Uuid::parse_str(secret).is_ok() => self.problem(
                "CLIENT_SECRET",
                "this looks like the secret's ID, which is not the secret.",
                remedy,
            ),
            Secret::Set(_) => {}
        }
        let client_secret = match client_secret {
            Secret::Set(secret) => Some(secret.into()),
            Secret::Unset | Secret::Unusable => None,
        };
        (client_id, client_secret)
    }

    /// An address of Microsoft's or of whatever stands in for it: https, or http on loopback.
    fn service(&mut self, name: &'static str, default: &str) -> Option<Url> {
        let remedy = format!("Give an https address, such as {default}.");
        self.parsed(name, default, &remedy, |value| {
            let url = Url::parse(value).map_err(|error| error.to_string())?;
            if is_encrypted_or_loopback(&url) {
                Ok(url)
            } else {
                Err("it is neither https nor on this computer".to_owned())
            }
        })
    }

    /// The same where paths are put behind it, so that it can have none of its own.
    fn origin(&mut self, name: &'static str, default: &str) -> Option<Url> {
        let url = self.service(name, default)?;
        if is_origin(&url) {
            return Some(url);
        }
        self.problem(
            name,
            "it has more than a scheme, a host and a port.",
            format!(
                "Give the scheme, host and port alone: {}.",
                url.origin().ascii_serialization()
            ),
        );
        None
    }

    /// The keys that are set, or else `kept`.
    fn session_keys(&mut self, kept: Option<SessionKeys>) -> Option<SessionKeys> {
        let remedy = "Make one with: openssl rand -base64 64 | tr -d '\\n'";
        match self.secret("SESSION_KEYS", "SESSION_KEYS_FILE") {
            Secret::Unusable => None,
            Secret::Unset => {
                if kept.is_none() {
                    self.problem("SESSION_KEYS", "it is not set.", remedy);
                }
                kept
            }
            Secret::Set(value) => match SessionKeys::parse(&value) {
                Ok(keys) => Some(keys),
                Err(error) => {
                    self.problem("SESSION_KEYS", format!("{error}."), remedy);
                    None
                }
            },
        }
    }
}

/// What people leave in from an example file.
fn is_placeholder(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let nil = Uuid::parse_str(&value).is_ok_and(|id| id.is_nil());
    let words =
        ["your", "enter_", "placeholder", "changeme", "change-me", "example", "xxxx", "todo"];
    nil || value.starts_with('<') || words.iter().any(|word| value.starts_with(word))
}
