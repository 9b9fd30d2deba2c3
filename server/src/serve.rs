//! Serves connections: bounded in time and memory however slow a client is, and to the end when the
//! process is told to stop. Knows no route.

use std::{future::Future, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use futures::FutureExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::state::AppState;

/// After an error of the listener, such as too many open files; and for connections to be read
/// before they are asked to end.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stop`. Then no connection is accepted, requests in flight
/// are answered, mail that is being sent is sent, and this returns: within the time those can take
/// at most.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    state: &AppState,
    stop: impl Future<Output = ()>,
) {
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => serve_one(stream, peer, &router, state, &connections),
                Err(error) => {
                    tracing::error!(event = "not_accepted", %error);
                    sleep(PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    // Those that had connected before are let in, and what they have asked is read.
    while let Some(Ok((stream, peer))) = listener.accept().now_or_never() {
        serve_one(stream, peer, &router, state, &connections);
    }
    drop(listener);
    tracing::info!(event = "stopping", in_flight = state.tasks.len());
    sleep(PAUSE).await;
    let limits = state.limits;
    // A slow client both ways, the four calls of a sign-in, a turn at the mailbox and its call.
    let longest = 2 * limits.client_timeout + 4 * limits.login_timeout + 2 * limits.graph_timeout;
    let all = async {
        connections.shutdown().await;
        // Last, since a request can begin one whose browser goes away.
        state.tasks.close();
        state.tasks.wait().await;
    };
    if timeout(longest, all).await.is_err() {
        tracing::error!(event = "stopped_too_soon", in_flight = state.tasks.len());
    }
}

fn serve_one(
    stream: TcpStream,
    peer: SocketAddr,
    router: &Router,
    state: &AppState,
    connections: &GracefulShutdown,
) {
    let limits = state.limits;
    let mut stream = TimeoutStream::new(stream);
    // A client that takes nothing of its answer for so long is gone.
    stream.set_write_timeout(Some(limits.client_timeout));
    let router = router.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move { router.oneshot(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.client_timeout)
        // Room for a header that is refused with a page (`layers`), and for what follows it.
        .max_buf_size(limits.max_header.saturating_mul(4).max(65_536))
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(event = "connection_ended", %error);
        }
    });
}
