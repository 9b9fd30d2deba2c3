//! `GET /login`: begins an attempt and sends the browser to the authorization endpoint.

use app::{
    pages::{Failure, Person, Service},
    wire::Ids,
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Redirect, Response},
};
use bff::{BeginError, Bff, Prompt, ProviderError, is_own_press};
use serde::Deserialize;

use super::{SignIn, failure::upstream};
use crate::{connect, fault, paths, rates::TooOften, render::Pages, visit::Visit};

/// What a link to `/login` may ask for.
#[derive(Default, Deserialize)]
pub struct LoginQuery {
    return_to: Option<String>,
    prompt: Option<String>,
}

/// Redirects (303) to the authorization endpoint. Not where another site led here: a sign-in
/// begins with the person's own press. Not where the person is connected already, unless they
/// want another account.
pub async fn begin(
    State(bff): State<Bff<Person>>,
    State(sign_in): State<SignIn>,
    State(pages): State<Pages>,
    visit: Visit,
    query: Result<Query<LoginQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    // A link that says the same thing twice has said nothing.
    let Query(query) = query.unwrap_or_default();
    let return_to = bff.return_to(query.return_to.as_deref().unwrap_or(paths::MAIL));
    let select_account = query.prompt.as_deref() == Some("select_account");
    if !is_own_press(&headers, &bff.settings().public_url) {
        return connect::answer(&pages, &visit, &return_to, None);
    }
    let session = visit.session();
    // A provider that can't be asked now has not ended the session.
    let connected = session.is_some() && !matches!(visit.visitor.fresh().await, Ok(None));
    if connected && !select_account {
        return no_store(Redirect::to(return_to.as_str()));
    }
    if let Err(TooOften(wait)) = sign_in.rate.count(session.map(|it| it.id), visit.client) {
        let person = session.map(|it| it.person_id.hashed());
        tracing::warn!(event = "rate_limited", what = "sign_in", person);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let page = Failure::TooOften { wait };
        let mut answer = pages.failure(visit.request_id, status, page);
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
        return answer;
    }
    let prompt = if select_account { Prompt::SelectAccount } else { Prompt::Default };
    match bff.begin_sign_in(&visit.visitor, &return_to, prompt).await {
        Ok(url) => no_store(Redirect::to(url.as_str())),
        Err(BeginError::Provider(error)) => unavailable(&pages, &visit, &error),
        Err(BeginError::NoRandomness(_)) => pages.internal(visit.request_id),
    }
}

/// The page for a provider that can't be asked.
fn unavailable(pages: &Pages, visit: &Visit, error: &ProviderError) -> Response {
    let (status, failure) = upstream(Service::Identity, fault::of_provider(error), Ids::new());
    pages.failure(visit.request_id, status, failure)
}

fn no_store(redirect: Redirect) -> Response {
    let mut answer = redirect.into_response();
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
