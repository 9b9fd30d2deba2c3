//! How the browser calls a server function: fetch through gloo-net, bounded in time, with offline
//! told apart. The one place for both; knows nothing of mail or sessions.

use std::future::Future;

use futures::{Sink, Stream, stream::Empty};
use gloo_net::http::{Request, RequestBuilder, Response};
use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    request::ClientReq,
    response::ClientRes,
};
use send_wrapper::SendWrapper;
use web_sys::{AbortSignal, FormData};

use crate::api::CallError;

/// Longer than the server's own waits for one mail come to (a fresh token, a turn at the mailbox,
/// the call), so that its answer, and not ours, is what people read.
const TIME_OUT_MS: u32 = 120_000;

/// The client of this app's server functions.
pub struct Api;

/// A request not yet sent. (Fetch types are not `Send`; a browser has one thread.)
pub struct ApiRequest(SendWrapper<Request>);

/// An answer whose body is not yet read.
pub struct ApiResponse(SendWrapper<Response>);

impl Client<CallError> for Api {
    type Request = ApiRequest;
    type Response = ApiResponse;

    fn send(
        ApiRequest(request): ApiRequest,
    ) -> impl Future<Output = Result<ApiResponse, CallError>> + Send {
        SendWrapper::new(async move {
            let response = request.take().send().await.map_err(failure)?;
            if response.status() == http::StatusCode::PAYLOAD_TOO_LARGE.as_u16() {
                return Err(CallError::TooLarge);
            }
            Ok(ApiResponse(SendWrapper::new(response)))
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

/// Server functions here take their arguments as text; the other shapes of the trait are refused.
impl ClientReq<CallError> for ApiRequest {
    type FormData = FormData;

    fn try_new_req_query(
        path: &str,
        content_type: &str,
        accepts: &str,
        query: &str,
        method: http::Method,
    ) -> Result<Self, CallError> {
        let request = builder(&format!("{path}?{query}"), content_type, accepts, &method)?;
        Ok(Self(SendWrapper::new(request.build().map_err(failure)?)))
    }

    fn try_new_req_text(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: String,
        method: http::Method,
    ) -> Result<Self, CallError> {
        let request = builder(path, content_type, accepts, &method)?;
        Ok(Self(SendWrapper::new(request.body(body).map_err(failure)?)))
    }

    fn try_new_req_bytes(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: Bytes,
        method: http::Method,
    ) -> Result<Self, CallError> {
        // JSON comes as bytes; it is text all the same.
        let body = String::from_utf8(body.into()).map_err(|_| CallError::Internal)?;
        Self::try_new_req_text(path, content_type, accepts, body, method)
    }

    fn try_new_req_form_data(
        _: &str,
        _: &str,
        _: &str,
        _: FormData,
        _: http::Method,
    ) -> Result<Self, CallError> {
        Err(CallError::Internal)
    }

    fn try_new_req_multipart(
        _: &str,
        _: &str,
        _: FormData,
        _: http::Method,
    ) -> Result<Self, CallError> {
        Err(CallError::Internal)
    }

    fn try_new_req_streaming(
        _: &str,
        _: &str,
        _: &str,
        _: impl Stream<Item = Bytes> + Send + 'static,
        _: http::Method,
    ) -> Result<Self, CallError> {
        Err(CallError::Internal)
    }
}

impl ClientRes<CallError> for ApiResponse {
    fn try_into_string(self) -> impl Future<Output = Result<String, CallError>> + Send {
        SendWrapper::new(async move { self.0.text().await.map_err(failure) })
    }

    fn try_into_bytes(self) -> impl Future<Output = Result<Bytes, CallError>> + Send {
        SendWrapper::new(async move {
            let body = self.0.binary().await.map_err(failure)?;
            Ok(Bytes::from(body))
        })
    }

    fn try_into_stream(
        self,
    ) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, CallError> {
        Err::<Empty<_>, _>(CallError::Internal)
    }

    fn status(&self) -> u16 {
        self.0.status()
    }

    fn status_text(&self) -> String {
        self.0.status_text()
    }

    fn location(&self) -> String {
        self.0.url()
    }

    fn has_redirect(&self) -> bool {
        false
    }
}

fn builder(
    path: &str,
    content_type: &str,
    accepts: &str,
    method: &http::Method,
) -> Result<RequestBuilder, CallError> {
    let request = match *method {
        http::Method::GET => Request::get(path),
        http::Method::POST => Request::post(path),
        _ => return Err(CallError::Internal),
    };
    Ok(request
        .header("Content-Type", content_type)
        .header("Accept", accepts)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_OUT_MS))))
}

/// Tells a time-out and a browser without network from everything else that can go wrong.
fn failure(error: gloo_net::Error) -> CallError {
    let offline = web_sys::window().is_some_and(|window| !window.navigator().on_line());
    match error {
        gloo_net::Error::JsError(error) if error.name == "TimeoutError" => CallError::TimedOut,
        _ if offline => CallError::Offline,
        _ => CallError::Unreachable,
    }
}
