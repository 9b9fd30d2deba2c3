//! Whose forwarding headers are believed, and which client address follows from them.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies in front of this server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads the value of `TRUSTED_PROXIES`: addresses and networks, comma-separated.
    ///
    /// # Errors
    /// Where one of them is neither, or is every address: then anybody could claim any.
    pub fn parse(text: &str) -> Result<Self, String> {
        let one = |text: &str| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            match address.or_else(|_| text.parse()) {
                Ok(network) if network.prefix_len() == 0 => Err(format!("{text:?} is everybody")),
                network => network.map_err(|_| format!("{text:?} is no address")),
            }
        };
        let given = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        given.map(one).collect::<Result<_, _>>().map(Self)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the client whose request came from `peer`: the last one in
    /// `X-Forwarded-For` that is no trusted proxy's, where a trusted proxy passed it on. `None`
    /// where nobody can tell: no proxy is trusted, and yet the request has gone through one.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if self.0.is_empty() {
            let forwarded =
                headers.contains_key(FORWARDED_FOR) || headers.contains_key("forwarded");
            return (!forwarded).then_some(peer);
        }
        // In bytes: what a client wrote into it must not hide what the proxies did.
        let hops = headers.get_all(FORWARDED_FOR).iter();
        let mut hops: Vec<&[u8]> =
            hops.flat_map(|it| it.as_bytes().split(|byte| *byte == b',')).collect();
        let mut client = peer;
        while self.trusts(client) {
            // What a trusted proxy did not write as an address ends the search at that proxy.
            match hops.pop().and_then(address) {
                Some(hop) => client = hop.to_canonical(),
                None => break,
            }
        }
        Some(client)
    }
}

/// An address, also with the port that some proxies write behind it.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    text.parse().ok().or_else(|| text.parse().ok().map(|it: SocketAddr| it.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::TrustedProxies;

    #[test]
    fn the_client_is_the_last_hop_that_no_trusted_proxy_is() {
        for (proxies, peer, forwarded, client) in [
            // Nobody is trusted: the peer, unless something stands in between.
            ("", "192.0.2.1", None, Some("192.0.2.1")),
            ("", "192.0.2.1", Some("198.51.100.1"), None),
            ("10.0.0.0/8", "192.0.2.1", Some("198.51.100.1"), Some("192.0.2.1")),
            ("10.0.0.0/8", "10.0.0.1", Some("198.51.100.1"), Some("198.51.100.1")),
            ("10.0.0.0/8", "10.0.0.1", Some("1.1.1.1, 198.51.100.1"), Some("198.51.100.1")),
            ("10.0.0.0/8", "10.0.0.1", Some("198.51.100.1, 10.0.0.2"), Some("198.51.100.1")),
            ("10.0.0.0/8", "10.0.0.1", Some("198.51.100.1, nonsense"), Some("10.0.0.1")),
            ("10.0.0.0/8", "10.0.0.1", Some("198.51.100.1:4711"), Some("198.51.100.1")),
            ("10.0.0.0/8", "10.0.0.1", Some("[2001:db8::1]:4711"), Some("2001:db8::1")),
            ("10.0.0.0/8", "10.0.0.1", Some("\u{e9}, 198.51.100.1"), Some("198.51.100.1")),
            ("10.0.0.0/8", "10.0.0.1", None, Some("10.0.0.1")),
            ("127.0.0.1, ::1", "::ffff:127.0.0.1", Some("2001:db8::1"), Some("2001:db8::1")),
        ] {
            let proxies = TrustedProxies::parse(proxies).unwrap();
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                let value = HeaderValue::from_bytes(forwarded.as_bytes()).unwrap();
                headers.insert("x-forwarded-for", value);
            }
            let found = proxies.client(peer.parse().unwrap(), &headers);
            assert_eq!(found, client.map(|it| it.parse().unwrap()), "{proxies:?} {forwarded:?}");
        }
    }
}
