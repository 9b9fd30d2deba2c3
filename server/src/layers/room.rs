//! Bounds the memory of large requests and of their answers, for all connections together: a form
//! comes back with the page that says what is wrong with it, and a client may read that slowly.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of a request up to which it needs no room: their memory is bounded by the number of
/// connections. A long letter has less.
const SMALL: usize = 64 << 10;

/// Bytes of all larger requests that are read or answered at a time. An answer holds what was typed
/// once, and markup in it takes up to six times as many bytes.
const ROOM: usize = 16 << 20;

/// Bytes that are counted as one.
const UNIT: usize = 1 << 10;

/// Bytes of an answer that are given to the connection at a time, so that the room is held until the
/// client has taken nearly all of it.
const PIECE: usize = 16 << 10;

/// What a large request holds from before its body is read until its answer has left.
pub(super) type Held = Option<OwnedSemaphorePermit>;

/// The room that there is. Cheap to clone.
#[derive(Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    /// All of it.
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOM / UNIT)))
    }

    /// Waits until there is room for a request of so many bytes.
    pub(super) async fn hold(&self, bytes: usize) -> Held {
        if bytes <= SMALL {
            return None;
        }
        // One that is larger than all the room is alone.
        let units = u32::try_from(bytes.min(ROOM).div_ceil(UNIT)).unwrap_or(u32::MAX);
        // Fails where the semaphore is closed, which nobody does.
        Arc::clone(&self.0).acquire_many_owned(units).await.ok()
    }
}

/// `answer`, which holds its room until it has left.
pub(super) fn holding(answer: Response, held: Held) -> Response {
    match held {
        None => answer,
        held => answer.map(|body| Body::new(HoldingBody { body, rest: Bytes::new(), _held: held })),
    }
}

struct HoldingBody {
    body: Body,
    /// What `body` gave and is not passed on yet.
    rest: Bytes,
    _held: Held,
}

impl HttpBody for HoldingBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
