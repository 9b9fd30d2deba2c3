//! `POST /logout`: ends the session, here or at the provider too.

use app::pages::Passage;
use axum::{
    Form,
    extract::rejection::FormRejection,
    http::{HeaderName, HeaderValue},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use url::Url;

use super::{REDIRECT_PATH, provider::ProviderError};
use crate::{flash::Flash, render, session::Session, visit::Visit};

/// What the person chose.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default, rename = "where")]
    reach: Reach,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reach {
    #[default]
    Here,
    Microsoft,
}

/// Ends the session for good, and every possible piece of its cookies. Then leads back to the
/// connect page, by way of the provider's sign-out where that was asked for.
pub async fn end(visit: Visit, asked: Result<Form<Asked>, FormRejection>) -> Response {
    let reach = asked.map_or(Reach::Here, |Form(asked)| asked.reach);
    let state = &visit.state;
    let session = state.sessions.carried(&visit.jar);
    if let Some(session) = &session {
        state.sessions.end(session, state.clock.now());
        let at_microsoft = reach == Reach::Microsoft;
        tracing::info!(event = "signed_out", person = session.person_id.hashed(), at_microsoft);
    }
    state.sessions.clear(&visit.jar);
    let (flash, mut answer) = match reach {
        Reach::Here => (Flash::Disconnected, Redirect::to("/").into_response()),
        Reach::Microsoft => match end_session_url(&visit, session.as_ref()).await {
            Ok(Some(url)) => {
                (Flash::Disconnected, render::move_on(state, Passage::ToProvider, url.into()))
            }
            Ok(None) => (Flash::DisconnectedHereOnly, Redirect::to("/").into_response()),
            Err(error) => {
                tracing::warn!(event = "identity_platform_unavailable", %error);
                (Flash::DisconnectedHereOnly, Redirect::to("/").into_response())
            }
        },
    };
    flash.leave(&visit.jar, &state.keys);
    answer
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    answer
}

/// The logout request (OpenID Connect RP-Initiated Logout 1.0, section 2; Entra, "Send a sign-out
/// request"). It comes back to the redirect URI, which is the one that is registered.
async fn end_session_url(
    visit: &Visit,
    session: Option<&Session>,
) -> Result<Option<Url>, ProviderError> {
    let metadata = visit.state.provider.metadata().await?;
    let Some(mut url) = metadata.end_session_endpoint.clone() else { return Ok(None) };
    let hint = session.and_then(|it| it.logout_hint.as_deref());
    url.query_pairs_mut()
        .append_pair("post_logout_redirect_uri", &visit.state.public_url.at(REDIRECT_PATH))
        .extend_pairs(hint.map(|hint| ("logout_hint", hint)));
    Ok(Some(url))
}
