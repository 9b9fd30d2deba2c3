//! Who may control the sandbox: programs on this computer, and pages of its own origin. A page of
//! another site must neither read the outbox nor plant faults.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::platform::App;

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its `Host` is another name, which a page can have point at this computer (DNS rebinding).
    #[error(
        "The sandbox only answers to localhost, 127.0.0.1, [::1] and the names given as --host."
    )]
    Host,
    /// The connection comes from another computer, and there is no control key.
    #[error(
        "Only this computer can control the sandbox, unless it was started with --control-key."
    )]
    Caller,
    /// A page of another origin sent it.
    #[error("Pages of other origins can't control the sandbox.")]
    Page,
    /// The control key is missing or wrong.
    #[error("Controlling this sandbox needs its control key.")]
    Key,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        tracing::warn!(reason = %self, "request turned away");
        let text = self.to_string();
        match self {
            Self::Host => (StatusCode::MISDIRECTED_REQUEST, text).into_response(),
            Self::Caller | Self::Page => (StatusCode::FORBIDDEN, text).into_response(),
            Self::Key => {
                let challenge = [(WWW_AUTHENTICATE, "Basic realm=\"Graph Connect sandbox\"")];
                (StatusCode::UNAUTHORIZED, challenge, text).into_response()
            }
        }
    }
}

/// For every route: the name it was asked by.
pub async fn host(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| app.addresses.answers_to(host)) {
        Ok(next.run(request).await)
    } else {
        Err(Refused::Host)
    }
}

/// For the forms of a sign-in: they come from the sandbox's own pages, wherever the person is.
pub async fn own_page(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Refused> {
    check_page(request.headers(), app.scheme())?;
    Ok(next.run(request).await)
}

/// For the routes that control the sandbox.
pub async fn control(
    State(app): State<App>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Result<Response, Refused> {
    check_caller(caller, app.control_key.as_deref(), request.headers())?;
    check_page(request.headers(), app.scheme())?;
    Ok(next.run(request).await)
}

/// For the sandbox's page, which shows every message: where there is a key it needs it.
pub async fn home(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Refused> {
    check_key(app.control_key.as_deref(), request.headers())?;
    Ok(next.run(request).await)
}

/// Without a key, whoever is at this computer may control the sandbox; with one, whoever brings it.
fn check_caller(caller: SocketAddr, key: Option<&str>, headers: &HeaderMap) -> Result<(), Refused> {
    if key.is_none() && !caller.ip().is_loopback() {
        return Err(Refused::Caller);
    }
    check_key(key, headers)
}

/// Whether a request brings the control key, if there is one: as a bearer token, or as the password of HTTP
/// Basic, which a browser asks the person for.
fn check_key(key: Option<&str>, headers: &HeaderMap) -> Result<(), Refused> {
    let Some(key) = key else {
        return Ok(());
    };
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = header.and_then(|header| {
        let (scheme, value) = header.split_once(' ')?;
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Some(value.trim().to_owned()),
            "basic" => {
                let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
                text.split_once(':').map(|(_, password)| password.to_owned())
            }
            _ => None,
        }
    });
    // Hashes are compared, so that the time it takes tells nothing about the key.
    let hash = |text: &str| Sha256::digest(text.as_bytes());
    if sent.is_some_and(|sent| hash(&sent) == hash(key)) { Ok(()) } else { Err(Refused::Key) }
}

/// A browser says where a request comes from in `Sec-Fetch-Site`, an older one in `Origin`. A program
/// sends neither. A page's own origin is the one it sends its request to: that `Host` is a name of this
/// sandbox has been checked, and the port is part of it.
fn check_page(headers: &HeaderMap, scheme: &str) -> Result<(), Refused> {
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
        Err(Refused::Page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_computer_needs_the_key_and_so_does_this_one_where_there_is_one() {
        let here: SocketAddr = "127.0.0.1:40000".parse().unwrap();
        let there: SocketAddr = "192.0.2.1:40000".parse().unwrap();
        let basic = format!("Basic {}", STANDARD.encode("anybody:secret"));
        for (caller, key, sent, expected) in [
            (here, None, None, Ok(())),
            (there, None, None, Err(Refused::Caller)),
            (there, None, Some("Bearer secret"), Err(Refused::Caller)),
            (here, Some("secret"), None, Err(Refused::Key)),
            (there, Some("secret"), Some("Bearer other"), Err(Refused::Key)),
            (there, Some("secret"), Some("secret"), Err(Refused::Key)),
            (there, Some("secret"), Some("Bearer secret"), Ok(())),
            (there, Some("secret"), Some(basic.as_str()), Ok(())),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(sent) = sent {
                headers.insert(AUTHORIZATION, sent.parse().unwrap());
            }
            assert_eq!(check_caller(caller, key, &headers), expected, "{caller} {key:?} {sent:?}");
        }
    }

    #[test]
    fn only_pages_of_this_origin_may_control() {
        let (named, numbered) = ("localhost:5001", "127.0.0.1:5001");
        let (own, page) = (Ok(()), Err(Refused::Page));
        let table = [
            (named, None, None, own),
            (named, Some("same-origin"), Some("http://localhost:5001"), own),
            (numbered, Some("same-origin"), Some("http://127.0.0.1:5001"), own),
            ("[::1]:5001", None, Some("http://[::1]:5001"), own),
            ("localhost", None, Some("http://localhost"), own),
            (numbered, Some("none"), None, own),
            (named, None, Some("null"), page),
            (named, None, Some(""), page),
            (named, Some("same-origin"), Some("null"), page),
            (named, None, Some("http://localhost:5000"), page),
            (named, None, Some("http://localhost"), page),
            (named, None, Some("https://localhost:5001"), page),
            (named, None, Some("http://127.0.0.1:5001"), page),
            (numbered, None, Some("http://localhost:5001"), page),
            (numbered, Some("same-origin"), Some("https://evil.example"), page),
            (numbered, Some("cross-site"), None, page),
            (numbered, Some("same-site"), Some("http://127.0.0.1:5001"), page),
        ];
        for (host, site, origin, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            let case = format!("{host} {site:?} {origin:?}");
            assert_eq!(check_page(&headers, "http"), expected, "{case}");
        }
    }
}
