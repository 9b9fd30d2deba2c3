//! `GET /login/authorized`, the redirect URI (Entra calls it the reply URL): ends an attempt with a
//! session, or with a page that says why not.

use app::pages::Passage;
use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{admin, attempt::Attempt, failure::SignInError, id_token, token::TokenError};
use crate::{
    render,
    session::{Session, SessionId},
    visit::Visit,
};

/// The authorization response (RFC 6749, sections 4.1.2 and 4.1.2.1), with Microsoft's additions.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    code: Option<String>,
    state: String,
    /// An error code, such as `access_denied`.
    pub error: Option<String>,
    error_description: Option<String>,
    error_subcode: Option<String>,
    /// Only on an administrator's return from the consent link.
    pub admin_consent: Option<String>,
}

impl Answer {
    /// It answers nothing: no code, no error, no attempt named.
    fn is_bare(&self) -> bool {
        self.code.is_none() && self.error.is_none() && self.state.is_empty()
    }
}

/// Answers with a page that moves on to where the person wanted to be, or with the failure.
pub async fn finish(visit: Visit, answer: Result<Query<Answer>, QueryRejection>) -> Response {
    let Ok(Query(answer)) = answer else {
        return failed(&visit, SignInError::Unreadable).await;
    };
    if answer.admin_consent.is_some() {
        return admin::returned(&visit, &answer).await;
    }
    if answer.is_bare() {
        // The way back from the provider's sign-out, to the one URI that is registered.
        return render::move_on(&visit.state, Passage::Disconnected, "/".to_owned());
    }
    match sign_in(&visit, answer).await {
        Ok(return_to) => render::move_on(&visit.state, Passage::Connected, return_to),
        Err(error) => failed(&visit, error).await,
    }
}

async fn failed(visit: &Visit, error: SignInError) -> Response {
    tracing::warn!(event = "sign_in_failed", %error);
    error.page(visit).await
}

async fn sign_in(visit: &Visit, answer: Answer) -> Result<String, SignInError> {
    let state = &visit.state;
    let now = state.clock.now();
    // First of all, so that nothing is believed, not even an error, that nobody here asked for.
    let attempt = Attempt::take(&visit.jar, &state.keys, &answer.state, now)?;
    if let Some(error) = answer.error {
        let cancelled = answer.error_subcode.as_deref() == Some("cancel");
        let description = answer.error_description.unwrap_or_default();
        return Err(SignInError::Refused { error, description, cancelled });
    }
    let code = answer.code.ok_or(SignInError::NoCode)?;
    state.spent_attempts.spend(&attempt, now)?;
    let metadata = state.provider.metadata().await?;
    let endpoint = metadata.token_endpoint.clone();
    let tokens = state.token_client.exchange(endpoint, code, attempt.code_verifier.clone()).await?;
    let id_token = tokens.id_token.ok_or(TokenError::Nonsense)?;
    let identity = id_token::verify(
        id_token.expose_secret(),
        &state.provider,
        &state.token_client.client_id,
        &attempt.nonce,
        now,
    )
    .await?;
    let person = state.graph.me(&tokens.access_token, visit.request_id).await?;
    let session = Session {
        id: SessionId::new()?,
        generation: 0,
        person_id: identity.person_id,
        person,
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        token_ends: now.saturating_add(tokens.expires_in),
        began: now,
        logout_hint: identity.logout_hint,
    };
    let found = state.sessions.carried(&visit.jar);
    state.sessions.save(&visit.jar, &session, now)?;
    // Those that this one takes the place of: found when the attempt began, and found now.
    if let Some(old) = attempt.old_session {
        state.sessions.end_id(SessionId(old), now);
    }
    if let Some(old) = found {
        state.sessions.end(&old, now);
    }
    tracing::info!(event = "signed_in", person = session.person_id.hashed());
    Ok(attempt.return_to().as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use axum::{extract::Query, http::Uri};
    use proptest::prelude::*;

    use super::Answer;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn any_query_is_read_or_refused(
            pairs in proptest::collection::vec(
                ("(code|state|error|error_description|error_subcode|admin_consent|[a-z]{1,4})", "\\PC{0,20}"),
                0..6,
            ),
            raw in "[!-~&&[^#<>\"\\\\^`{|}]]{0,40}",
        ) {
            let encoded = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&pairs)
                .finish();
            for query in [encoded, raw] {
                let uri: Uri = format!("/login/authorized?{query}").parse().unwrap();
                // Read, or refused as a query that names one thing twice; never a panic.
                if let Ok(Query(answer)) = Query::<Answer>::try_from_uri(&uri) {
                    let named = |name: &str| {
                        url::form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == name)
                    };
                    prop_assert_eq!(answer.code.is_some(), named("code"));
                    prop_assert_eq!(answer.error.is_some(), named("error"));
                }
            }
        }
    }
}
