//! Moves a browser that came by another name for this computer (127.0.0.1 for localhost) to
//! `PUBLIC_URL`, before a cookie is set there that the sign-in would not find.

use axum::{
    extract::{Request, State},
    http::{Method, Uri, header::HOST, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bff::PublicUrl;

use crate::paths::PROBES;

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
