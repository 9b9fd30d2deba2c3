//! The OpenID Connect discovery document and the published keys.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::identity::params::tenant_of;
use crate::identity::trace::Trace;
use crate::platform::{App, Platform};
use crate::tenant::Tenant;

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`
pub async fn document(
    State(app): State<App>,
    Path(tenant): Path<String>,
    trace: Trace,
) -> Response {
    match tenant_of(&app.directory, &tenant) {
        Ok(tenant) => public(describe(tenant, &app)),
        Err(refusal) => trace.refuse(&refusal),
    }
}

/// `GET /{tenant}/discovery/v2.0/keys`
pub async fn keys(State(app): State<App>, Path(tenant): Path<String>, trace: Trace) -> Response {
    match tenant_of(&app.directory, &tenant) {
        Ok(_) => public(app.keys().to_jwks(&app.base)),
        Err(refusal) => trace.refuse(&refusal),
    }
}

/// Anybody may read it, and may keep it for a day.
fn public(body: Value) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8"),
        (CACHE_CONTROL, "max-age=86400, private"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, Json(body)).into_response()
}

/// The members of Microsoft's document that have a meaning here. There is no
/// `code_challenge_methods_supported`, although S256 works: a client must not insist on it.
fn describe(tenant: Tenant, app: &Platform) -> Value {
    let (base, host) = (&app.base, app.host());
    let at = format!("{base}/{}", tenant.segment());
    json!({
        "token_endpoint": format!("{at}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": [
            "client_secret_post", "private_key_jwt", "client_secret_basic"
        ],
        "jwks_uri": format!("{at}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": tenant.issuer(base),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": format!("{base}/oidc/userinfo"),
        "authorization_endpoint": format!("{at}/oauth2/v2.0/authorize"),
        "device_authorization_endpoint": format!("{at}/oauth2/v2.0/devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{at}/oauth2/v2.0/logout"),
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver",
            "email"
        ],
        "tenant_region_scope": null,
        "cloud_instance_name": host,
        "cloud_graph_host_name": host,
        "msgraph_host": host,
    })
}
