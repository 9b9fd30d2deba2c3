//! Reads the variables one by one and goes on after a problem, so that all of them are told.

mod limits;
mod secret;
mod service;

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use bff::{ForwardProxy, PublicUrl};
use tracing_subscriber::filter::Targets;

use super::{Cloud, Config, ConfigProblem, Hsts, LogFormat, TrustedProxies};
use secret::Secret;

/// The configuration in `env`, or every problem with it.
pub(super) fn read(env: &dyn Fn(&str) -> Option<String>) -> Result<Config, Vec<ConfigProblem>> {
    let mut reader = Reader { env, problems: Vec::new(), exposed_secrets: Vec::new() };
    match reader.config() {
        Some(config) if reader.problems.is_empty() => Ok(config),
        _ => Err(reader.problems),
    }
}

struct Reader<'a> {
    env: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<ConfigProblem>,
    exposed_secrets: Vec<&'static str>,
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
        let service =
            match ((self.env)("CLIENT_ID"), self.secret("CLIENT_SECRET", "CLIENT_SECRET_FILE")) {
                (None, Secret::Unset) => self.sandbox(public_url.as_ref()?),
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
            proxy: self.proxy(),
            hsts: hsts?,
            log_format: log_format?,
            log_filter: log_filter?,
            exposed_secrets: std::mem::take(&mut self.exposed_secrets),
            limits: limits?,
        })
    }

    /// The variables that curl and most programs know, in capitals or not.
    fn proxy(&self) -> ForwardProxy {
        let first = |names: &[&str]| names.iter().find_map(|name| (self.env)(name));
        ForwardProxy {
            url: first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
            except: first(&["NO_PROXY", "no_proxy"]).unwrap_or_default(),
        }
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
}
