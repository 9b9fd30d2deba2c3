//! Reads the variables one by one and goes on after a problem, so that all of them are told.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use secrecy::SecretString;
use tracing_subscriber::filter::Targets;
use url::Url;
use uuid::Uuid;

use super::{
    Cloud, Config, ConfigProblem, Hsts, Limits, LogFormat, PublicUrl, SessionKeys, TrustedProxies,
    public_url,
};

/// The registration that the sandbox knows, and this server uses on it.
mod sandbox_registration {
    pub(super) const CLIENT_ID: &str = "11111111-1111-4111-8111-111111111111";
    pub(super) const CLIENT_SECRET: &str = "sandbox-secret";
}

/// The configuration in `env`, or every problem with it.
pub(super) fn read(env: &dyn Fn(&str) -> Option<String>) -> Result<Config, Vec<ConfigProblem>> {
    let mut reader = Reader { env, problems: Vec::new() };
    match reader.config() {
        Some(config) if reader.problems.is_empty() => Ok(config),
        _ => Err(reader.problems),
    }
}

/// Whom people sign in at, and what this server is there.
struct Service {
    client_id: String,
    client_secret: SecretString,
    login_url: Url,
    graph_url: Url,
    sent_items_url: Url,
    session_keys: SessionKeys,
    sandbox: Option<SocketAddr>,
}

struct Reader<'a> {
    env: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<ConfigProblem>,
}

impl Reader<'_> {
    fn problem(
        &mut self,
        setting: &'static str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.problems.push(ConfigProblem {
            setting: setting.into(),
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    /// The value of `name`, parsed, or `default` where it is unset.
    fn parsed<T, E: std::fmt::Display>(
        &mut self,
        name: &'static str,
        default: &str,
        remedy: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = (self.env)(name).unwrap_or_else(|| default.to_owned());
        match parse(&value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.problem(name, format!("{value:?} cannot be used: {error}."), remedy);
                None
            }
        }
    }

    fn number(&mut self, name: &'static str, default: &str) -> Option<NonZeroU32> {
        self.parsed(name, default, "Give a whole number above zero.", str::parse)
    }

    fn seconds(&mut self, name: &'static str, default: &str) -> Option<Duration> {
        self.number(name, default).map(|it| Duration::from_secs(u64::from(it.get())))
    }

    fn size(&mut self, name: &'static str, default: &str) -> Option<usize> {
        usize::try_from(self.number(name, default)?.get()).ok()
    }

    fn config(&mut self) -> Option<Config> {
        let address = self.parsed(
            "LEPTOS_SITE_ADDR",
            "127.0.0.1:5000",
            "Give an address and a port, such as 127.0.0.1:5000.",
            str::parse::<SocketAddr>,
        );
        let port = address.map_or(5000, |it| it.port());
        let public_url = self.parsed(
            "PUBLIC_URL",
            &format!("http://localhost:{port}"),
            "Give the address browsers use: https://mail.example.com, or http://localhost:5000 on your \
             own computer.",
            PublicUrl::parse,
        );
        let cloud = self.parsed(
            "CLOUD",
            "global",
            "Set CLOUD to global, usgov-l4, usgov-l5 or china.",
            Cloud::parse,
        );
        let limits = self.limits();
        let state_dir =
            PathBuf::from((self.env)("STATE_DIR").unwrap_or_else(|| ".state".to_owned()));
        let trusted_proxies = self.parsed(
            "TRUSTED_PROXIES",
            "",
            "Give addresses or networks, separated by commas: 127.0.0.1, 10.0.0.0/8, ::1.",
            TrustedProxies::parse,
        );
        let hsts =
            self.parsed("HSTS", "subdomains", "Set HSTS to off, host or subdomains.", Hsts::parse);
        let log_format =
            self.parsed("LOG_FORMAT", "text", "Set LOG_FORMAT to text or json.", LogFormat::parse);
        let log_filter = self.parsed(
            "RUST_LOG",
            "info",
            "Set RUST_LOG to error, warn, info or debug.",
            str::parse::<Targets>,
        );
        let tenant = self.tenant();
        let service = match ((self.env)("CLIENT_ID"), (self.env)("CLIENT_SECRET")) {
            (None, None) => self.sandbox(public_url.as_ref()?),
            (client_id, client_secret) => {
                self.microsoft(cloud.unwrap_or(Cloud::Global), client_id, client_secret)
            }
        };
        let service = service?;
        Some(Config {
            client_id: service.client_id,
            client_secret: service.client_secret,
            tenant: tenant?,
            login_url: service.login_url,
            graph_url: service.graph_url,
            sent_items_url: service.sent_items_url,
            address: address?,
            public_url: public_url?,
            session_keys: service.session_keys,
            sandbox: service.sandbox,
            state_dir,
            trusted_proxies: trusted_proxies?,
            hsts: hsts?,
            log_format: log_format?,
            log_filter: log_filter?,
            limits: limits?,
        })
    }

    /// A registration at Microsoft, or at whatever stands in for it.
    fn microsoft(
        &mut self,
        cloud: Cloud,
        client_id: Option<String>,
        client_secret: Option<String>,
    ) -> Option<Service> {
        let (client_id, client_secret) = self.credentials(client_id, client_secret);
        let login_url = self.origin("LOGIN_URL", cloud.login_url());
        let graph_url = self.origin("GRAPH_URL", cloud.graph_url());
        let sent_items_url = self.service("SENT_ITEMS_URL", cloud.sent_items_url());
        let session_keys = self.session_keys();
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
    fn sandbox(&mut self, public_url: &PublicUrl) -> Option<Service> {
        if !public_url.is_localhost() {
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
        let session_keys = if (self.env)("SESSION_KEYS").is_some() {
            self.session_keys()?
        } else {
            SessionKeys::KeptInStateDir
        };
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
        client_secret: Option<String>,
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
            None => self.problem("CLIENT_SECRET", "it is not set, but CLIENT_ID is.", remedy),
            Some(secret) if is_placeholder(secret) => {
                self.problem("CLIENT_SECRET", "the placeholder is still in it.", remedy);
            }
            Some(secret) if Uuid::parse_str(secret).is_ok() => self.problem(
                "CLIENT_SECRET",
                "this looks like the secret's ID, which is not the secret.",
                remedy,
            ),
            Some(_) => {}
        }
        (client_id, client_secret.map(SecretString::from))
    }

    fn tenant(&mut self) -> Option<String> {
        self.parsed(
            "TENANT",
            "common",
            "Set TENANT to common, organizations, consumers, your tenant's GUID or its domain.",
            |value| {
                let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.' | '_');
                if value.chars().all(plain) && !value.starts_with('.') {
                    Ok(value.to_owned())
                } else {
                    Err("it is not the name of a tenant")
                }
            },
        )
    }

    /// An address of Microsoft's or of whatever stands in for it: https, or http on loopback.
    fn service(&mut self, name: &'static str, default: &str) -> Option<Url> {
        let remedy = format!("Give an https address, such as {default}.");
        self.parsed(name, default, &remedy, |value| {
            let url = Url::parse(value).map_err(|error| error.to_string())?;
            if crate::outgoing::is_safe(&url) {
                Ok(url)
            } else {
                Err("it is neither https nor on this computer".to_owned())
            }
        })
    }

    /// The same where paths are put behind it, so that it can have none of its own.
    fn origin(&mut self, name: &'static str, default: &str) -> Option<Url> {
        let url = self.service(name, default)?;
        if public_url::is_origin(&url) {
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

    fn session_keys(&mut self) -> Option<SessionKeys> {
        let remedy = "Make one with: openssl rand -base64 64 | tr -d '\\n'";
        let Some(value) = (self.env)("SESSION_KEYS") else {
            self.problem("SESSION_KEYS", "it is not set.", remedy);
            return None;
        };
        match SessionKeys::parse(&value) {
            Ok(keys) => Some(keys),
            Err(error) => {
                self.problem("SESSION_KEYS", format!("{error}."), remedy);
                None
            }
        }
    }

    fn limits(&mut self) -> Option<Limits> {
        let login_timeout = self.seconds("LOGIN_TIMEOUT", "10");
        let graph_timeout = self.seconds("GRAPH_TIMEOUT", "30");
        let client_timeout = self.seconds("CLIENT_TIMEOUT", "30");
        let idle = self.seconds("SESSION_IDLE", "28800");
        let lifetime = self.seconds("SESSION_LIFETIME", "86400");
        let max_connections = self.size("MAX_CONNECTIONS", "500");
        let max_header = self.size("MAX_HEADER", "16384");
        let max_body = self.size("MAX_BODY", "2097152");
        let max_recipients = self.size("MAX_RECIPIENTS", "500");
        let max_message = self.size("MAX_MESSAGE", "500000");
        let sends_per_minute = self.number("SENDS_PER_MINUTE", "30");
        let sign_ins_per_minute = self.number("SIGN_INS_PER_MINUTE", "30");
        Some(Limits {
            login_timeout: login_timeout?,
            graph_timeout: graph_timeout?,
            client_timeout: client_timeout?,
            idle: idle?,
            lifetime: lifetime?,
            max_connections: max_connections?,
            max_header: max_header?,
            max_body: max_body?,
            max_recipients: max_recipients?,
            max_message: max_message?,
            sends_per_minute: sends_per_minute?,
            sign_ins_per_minute: sign_ins_per_minute?,
        })
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
