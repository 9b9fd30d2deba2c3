//! Serves connections: bounded in number, time and memory however slow a client is, and to the end
//! when the process is told to stop. Knows no route.

mod connections;

use std::{future::Future, net::SocketAddr, time::Duration};

use axum::Router;
use futures::FutureExt;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use crate::state::AppState;
use connections::Connections;

/// After an error of the listener, such as too many open files; and for connections to be read
/// before they are asked to end.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stop`, and for `DRAIN_DELAY` after it, so that a proxy in
/// front can see that this process is no longer ready. Then no connection is accepted, requests in
/// flight are answered, mail that is being sent is sent, and this returns: within the time those can
/// take at most.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    state: &AppState,
    stop: impl Future<Output = ()>,
) {
    let connections = Connections::new(router, state);
    let mut waiting = None;
    accept(&listener, &connections, &mut waiting, stop).await;
    state.draining.cancel();
    let limits = state.limits;
    if !limits.drain_delay.is_zero() {
        tracing::info!(event = "draining", seconds = limits.drain_delay.as_secs());
        accept(&listener, &connections, &mut waiting, sleep(limits.drain_delay)).await;
    }
    tracing::info!(event = "stopping", in_flight = state.tasks.len());
    // The client can be slow to take the answer too. A sign-in takes less than a press.
    let longest = limits.longest_press() + limits.client_timeout;
    let all = async {
        // Those that had connected before are let in, and what they have asked is read.
        let backlog = std::iter::from_fn(|| listener.accept().now_or_never()?.ok());
        for client in waiting.into_iter().chain(backlog) {
            let room = connections.room().await;
            connections.serve(client, room);
        }
        drop(listener);
        sleep(PAUSE).await;
        connections.end().await;
        // Last, since a request can begin one whose browser goes away.
        state.tasks.close();
        state.tasks.wait().await;
    };
    if timeout(longest, all).await.is_err() {
        tracing::error!(event = "stopped_too_soon", in_flight = state.tasks.len());
    }
}

/// Accepts and serves connections until `end`. One that was accepted while there was no room stays in
/// `waiting`; meanwhile the next ones wait with the operating system.
async fn accept(
    listener: &TcpListener,
    connections: &Connections,
    waiting: &mut Option<(TcpStream, SocketAddr)>,
    end: impl Future<Output = ()>,
) {
    let mut end = std::pin::pin!(end);
    loop {
        tokio::select! {
            accepted = listener.accept(), if waiting.is_none() => match accepted {
                Ok(client) => *waiting = Some(client),
                Err(error) => {
                    tracing::error!(event = "not_accepted", %error);
                    sleep(PAUSE).await;
                }
            },
            room = connections.room(), if waiting.is_some() => {
                if let Some(client) = waiting.take() {
                    connections.serve(client, room);
                }
            }
            () = &mut end => return,
        }
    }
}
