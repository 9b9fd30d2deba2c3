//! Who may control the sandbox: programs on this computer, and pages of its own origin. A page of
//! another site must neither read the outbox nor plant faults.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::platform::App;

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// Its `Host` is another name, which a page can have point at this computer (DNS rebinding).
    #[error("This sandbox only answers requests for 127.0.0.1, [::1] and localhost.")]
    Host,
    /// The connection comes from another computer.
    #[error("Only this computer can control the sandbox.")]
    Caller,
    /// A page of another origin sent it.
    #[error("Pages of other origins can't control the sandbox.")]
    Page,
}

impl IntoResponse for Foreign {
    fn into_response(self) -> Response {
        tracing::warn!(reason = %self, "request turned away");
        let status = match self {
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Caller | Self::Page => StatusCode::FORBIDDEN,
        };
        (status, self.to_string()).into_response()
    }
}

/// For every route.
pub async fn host(request: Request, next: Next) -> Result<Response, Foreign> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(is_loopback_name) {
        Ok(next.run(request).await)
    } else {
        Err(Foreign::Host)
    }
}

/// For the routes below `/sandbox`.
pub async fn control(
    State(app): State<App>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Result<Response, Foreign> {
    check(caller, request.headers(), app.scheme())?;
    Ok(next.run(request).await)
}

fn is_loopback_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "[::1]", "localhost"].contains(&name.to_ascii_lowercase().as_str())
}

/// A browser says where a request comes from in `Sec-Fetch-Site`, an older one in `Origin`. A program
/// sends neither. A page's own origin is the one it sends its request to: that `Host` is a name of this
/// computer has been checked, and the port is part of it.
fn check(caller: SocketAddr, headers: &HeaderMap, scheme: &str) -> Result<(), Foreign> {
    if !caller.ip().is_loopback() {
        return Err(Foreign::Caller);
    }
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let is_own = |origin: &HeaderValue| {
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        host.is_some_and(|host| origin.as_bytes() == format!("{scheme}://{host}").as_bytes())
    };
    if matches!(site, None | Some(b"same-origin" | b"none"))
        && headers.get(ORIGIN).is_none_or(is_own)
    {
        Ok(())
    } else {
        Err(Foreign::Page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_and_this_origin_may_control() {
        let here: SocketAddr = "127.0.0.1:40000".parse().unwrap();
        let there: SocketAddr = "192.0.2.1:40000".parse().unwrap();
        let (named, numbered) = ("localhost:5001", "127.0.0.1:5001");
        let (own, page) = (Ok(()), Err(Foreign::Page));
        let table = [
            (here, named, None, None, own),
            (here, named, Some("same-origin"), Some("http://localhost:5001"), own),
            (here, numbered, Some("same-origin"), Some("http://127.0.0.1:5001"), own),
            (here, "[::1]:5001", None, Some("http://[::1]:5001"), own),
            (here, "localhost", None, Some("http://localhost"), own),
            (here, numbered, Some("none"), None, own),
            (here, named, None, Some("null"), page),
            (here, named, None, Some(""), page),
            (here, named, Some("same-origin"), Some("null"), page),
            (here, named, None, Some("http://localhost:5000"), page),
            (here, named, None, Some("http://localhost"), page),
            (here, named, None, Some("https://localhost:5001"), page),
            (here, named, None, Some("http://127.0.0.1:5001"), page),
            (here, numbered, None, Some("http://localhost:5001"), page),
            (here, numbered, Some("same-origin"), Some("https://evil.example"), page),
            (here, numbered, Some("cross-site"), None, page),
            (here, numbered, Some("same-site"), Some("http://127.0.0.1:5001"), page),
            (there, numbered, None, None, Err(Foreign::Caller)),
        ];
        for (caller, host, site, origin, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            let case = format!("{caller} {host} {site:?} {origin:?}");
            assert_eq!(check(caller, &headers, "http"), expected, "{case}");
        }
    }

    #[test]
    fn a_host_is_a_name_of_this_computer() {
        for own in
            ["127.0.0.1", "127.0.0.1:5001", "localhost:5001", "LOCALHOST", "[::1]:5001", "[::1]"]
        {
            assert!(is_loopback_name(own), "{own}");
        }
        for foreign in [
            "evil.example",
            "evil.example:5001",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
        ] {
            assert!(!is_loopback_name(foreign), "{foreign}");
        }
    }
}
