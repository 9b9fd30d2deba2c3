//! The sandbox's listener: its address, its connections, its graceful end.
//!
//! Connections are driven by hand instead of by `axum::serve`, because a fault must be able to end one
//! without a byte of an answer.

use std::future::{Future, pending};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;
use url::Url;

use crate::addresses::{Addresses, name_of};
use crate::authority::{Authority, AuthorityError};
use crate::clock::{Clock, SharedClock};
use crate::cut::{Cut, CutByFault};
use crate::directory::error::DirectoryError;
use crate::directory::{BUILT_IN, Directory};
use crate::identity::signing::{Keys, SigningError};
use crate::issuer_keys;
use crate::platform::{App, Platform};
use crate::random::Random;
use crate::router::router;
use crate::settings::Settings;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests that are under way may take to finish when the sandbox ends.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// A sandbox that has its address and is about to answer there.
#[derive(Debug)]
pub struct Sandbox {
    listener: TcpListener,
    authority: Option<Authority>,
    app: App,
}

/// Why the sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// It takes anybody's word for who they are, so only [`Settings::any_address`] lets it listen on a
    /// network. And half of its URLs say `localhost`, which leads to no other loopback address.
    #[error("the sandbox listens on 127.0.0.1 or [::1] unless any address is allowed, not on {0}")]
    NotLocalhost(SocketAddr),
    /// A name that no URL can have.
    #[error("'{0}' is not a host name, with or without a port")]
    Host(String),
    /// Somebody else is there, or the system refused.
    #[error("the sandbox cannot listen on {address}")]
    Address {
        /// Where it should have listened.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The system has no randomness.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    /// No signing key could be made.
    #[error(transparent)]
    Key(#[from] SigningError),
    /// The file of registrations and accounts.
    #[error("the configuration is wrong")]
    Directory(#[from] DirectoryError),
    /// Nothing could be fetched from other identity providers.
    #[error("no client for other identity providers could be made")]
    Foreign(#[from] reqwest::Error),
    /// The certificate for https.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

impl Sandbox {
    /// Takes an address of this computer; port 0 is any free port.
    pub async fn bind(address: SocketAddr) -> Result<Self, BindError> {
        Self::bind_with(address, Settings::default()).await
    }

    /// The same, with other settings than the default.
    pub async fn bind_with(address: SocketAddr, settings: Settings) -> Result<Self, BindError> {
        let is_localhost =
            [IpAddr::V4(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()].contains(&address.ip());
        if !is_localhost && !settings.any_address {
            return Err(BindError::NotLocalhost(address));
        }
        if let Some(host) = settings.hosts.iter().find(|host| !is_host(host)) {
            return Err(BindError::Host(host.clone()));
        }
        let directory = Directory::parse(settings.config.as_deref().unwrap_or(BUILT_IN))?;
        let http = issuer_keys::client()?;
        let failed = |source| BindError::Address { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (keys, random) = (Keys::generate()?, Random::from_system()?);
        let authority = settings.authority.as_deref();
        let now = Clock::default().now();
        let hosts = &settings.hosts;
        let authority =
            authority.map(|folder| Authority::open(folder, hosts, &random, now)).transpose()?;
        let addresses = Addresses::new(address, authority.is_some(), hosts);
        if !address.ip().is_loopback() {
            tracing::warn!(
                "whoever reaches {address} can sign in as anybody here and read every message"
            );
        }
        let app = Arc::new(Platform::new(addresses, keys, random, directory, &http, &settings));
        Ok(Self { listener, authority, app })
    }

    /// Where it is reached, without a slash at the end: both the login base (`LOGIN_URL`) and the Graph
    /// base (`GRAPH_URL`).
    pub fn url(&self) -> &str {
        &self.app.base
    }

    /// Where upload URLs lead: another host name where there is one, as Outlook takes uploads elsewhere
    /// than Graph.
    pub fn upload_url(&self) -> &str {
        &self.app.upload_base
    }

    /// The settings of an app that uses it: names of environment variables, and values. Its registration is
    /// the first one; it may have no secret that is good.
    pub fn app_settings(&self) -> Vec<(&'static str, &str)> {
        let mut settings = vec![("LOGIN_URL", self.url()), ("GRAPH_URL", self.url())];
        if let Some(registration) = self.app.directory.first_registration() {
            let secret = registration.secret(self.app.clock.now());
            settings.push(("CLIENT_ID", &registration.client_id));
            settings.extend(secret.map(|secret| ("CLIENT_SECRET", secret)));
            settings.push(("TENANT", registration.widest_tenant().segment()));
        }
        settings
    }

    /// With https: the certificate that a client has to trust, a file in PEM.
    pub fn authority(&self) -> Option<&Path> {
        self.authority.as_ref().map(|authority| authority.certificate.as_path())
    }

    /// The clock that the sandbox goes by, to read and to set forward while it runs.
    pub fn clock(&self) -> SharedClock {
        SharedClock::new(&self.app.clock)
    }

    /// Answers until the process ends.
    pub async fn run(self) {
        self.serve_with_shutdown(pending()).await;
    }

    /// Answers until `end` is ready; then takes no more, and finishes what is under way.
    pub async fn serve_with_shutdown(self, end: impl Future<Output = ()>) {
        let router = router(Arc::clone(&self.app));
        let graceful = GracefulShutdown::new();
        let mut end = std::pin::pin!(end);
        tracing::info!(url = self.url(), "the sandbox answers");
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, caller)) => {
                        let service = Service { router: router.clone(), caller };
                        let acceptor = self.authority.as_ref().map(|it| it.acceptor.clone());
                        tokio::spawn(service.serve(stream, acceptor, graceful.watcher()));
                    }
                    // A client that went away again, or too many open files: not for ever.
                    Err(error) => {
                        tracing::warn!(%error, "a connection was not accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
                () = &mut end => break,
            }
        }
        drop(self.listener);
        if tokio::time::timeout(END_TIMEOUT, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests that were under way are given up");
        }
    }
}

/// What one connection needs.
#[derive(Clone)]
struct Service {
    router: Router,
    caller: SocketAddr,
}

impl Service {
    /// Serves one connection to its end.
    async fn serve(self, stream: TcpStream, acceptor: Option<TlsAcceptor>, watcher: Watcher) {
        let Some(acceptor) = acceptor else {
            return self.drive(stream, watcher).await;
        };
        match tokio::time::timeout(HEAD_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.drive(stream, watcher).await,
            // Mostly a client that does not trust the authority.
            Ok(Err(error)) => tracing::info!(%error, "a TLS handshake failed"),
            Err(_) => tracing::info!("a TLS handshake took too long"),
        }
    }

    async fn drive(self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static, watcher: Watcher) {
        let service = service_fn(move |request| self.clone().answer(request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke");
        }
    }

    /// One request through the routes.
    async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, CutByFault> {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.caller));
        let Ok(answer) = self.router.oneshot(request).await;
        if answer.extensions().get::<Cut>().is_some() { Err(CutByFault) } else { Ok(answer) }
    }
}

/// Whether a name can stand in URLs, with or without a port.
fn is_host(name: &str) -> bool {
    Url::parse(&format!("http://{name}")).is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        host.eq_ignore_ascii_case(name_of(name))
            && url.username().is_empty()
            && (url.path(), url.query(), url.fragment()) == ("/", None, None)
    })
}
