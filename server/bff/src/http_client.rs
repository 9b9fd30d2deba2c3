//! Every outgoing request: only to the configured hosts and those that the login host's discovery
//! document names, https unless loopback, without redirects, bounded in time and size.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use axum::{
    body::Bytes,
    http::{
        HeaderMap, StatusCode,
        header::{DATE, RETRY_AFTER},
    },
};
use reqwest::{Client, NoProxy, Proxy, Request, redirect::Policy};
use url::{Host, Origin, Url};

/// The most bytes of a response body that are read.
const MAX_RESPONSE: usize = 1 << 20;

/// Hosts that are never reached through a proxy: this computer.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// Why a request brought no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The host isn't one this server may call.
    #[error("the host is not allowed")]
    NotAllowed,
    /// There was no connection, so nothing was sent.
    #[error("no connection")]
    NoConnection,
    /// No whole response in time; the request may have been carried out.
    #[error("no response in time")]
    TimedOut,
    /// The connection broke after the request began; it may have been carried out.
    #[error("the connection broke")]
    Broken,
    /// The response has more bytes than are read.
    #[error("the response is too large")]
    TooLarge,
}

/// A whole response.
pub struct HttpResponse {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// The forward proxy between this server and the internet, as curl's variables name it.
#[derive(Clone, Debug, Default)]
pub struct ForwardProxy {
    /// `HTTPS_PROXY` or `ALL_PROXY`: where the proxy is. Without one, hosts are called directly.
    pub url: Option<String>,
    /// `NO_PROXY`: hosts, domains and networks that are called directly, comma-separated.
    pub except: String,
}

/// The one HTTP client.
pub struct HttpClient {
    client: Client,
    allowed: RwLock<HashSet<Origin>>,
}

impl HttpClient {
    /// A client that calls only `hosts`, through `proxy` where they aren't on this computer, and
    /// names itself `user_agent`.
    ///
    /// # Errors
    /// Where the proxy's address or the system's certificates can't be read.
    pub fn new(
        hosts: &[&Url],
        proxy: &ForwardProxy,
        user_agent: &str,
    ) -> Result<Self, reqwest::Error> {
        // `no_proxy` keeps the client from reading the environment itself.
        let mut builder =
            Client::builder().redirect(Policy::none()).user_agent(user_agent).no_proxy();
        if let Some(url) = &proxy.url {
            // Only https hosts are called other than on loopback.
            let except = NoProxy::from_string(&format!("{LOOPBACK},{}", proxy.except));
            builder = builder.proxy(Proxy::https(url)?.no_proxy(except));
        }
        let allowed = hosts.iter().map(|url| url.origin()).collect();
        Ok(Self { client: builder.build()?, allowed: RwLock::new(allowed) })
    }

    /// Allows the host of `url`, which the login host's discovery document named.
    pub(crate) fn allow(&self, url: &Url) {
        self.allowed.write().unwrap_or_else(PoisonError::into_inner).insert(url.origin());
    }

    /// Sends `request` and reads the whole response within `time_out`.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn send(
        &self,
        mut request: Request,
        time_out: Duration,
    ) -> Result<HttpResponse, TransportError> {
        let url = request.url();
        let allowed =
            self.allowed.read().unwrap_or_else(PoisonError::into_inner).contains(&url.origin());
        if !allowed || !is_encrypted_or_loopback(url) {
            return Err(TransportError::NotAllowed);
        }
        *request.timeout_mut() = Some(time_out);
        let mut response = self.client.execute(request).await.map_err(|error| kind(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| kind(&error))? {
            if body.len() + chunk.len() > MAX_RESPONSE {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse { status, headers, body: body.into() })
    }
}

/// Nobody on the way can read along: https, or this computer.
#[must_use]
pub fn is_encrypted_or_loopback(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// The seconds that `Retry-After` asks to wait, given as a number or as a date (RFC 9110, section
/// 10.2.3).
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    value.parse().ok().or_else(|| {
        let date = httpdate::parse_http_date(value).ok()?;
        // Compared with the response's own date, so that this computer's clock doesn't matter.
        let from = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        Some(date.duration_since(from).unwrap_or_default().as_secs())
    })
}

/// The kind of failure. The error itself names the URL, whose query may hold secrets.
fn kind(error: &reqwest::Error) -> TransportError {
    if error.is_connect() {
        TransportError::NoConnection
    } else if error.is_timeout() {
        TransportError::TimedOut
    } else {
        TransportError::Broken
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header::RETRY_AFTER};
    use proptest::prelude::*;

    use super::retry_after;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn retry_after_is_seconds_a_date_or_nothing(
            text in "[0-9]{1,22}|[ -~]{0,32}|(Mon|Tue), [0-9]{2} (Jan|Nov) 20[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
        ) {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(&text).unwrap());
            headers.insert("date", HeaderValue::from_static("Mon, 23 Nov 2026 00:00:00 GMT"));
            let seconds = text.trim().parse::<u64>().ok();
            let is_date = httpdate::parse_http_date(text.trim()).is_ok();
            match retry_after(&headers) {
                Some(wait) => prop_assert!(seconds.map_or(is_date, |it| it == wait)),
                None => prop_assert!(seconds.is_none() && !is_date),
            }
        }
    }
}
