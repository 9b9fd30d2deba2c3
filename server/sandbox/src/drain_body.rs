//! Reads what a refused client still sends. A handler that refuses a request may leave its body unread;
//! if the connection then closes, it is reset, and a client that is still writing never reads the answer.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};

use crate::cut::Cut;

/// Bytes that are still read once the answer is known.
const MOST_DRAINED: usize = 64 * 1024 * 1024;

/// For every route.
pub async fn drain_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let unread = Arc::default();
    let lent = Body::new(ReturnedBody { body, unread: Arc::clone(&unread) });
    let answer = next.run(Request::from_parts(parts, lent)).await;
    let rest = unread.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(rest) = rest
        && answer.extensions().get::<Cut>().is_none()
    {
        drain(rest).await;
    }
    answer
}

/// Reads what is left, up to the limit or the end of the connection.
async fn drain(mut rest: Body) {
    let mut drained = 0;
    while let Some(Ok(frame)) = rest.frame().await {
        drained += frame.data_ref().map_or(0, Bytes::len);
        if drained > MOST_DRAINED {
            break;
        }
    }
}

/// A body that comes back, with what is unread, when a handler drops it.
struct ReturnedBody {
    body: Body,
    unread: Arc<Mutex<Option<Body>>>,
}

impl HttpBody for ReturnedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for ReturnedBody {
    fn drop(&mut self) {
        let body = std::mem::take(&mut self.body);
        *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
    }
}
