//! `GET /login`: begins an attempt and sends the browser to the authorization endpoint.

use app::{
    pages::{Failure, Service},
    wire::Ids,
};
use axum::{
    extract::{Query, rejection::QueryRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Redirect, Response},
};
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    basic::BasicClient,
};
use serde::Deserialize;

use super::{
    SCOPES,
    attempt::Attempt,
    failure::upstream,
    provider::{Metadata, ProviderError},
    return_to::ReturnTo,
};
use crate::{rates::TooOften, render, routes::connect, visit::Visit};

/// What a link to `/login` may ask for.
#[derive(Default, Deserialize)]
pub struct Asked {
    return_to: Option<String>,
    prompt: Option<String>,
}

/// Redirects (303) to the authorization endpoint. Not where another site led here: a sign-in
/// begins with the person's own press. Not where the person is connected already, unless they
/// want another account.
pub async fn begin(
    visit: Visit,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    // A link that says the same thing twice has said nothing.
    let Query(asked) = asked.unwrap_or_default();
    let return_to = asked.return_to.as_deref().map_or_else(ReturnTo::mail_page, ReturnTo::parse);
    let other_account = asked.prompt.as_deref() == Some("select_account");
    if !is_own_press(&headers) {
        return connect::answer(&visit, &return_to, None).await;
    }
    let session = visit.session.as_ref();
    // A provider that cannot be asked just now has not ended the session.
    let connected = session.is_some() && !matches!(visit.fresh().await, Ok(None));
    if connected && !other_account {
        return no_store(Redirect::to(return_to.as_str()));
    }
    if let Err(TooOften(wait)) = visit.state.sign_ins.count(session.map(|it| it.id), visit.client) {
        let person = session.map(|it| it.person_id.hashed());
        tracing::warn!(event = "rate_limited", what = "sign_in", person);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let page = Failure::TooOften { wait };
        let mut answer = render::failure(&visit.state, visit.request_id, status, page).await;
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
        return answer;
    }
    let state = &visit.state;
    let metadata = match state.provider.metadata().await {
        Ok(metadata) => metadata,
        Err(error) => return unavailable(&visit, &error).await,
    };
    let now = state.clock.now();
    let old_session = state.sessions.carried(&visit.jar).map(|it| it.id);
    let Ok(attempt) = Attempt::new(&return_to, old_session, now) else {
        return render::internal(state, visit.request_id).await;
    };
    attempt.keep(&visit.jar, &state.keys, now);
    no_store(Redirect::to(&authorization_url(&visit, &metadata, &attempt, other_account)))
}

/// The authorization request (RFC 6749, section 4.1.1; OpenID Connect Core, 3.1.2.1; PKCE S256).
fn authorization_url(
    visit: &Visit,
    metadata: &Metadata,
    attempt: &Attempt,
    other_account: bool,
) -> String {
    let token_client = &visit.state.token_client;
    let client = BasicClient::new(ClientId::new(token_client.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(metadata.authorization_endpoint.clone()))
        .set_redirect_uri(RedirectUrl::from_url(token_client.redirect_uri.clone()));
    let verifier = PkceCodeVerifier::new(attempt.code_verifier.clone());
    let mut request = client
        .authorize_url(|| CsrfToken::new(attempt.state.clone()))
        .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_extra_param("response_mode", "query")
        .add_extra_param("nonce", attempt.nonce.clone());
    if other_account {
        request = request.add_extra_param("prompt", "select_account");
    }
    request.url().0.into()
}

/// A link on this site, a typed address, or a browser that does not say.
fn is_own_press(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}

/// The page for a provider that cannot be asked.
async fn unavailable(visit: &Visit, error: &ProviderError) -> Response {
    tracing::warn!(event = "identity_platform_unavailable", %error);
    let (status, failure) = upstream(Service::Identity, error.fault(), Ids::new());
    render::failure(&visit.state, visit.request_id, status, failure).await
}

fn no_store(redirect: Redirect) -> Response {
    let mut answer = redirect.into_response();
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
