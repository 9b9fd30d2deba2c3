//! The userinfo endpoint of OpenID Connect, which Microsoft serves at Graph.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/userinfo>; OpenID Connect Core 1.0,
//! section 5.3. That a token without `openid` is refused with 401 and these words:
//! AzureAD/microsoft-authentication-library-for-java#835.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::graph::bearer;
use crate::graph::call::Call;
use crate::graph::error::GraphError;
use crate::identity::token::mint::subject;
use crate::platform::{App, Platform};
use crate::scope::Scope;

/// `GET` and `POST /oidc/userinfo`
pub async fn userinfo(State(app): State<App>, request: Request) -> Response {
    let call = Call::begin(&app, request.headers());
    let answer = match claims(&app, request.headers()) {
        Ok(claims) => Json(claims).into_response(),
        Err(error) => call.refuse(&error),
    };
    call.sign(answer)
}

/// What the token's scopes let the client know: names with `profile`, the address with `email`.
fn claims(app: &Platform, headers: &HeaderMap) -> Result<Map<String, Value>, GraphError> {
    let token = bearer::token(headers)?;
    let access = app.world().grants.access(token).cloned().ok_or(GraphError::TokenUnknown)?;
    if access.expires <= app.clock.now() {
        return Err(GraphError::TokenExpired);
    }
    let account = match access.account {
        Some(account) if access.openid.contains(&Scope::OpenId) => account,
        _ => return Err(GraphError::TokenWithoutSub),
    };
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("sub", subject(account, &access.registration.client_id).into());
    if access.openid.contains(&Scope::Profile) {
        claim("name", json!(account.display_name));
        claim("family_name", json!(account.surname));
        claim("given_name", json!(account.given_name));
        claim("picture", format!("{}/v1.0/me/photo/$value", app.base).into());
    }
    if access.openid.contains(&Scope::Email) {
        claim("email", account.mailbox().into());
    }
    Ok(claims)
}
