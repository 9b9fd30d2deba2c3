//! Layers around every route: the list of requests, security headers, cross-origin rules. A handler that
//! sets one of the headers itself keeps its own.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, DATE, ETAG,
    LOCATION, REFERRER_POLICY, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use crate::accounts::Account;
use crate::cut::Cut;
use crate::platform::{App, World};

/// No form of a client is longer; axum reads no longer one either.
const LONGEST_FORM: usize = 2 * 1024 * 1024;

const HEADERS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
];

/// Adds the headers of every answer that its handler did not set.
pub async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    if let Some(date) = app.clock.wrong_date() {
        answer.headers_mut().insert(DATE, date);
    }
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// For what pages of every origin may call and read, as at Microsoft: it takes a token, and no cookie.
/// Outermost, so that a page can read refusals and faults too.
pub fn any_origin() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            ETAG,
            LOCATION,
            CONTENT_RANGE,
            RETRY_AFTER,
            WWW_AUTHENTICATE,
            HeaderName::from_static("request-id"),
            HeaderName::from_static("client-request-id"),
            HeaderName::from_static("preference-applied"),
            HeaderName::from_static("odata-version"),
            HeaderName::from_static("x-ms-ags-diagnostic"),
        ])
}

/// Notes every request but the ones that steer the sandbox.
pub async fn note(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/" || path.starts_with("/sandbox/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let (form, body) = if is_form(&parts) {
        match to_bytes(body, LONGEST_FORM).await {
            Ok(bytes) => (bytes.clone(), Body::from(bytes)),
            Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        }
    } else {
        (Bytes::new(), body)
    };
    let number = {
        let mut world = app.world();
        let account = owner(&world, &parts, &form);
        world.requests.note(app.clock.now(), &parts, &form, account)
    };
    let answer = next.run(Request::from_parts(parts, body)).await;
    if answer.extensions().get::<Cut>().is_none() {
        app.world().requests.note_answer(number, answer.status());
    }
    answer
}

fn is_form(parts: &Parts) -> bool {
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

/// Whose access token, code or refresh token a request carries.
fn owner(world: &World, parts: &Parts, form: &[u8]) -> Option<&'static Account> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.split_once(' ')).map(|(_, token)| token.trim());
    let by_token = token.and_then(|token| world.grants.access(token)?.account);
    by_token.or_else(|| {
        url::form_urlencoded::parse(form)
            .filter(|(name, _)| name == "code" || name == "refresh_token")
            .find_map(|(_, value)| world.grants.owner(&value))
    })
}
