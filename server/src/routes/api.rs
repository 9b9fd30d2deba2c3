//! `POST /api/{function}`: the server functions, with the backend of this request.

use std::sync::Arc;

use app::{
    api::SendMail,
    backend::Backend,
    wire::{VERSION, VERSION_HEADER},
};
use axum::{
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use leptos::{
    prelude::provide_context,
    server_fn::{ServerFn, axum::get_server_fn_service, error::SERVER_FN_ERROR_HEADER},
};
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
    if request.headers().get(VERSION_HEADER).is_none_or(|it| it != VERSION) {
        let text = "This page is of another build. Nothing was done: reload it.\n";
        return refused(StatusCode::PRECONDITION_FAILED, text);
    }
    if request.uri().path() == SendMail::PATH && !is_multipart(&request) {
        return unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    // Who accepts HTML would be led back to the page before, with an error in its URL.
    request.headers_mut().remove(ACCEPT);
    let backend: Arc<dyn Backend> =
        Arc::new(RequestBackend { visit, sending, words: pages.words() });
    let context = move || provide_context(Arc::clone(&backend));
    let mut answer = handle_server_fns_with_context(context, request).await.into_response();
    if answer.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        // The functions fail in one way only: their arguments can't be read.
        return unreadable(StatusCode::BAD_REQUEST);
    }
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    kind.is_some_and(|it| multer::parse_boundary(it).is_ok())
}

fn unreadable(status: StatusCode) -> Response {
    refused(status, "The arguments of this call can't be read. Nothing was done.\n")
}

fn refused(status: StatusCode, text: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}
