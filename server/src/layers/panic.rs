//! A panic in a handler is a page like that of any unexpected error, and the process lives.

use std::panic::AssertUnwindSafe;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;

use crate::{render::Pages, request_id::RequestId};

/// Answers 500 where `next` panics. What the panic said is not in the page, and not in the log
/// either (see [`log`](crate::log)): it can quote anything.
pub async fn caught(
    State(pages): State<Pages>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(answer) => answer,
        Err(_) => pages.internal(id),
    }
}
