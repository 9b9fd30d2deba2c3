//! Signing out of the browser. Tokens that were issued live on, as at Microsoft.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request>.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::directory::Directory;
use crate::identity::aadsts::Refusal;
use crate::identity::authorize::answer::redirect;
use crate::identity::params::{Params, tenant_of};
use crate::identity::sessions;
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
    let mut answer = match next(&app.directory, &tenant, &sent) {
        Ok(Some(next)) => redirect(&next),
        Ok(None) => pages::signed_out::page(),
        Err(refusal) => {
            return pages::failure::page(StatusCode::BAD_REQUEST, &trace.describe(&refusal));
        }
    };
    app.world().sessions.end(&headers);
    if let Some(cookie) = sessions::remove_cookie() {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
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
