//! Refuses requests whose headers are larger than this server takes, with a page that says so. The
//! connection's own limit lies above this one and only guards memory.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};

use app::pages::Failure;

use crate::{config::Limits, render::Pages, request_id::RequestId};

/// Answers 431 (RFC 6585, section 5) past `MAX_HEADER`.
pub async fn bounded(
    State((limits, pages)): State<(Limits, Pages)>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    let most = limits.max_header;
    if size(&request) <= most {
        return next.run(request).await;
    }
    tracing::warn!(event = "limit_passed", limit = "MAX_HEADER");
    let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    pages.failure(id, status, Failure::HeaderTooLarge)
}

/// The bytes of the method, the target, and each header with its ": " and line end.
fn size(request: &Request) -> usize {
    let method = request.method().as_str().len();
    let target = request.uri().path_and_query().map_or(0, |it| it.as_str().len());
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        name.as_str().len() + value.len() + 4
    };
    method + target + request.headers().iter().map(header).sum::<usize>()
}
