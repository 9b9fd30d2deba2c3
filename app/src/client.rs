//! How the browser calls a server function: fetch through gloo-net, bounded in time, with a
//! request that was refused, and a browser that is offline, told apart from an answer that was lost.
//! The one place for all of them; knows nothing of mail or sessions.

use std::{future::Future, time::Duration};

use futures::{Sink, Stream, stream::Empty};
use gloo_net::http::{Request, Response};
use leptos::{
    leptos_dom::helpers::TimeoutHandle,
    prelude::{document, set_timeout_with_handle},
    server_fn::{
        Bytes,
        client::{Client, browser::BrowserClient},
        request::{ClientReq, browser::BrowserFormData},
        response::ClientRes,
    },
};
use send_wrapper::SendWrapper;
use web_sys::{AbortController, Headers, RequestInit, js_sys::Uint8Array, wasm_bindgen::JsValue};

use crate::{call_error::CallError, wire::VERSION_HEADER};

/// For a page that does not say how long the server may take, in milliseconds.
const TIME_OUT: u64 = 120_000;

/// The client of this app's server functions.
pub struct Api;

/// A request not yet sent. (Fetch types are not `Send`; a browser has one thread.)
pub struct ApiRequest(SendWrapper<(Request, Deadline)>);

/// An answer whose body is not yet read.
pub struct ApiResponse(SendWrapper<(Response, Deadline)>);

/// Aborts a request that takes too long, unless it is dropped before. (`AbortSignal.timeout` would do
/// this too, in browsers from 2022 on.)
struct Deadline(Option<TimeoutHandle>);

impl Deadline {
    /// Gives `init` a signal that aborts in the time that the page allows: longer than the server's
    /// own waits come to, so that its answer is what people read.
    fn of(init: &RequestInit) -> Self {
        let Ok(controller) = AbortController::new() else { return Self(None) };
        init.set_signal(Some(&controller.signal()));
        let told = told("data-time-out").and_then(|it| it.parse().ok());
        let time_out = Duration::from_millis(told.unwrap_or(TIME_OUT));
        Self(set_timeout_with_handle(move || controller.abort(), time_out).ok())
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        if let Some(timer) = self.0 {
            timer.clear();
        }
    }
}

impl Client<CallError> for Api {
    type Request = ApiRequest;
    type Response = ApiResponse;

    fn send(
        ApiRequest(request): ApiRequest,
    ) -> impl Future<Output = Result<ApiResponse, CallError>> + Send {
        SendWrapper::new(async move {
            let (request, deadline) = request.take();
            let response = request.send().await.map_err(lost)?;
            match response.status() {
                200 => Ok(ApiResponse(SendWrapper::new((response, deadline)))),
                408 => Err(CallError::TooSlow),
                412 => Err(CallError::Outdated),
                413 => Err(CallError::TooLarge),
                400..=499 => Err(CallError::Refused),
                _ => Err(CallError::Lost),
            }
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl Sink<Bytes> + Send + 'static,
            ),
            CallError,
        >,
    > + Send {
        <BrowserClient as Client<CallError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        leptos::task::spawn_local(future);
    }
}

/// Server functions here take bytes or form data; the other shapes of the trait are refused.
impl ClientReq<CallError> for ApiRequest {
    type FormData = BrowserFormData;

    fn try_new_req_query(
        _: &str,
        _: &str,
        _: &str,
        _: &str,
        _: http::Method,
    ) -> Result<Self, CallError> {
        Err(CallError::Unsupported)
    }

    fn try_new_req_text(
        _: &str,
        _: &str,
        _: &str,
        _: String,
        _: http::Method,
    ) -> Result<Self, CallError> {
        Err(CallError::Unsupported)
    }

    fn try_new_req_bytes(
        path: &str,
        content_type: &str,
        _: &str,
        body: Bytes,
        _: http::Method,
    ) -> Result<Self, CallError> {
        request(path, Some(content_type), &Uint8Array::from(&body[..]))
    }

    fn try_new_req_form_data(
        _: &str,
        _: &str,
        _: &str,
        _: BrowserFormData,
        _: http::Method,
    ) -> Result<Self, CallError> {
        Err(CallError::Unsupported)
    }

    fn try_new_req_multipart(
        path: &str,
        _: &str,
        body: BrowserFormData,
        _: http::Method,
    ) -> Result<Self, CallError> {
        // The browser writes the content type itself, with the boundary it chose.
        request(path, None, &body.take())
    }

    fn try_new_req_streaming(
        _: &str,
        _: &str,
        _: &str,
        _: impl Stream<Item = Bytes> + Send + 'static,
        _: http::Method,
    ) -> Result<Self, CallError> {
        Err(CallError::Unsupported)
    }
}

impl ClientRes<CallError> for ApiResponse {
    fn try_into_string(self) -> impl Future<Output = Result<String, CallError>> + Send {
        SendWrapper::new(async move { self.0.0.text().await.map_err(lost) })
    }

    fn try_into_bytes(self) -> impl Future<Output = Result<Bytes, CallError>> + Send {
        SendWrapper::new(async move {
            let body = self.0.0.binary().await.map_err(lost)?;
            Ok(Bytes::from(body))
        })
    }

    fn try_into_stream(
        self,
    ) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, CallError> {
        Err::<Empty<_>, _>(CallError::Unsupported)
    }

    fn status(&self) -> u16 {
        self.0.0.status()
    }

    fn status_text(&self) -> String {
        self.0.0.status_text()
    }

    fn location(&self) -> String {
        self.0.0.url()
    }

    fn has_redirect(&self) -> bool {
        false
    }
}

/// What the page says of the server that made it.
fn told(attribute: &str) -> Option<String> {
    document().body()?.get_attribute(attribute)
}

/// A POST, built by the browser itself: gloo-net's builder parses the address twice and would cost
/// each visitor 1 kB.
fn request(
    path: &str,
    content_type: Option<&str>,
    body: &JsValue,
) -> Result<ApiRequest, CallError> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    let headers = Headers::new().map_err(|_| CallError::Unsupported)?;
    if let Some(content_type) = content_type {
        _ = headers.set("Content-Type", content_type);
    }
    if let Some(version) = told("data-wire-version") {
        _ = headers.set(VERSION_HEADER, &version);
    }
    init.set_headers(&headers);
    let deadline = Deadline::of(&init);
    let request =
        web_sys::Request::new_with_str_and_init(path, &init).map_err(|_| CallError::Unsupported)?;
    Ok(ApiRequest(SendWrapper::new((request.into(), deadline))))
}

/// Tells a browser without network from everything else that keeps an answer away.
fn lost(_: gloo_net::Error) -> CallError {
    let offline = web_sys::window().is_some_and(|window| !window.navigator().on_line());
    if offline { CallError::Offline } else { CallError::Lost }
}
