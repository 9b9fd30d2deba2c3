//! Owns the sandbox's socket: where it listens, how connections are driven, how it ends. Must not know
//! any route.
//!
//! Connections are driven by hand instead of by `axum::serve`, because a fault must be able to end one
//! without a byte of an answer.

use std::future::{Future, pending};
use std::io;
use std::net::SocketAddr;
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
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::faults::Cut;
use crate::identity::signing::{SigningError, SigningKey};
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
    app: App,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// It takes anybody's word for who they are: nothing for a network.
    #[error("the sandbox listens on loopback addresses only, and {0} is none")]
    NotLoopback(SocketAddr),
    /// Somebody else is there, or the system refused.
    #[error("the sandbox cannot listen on {address}")]
    Address {
        /// Where it should have listened.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system has no randomness.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] SigningError),
}

impl Sandbox {
    /// Takes an address of this computer; port 0 is any free port.
    pub async fn bind(address: SocketAddr) -> Result<Self, BindError> {
        Self::bind_with(address, Settings::default()).await
    }

    /// The same, with other settings than the default.
    pub async fn bind_with(address: SocketAddr, settings: Settings) -> Result<Self, BindError> {
        if !address.ip().is_loopback() {
            return Err(BindError::NotLoopback(address));
        }
        let failed = |source| BindError::Address { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let base = format!("http://{}", listener.local_addr().map_err(failed)?);
        let (key, random) = (SigningKey::generate()?, Random::from_system()?);
        let platform = Platform::new(base, key, random, settings);
        Ok(Self { listener, app: Arc::new(platform) })
    }

    /// Where it is reached, without a slash at the end: both the login base (`LOGIN_URL`) and the Graph
    /// base (`GRAPH_URL`).
    pub fn url(&self) -> &str {
        &self.app.base
    }

    /// What lets time pass in the sandbox while it runs.
    pub fn time(&self) -> Time {
        Time(Arc::clone(&self.app))
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
                        let router = router.clone();
                        let service =
                            service_fn(move |request| answer(router.clone(), caller, request));
                        let connection = http1::Builder::new()
                            .timer(TokioTimer::new())
                            .header_read_timeout(HEAD_TIMEOUT)
                            .serve_connection(TokioIo::new(stream), service);
                        let watched = graceful.watch(connection);
                        tokio::spawn(async move {
                            if let Err(error) = watched.await {
                                tracing::debug!(%error, "a connection broke");
                            }
                        });
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

/// Lets time pass: codes and tokens grow old at once.
#[derive(Debug, Clone)]
pub struct Time(App);

impl Time {
    /// Sets the sandbox's clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.clock.advance(by);
    }
}

/// A fault has cut the connection.
#[derive(Debug, thiserror::Error)]
#[error("a fault ends the connection")]
struct CutByFault;

/// One request through the routes.
async fn answer(
    router: Router,
    caller: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, CutByFault> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(caller));
    let Ok(answer) = router.oneshot(request).await;
    if answer.extensions().get::<Cut>().is_some() { Err(CutByFault) } else { Ok(answer) }
}
