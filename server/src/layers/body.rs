//! Enforces the body size limit and the read timeout for every route, before any handler runs, and
//! has large requests wait for [`room`](super::room).

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use tokio::time::timeout;

use app::pages::Failure;

use super::room::{Room, holding};
use crate::{config::Limits, render::Pages, request_id::RequestId};

/// A body that is too large is read and dropped up to so many times the limit, so that a browser
/// gets to read why it was refused.
const PATIENCE: usize = 8;

enum Flaw {
    TooLarge,
    Broken,
}

/// Answers 413 past `MAX_BODY`, and 408 where the body, or the room for it, takes longer than
/// `CLIENT_TIMEOUT`.
pub async fn whole(
    State((limits, pages, room)): State<(Limits, Pages, Room)>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let most = limits.max_body;
    let announced = body.size_hint().upper().map(|it| usize::try_from(it).unwrap_or(usize::MAX));
    // Nothing is gained by reading what is far over the limit.
    let hopeless = announced.is_some_and(|bytes| bytes > most.saturating_mul(PATIENCE));
    let read = if hopeless {
        Ok(Err(Flaw::TooLarge))
    } else {
        timeout(limits.client_timeout, async {
            let held = room.hold(announced.unwrap_or(most).min(most)).await;
            Ok((read(body, most).await?, held))
        })
        .await
    };
    let seconds = limits.client_timeout.as_secs();
    let (limit, status, failure) = match read {
        Ok(Ok((bytes, held))) => {
            let mut request = Request::from_parts(parts, Body::from(bytes));
            // axum's own limit of 2 MiB would refuse what this server takes.
            DefaultBodyLimit::disable().apply(&mut request);
            return holding(next.run(request).await, held);
        }
        Ok(Err(Flaw::TooLarge)) => {
            ("MAX_BODY", StatusCode::PAYLOAD_TOO_LARGE, Failure::TooLarge { most })
        }
        // The client went away: nobody reads the answer.
        Ok(Err(Flaw::Broken)) => return StatusCode::BAD_REQUEST.into_response(),
        Err(_) => ("CLIENT_TIMEOUT", StatusCode::REQUEST_TIMEOUT, Failure::SlowRequest { seconds }),
    };
    tracing::warn!(event = "limit_passed", limit);
    pages.failure(id, status, failure)
}

async fn read(mut body: Body, most: usize) -> Result<Bytes, Flaw> {
    let mut bytes = Vec::new();
    let mut length: usize = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Flaw::Broken)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > most.saturating_mul(PATIENCE) {
            return Err(Flaw::TooLarge);
        }
        if length <= most {
            bytes.extend_from_slice(&data);
        }
    }
    if length > most { Err(Flaw::TooLarge) } else { Ok(bytes.into()) }
}
