//! Gives each request its name, and writes one line of access log for it: method, path, status and
//! duration. Never the query, which can hold a code.

use std::time::Instant;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::{paths::PROBES, request_id::RequestId, text::beginning};

/// The most letters of a method and of a path that are logged.
const LOGGED_METHOD: usize = 20;
const LOGGED_PATH: usize = 200;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Everything that is logged on the way carries the name, and so does the answer.
#[expect(
    clippy::disallowed_methods,
    reason = "a duration for the log; nothing else follows from it"
)]
pub async fn named_and_logged(
    State(tasks): State<TaskTracker>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::new();
    request.extensions_mut().insert(id);
    let path = request.uri().path();
    let probe = PROBES.contains(&path);
    let method = beginning(request.method().as_str(), LOGGED_METHOD);
    let path = beginning(path, LOGGED_PATH);
    let span = tracing::info_span!("request", %id, %method, path);
    async move {
        let began = Instant::now();
        // Until the answer leaves, so that the end of the process waits for it.
        let _running = tasks.token();
        let mut answer = next.run(request).await;
        if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
            answer.headers_mut().insert(X_REQUEST_ID, value);
        }
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = answer.status().as_u16();
        if probe {
            tracing::debug!(event = "probe_answered", status);
        } else {
            tracing::info!(event = "answered", status, ms);
        }
        answer
    }
    .instrument(span)
    .await
}
