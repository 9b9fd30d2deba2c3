//! Answers that break off: none at all, or half a body.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;

/// Marks an answer that is not to be sent: the listener ends the connection instead.
#[derive(Debug, Clone, Copy)]
pub struct Cut;

/// A fault ends the connection.
#[derive(Debug, thiserror::Error)]
#[error("a fault ends the connection")]
pub struct CutByFault;

/// No answer at all.
pub fn nothing() -> Response {
    (axum::Extension(Cut), StatusCode::BAD_GATEWAY).into_response()
}

/// The head, which promises the whole body, and half of it. An answer without a body is none at all.
pub async fn half(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return nothing();
    };
    if whole.is_empty() {
        return nothing();
    }
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::new(Half(Step::Send(half))))
}

/// A body that breaks off. Between its bytes and its end it waits once, so that the bytes are written.
struct Half(Step);

enum Step {
    Send(Bytes),
    Wait,
    Break,
}

impl hyper::body::Body for Half {
    type Data = Bytes;
    type Error = CutByFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutByFault>>> {
        match std::mem::replace(&mut self.0, Step::Break) {
            Step::Send(bytes) => {
                self.0 = Step::Wait;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Step::Wait => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Step::Break => Poll::Ready(Some(Err(CutByFault))),
        }
    }
}
