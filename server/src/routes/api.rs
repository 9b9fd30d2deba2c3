//! `POST /api/{function}`: the server functions, with the backend of this request.

use std::sync::Arc;

use app::backend::Backend;
use axum::{
    extract::Request,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_LENGTH},
    },
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;

use super::MOST_BYTES;
use crate::visit::Visit;

/// Calls the server function that the path names. A body over the limit is refused here, by its
/// announced length: Leptos would answer it as a failure of the server.
pub async fn call(visit: Visit, request: Request) -> Response {
    let length =
        request.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    if length.is_some_and(|bytes: usize| bytes > MOST_BYTES) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let backend: Arc<dyn Backend> = Arc::new(visit);
    let context = move || provide_context(Arc::clone(&backend));
    let mut answer = handle_server_fns_with_context(context, request).await.into_response();
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
