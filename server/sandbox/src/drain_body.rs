//! Owns hearing a client out. A handler that refuses a request may leave its body unread; a connection
//! that is closed like this is reset, and a client that still writes never sees why. Must not know any
//! route.

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

/// How much is still read after the answer is known.
const PATIENCE: usize = 64 * 1024 * 1024;

/// For every route.
pub async fn hear_out(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let unread = Arc::default();
    let lent = Body::new(Lent { body, unread: Arc::clone(&unread) });
    let answer = next.run(Request::from_parts(parts, lent)).await;
    let rest = unread.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(rest) = rest
        && answer.extensions().get::<Cut>().is_none()
    {
        skip(rest).await;
    }
    answer
}

/// Reads what is left. A client that breaks off wants no answer.
async fn skip(mut rest: Body) {
    let mut skipped = 0;
    while let Some(Ok(frame)) = rest.frame().await {
        skipped += frame.data_ref().map_or(0, Bytes::len);
        if skipped > PATIENCE {
            break;
        }
    }
}

/// A body that a handler may drop: what it left unread comes back.
struct Lent {
    body: Body,
    unread: Arc<Mutex<Option<Body>>>,
}

impl HttpBody for Lent {
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

impl Drop for Lent {
    fn drop(&mut self) {
        let body = std::mem::take(&mut self.body);
        *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
    }
}
