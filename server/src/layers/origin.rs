//! Refuses requests that change something and come from anywhere but this very origin, before any
//! handler runs.
//!
//! The threat: another site has the browser post a form here, with the person's cookies. The
//! browser says where a request comes from: `Sec-Fetch-Site`, or `Origin` where a browser does not
//! know that header. A request that carries neither is no browser's form, and is refused too.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header::ORIGIN},
    middleware::Next,
    response::Response,
};

use app::pages::Failure;

use crate::{render, request_id::RequestId, state::AppState};

/// Passes `GET`, `HEAD` and `OPTIONS` on, and everything else only from this origin.
pub async fn same_origin(
    State(state): State<AppState>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_same_origin(request.headers(), &state.public_url.origin()) {
        return next.run(request).await;
    }
    tracing::warn!(event = "cross_origin_refused");
    render::failure(&state, id, StatusCode::FORBIDDEN, Failure::CrossOrigin).await
}

fn is_same_origin(headers: &HeaderMap, own: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get(ORIGIN).is_some_and(|origin| origin == own),
    }
}
