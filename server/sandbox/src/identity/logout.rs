//! Signing out of the browser. Tokens that were issued live on, as at Microsoft.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request>;
//! OpenID Connect Front-Channel Logout 1.0.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use url::Url;

use crate::directory::Directory;
use crate::identity::aadsts::Refusal;
use crate::identity::authorize::answer::redirect;
use crate::identity::params::{Params, tenant_of};
use crate::identity::sessions::{self, Ended};
use crate::identity::trace::Trace;
use crate::pages;
use crate::platform::App;

/// `GET` and `POST /{tenant}/oauth2/v2.0/logout`
pub async fn logout(
    State(app): State<App>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    trace: Trace,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sent = if body.is_empty() { query.unwrap_or_default().into() } else { body };
    let next = match next(&app.directory, &tenant, &sent) {
        Ok(next) => next,
        Err(refusal) => {
            return pages::failure::page(StatusCode::BAD_REQUEST, &trace.describe(&refusal));
        }
    };
    let ended = app.world().sessions.end(&headers);
    let frames = ended.map(|ended| logout_urls(&ended)).unwrap_or_default();
    let mut answer = match next {
        Some(next) if frames.is_empty() => redirect(&next),
        next => pages::signed_out::page(&frames, next.as_deref()),
    };
    if let Some(cookie) = sessions::remove_cookie() {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// Where each application of the session hears of its end. Microsoft sends `sid` and no `iss`
/// (nginxinc/nginx-openid-connect#117).
fn logout_urls(ended: &Ended) -> Vec<Url> {
    let urls = ended.applications.iter().filter_map(|it| it.front_channel_logout_url.clone());
    urls.map(|mut url| {
        url.query_pairs_mut().append_pair("sid", &ended.id.to_string());
        url
    })
    .collect()
}

/// Where the browser goes next: only to a registered redirect URI; anywhere else means staying here.
fn next(directory: &Directory, tenant: &str, sent: &[u8]) -> Result<Option<String>, Refusal> {
    tenant_of(directory, tenant)?;
    let params = Params::parse(sent)?;
    let registered =
        params.get("post_logout_redirect_uri").and_then(|uri| directory.any_redirect(uri));
    Ok(registered.map(|mut url| {
        if let Some(state) = params.get("state") {
            url.query_pairs_mut().append_pair("state", state);
        }
        url.into()
    }))
}
