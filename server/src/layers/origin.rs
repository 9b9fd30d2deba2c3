//! Refuses requests that change something and come from anywhere but this very origin, before any
//! handler runs, with a page that says so. [`bff`] knows the rule.

use app::pages::Failure;
use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use bff::{PublicUrl, is_allowed};

use crate::{render::Pages, request_id::RequestId};

/// Answers 403 to what another origin sends.
pub async fn same_origin(
    State((public_url, pages)): State<(PublicUrl, Pages)>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    if is_allowed(request.method(), request.headers(), &public_url) {
        return next.run(request).await;
    }
    tracing::warn!(event = "cross_origin_refused");
    pages.failure(id, StatusCode::FORBIDDEN, Failure::CrossOrigin)
}
