//! The URLs that a sandbox has, and the names that it answers to.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The names of this computer.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// The URLs and names of one sandbox.
#[derive(Debug)]
pub struct Addresses {
    /// Of the identity platform and of Graph, without a slash at the end.
    pub api: String,
    /// Of uploads: under another name, as Outlook takes uploads elsewhere than Graph, unless there is only
    /// one name that clients know.
    pub upload: String,
    /// Every name that may stand in `Host`, in lower case and without a port.
    names: Vec<String>,
}

impl Addresses {
    /// The URLs of a sandbox that listens on an address. `hosts` are the names that clients reach it by,
    /// with the port where it is not the listener's: the first for the API, the second for uploads.
    ///
    /// Without any, the API is on the address and uploads are on `localhost`, and the other way round with
    /// https: what matters is that a client which sends its token to both is caught.
    pub fn new(address: SocketAddr, tls: bool, hosts: &[String]) -> Self {
        let scheme = if tls { "https" } else { "http" };
        let ip = if address.ip().is_unspecified() {
            IpAddr::V4(Ipv4Addr::LOCALHOST)
        } else {
            address.ip()
        };
        let numbered = SocketAddr::new(ip, address.port()).to_string();
        let named = format!("localhost:{}", address.port());
        let with_port = |host: &String| match name_of(host) == host {
            true => format!("{host}:{}", address.port()),
            false => host.clone(),
        };
        let (api, upload) = match (hosts, tls) {
            ([], false) => (numbered.clone(), named),
            ([], true) => (named, numbered.clone()),
            ([only], _) => (with_port(only), with_port(only)),
            ([first, second, ..], _) => (with_port(first), with_port(second)),
        };
        let given = hosts.iter().map(|host| name_of(host).to_ascii_lowercase());
        let names = given.chain([name_of(&numbered).to_owned()]).collect();
        Self { api: format!("{scheme}://{api}"), upload: format!("{scheme}://{upload}"), names }
    }

    /// Whether a `Host` header names this sandbox. Any other name may be one that somebody else has point
    /// at this computer (DNS rebinding).
    pub fn answers_to(&self, host: &str) -> bool {
        let name = name_of(host).to_ascii_lowercase();
        LOOPBACK.contains(&name.as_str()) || self.names.contains(&name)
    }
}

/// A host without its port.
pub fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(address: &str, hosts: &[&str]) -> Addresses {
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        Addresses::new(address.parse().unwrap(), false, &hosts)
    }

    #[test]
    fn the_first_name_is_the_apis_and_the_second_one_uploads() {
        for (address, hosts, api, upload) in [
            ("127.0.0.1:5001", &[][..], "http://127.0.0.1:5001", "http://localhost:5001"),
            ("0.0.0.0:5001", &[], "http://127.0.0.1:5001", "http://localhost:5001"),
            ("192.0.2.1:5001", &[], "http://192.0.2.1:5001", "http://localhost:5001"),
            ("0.0.0.0:5001", &["sandbox"], "http://sandbox:5001", "http://sandbox:5001"),
            ("0.0.0.0:80", &["a:8080", "b"], "http://a:8080", "http://b:80"),
        ] {
            let addresses = addresses(address, hosts);
            assert_eq!((addresses.api.as_str(), addresses.upload.as_str()), (api, upload));
        }
    }

    #[test]
    fn a_host_is_a_name_of_this_computer_or_one_that_was_given() {
        let addresses = addresses("0.0.0.0:5001", &["Sandbox:8080"]);
        for own in [
            "127.0.0.1",
            "127.0.0.1:5001",
            "localhost:5001",
            "LOCALHOST",
            "[::1]:5001",
            "[::1]",
            "sandbox",
            "SANDBOX:9",
        ] {
            assert!(addresses.answers_to(own), "{own}");
        }
        for foreign in [
            "evil.example",
            "evil.example:5001",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "sandbox.evil.example",
            "0.0.0.0",
            "",
        ] {
            assert!(!addresses.answers_to(foreign), "{foreign}");
        }
    }
}
