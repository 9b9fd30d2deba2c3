//! The open connections of clients: at most `MAX_CONNECTIONS` at a time.

use std::{convert::Infallible, future::Future, net::SocketAddr, pin::pin, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request, header::CONNECTION},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    sync::{Notify, OwnedSemaphorePermit, Semaphore, watch},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use crate::{config::Limits, state::AppState};

/// See the module.
pub(super) struct Connections {
    router: Router,
    limits: Limits,
    free: Arc<Semaphore>,
    /// A client waits for one of the others to end.
    full: watch::Sender<bool>,
    /// The process was told to stop: an answer is the last one on its connection.
    draining: CancellationToken,
    ending: CancellationToken,
    open: TaskTracker,
}

/// What a connection holds while it is open.
pub(super) type Room = Option<OwnedSemaphorePermit>;

impl Connections {
    /// None yet.
    pub(super) fn new(router: Router, state: &AppState) -> Self {
        Self {
            router,
            limits: state.limits,
            free: Arc::new(Semaphore::new(
                state.limits.max_connections.min(Semaphore::MAX_PERMITS),
            )),
            full: watch::Sender::new(false),
            draining: state.draining.clone(),
            ending: CancellationToken::new(),
            open: TaskTracker::new(),
        }
    }

    /// Waits until there is room for one more connection. Meanwhile each connection that has had an
    /// answer ends as soon as it is idle: browsers keep theirs open in case they need them again.
    pub(super) async fn room(&self) -> Room {
        let free = Arc::clone(&self.free);
        if let Ok(permit) = Arc::clone(&free).try_acquire_owned() {
            return Some(permit);
        }
        if !self.full.send_replace(true) {
            tracing::warn!(event = "limit_passed", limit = "MAX_CONNECTIONS");
        }
        let permit = free.acquire_owned().await.ok();
        self.full.send_replace(false);
        permit
    }

    /// Serves a client until it or this server ends the connection.
    pub(super) fn serve(&self, (stream, peer): (TcpStream, SocketAddr), room: Room) {
        let mut stream = TimeoutStream::new(stream);
        // A client that takes nothing of its answer for so long is gone.
        stream.set_write_timeout(Some(self.limits.client_timeout));
        let (router, draining) = (self.router.clone(), self.draining.clone());
        let asked = Arc::new(Notify::new());
        let end = self.asked_to_end(Arc::clone(&asked));
        let service = service_fn(move |request: Request<Incoming>| {
            asked.notify_one();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let (router, draining) = (router.clone(), draining.clone());
            async move {
                let mut answer = router.oneshot(request).await?;
                if draining.is_cancelled() {
                    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.client_timeout)
            // Room for a header that is refused with a page (`layers`), and for what follows it.
            .max_buf_size(self.limits.max_header.saturating_mul(4).max(65_536))
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        self.open.spawn(async move {
            let _room = room;
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = end => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(event = "connection_ended", %error);
            }
        });
    }

    /// Lets each connection end after the request that it has begun, and waits for all.
    pub(super) async fn end(&self) {
        self.ending.cancel();
        self.open.close();
        self.open.wait().await;
    }

    /// Ends when a connection is to end after its request. `asked` tells that it has had one: hyper
    /// ends a connection without one at once, and its client may be about to ask.
    fn asked_to_end(&self, asked: Arc<Notify>) -> impl Future<Output = ()> + Send + 'static {
        let (mut full, ending) = (self.full.subscribe(), self.ending.clone());
        let for_room = async move {
            asked.notified().await;
            // Fails where the sender is gone, which is at the end of the process.
            _ = full.wait_for(|full| *full).await;
        };
        async move {
            tokio::select! {
                () = for_room => {}
                () = ending.cancelled_owned() => {}
            }
        }
    }
}
