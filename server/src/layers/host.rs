//! Refuses requests that don't name one host, and moves a browser that came by another name for this
//! computer (127.0.0.1 for localhost) to `PUBLIC_URL`, before a cookie is set there that the sign-in
//! would not find.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, Uri, Version, header::HOST, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bff::PublicUrl;

use crate::paths::PROBES;

/// Answers 400 where a request doesn't name one host (RFC 9112, section 3.2): a proxy in front may
/// have read another one. HTTP/1.0 needs none, and load balancers probe with it.
pub async fn one_host(request: Request, next: Next) -> Response {
    match request.headers().get_all(HOST).iter().count() {
        1 => next.run(request).await,
        0 if request.version() < Version::HTTP_11 => next.run(request).await,
        _ => (StatusCode::BAD_REQUEST, "A request names one host.\n").into_response(),
    }
}

/// Redirects (308) where the host is another loopback name. Never for probes, which ask by
/// address. A proxy may pass any other name on, so those are left alone.
pub async fn canonical_host(
    State(public_url): State<PublicUrl>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let leads_on = safe && !PROBES.contains(&path) && !public_url.is_https();
    if leads_on && is_other_loopback(&request) {
        let path_and_query = request.uri().path_and_query().map_or("/", |it| it.as_str());
        // "//host" after the origin is a path, but nothing here has such a path.
        let target = public_url.at(&format!("/{}", path_and_query.trim_start_matches('/')));
        if let Ok(target) = target.parse::<Uri>() {
            return axum::response::Redirect::permanent(&target.to_string()).into_response();
        }
    }
    next.run(request).await
}

fn is_other_loopback(request: &Request) -> bool {
    let host =
        request.headers().get(HOST).and_then(|it| it.to_str().ok()?.parse::<Authority>().ok());
    let Some(host) = host else { return false };
    let name = host.host().trim_start_matches('[').trim_end_matches(']');
    name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
