//! `POST /api/{function}`: the server functions, with the backend of this request.

use std::sync::Arc;

use app::backend::Backend;
use axum::{
    extract::Request,
    http::{HeaderValue, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;

use crate::visit::Visit;

/// Calls the server function that the path names.
pub async fn call(visit: Visit, request: Request) -> Response {
    let backend: Arc<dyn Backend> = Arc::new(visit);
    let context = move || provide_context(Arc::clone(&backend));
    let mut answer = handle_server_fns_with_context(context, request).await.into_response();
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
