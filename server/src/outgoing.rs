//! Every outgoing request: to the configured hosts and those the login host's discovery document
//! names, https unless loopback, without redirects, bounded in time and size. Knows no protocol.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use app::pages::Fault;
use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
};
use reqwest::{Client, Method, Request, redirect::Policy};
use url::{Host, Origin, Url};

/// The most bytes of an answer that are read.
const MOST_BYTES: usize = 1 << 20;

/// Why a request brought no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The host is not one this server may call.
    #[error("the host is not allowed")]
    NotAllowed,
    /// No connection, so nothing was sent.
    #[error("no connection")]
    NoConnection,
    /// No whole answer in time; the request may have been carried out.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke after the request began; it may have been carried out.
    #[error("the connection broke")]
    Broken,
    /// The answer has more bytes than are read.
    #[error("the answer is too large")]
    TooLarge,
}

impl NoAnswer {
    /// What is wrong with the service, in the words of a page.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::TimedOut => Fault::Slow,
            Self::NoConnection | Self::Broken => Fault::Down,
            Self::NotAllowed | Self::TooLarge => Fault::Nonsense,
        }
    }
}

/// An answer, whole.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// The one HTTP client.
pub struct Outgoing {
    client: Client,
    allowed: RwLock<HashSet<Origin>>,
}

impl Outgoing {
    /// A client that may call these hosts.
    ///
    /// # Errors
    /// Where the system's certificates cannot be read.
    pub fn new(hosts: &[&Url]) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .user_agent(concat!("graph-connect/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let allowed = hosts.iter().map(|url| url.origin()).collect();
        Ok(Self { client, allowed: RwLock::new(allowed) })
    }

    /// Allows the host of `url`, which the login host's discovery document named.
    pub fn allow(&self, url: &Url) {
        self.allowed.write().unwrap_or_else(PoisonError::into_inner).insert(url.origin());
    }

    /// A request to be filled in and given to [`send`](Self::send).
    #[must_use]
    pub fn request(method: Method, url: Url) -> Request {
        Request::new(method, url)
    }

    /// Sends `request` and reads the whole answer within `time_out`.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn send(&self, mut request: Request, time_out: Duration) -> Result<Answer, NoAnswer> {
        let url = request.url();
        let allowed =
            self.allowed.read().unwrap_or_else(PoisonError::into_inner).contains(&url.origin());
        if !allowed || !is_safe(url) {
            return Err(NoAnswer::NotAllowed);
        }
        *request.timeout_mut() = Some(time_out);
        let mut response = self.client.execute(request).await.map_err(|error| no_answer(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(NoAnswer::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.into() })
    }
}

/// Nobody can read along: https, or this computer.
#[must_use]
pub fn is_safe(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// The kind of failure. The error itself names the URL, whose query may hold secrets, so only its
/// kind goes on.
fn no_answer(error: &reqwest::Error) -> NoAnswer {
    if error.is_connect() {
        NoAnswer::NoConnection
    } else if error.is_timeout() {
        NoAnswer::TimedOut
    } else {
        NoAnswer::Broken
    }
}
