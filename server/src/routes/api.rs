//! `POST /api/{function}`: the server functions, with the backend of this request.

use std::sync::Arc;

use app::backend::Backend;
use axum::{
    extract::{Request, State},
    http::{
        HeaderValue,
        header::{ACCEPT, CACHE_CONTROL},
    },
    response::{IntoResponse, Response},
};
use leptos::{prelude::provide_context, server_fn::axum::get_server_fn_service};
use leptos_axum::handle_server_fns_with_context;

use super::not_found;
use crate::{backend::RequestBackend, render::Pages, sending::Sending, visit::Visit};

/// Calls the server function that the path names.
pub async fn call(
    State(pages): State<Pages>,
    State(sending): State<Arc<Sending>>,
    visit: Visit,
    mut request: Request,
) -> Response {
    if get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return not_found(State(pages), visit.request_id).await;
    }
    // Who accepts HTML would be led back to the page before, with an error in its URL.
    request.headers_mut().remove(ACCEPT);
    let backend: Arc<dyn Backend> = Arc::new(RequestBackend { visit, sending });
    let context = move || provide_context(Arc::clone(&backend));
    let mut answer = handle_server_fns_with_context(context, request).await.into_response();
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
