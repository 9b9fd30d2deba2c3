//! What machines ask to know how this process is: its status is the answer, its text is for people.

use axum::{Router, extract::State, http::StatusCode, routing::get};

use tokio_util::sync::CancellationToken;

use crate::state::AppState;

/// Their routes. `/healthz` is the old name of `/livez`.
pub fn routes() -> Router<AppState> {
    let alive = get(async || "ok");
    Router::new()
        .route("/livez", alive.clone())
        .route("/healthz", alive)
        .route("/readyz", get(ready))
}

/// 200 while this process is to be sent requests, 503 from SIGTERM on.
async fn ready(State(draining): State<CancellationToken>) -> (StatusCode, &'static str) {
    if draining.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining")
    } else {
        (StatusCode::OK, "ok")
    }
}
